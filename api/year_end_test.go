package api

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// TestYearEndLeadsToPostings follows every figure to its postings, page by page:
// they add up to it, and the rows to the totals, on screen and as CSV.
func TestYearEndLeadsToPostings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		var y YearEndReport
		read(t, w, base+"/reports/year-end?year=2026", &y)
		require.False(t, y.Over, "it is November")
		w.history()
		y = YearEndReport{}
		read(t, w, base+"/reports/year-end?year=2026&at=2028-12-31", &y)
		require.True(t, y.Over)
		require.Len(t, y.Data, 7, "three budgets; two programmes had something outside any in DKK, and one each in EUR and SEK")
		sums, followed := map[string]int64{}, 0
		for _, row := range y.Data {
			for _, f := range row.Figures {
				sums[row.Currency+f.Figure] += f.Amount
				if f.Figure == "appropriated" {
					require.Empty(t, f.PostingsURL)
					if row.BudgetID == (BudgetID{}) {
						require.Empty(t, f.ChangesURL)
						continue
					}
					require.Equal(t, 200, w.do(domain.Auditor, "GET", strings.TrimPrefix(f.ChangesURL, base), "").Code)
					continue
				}
				want, sum := f.Amount, int64(0)
				if f.Figure == "left" {
					want = row.Figures[0].Amount - f.Amount
				}
				if f.Figure == "left" && row.BudgetID == (BudgetID{}) {
					require.Empty(t, f.PostingsURL)
					require.Zero(t, f.Amount)
					continue
				}
				all(t, w, f.PostingsURL, func(p Posting) {
					require.Equal(t, row.BudgetID, p.BudgetID)
					sum -= p.Amount
				})
				require.Equal(t, want, sum, f.PostingsURL)
				if sum != 0 {
					followed++
				}
			}
		}
		require.Greater(t, followed, 5)
		require.NotEmpty(t, y.Totals)
		for _, total := range y.Totals {
			for _, f := range total.Figures {
				require.Equal(t, sums[total.Currency+f.Figure], f.Amount, f.Figure)
			}
		}
		require.Len(t, y.Totals, 3)
		csv := strings.Split(strings.TrimSpace(w.do(domain.Finance, "GET", "/reports/year-end?year=2026&at=2028-12-31&format=csv", "").Body.String()), "\n")
		require.Len(t, csv, 1+len(y.Data)+len(y.Totals))
		require.True(t, strings.HasPrefix(csv[0], "year,at,closing_id,row,budget_id,programme_id,unit_id,account_string,currency,appropriated,reserved,issued,redeemed,"), csv[0])
		require.True(t, strings.HasPrefix(csv[len(csv)-1], "2026,2028-12-31,,total,,,,,"), csv[len(csv)-1])
		read(t, w, base+"/postings?budgeted=no&budget_id="+example("bdg", 3), &PostingList{})
	})
}
