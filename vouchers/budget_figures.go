package vouchers

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// BudgetQuery asks how budgets stood on a day.
type BudgetQuery struct {
	At domain.Date // the last day that counts; zero: today
	BudgetFilter
}

// BudgetFigures are where a budget's money is, in minor units. Each krone is in one
// of them alone; Left is what is in none, but for Lapsed, which is free again.
type BudgetFigures struct {
	Budget       *domain.Budget // nil: what is outside any budget
	ProgrammeID  domain.ID
	Currency     string
	Appropriated int64    // by then
	Reserved     int64    // for awards that wait for a decision
	Issued       int64    // on vouchers, to be spent
	Redeemed     int64    // at shops that are not paid yet
	Settled      int64    // paid to shops
	Lapsed       int64    // issued, never spent in time
	Left         int64    // 0 outside a budget
	Missing      *Missing // nil: of another day than today
}

// BudgetFigure is one figure of a budget, and the postings that it is the sum of with
// the sign turned.
type BudgetFigure struct {
	Name     string // as in openapi.yaml
	Amount   int64  // minor units
	Postings PostingFilter
}

// Figures gives every figure of a row, each with its postings.
func (t BudgetTable) Figures(r BudgetFigures) []BudgetFigure { return r.figures(t.UnitID, t.At) }

// figures are those of a row at the end of a day; what is outside any budget may be
// one unit's alone. What was appropriated has no postings; those of left are what is
// taken off it, and outside a budget there is nothing to take it off.
func (f BudgetFigures) figures(unit domain.ID, at domain.Date) []BudgetFigure {
	on := func(account ledger.Account) PostingFilter {
		p := f.postings(unit)
		p.Account, p.To = account, at
		return p
	}
	committed := PostingFilter{}
	if f.Budget != nil {
		committed = PostingFilter{BudgetID: f.Budget.ID, Figure: "committed", To: at}
	}
	return []BudgetFigure{
		{"appropriated", f.Appropriated, PostingFilter{}},
		{"reserved", f.Reserved, on(ledger.Reserved)},
		{"issued", f.Issued, on(ledger.Outstanding)},
		{"redeemed", f.Redeemed, on(ledger.Payable)},
		{"settled", f.Settled, on(ledger.Settled)},
		{"lapsed", f.Lapsed, on(ledger.Lapsed)},
		{"left", f.Left, committed},
	}
}

// postings are those of the row, on any account.
func (f BudgetFigures) postings(unit domain.ID) PostingFilter {
	if f.Budget != nil {
		return PostingFilter{BudgetID: f.Budget.ID}
	}
	return PostingFilter{Budgeted: "no", ProgrammeID: f.ProgrammeID, UnitID: unit, Currency: f.Currency}
}

// BudgetTable is how budgets stood at the end of a day. Programmes that have, or had,
// something outside any budget have a line for that too.
type BudgetTable struct {
	BudgetQuery
	Rows []BudgetFigures
}

// BudgetFigures adds up how budgets stood at the end of a day, past or present,
// from the postings booked until then.
func (s *Service) BudgetFigures(ctx context.Context, actor domain.Actor, q BudgetQuery) (figures BudgetTable, err error) {
	if err := actor.May("getBudgetFigures"); err != nil {
		return figures, err
	}
	err = s.store.Snapshot(ctx, actor.MunicipalityID, func(tx *store.Tx) error {
		today, err := s.today(tx)
		if err != nil {
			return err
		}
		q.At = cmp.Or(q.At, today)
		if q.Year == 0 {
			q.Year = q.At.Year
		}
		figures.BudgetQuery = q
		if figures.Rows, err = budgetRows(tx, q); err != nil {
			return err
		}
		outside, err := outsideRows(tx, q)
		figures.Rows = append(figures.Rows, outside...)
		if err == nil && q.At == today && q.Year == today.Year {
			err = figures.missing(tx)
		}
		return err
	})
	return figures, err
}

// budgetRows are the figures of the budgets that a query names.
func budgetRows(tx *store.Tx, q BudgetQuery) ([]BudgetFigures, error) {
	budgets, err := store.All[domain.Budget](tx, "id", q.conds()...)
	if err != nil || len(budgets) == 0 {
		return nil, err
	}
	ids, rows := make([]domain.ID, len(budgets)), make([]BudgetFigures, len(budgets))
	at := map[domain.ID]*BudgetFigures{}
	for i, b := range budgets {
		ids[i], rows[i] = b.ID, BudgetFigures{Budget: &b, ProgrammeID: b.ProgrammeID, Currency: b.Currency}
		at[b.ID] = &rows[i]
	}
	changes, err := store.All[domain.BudgetChange](tx, "", store.In("budget_id", ids), store.To("booked_on", q.At))
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		at[c.BudgetID].Appropriated += c.Amount
	}
	sums, err := tx.BudgetSums(ids, q.At)
	for _, sum := range sums {
		at[*sum.BudgetID].add(sum)
	}
	for i := range rows {
		rows[i].Left = rows[i].Appropriated - rows[i].committed()
	}
	return rows, err
}

// outsideRows are the figures of what is outside any budget, by programme.
func outsideRows(tx *store.Tx, q BudgetQuery) (rows []BudgetFigures, err error) {
	sums, err := tx.SumsOutside(q.At, store.Eq("programme_id", q.ProgrammeID), store.Eq("unit_id", q.UnitID))
	for _, sum := range sums {
		i := slices.IndexFunc(rows, func(r BudgetFigures) bool { return r.ProgrammeID == sum.ProgrammeID && r.Currency == sum.Currency })
		if i < 0 {
			i, rows = len(rows), append(rows, BudgetFigures{ProgrammeID: sum.ProgrammeID, Currency: sum.Currency})
		}
		rows[i].add(sum)
	}
	slices.SortFunc(rows, func(a, b BudgetFigures) int { return bytes.Compare(a.ProgrammeID[:], b.ProgrammeID[:]) })
	return rows, err
}

// add puts an account's balance into its figure.
func (f *BudgetFigures) add(sum store.BudgetSum) {
	switch sum.Account {
	case ledger.Reserved:
		f.Reserved -= sum.Amount
	case ledger.Outstanding:
		f.Issued -= sum.Amount
	case ledger.Payable:
		f.Redeemed -= sum.Amount
	case ledger.Settled:
		f.Settled -= sum.Amount
	case ledger.Lapsed:
		f.Lapsed -= sum.Amount
	case ledger.Budget: // the other side of what is reserved and issued
	}
}

// committed is what cannot be reserved again.
func (f BudgetFigures) committed() int64 { return f.Reserved + f.Issued + f.Redeemed + f.Settled }
