package vouchers

import (
	"context"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// YearEnd is how a year ended, and what became of what was owed then.
type YearEnd struct {
	Year    int
	EndedOn domain.Date     // 31 December
	At      domain.Date     // the last day of what is said of later; EndedOn or after it
	Over    bool            // EndedOn is past
	Closing *domain.Closing // the first that froze EndedOn; nil: it is open
	Rows    []YearEndRow    // the budgets of the year, then what programmes had outside any, of all years
	Totals  []YearEndRow    // the sum of the rows of each currency
}

// YearEndRow is a budget, or what a programme has outside any, as it stood when the
// year ended, and what was booked between then and At. In each,
// Accrued() + IssuedLater = SettledLater + LapsedLater + VoidedLater + RejectedLater
// + StillOutstanding + StillPayable. All are minor units.
type YearEndRow struct {
	BudgetFigures
	IssuedLater      int64 // for awards that waited; outside a budget everything issued since
	SettledLater     int64 // paid to partners, less what came back
	LapsedLater      int64
	VoidedLater      int64
	RejectedLater    int64 // redeemed, and the partner is not paid for it
	StillOutstanding int64 // to be spent, at At
	StillPayable     int64 // to be paid to partners, at At
}

// Accrued is what was owed to citizens and partners when the year ended, and is
// carried into the next.
func (r YearEndRow) Accrued() int64 { return r.Issued + r.Redeemed }

// yearEndAccounts says which accounts those figures of the year-end report are read
// from that are of several.
var yearEndAccounts = map[string][]ledger.Account{
	"accrued":   {ledger.Outstanding, ledger.Payable},
	"committed": {ledger.Reserved, ledger.Outstanding, ledger.Payable, ledger.Settled},
}

// Figures gives every figure of a row; Postings are those of the row only when the
// row is no total.
func (y YearEnd) Figures(r YearEndRow) []BudgetFigure {
	then := func(figure string, account ledger.Account, to domain.Date) PostingFilter {
		f := r.postings(domain.ID{})
		f.Figure, f.Account, f.To = figure, account, to
		return f
	}
	later := func(event ledger.Event, account ledger.Account) PostingFilter {
		f := then("", account, y.At)
		f.Event, f.From = event, y.EndedOn.AddDays(1)
		return f
	}
	return append(r.figures(domain.ID{}, y.EndedOn), []BudgetFigure{
		{"accrued", r.Accrued(), then("accrued", "", y.EndedOn)},
		{"issued_later", r.IssuedLater, later(ledger.Issuing, ledger.Outstanding)},
		{"settled_later", r.SettledLater, later("", ledger.Settled)},
		{"lapsed_later", r.LapsedLater, later("", ledger.Lapsed)},
		{"voided_later", r.VoidedLater, later(ledger.Voiding, ledger.Budget)},
		{"rejected_later", r.RejectedLater, later(ledger.Disallowing, ledger.Budget)},
		{"still_outstanding", r.StillOutstanding, then("", ledger.Outstanding, y.At)},
		{"still_payable", r.StillPayable, then("", ledger.Payable, y.At)},
	}...)
}

// YearEnd adds up how a year ended and what became of it until the end of a day,
// zero for today; before the year is over, how it stands.
func (s *Service) YearEnd(ctx context.Context, actor domain.Actor, year int, at domain.Date) (report YearEnd, err error) {
	if err := actor.May("getYearEnd"); err != nil {
		return report, err
	}
	report = YearEnd{Year: year, EndedOn: domain.Date{Year: year, Month: time.December, Day: 31}, At: at}
	var f domain.Fields
	f.Check(IsBudgetYear(year), "year", "out_of_range", "must be a year, like 2026")
	f.Check(at.IsZero() || !at.Before(report.EndedOn), "at", "too_early", "must be %s, the end of the year, or later", report.EndedOn)
	if err := f.Err(); err != nil {
		return report, err
	}
	err = s.store.Snapshot(ctx, actor.MunicipalityID, func(tx *store.Tx) error {
		today, err := s.today(tx)
		if err != nil {
			return err
		}
		report.Over = report.EndedOn.Before(today)
		if at.IsZero() {
			report.At = today
			if today.Before(report.EndedOn) {
				report.At = report.EndedOn
			}
		}
		return report.read(tx)
	})
	return report, err
}

// read fills the report in from the books.
func (y *YearEnd) read(tx *store.Tx) error {
	closings, err := store.All[domain.Closing](tx, "number", store.From("through", y.EndedOn))
	if err != nil {
		return err
	}
	if len(closings) > 0 {
		y.Closing = &closings[0]
	}
	q := BudgetQuery{At: y.EndedOn, BudgetFilter: BudgetFilter{Year: y.Year}}
	budgets, err := budgetRows(tx, q)
	if err != nil {
		return err
	}
	outside, err := outsideRows(tx, q)
	if err != nil {
		return err
	}
	var ids []domain.ID
	for _, f := range slices.Concat(budgets, outside) {
		if f.Budget != nil {
			ids = append(ids, f.Budget.ID)
		}
		y.Rows = append(y.Rows, YearEndRow{BudgetFigures: f, StillOutstanding: f.Issued, StillPayable: f.Redeemed})
	}
	for _, of := range []store.Cond{store.In("budget_id", ids), store.None("budget_id")} {
		moves, err := tx.BudgetMoves(y.EndedOn.AddDays(1), y.At, of)
		if err != nil {
			return err
		}
		for _, move := range moves {
			y.add(move)
		}
	}
	y.total()
	return nil
}

// add puts what was booked later into its row. What was outside any budget only
// later is of no row.
func (y *YearEnd) add(move store.BudgetMove) {
	i := slices.IndexFunc(y.Rows, func(r YearEndRow) bool {
		if r.Budget != nil || move.BudgetID != nil {
			return r.Budget != nil && move.BudgetID != nil && r.Budget.ID == *move.BudgetID
		}
		return r.ProgrammeID == move.ProgrammeID && r.Currency == move.Currency
	})
	if i < 0 {
		return
	}
	r := &y.Rows[i]
	switch move.Account {
	case ledger.Outstanding:
		r.StillOutstanding -= move.Amount
		if move.Event == ledger.Issuing {
			r.IssuedLater -= move.Amount
		}
	case ledger.Payable:
		r.StillPayable -= move.Amount
	case ledger.Settled:
		r.SettledLater -= move.Amount
	case ledger.Lapsed:
		r.LapsedLater -= move.Amount
	case ledger.Budget:
		switch move.Event { //nolint:exhaustive // what else is booked there is in no figure
		case ledger.Voiding:
			r.VoidedLater -= move.Amount
		case ledger.Disallowing:
			r.RejectedLater -= move.Amount
		}
	case ledger.Reserved: // it is not accrued: nobody is owed it
	}
}

// total adds the rows up, by currency.
func (y *YearEnd) total() {
	for _, r := range y.Rows {
		i := slices.IndexFunc(y.Totals, func(t YearEndRow) bool { return t.Currency == r.Currency })
		if i < 0 {
			i, y.Totals = len(y.Totals), append(y.Totals, YearEndRow{BudgetFigures: BudgetFigures{Currency: r.Currency}})
		}
		t := &y.Totals[i]
		t.Appropriated, t.Reserved, t.Issued, t.Redeemed = t.Appropriated+r.Appropriated, t.Reserved+r.Reserved, t.Issued+r.Issued, t.Redeemed+r.Redeemed
		t.Settled, t.Lapsed, t.Left = t.Settled+r.Settled, t.Lapsed+r.Lapsed, t.Left+r.Left
		t.IssuedLater, t.SettledLater, t.LapsedLater = t.IssuedLater+r.IssuedLater, t.SettledLater+r.SettledLater, t.LapsedLater+r.LapsedLater
		t.VoidedLater, t.RejectedLater = t.VoidedLater+r.VoidedLater, t.RejectedLater+r.RejectedLater
		t.StillOutstanding, t.StillPayable = t.StillOutstanding+r.StillOutstanding, t.StillPayable+r.StillPayable
	}
}
