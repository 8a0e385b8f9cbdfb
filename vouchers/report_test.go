package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// year is a municipality with something booked in March, April and a year on:
// two partners, two programmes.
type year struct {
	story
	shop, other domain.Actor
	second      domain.Programme
}

func newYear(t testing.TB, s *store.Store) year {
	t.Helper()
	y := year{story: newStory(t, s)}
	y.shop, y.other = y.till(t, "Kiosk", "groceries"), y.till(t, "Tøj", "clothing")
	y.second = y.variant(t, "second", constant, "{constant: 10000}")
	_, secretA := y.earn(t, "P-1", y.move) // 2 March
	_, secretB := y.earn(t, "P-2", y.move)
	y.redeemed(t, y.shop, secretA, 5000)
	y.redeemed(t, y.other, secretB, 8000)
	y.time.set(instant("2026-03-31T21:59:59Z")) // still March at the site
	y.redeemed(t, y.shop, secretA, 1000)
	y.time.set(instant("2026-03-31T22:00:00Z")) // 1 April at the site
	y.redeemed(t, y.shop, secretA, 2000)
	y.time.setDate("2026-04-10")
	y.earn(t, "P-3", y.second)
	y.time.setDate("2027-03-04") // those of March 2026 have lapsed
	n, err := y.Expire(t.Context(), y.home.MunicipalityID)
	require.NoError(t, err)
	require.Equal(t, 2, n)
	return y
}

// figure reads a report as amounts by label.
func (d desk) figure(t testing.TB, figure, grouping, at string) map[string]int64 {
	t.Helper()
	r, err := d.Report(t.Context(), d.as(domain.Finance), ReportQuery{Figure: figure, GroupBy: grouping, At: date(at)})
	require.NoError(t, err)
	amounts, total := map[string]int64{}, int64(0)
	for _, row := range r.Rows {
		if total += row.Amount; row.Amount != 0 {
			amounts[row.Label] = row.Amount
		}
	}
	require.Equal(t, r.Total, total)
	return amounts
}

type amounts = map[string]int64

// Each figure can be asked for at any day gone by, and says then what it said.
func TestReportAtPastDates(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		y := newYear(t, s)
		for _, c := range []struct {
			figure, grouping, at string
			want                 amounts
		}{
			{"spend", "partner", "2026-03-01", amounts{}},
			{"spend", "partner", "2026-03-02", amounts{"Kiosk": 5000, "Tøj": 8000}},
			{"spend", "partner", "2026-03-31", amounts{"Kiosk": 6000, "Tøj": 8000}},
			{"spend", "partner", "2026-04-01", amounts{"Kiosk": 8000, "Tøj": 8000}},
			{"spend", "month", "2027-03-04", amounts{"2026-03": 14000, "2026-04": 2000}},
			{"spend", "unit", "2027-03-04", amounts{"Rusmiddelcenter Varde": 16000}},
			{"spend", "programme", "2027-03-04", amounts{"move-2026": 16000}},
			{"outstanding", "programme", "2026-03-01", amounts{}},
			{"outstanding", "programme", "2026-03-02", amounts{"move-2026": 27000}},
			{"outstanding", "programme", "2026-04-10", amounts{"move-2026": 24000, "second": 10000}},
			{"outstanding", "programme", "2027-03-03", amounts{"move-2026": 24000, "second": 10000}},
			{"outstanding", "programme", "2027-03-04", amounts{"second": 10000}},
			{"outstanding", "month", "2026-04-10", amounts{"2026-03": 24000, "2026-04": 10000}},
			{"outstanding", "month", "2027-03-04", amounts{"2026-04": 10000}},
			{"outstanding", "partner", "2026-04-10", amounts{"none": 34000}},
			{"outstanding", "age", "2026-04-01", amounts{"000-030": 24000}},
			{"outstanding", "age", "2026-04-10", amounts{"000-030": 10000, "031-090": 24000}},
			{"outstanding", "age", "2027-03-03", amounts{"181-365": 10000, "366-": 24000}},
			{"outstanding", "lapse", "2026-04-10", amounts{"2027-03": 24000, "2027-04": 10000}},
			{"payable", "partner", "2026-04-01", amounts{"Kiosk": 8000, "Tøj": 8000}},
			{"settled", "partner", "2027-03-04", amounts{}},
			{"lapsed", "programme", "2027-03-03", amounts{}},
			{"lapsed", "programme", "2027-03-04", amounts{"move-2026": 24000}},
			{"lapsed", "month", "2027-03-04", amounts{"2027-03": 24000}},
		} {
			require.Equal(t, c.want, y.figure(t, c.figure, c.grouping, c.at), "%s by %s at %s", c.figure, c.grouping, c.at)
		}
		april, err := y.Report(t.Context(), y.as(domain.Auditor), ReportQuery{Figure: "spend", GroupBy: "partner", From: date("2026-04-01"), At: date("2026-04-30")})
		require.NoError(t, err)
		require.Equal(t, []int64{2000, 1}, []int64{april.Total, april.Vouchers})
		today, err := y.Report(t.Context(), y.as(domain.Auditor), ReportQuery{Figure: "spend", GroupBy: "partner"})
		require.NoError(t, err)
		require.Equal(t, date("2027-03-04"), today.At)
		require.Equal(t, []int64{16000, 2}, []int64{today.Total, today.Vouchers})
	})
}

// Every row of a report is the sum of the postings that its key selects.
func TestReportDrillDown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		y := newYear(t, s)
		for _, figure := range []string{"spend", "payable", "settled", "outstanding", "lapsed"} {
			for _, grouping := range []string{"programme", "unit", "partner", "month", "age", "lapse"} {
				if figure != "outstanding" && (grouping == "age" || grouping == "lapse") {
					continue
				}
				for _, at := range []string{"2026-03-31", "2026-04-10", "2027-03-04"} {
					r, err := y.Report(t.Context(), y.as(domain.Finance), ReportQuery{Figure: figure, GroupBy: grouping, At: date(at)})
					require.NoError(t, err)
					for _, row := range r.Rows {
						f := PostingFilter{Figure: figure, To: date(at)}
						switch {
						case row.Key == "":
						case grouping == "programme":
							f.ProgrammeID = must(parseID(row.Key))
						case grouping == "unit":
							f.UnitID = must(parseID(row.Key))
						case grouping == "partner":
							f.PartnerID = must(parseID(row.Key))
						case grouping == "lapse":
							f.LapsesFrom, f.LapsesTo = r.Span(row)
						case figure == "outstanding":
							f.IssuedFrom, f.IssuedTo = r.Span(row)
						default:
							from, to := monthOf(row.Key)
							if f.From = from; to.Before(f.To) {
								f.To = to
							}
						}
						sum, vouchers := y.postings(t, f)
						require.Equal(t, row.Amount, -sum, "%s by %s at %s: %s", figure, grouping, at, row.Label)
						require.LessOrEqual(t, row.Vouchers, int64(vouchers))
					}
				}
			}
		}
	})
}

func parseID(text string) (id domain.ID, err error) {
	err = id.UnmarshalText([]byte(text))
	return id, err
}

// monthOf gives the first and last day of a month like 2026-11.
func monthOf(key string) (first, last domain.Date) {
	first = date(key + "-01")
	return first, first.AddMonths(1).AddDays(-1)
}

// postings adds the journal's lines up, read as a list and as a stream.
func (d desk) postings(t testing.TB, f PostingFilter) (sum int64, vouchers int) {
	t.Helper()
	seen := map[domain.ID]bool{}
	require.NoError(t, d.EachPosting(t.Context(), d.as(domain.Finance), f, func(p ledger.Posting) error {
		sum, seen[*p.VoucherID] = sum+p.Amount, true
		return nil
	}))
	listed, page := int64(0), store.Page{Limit: 3}
	for {
		l, err := d.Postings(t.Context(), d.as(domain.Finance), page, f)
		require.NoError(t, err)
		for _, p := range l.Rows {
			listed, page.After = listed+p.Amount, p.ID
		}
		if !l.More {
			break
		}
	}
	require.Equal(t, sum, listed)
	return sum, len(seen)
}

// A re-issue moves money from one voucher to another and changes no total.
func TestReportOverReissue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop := d.till(t, "Kiosk", "groceries")
		v, secret := d.earn(t, "P-1", d.move)
		d.redeemed(t, shop, secret, 5000)
		totals := func() (all []amounts) {
			for figure := range figureAccounts {
				for _, grouping := range []string{"programme", "unit", "partner"} {
					all = append(all, d.figure(t, figure, grouping, "2026-03-02"))
				}
			}
			return all
		}
		before, sums := totals(), d.balance(t)
		_, err := d.Reissue(t.Context(), d.as(domain.Caseworker), Key{}, v.ID, "tabt")
		require.NoError(t, err)
		require.ElementsMatch(t, before, totals())
		require.Equal(t, sums, d.balance(t))
		require.Equal(t, amounts{"2026-03": 15000}, d.figure(t, "outstanding", "month", "2026-03-02"))
	})
}

func TestReportRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		finance, day := d.as(domain.Finance), date("2026-03-01")
		for name, c := range map[string]struct {
			q           ReportQuery
			field, code string
		}{
			"no figure":    {ReportQuery{GroupBy: "unit"}, "figure", "unknown"},
			"no grouping":  {ReportQuery{Figure: "spend", GroupBy: "account"}, "group_by", "unknown"},
			"a balance":    {ReportQuery{Figure: "outstanding", GroupBy: "unit", From: day}, "from", "contradiction"},
			"back in time": {ReportQuery{Figure: "spend", GroupBy: "unit", From: day, At: day.AddDays(-1)}, "from", "contradiction"},
		} {
			_, err := d.Report(t.Context(), finance, c.q)
			require.Error(t, err, name)
			named(t, err, c.field, c.code)
		}
		empty, err := d.Report(t.Context(), finance, ReportQuery{Figure: "spend", GroupBy: "unit", At: day})
		require.NoError(t, err)
		require.Empty(t, empty.Rows)
		forbidden(t, d, map[domain.Action]func(domain.Actor) error{
			"getReport": func(a domain.Actor) error {
				return second(d.Report(t.Context(), a, ReportQuery{Figure: "spend", GroupBy: "unit"}))
			},
			"getBalances":  func(a domain.Actor) error { return second(d.Balances(t.Context(), a, day)) },
			"getImmediacy": func(a domain.Actor) error { return second(d.Immediacy(t.Context(), a, IssuedFilter{})) },
			"getVoucherFigures": func(a domain.Actor) error {
				return second(d.VoucherFigures(t.Context(), a, VoucherQuery{GroupBy: "unit"}))
			},
			"listPostings": func(a domain.Actor) error { return second(d.Postings(t.Context(), a, ten, PostingFilter{})) },
			"getPosting":   func(a domain.Actor) error { return second(d.Posting(t.Context(), a, store.NewID())) },
		})
	})
}
