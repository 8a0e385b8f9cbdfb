package store

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
)

// BudgetSum is what stands on one account for one budget, or outside any.
type BudgetSum struct {
	BudgetID    *domain.ID
	ProgrammeID domain.ID // of what is outside any
	Account     ledger.Account
	Currency    string
	Amount      int64 // debit > 0
}

// BudgetSums adds up the postings of these budgets up to a date.
func (tx *Tx) BudgetSums(budgets []domain.ID, at domain.Date) (sums []BudgetSum, err error) {
	if len(budgets) == 0 {
		return nil, nil
	}
	err = scoped[ledger.Posting](tx, []Cond{In("budget_id", budgets), To("booked_on", at)}).
		Select("budget_id, account, CAST(SUM(amount) AS BIGINT) AS amount").Group("budget_id, account").Scan(&sums).Error
	return sums, err
}

// SumsOutside adds up the postings that are outside any budget, up to a date, by
// programme.
func (tx *Tx) SumsOutside(at domain.Date, conds ...Cond) (sums []BudgetSum, err error) {
	err = scoped[ledger.Posting](tx, append(conds, None("budget_id"), To("booked_on", at))).
		Select("programme_id, account, currency, CAST(SUM(amount) AS BIGINT) AS amount").Group("programme_id, account, currency").Scan(&sums).Error
	return sums, err
}

// BudgetMove is what one kind of event booked on one account for one budget, or
// outside any.
type BudgetMove struct {
	BudgetSum
	Event ledger.Event
}

// BudgetMoves adds up the postings from one day to another by budget, programme,
// account and event.
func (tx *Tx) BudgetMoves(from, to domain.Date, conds ...Cond) (moves []BudgetMove, err error) {
	err = scoped[ledger.Posting](tx, append(conds, From("booked_on", from), To("booked_on", to))).
		Select("budget_id, programme_id, account, event, currency, CAST(SUM(amount) AS BIGINT) AS amount").
		Group("budget_id, programme_id, account, event, currency").Scan(&moves).Error
	return moves, err
}
