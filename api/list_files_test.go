package api

import (
	"html"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// filesOn gives the files that a page offers, CSV before Excel, one pair after another.
func (w *world) filesOn(role domain.Role, path string) (files [][2]string) {
	w.t.Helper()
	answer := w.opened(role, path)
	require.Equal(w.t, 200, answer.Code, "%s: %s", path, answer.Body)
	for _, found := range regexp.MustCompile(`<p class="files"><a href="([^"]+)" download>.*?<a href="([^"]+)" download>`).FindAllStringSubmatch(answer.Body.String(), -1) {
		files = append(files, [2]string{html.UnescapeString(found[2]), html.UnescapeString(found[1])})
	}
	return files
}

// Each list that finance and auditors see is to be had as CSV and for Excel, with the
// same lines under the same heading, in the language of the page.
func TestListsAreFiles(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		settled := show("stl", w.find("stl", 31))
		statement := show("bst", w.find("bst", 1))
		spent := ok(w.service.Redemptions(t.Context(), w.as(domain.Auditor), store.Page{Limit: 1}, vouchers.RedemptionFilter{})).Rows[0]
		for path, files := range map[string]int{
			"/runs": 1, "/runs/held": 1, "/runs/" + show("srn", w.find("srn", 4)): 1, "/runs/settlements/" + settled: 1,
			"/bank": 2, "/bank/" + statement: 1, "/bank/" + statement + "?state=unmatched": 1, "/invoices": 1, "/audit": 1, "/closings": 1,
			"/records/vouchers/" + show("vch", spent.VoucherID): 2, "/postings": 1,
		} {
			found := w.filesOn(domain.Auditor, path)
			require.Len(t, found, files, path)
			for _, pair := range found {
				comma, book := w.opened(domain.Auditor, pair[0]+"&lang=en"), w.opened(domain.Auditor, pair[1]+"&lang=en")
				require.Equal(t, []int{200, 200}, []int{comma.Code, book.Code}, "%s: %s", pair, comma.Body)
				require.Regexp(t, `^attachment; filename="[a-z0-9-]+-2026-11-\d\d\.csv"$`, comma.Header().Get("Content-Disposition"))
				lines := fileLines(t, "csv", comma.Body.Bytes())
				require.Greater(t, len(lines), 1, pair)
				inBook := fileLines(t, "xlsx", book.Body.Bytes())
				require.Equal(t, lines[0], inBook[0], pair)
				require.Len(t, inBook, len(lines), pair)
				require.NotContains(t, comma.Body.String(), "Zitronella")
			}
		}
		for _, path := range []string{"/audit/file?format=csv", "/runs/file?format=pdf", "/runs/settlements/" + settled + "/file"} {
			require.NotEqual(t, 200, w.opened(domain.Finance, path).Code, path)
		}
		require.Equal(t, 403, w.opened(domain.Caseworker, "/runs/file?format=csv").Code)
	})
}

// A list of which a page shows a part is whole in its file, and so narrowed as the
// page is.
func TestFilesAreWhole(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	all := 0
	for at := (store.Page{Limit: 100}); ; {
		l := ok(w.service.AuditEntries(t.Context(), w.as(domain.Auditor), at, vouchers.AuditFilter{}))
		if all += len(l.Rows); !l.More {
			break
		}
		at.After = l.Rows[len(l.Rows)-1].ID
	}
	require.Greater(t, all, 2*fileRows)
	file := w.opened(domain.Auditor, w.filesOn(domain.Auditor, "/audit")[0][0])
	require.Len(t, fileLines(t, "csv", file.Body.Bytes()), all+1)
	few := w.opened(domain.Auditor, w.filesOn(domain.Auditor, "/audit?action=create_budget")[0][0])
	lines := fileLines(t, "csv", few.Body.Bytes())
	require.Less(t, len(lines), fileRows)
	for _, line := range lines[1:] {
		require.Equal(t, danish("audit.do_create_budget"), line[1])
	}
	require.Len(t, fileLines(t, "csv", w.opened(domain.Auditor, "/audit/file?format=csv&reference=2026-0").Body.Bytes()), 1)
}
