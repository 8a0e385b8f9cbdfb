package api

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// The journal is of a period and a currency, in the format that finance has said, and
// what is missing of that is named.
func TestJournalExport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		rows := func(query string) []string {
			t.Helper()
			answer := w.do(domain.Auditor, "GET", "/journal-export?"+query, "")
			require.Equal(t, 200, answer.Code, answer.Body)
			require.Equal(t, "text/csv; charset=utf-8", answer.Header().Get("Content-Type"))
			require.Contains(t, answer.Header().Get("Content-Disposition"), `"journal-`)
			return strings.Split(strings.TrimSpace(answer.Body.String()), "\r\n")
		}
		require.Greater(t, len(rows("from=2026-01-01&to=2026-12-31")), 4)
		require.Len(t, rows("from=2030-01-01&to=2030-12-31"), 2, "the heading and the foot")
		require.Len(t, rows("from=2020-01-01&to=2020-12-31"), 2)
		require.Len(t, rows("from=2026-01-01&to=2026-12-31&currency=NOK"), 2)
		require.Equal(t, 422, w.do(domain.Auditor, "GET", "/journal-export?from=2026-12-31&to=2026-01-01", "").Code)

		format := `{"encoding": "iso-8859-1", "separator": "tab", "decimal": ".", "dates": "yyyymmdd", "headings": false, "foot": false, "summed": true, "columns": [{"heading": "", "source": "account_string"}, {"heading": "", "source": "amount"}], "account_strings": {"budget": "{budget}"}}`
		require.Equal(t, 200, w.do(domain.Finance, "PUT", "/journal-format", format, "If-Match", `"1"`).Code)
		refused := w.do(domain.Finance, "GET", "/journal-export?from=2026-01-01&to=2026-12-31", "")
		require.Equal(t, 422, refused.Code)
		require.Empty(t, refused.Header().Get("Content-Disposition"))
		fields := map[string]bool{}
		for _, f := range problem(t, refused).Errors {
			fields[f.Field] = true
		}
		require.True(t, fields["without_budget"] && fields["account_strings.outstanding"], "%v", fields)
	})
}
