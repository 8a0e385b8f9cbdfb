package vouchers

import (
	"slices"

	"github.com/fasthold/fasthold/store"
)

// Missing is how much money awards wait for now.
type Missing struct {
	Awards int64
	Amount int64 // that they wait for, minor units
	Short  int64 // what of it the budget does not have: to be appropriated, minor units
}

// add counts what awards of a programme and unit wait for.
func (m *Missing) add(w store.Want) {
	m.Awards += w.Awards
	m.Amount += w.Amount
}

// missing says in every row what awards wait for now that would be paid from it, and
// adds a row for each programme in which awards wait and nothing pays.
func (t *BudgetTable) missing(tx *store.Tx) error {
	wants, err := tx.Wants(t.At.Year, store.Eq("programme_id", t.ProgrammeID), store.Eq("unit_id", t.UnitID))
	if err != nil {
		return err
	}
	for i := range t.Rows {
		t.Rows[i].Missing = &Missing{}
	}
	for _, want := range wants {
		if row := t.paying(want); row != nil {
			row.Missing.add(want)
		}
	}
	for _, row := range t.Rows {
		row.Missing.Short = max(row.Missing.Amount-row.Left, 0)
	}
	return nil
}

// paying is the row of what would pay for what awards wait for; nil: it is a budget
// that was not asked for.
func (t *BudgetTable) paying(want store.Want) *BudgetFigures {
	budget := want.BudgetID
	i := slices.IndexFunc(t.Rows, func(r BudgetFigures) bool {
		if budget != nil {
			return r.Budget != nil && r.Budget.ID == *budget
		}
		return r.Budget == nil && r.ProgrammeID == want.ProgrammeID && r.Currency == want.Currency
	})
	if i < 0 && budget != nil {
		return nil
	}
	if i < 0 {
		i, t.Rows = len(t.Rows), append(t.Rows, BudgetFigures{ProgrammeID: want.ProgrammeID, Currency: want.Currency, Missing: &Missing{}})
	}
	return &t.Rows[i]
}
