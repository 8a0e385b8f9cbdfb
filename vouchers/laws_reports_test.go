package vouchers

import (
	"fmt"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// truth is everything that reports are made of, as it is stored.
type truth struct {
	postings []ledger.Posting
	vouchers map[domain.ID]domain.Voucher
	budgets  map[domain.ID]domain.Budget
	changes  []domain.BudgetChange
	lines    []domain.SettlementLine
	site     *time.Location
}

// plain is what plain Go adds up for one group.
type plain struct {
	amount   int64
	vouchers map[domain.ID]bool
}

// tally adds to a group what is of a voucher, or of none.
func tally(all map[string]*plain, key string, amount int64, voucher *domain.ID) {
	if all[key] == nil {
		all[key] = &plain{vouchers: map[domain.ID]bool{}}
	}
	all[key].amount += amount
	if voucher != nil {
		all[key].vouchers[*voucher] = true
	}
}

// reportsAgree demands that every report says, at dates past and present, what
// plain sums over all postings, vouchers and lines say.
func (m *market) reportsAgree() {
	m.plainly(m.t)
	var b truth
	require.NoError(m.t, m.town.store.Snapshot(m.t.Context(), m.home.MunicipalityID, func(tx *store.Tx) (err error) {
		b.vouchers, b.budgets = byID(tx, func(v domain.Voucher) domain.ID { return v.ID }), byID(tx, func(b domain.Budget) domain.ID { return b.ID })
		b.postings, b.changes, b.lines = must(store.All[ledger.Posting](tx, "id")), must(store.All[domain.BudgetChange](tx, "")), must(store.All[domain.SettlementLine](tx, "id"))
		b.site, err = tx.Zone()
		return err
	}))
	var sorted []domain.Date
	for _, p := range b.postings {
		sorted = append(sorted, p.BookedOn)
	}
	slices.SortFunc(sorted, func(x, y domain.Date) int { return y.Days(x) })
	sorted = slices.Compact(sorted)
	if len(sorted) == 0 {
		return
	}
	first, last := sorted[0], sorted[len(sorted)-1]
	for _, at := range []domain.Date{first.AddDays(-1), first, sorted[len(sorted)/2], last.AddDays(-1), last, last.AddDays(400)} {
		m.balancesAgree(b, at)
		m.figuresAgree(b, at, sorted[len(sorted)/3])
		m.budgetsAgree(b, at)
		m.yearEndAgrees(b, at, last)
	}
	m.settlementsAgree(b)
}

func (m *market) balancesAgree(b truth, at domain.Date) {
	want := map[string]*plain{}
	for _, p := range b.postings {
		if !at.Before(p.BookedOn) {
			tally(want, string(p.Account)+p.Currency, p.Amount, p.VoucherID)
		}
	}
	got := must(m.Balances(m.t.Context(), m.money[0], at))
	require.Len(m.t, got, len(want))
	for _, one := range got {
		key := string(one.Account) + one.Currency
		require.Equal(m.t, []int64{want[key].amount, int64(len(want[key].vouchers))}, []int64{one.Amount, one.Vouchers}, "%s at %s", key, at)
	}
}

// figuresAgree compares every figure in every grouping, whole and narrowed.
func (m *market) figuresAgree(b truth, at, from domain.Date) {
	some := b.postings[len(b.postings)/2]
	for figure := range figureAccounts {
		for _, group := range []string{"programme", "unit", "partner", "month", "age", "lapse"} {
			if figure != "outstanding" && (group == "age" || group == "lapse") {
				continue
			}
			for _, f := range []PostingFilter{{}, {ProgrammeID: some.ProgrammeID}, {UnitID: some.UnitID}, {PartnerID: value(some.PartnerID)}} {
				q := ReportQuery{Figure: figure, GroupBy: group, At: at, PostingFilter: f}
				if !slices.Contains(balances, figure) && !at.Before(from) {
					q.From = from
				}
				m.figureAgrees(b, q)
			}
		}
	}
}

func (m *market) figureAgrees(b truth, q ReportQuery) {
	want, sum := b.figure(q), plain{vouchers: map[domain.ID]bool{}}
	got := must(m.Report(m.t.Context(), m.money[0], q))
	require.Len(m.t, got.Rows, len(want), "%+v", q)
	for _, row := range got.Rows {
		group := want[row.Key]
		require.NotNil(m.t, group, "%s of %+v", row.Key, q)
		require.Equal(m.t, []int64{group.amount, int64(len(group.vouchers))}, []int64{row.Amount, row.Vouchers}, "%s of %+v", row.Key, q)
	}
	for _, group := range want {
		sum.amount += group.amount
		for v := range group.vouchers {
			sum.vouchers[v] = true
		}
	}
	require.Equal(m.t, []int64{sum.amount, int64(len(sum.vouchers))}, []int64{got.Total, got.Vouchers}, "%+v", q)
}

// figure adds up one figure of a report, by group.
func (b truth) figure(q ReportQuery) map[string]*plain {
	groups := map[string]*plain{}
	if q.Figure == "outstanding" {
		b.outstanding(q, groups)
		return groups
	}
	for _, p := range b.postings {
		of := map[string]bool{
			"spend":   p.Event == "redeem" && p.Account == "payable" || p.Event == "reverse" && p.Account == "payable" || p.Event == "disallow" && p.Account == "payable",
			"payable": p.Account == "payable", "settled": p.Account == "settled", "lapsed": p.Account == "lapsed",
		}[q.Figure]
		if !of || p.Currency != "DKK" || q.At.Before(p.BookedOn) || p.BookedOn.Before(q.From) || !q.wants(p.ProgrammeID, p.UnitID, p.PartnerID) {
			continue
		}
		partner := ""
		if p.PartnerID != nil {
			partner = p.PartnerID.String()
		}
		key := map[string]string{"programme": p.ProgrammeID.String(), "unit": p.UnitID.String(), "partner": partner, "month": p.BookedOn.String()[:7]}[q.GroupBy]
		tally(groups, key, -p.Amount, p.VoucherID)
	}
	return groups
}

// wants reports whether a query asks for what has these.
func (q ReportQuery) wants(programme, unit domain.ID, partner *domain.ID) bool {
	is := func(asked, there domain.ID) bool { return asked == domain.ID{} || asked == there }
	return is(q.ProgrammeID, programme) && is(q.UnitID, unit) && is(q.PartnerID, value(partner))
}

// outstanding adds up what is left on each voucher, by the days of its own history.
func (b truth) outstanding(q ReportQuery, groups map[string]*plain) {
	left, since := map[domain.ID]int64{}, map[domain.ID]domain.Date{}
	for _, p := range b.postings {
		if p.Account != ledger.Outstanding || q.At.Before(p.BookedOn) {
			continue
		}
		left[*p.VoucherID] -= p.Amount
		if day, seen := since[*p.VoucherID]; !seen || p.BookedOn.Before(day) {
			since[*p.VoucherID] = p.BookedOn
		}
	}
	for id, amount := range left {
		v := b.vouchers[id]
		if amount == 0 || v.Currency != "DKK" || !q.wants(v.ProgrammeID, v.UnitID, nil) {
			continue
		}
		age := "366-"
		for _, span := range [][2]int{{181, 365}, {91, 180}, {31, 90}, {0, 30}} {
			if !since[id].AddDays(span[1]).Before(q.At) {
				age = fmt.Sprintf("%03d-%03d", span[0], span[1])
			}
		}
		key := map[string]string{
			"programme": v.ProgrammeID.String(), "unit": v.UnitID.String(), "month": since[id].String()[:7], "age": age, "lapse": domain.DateOf(v.ValidTo, b.site).String()[:7],
		}[q.GroupBy]
		tally(groups, key, amount, &id)
	}
}
