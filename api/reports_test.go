package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// TestReportsLeadToPostings follows every figure of every report to its
// postings, page by page: they add up to it.
func TestReportsLeadToPostings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		ok(w.service.Void(t.Context(), w.as(domain.TeamLeader), vouchers.Key{}, w.find("vch", 5), "Fejl."))
		for _, filter := range []string{"", "&from=2026-11-01&at=2026-12-31", "&at=2026-11-20", "&unit_id=" + w.here(example("unt", 1))} {
			for _, figure := range []string{"spend", "outstanding", "lapsed"} {
				for _, group := range []string{"programme", "unit", "partner", "month"} {
					if figure == "outstanding" && filter == "&from=2026-11-01&at=2026-12-31" {
						continue // a balance has no beginning
					}
					path := fmt.Sprintf("%s/reports/%s?group_by=%s%s", base, figure, group, filter)
					var report Report
					read(t, w, path, &report)
					var total int64
					for _, row := range report.Rows {
						total += row.Amount
						require.Equal(t, row.Amount, -sum(t, w, row.PostingsURL), "%s: %s", path, row.PostingsURL)
					}
					require.Equal(t, report.Total, total, path)
				}
			}
		}
		var spend Report
		read(t, w, base+"/reports/spend", &spend)
		require.EqualValues(t, 40000, spend.Total)
		require.Equal(t, w.here(example("prg", 1)), spend.Rows[0].Key)
		require.Equal(t, "move-2026", spend.Rows[0].Label)
		csv := w.send(domain.Finance, httptest.NewRequestWithContext(context.Background(), "GET", base+"/reports/spend?format=csv", nil))
		require.Equal(t, "programme,label,spend,currency,vouchers\n"+spend.Rows[0].Key+",move-2026,40000,DKK,2\n", csv.Body.String())
	})
}

// sum adds up the postings at an address, two at a time.
func sum(t *testing.T, w *world, address string) (total int64) {
	t.Helper()
	for next := ""; ; {
		var page PostingList
		read(t, w, address+"&limit=2"+next, &page)
		for _, p := range page.Data {
			total += p.Amount
		}
		require.Equal(t, page.HasMore, page.NextCursor != "")
		if !page.HasMore {
			return total
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
