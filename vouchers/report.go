package vouchers

import (
	"cmp"
	"context"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// ReportQuery asks for one figure of the books, grouped.
type ReportQuery struct {
	Figure        string      // spend, outstanding or lapsed
	GroupBy       string      // programme, unit, partner or month
	From          domain.Date // first day booked; zero: from the beginning. Not for outstanding
	At            domain.Date // last day booked; zero: today
	PostingFilter             // narrows it further; its Currency is that of the report, DKK unless given
}

// Report is the answer: rows that add up to Total.
type Report struct {
	ReportQuery
	Rows     []ReportRow
	Total    int64
	Vouchers int64 // how many different vouchers are behind Total
}

// ReportRow is one group of a report. Key and the query together select exactly
// the postings behind it.
type ReportRow struct {
	Key      string // ID, or month as 2026-11; "" when the postings have none
	Label    string
	Amount   int64 // minor units
	Vouchers int64
}

// accounts says which account each figure is read from. All three are credit
// balances: spent is what partners are, or were, owed, net of what was taken back
// or rejected.
var accounts = map[string]ledger.Account{"spend": ledger.Payable, "outstanding": ledger.Outstanding, "lapsed": ledger.Lapsed}

// Report adds up spend, outstanding or lapsed at any date, past or present.
// Outstanding by month is by the month in which the voucher was issued, the
// others by the month in which they were booked.
func (s *Service) Report(ctx context.Context, actor domain.Actor, q ReportQuery) (report Report, err error) {
	if err := actor.May("getReport"); err != nil {
		return report, err
	}
	if err := checkQuery(q); err != nil {
		return report, err
	}
	err = s.store.Snapshot(ctx, actor.MunicipalityID, func(tx *store.Tx) error {
		report, err = s.report(tx, q)
		return err
	})
	return report, err
}

func checkQuery(q ReportQuery) error {
	var f domain.Fields
	_, known := accounts[q.Figure]
	f.Check(known, "figure", "unknown", "must be spend, outstanding or lapsed")
	f.Check(slices.Contains([]string{"programme", "unit", "partner", "month"}, q.GroupBy), "group_by", "unknown", "must be programme, unit, partner or month")
	f.Check(q.Figure != "outstanding" || q.From.IsZero(), "from", "contradiction", "outstanding is a balance at a date: send at alone")
	f.Check(q.From.IsZero() || q.At.IsZero() || !q.At.Before(q.From), "from", "contradiction", "must not be after at")
	return f.Err()
}

func (s *Service) report(tx *store.Tx, q ReportQuery) (Report, error) {
	if q.At.IsZero() {
		loc, err := tx.Zone()
		if err != nil {
			return Report{}, err
		}
		q.At = domain.DateOf(s.now(), loc)
	}
	q.Account, q.PostingFilter.From, q.To = accounts[q.Figure], q.From, q.At
	q.Currency = cmp.Or(q.Currency, "DKK")
	report := Report{ReportQuery: q}
	sums, err := sums(tx, q)
	if err != nil {
		return report, err
	}
	labels, err := labels(tx, q.GroupBy)
	if err != nil {
		return report, err
	}
	for _, sum := range sums {
		label := labels[sum.Key]
		if label == "" {
			label = sum.Key
		}
		if sum.Key == "" {
			label = "none"
		}
		report.Rows = append(report.Rows, ReportRow{Key: sum.Key, Label: label, Amount: -sum.Amount, Vouchers: sum.Vouchers})
		report.Total -= sum.Amount
	}
	report.Vouchers, err = countVouchers(tx, q)
	return report, err
}

func sums(tx *store.Tx, q ReportQuery) ([]store.Sum, error) {
	if q.Figure == "outstanding" && q.GroupBy == "month" {
		return tx.OutstandingByIssue(q.conds()...)
	}
	return tx.Sums(q.GroupBy, q.conds()...)
}

// conds narrow postings to what a report adds up. What was spent stays spent when
// the partner is paid.
func (q ReportQuery) conds() []store.Cond {
	conds := q.PostingFilter.conds()
	if q.Figure == "spend" {
		conds = append(conds, store.Not("event", ledger.Paying), store.Not("event", ledger.Bouncing))
	}
	return conds
}

// countVouchers counts the different vouchers behind the whole report.
func countVouchers(tx *store.Tx, q ReportQuery) (int64, error) {
	all, err := tx.Sums("account", q.conds()...)
	if err != nil || len(all) == 0 {
		return 0, err
	}
	return all[0].Vouchers, nil
}

// labels gives the names of the groups.
func labels(tx *store.Tx, grouping string) (map[string]string, error) {
	switch grouping {
	case "programme":
		return store.Names[domain.Programme](tx, "slug")
	case "unit":
		return store.Names[domain.Unit](tx, "name")
	case "partner":
		return store.Names[domain.Partner](tx, "name")
	default:
		return nil, nil
	}
}
