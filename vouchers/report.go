package vouchers

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers/table"
)

// ReportQuery asks for one figure of the books, grouped.
type ReportQuery struct {
	Figure        string      // a key of figureAccounts
	GroupBy       string      // programme, unit, partner or month; of outstanding also age or lapse
	From          domain.Date // first day booked; zero: from the beginning. Not for balances
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

// named is what a row of an export calls its group.
func (r ReportRow) named() table.Thing {
	of, _ := uuid.Parse(r.Key) // zero for what has no name
	return table.Thing{ID: of, Text: r.Label}
}

// figureAccounts says which account each figure is read from. All are credit
// balances: spent is what partners came to be owed, net of what was reversed or not
// allowed, whether they were paid since or not (PostingFilter.unpaid).
var figureAccounts = map[string]ledger.Account{
	"spend": ledger.Payable, "payable": ledger.Payable, "settled": ledger.Settled, "outstanding": ledger.Outstanding, "lapsed": ledger.Lapsed,
}

// balances are the figures that are as they stand at a date, and begin nowhere.
var balances = []string{"outstanding", "payable"}

// Report adds up a figure at any date, past or present. Outstanding by month is by
// the month in which the voucher was issued, by age by the days since then, and by
// lapse by the month in which it lapses; the others by month are by that in which
// they were booked.
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
	_, known := figureAccounts[q.Figure]
	f.Check(known, "figure", "unknown", "must be spend, payable, settled, outstanding or lapsed")
	f.Check(slices.Contains([]string{"programme", "unit", "partner", "month", "age", "lapse"}, q.GroupBy), "group_by", "unknown", "must be programme, unit, partner, month, age or lapse")
	f.Check(q.Figure == "outstanding" || q.GroupBy != "age" && q.GroupBy != "lapse", "group_by", "contradiction", "only what is outstanding has an age and lapses")
	f.Check(!slices.Contains(balances, q.Figure) || q.From.IsZero(), "from", "contradiction", "%s is a balance at a date: send at alone", q.Figure)
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
	return makeReport(tx, q)
}

// makeReport is report at a date that is given.
func makeReport(tx *store.Tx, q ReportQuery) (Report, error) {
	q.PostingFilter.Figure, q.PostingFilter.From, q.To = q.Figure, q.From, q.At
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

// ByDays reports whether the groups are spans of days, and not things.
func (r Report) ByDays() bool { return slices.Contains([]string{"month", "age", "lapse"}, r.GroupBy) }

// Span gives the first and the last day that a row of a report by days is for; a
// zero day is no bound.
func (r Report) Span(row ReportRow) (first, last domain.Date) {
	if !r.ByDays() {
		return first, last
	}
	if r.GroupBy != "age" {
		month, err := domain.ParseDate(row.Key + "-01")
		if err != nil {
			return first, last
		}
		return month, month.AddMonths(1).AddDays(-1)
	}
	from, to, _ := strings.Cut(row.Key, "-")
	if days, err := strconv.Atoi(to); err == nil {
		first = r.At.AddDays(-days)
	}
	if days, err := strconv.Atoi(from); err == nil && days > 0 {
		last = r.At.AddDays(-days)
	}
	return first, last
}

// Behind selects the postings that a row is the sum of with the sign turned; those of
// the zero row are behind the total.
func (r Report) Behind(row ReportRow) PostingFilter {
	f := r.PostingFilter
	if row == (ReportRow{}) {
		return f
	}
	id, _ := uuid.Parse(row.Key) // zero for "", and for days
	first, last := r.Span(row)
	switch r.GroupBy {
	case "programme":
		f.ProgrammeID = id
	case "unit":
		f.UnitID = id
	case "partner":
		f.PartnerID = cmp.Or(id, f.PartnerID)
	case "lapse":
		f.LapsesFrom, f.LapsesTo = first, last
	case "age":
		f.IssuedFrom, f.IssuedTo = first, last
	case "month":
		if r.Figure == "outstanding" {
			f.IssuedFrom, f.IssuedTo = first, last
			break
		}
		f = f.within(first, last)
	}
	return f
}

// within narrows it to days booked that are in this span as well.
func (f PostingFilter) within(first, last domain.Date) PostingFilter {
	if f.From.Before(first) {
		f.From = first
	}
	if f.To.IsZero() || last.Before(f.To) {
		f.To = last
	}
	return f
}

// sums gives one sum for each group.
func sums(tx *store.Tx, q ReportQuery) ([]store.Sum, error) {
	if q.Figure == "outstanding" {
		if q.PartnerID != (domain.ID{}) { // no partner has anything to do with it yet
			return nil, nil
		}
		return tx.Outstanding(q.GroupBy, q.open())
	}
	return tx.Sums(q.GroupBy, q.conds()...)
}

// open is what a report of what is outstanding asks for.
func (q ReportQuery) open() store.Left {
	return store.Left{At: q.To, ProgrammeID: q.ProgrammeID, UnitID: q.UnitID, Currency: q.Currency}
}

// countVouchers counts the different vouchers behind the whole report.
func countVouchers(tx *store.Tx, q ReportQuery) (n int64, err error) {
	q.GroupBy = "account"
	all, err := sums(tx, q)
	for _, sum := range all {
		n = max(n, sum.Vouchers)
	}
	return n, err
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
