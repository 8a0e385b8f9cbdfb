package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// TestReportsLeadToPostings follows every figure of every report, at several
// dates and with every filter, to its postings: page by page they are those of
// the row and no others, and they add up to it.
func TestReportsLeadToPostings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newUnsettledWorld(t, s)
		ok(w.service.Reissue(t.Context(), w.as(domain.Caseworker), vouchers.Key{}, w.find("vch", 6), "Tabt."))
		w.history()
		ok(w.service.CreateBudget(t.Context(), w.as(domain.Finance), vouchers.Key{}, vouchers.BudgetInput{ProgrammeID: w.find("prg", 1), Year: 2028, Amount: 1_000_000, AccountString: "5.38.45", Reason: "Budget"}))
		w.plan(20, 1)
		require.Len(t, w.visits(w.find("pln", 20), 2)[1].Vouchers, 1, "a voucher issued in 2028")
		var journal []Posting
		all(t, w, base+"/postings?x", func(p Posting) { journal = append(journal, p) })
		require.Greater(t, len(journal), 40)
		rows := 0
		for _, filter := range []string{
			"", "&from=2026-11-01&at=2026-12-31", "&from=2026-12-01", "&at=2026-11-20", "&at=2026-11-21", "&at=2026-12-05", "&at=2028-01-01", "&currency=EUR",
			"&unit_id=" + example("unt", 1), "&unit_id=" + example("unt", 2), "&programme_id=" + example("prg", 1) + "&at=2026-12-05",
			"&partner_id=" + example("prt", 1), "&partner_id=" + example("prt", 2) + "&from=2026-11-22",
		} {
			for _, figure := range []string{"spend", "payable", "settled", "outstanding", "lapsed"} {
				for _, group := range []string{"programme", "unit", "partner", "month"} {
					if (figure == "outstanding" || figure == "payable") && strings.Contains(filter, "from=") {
						continue // a balance has no beginning
					}
					path := fmt.Sprintf("%s?group_by=%s%s", figure, group, filter)
					report, total := w.report(t, path), int64(0)
					issued := months(journal)
					for _, row := range report.Rows {
						var want, got []string
						for _, p := range journal {
							if w.behind(p, report, row, filter, issued) {
								want = append(want, p.ID.String())
							}
						}
						sum := int64(0)
						all(t, w, row.PostingsURL, func(p Posting) { got, sum = append(got, p.ID.String()), sum-p.Amount })
						require.Equal(t, row.Amount, sum, "%s: %s", path, row.PostingsURL)
						require.ElementsMatch(t, want, got, "%s: %s", path, row.PostingsURL)
						require.Equal(t, row.Key == "", row.Label == "none", path)
						total += row.Amount
						rows++
					}
					require.Equal(t, report.Total, total, path)
				}
			}
		}
		require.Greater(t, rows, 80)
	})
}

// months says in which month each voucher was issued.
func months(journal []Posting) map[VoucherID]string {
	issued := map[VoucherID]string{}
	for _, p := range journal {
		if p.Account == "outstanding" && p.Amount < 0 && (p.Event == "issue" || p.Event == "reissue") {
			issued[p.VoucherID] = p.BookedOn.String()[:7]
		}
	}
	return issued
}

// behind reports whether a posting is behind a row, by the words of openapi.yaml.
func (w *world) behind(p Posting, r Report, row ReportRow, filter string, issued map[VoucherID]string) bool {
	query, err := url.ParseQuery(w.here(filter))
	require.NoError(w.t, err)
	partner := ""
	if p.PartnerID != (PartnerID{}) {
		partner = p.PartnerID.String()
	}
	keys := map[string]string{"programme": p.ProgrammeID.String(), "unit": p.UnitID.String(), "partner": partner, "month": p.BookedOn.String()[:7]}
	if r.Figure == "outstanding" {
		keys["month"] = issued[p.VoucherID]
	}
	is := func(name, value string) bool { return query.Get(name) == "" || query.Get(name) == value }
	return (p.Account == r.Figure || r.Figure == "spend" && p.Account == "payable" && p.SettlementID == (SettlementID{})) &&
		p.Currency == r.Currency && !p.BookedOn.Before(r.From) && !r.At.Before(p.BookedOn) && keys[r.GroupBy] == row.Key &&
		is("programme_id", keys["programme"]) && is("unit_id", keys["unit"]) && is("partner_id", partner)
}

// TestReportCSV: the same rows, in a spreadsheet's form.
func TestReportCSV(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newUnsettledWorld(t, s)
		spend := w.report(t, "spend")
		require.EqualValues(t, 40000, spend.Total)
		require.Equal(t, w.here(example("prg", 1)), spend.Rows[0].Key)
		require.Equal(t, "move-2026", spend.Rows[0].Label)
		csv := w.do(domain.Finance, "GET", "/reports/spend?format=csv", "")
		require.Equal(t, "programme,label,spend,currency,vouchers,from,at\n"+spend.Rows[0].Key+",move-2026,40000,DKK,2,,"+spend.At.String()+"\n", csv.Body.String())
	})
}

// all reads the postings at an address, three at a time.
func all(t *testing.T, w *world, address string, each func(Posting)) {
	t.Helper()
	for next := ""; ; {
		var page PostingList
		read(t, w, strings.Replace(address, "?x", "?", 1)+"&limit=3"+next, &page)
		for _, p := range page.Data {
			each(p)
		}
		require.Equal(t, page.HasMore, page.NextCursor != "")
		if !page.HasMore {
			return
		}
		next = "&cursor=" + page.NextCursor
	}
}

func read(t *testing.T, w *world, path string, into any) {
	t.Helper()
	answer := w.send(domain.Finance, httptest.NewRequestWithContext(context.Background(), "GET", path, nil))
	require.Equal(t, 200, answer.Code, "%s: %s", path, answer.Body)
	require.NoError(t, json.Unmarshal(answer.Body.Bytes(), into))
}
