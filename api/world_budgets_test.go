package api

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// budgets makes two budgets of a programme that nobody is enrolled in, and two that
// are large enough for all that the examples issue.
func (w *world) budgets() {
	unit := w.find("unt", 1)
	for n, in := range []vouchers.BudgetInput{
		{ProgrammeID: w.find("prg", 2), Year: 2026}, {ProgrammeID: w.find("prg", 2), Year: 2027},
		{ProgrammeID: w.find("prg", 1), Year: 2026, UnitID: &unit}, {ProgrammeID: w.find("prg", 1), Year: 2026},
	} {
		in.Amount, in.AccountString, in.Reason = 100_000_000, "5.38.45.1.001", "Budget"
		w.is("bdg", n+1, ok(w.service.CreateBudget(w.t.Context(), w.as(domain.Finance), vouchers.Key{}, in)).Value.ID)
	}
}
