package store

import (
	"strings"

	"github.com/fasthold/fasthold/domain"
)

// Due is what a run is still to pay: of a draft, what it would.
type Due struct {
	RunID    domain.ID
	Partners int64
	Amount   int64 // minor units
	ByBank   int64 // partners that the bank is to pay
	Invoiced int64 // partners whose invoice is there and counts
}

// DuesOf gives what runs are still to pay, by run; nothing of a run that owes nobody.
func (tx *Tx) DuesOf(runs []domain.ID) (map[domain.ID]Due, error) {
	var rows []Due
	err := scoped[domain.Settlement](tx, []Cond{In("run_id", runs)}).Where("state IN ('draft', 'due') AND total > 0").
		Select(`run_id, COUNT(*) AS partners, CAST(SUM(total) AS BIGINT) AS amount, SUM(CASE WHEN method = 'bank' THEN 1 ELSE 0 END) AS by_bank,
			SUM(CASE WHEN method = 'invoice' AND EXISTS (SELECT 1 FROM invoices AS i WHERE i.municipality_id = settlements.municipality_id
				AND i.settlement_id = settlements.id AND i.state IN ?) THEN 1 ELSE 0 END) AS invoiced`, domain.InvoicesCounting).
		Group("run_id").Scan(&rows).Error
	dues := make(map[domain.ID]Due, len(rows))
	for _, row := range rows {
		dues[row.RunID] = row
	}
	return dues, err
}

// Want is how much awards of one programme and unit wait for.
type Want struct {
	Line
	Awards   int64
	Amount   int64      // that is not reserved, minor units
	BudgetID *domain.ID // of the line's year, which would pay for it; nil: none
}

// wantsOf adds up awards by line, each with its budget of a year.
var wantsOf = "programme_id, unit_id, currency, COUNT(*) AS awards, CAST(SUM(amount - granted - reserved) AS BIGINT) AS amount, (" +
	strings.NewReplacer("@home", "awards.municipality_id", "@programme", "awards.programme_id", "@unit", "awards.unit_id", "@currency", "awards.currency").Replace(budgetOf) + ") AS budget_id"

// Wants gives what awards wait for, by programme, unit and currency, and the budget of a
// year that would pay for it.
func (tx *Tx) Wants(year int, conds ...Cond) (wants []Want, err error) {
	err = scoped[domain.Award](tx, append(conds, unfunded...)).
		Select(wantsOf, map[string]any{"year": year}).
		Group("municipality_id, programme_id, unit_id, currency").Order("programme_id, unit_id, currency").Scan(&wants).Error
	for i := range wants {
		wants[i].Year = year
	}
	return wants, err
}
