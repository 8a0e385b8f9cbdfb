package store

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
)

// booked wants what was booked in a currency from one day to another, of some events;
// of none, all.
func booked(currency string, from, to domain.Date, events []ledger.Event) []Cond {
	conds := []Cond{Is("currency", currency), From("booked_on", from), To("booked_on", to), OnAnyAccount()}
	if len(events) > 0 {
		conds = append(conds, In("event", events))
	}
	return conds
}

// EachBooked hands what was booked in a currency from one day to another, of some
// events or of all, to fn: day by day, oldest first, without holding it. fn must not
// use tx.
func (tx *Tx) EachBooked(currency string, from, to domain.Date, events []ledger.Event, fn func(ledger.Posting) error) error {
	return each(tx, scoped[ledger.Posting](tx, booked(currency, from, to, events)).Order("booked_on, id"), fn)
}

// Charged is an account that was booked for a budget.
type Charged struct {
	Account  ledger.Account
	BudgetID *domain.ID // nil: for none
}

// Charges gives which accounts were booked for which budgets, of what EachBooked
// would hand out.
func (tx *Tx) Charges(currency string, from, to domain.Date, events []ledger.Event) (charged []Charged, err error) {
	err = scoped[ledger.Posting](tx, booked(currency, from, to, events)).
		Select("DISTINCT account, budget_id").Order("account, budget_id").Scan(&charged).Error
	return charged, err
}
