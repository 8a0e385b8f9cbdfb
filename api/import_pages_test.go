package api

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// A team leader sees what a spreadsheet would do, takes it in, follows it, and has
// the lines that were refused.
func TestImportInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newUnsettledWorld(t, s)
		address := w.serves(t)
		ctx := w.browser(t, address, domain.TeamLeader)
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, ctx, actions...) }
		file := filepath.Join(t.TempDir(), "planer.csv")
		text := "plan;borger;foedt;enhed;startdato;ordning\nP-7001;B-7001;01-06-1995;Ungeenheden;02-10-2026;move-2026\nP-7002;B-7002;i går;Ungeenheden;02-10-2026;move-2026\n"
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		plans := func() int {
			return len(ok(w.service.Plans(t.Context(), w.as(domain.TeamLeader), store.Page{Limit: 9}, vouchers.PlanFilter{Reference: "P-7001"})).Rows)
		}

		run(chromedp.Navigate(address+"/import"), browsertest.Heading("Hent regneark ind"), look(t, "leader-import"))
		run(browsertest.Press("Se, hvad der vil ske"), chromedp.WaitVisible("#faults", chromedp.ByQuery))
		run(browsertest.Fill("programme", w.here("prg_01920000000070008000000000000001")), browsertest.Upload("plans", file), browsertest.Press("Se, hvad der vil ske"),
			chromedp.WaitVisible(`input[name=seen] ~ .buttons .button`, chromedp.ByQuery), look(t, "leader-import-preview"))
		var shown string
		run(chromedp.Text("#preview", &shown, chromedp.ByQuery))
		require.Contains(t, shown, "foedt", "the line that would be refused")
		require.Zero(t, plans(), "nothing has happened yet")

		run(browsertest.Press("Hent ind"), browsertest.Heading("Import"), look(t, "leader-import-waits"))
		waiting := ok(w.service.Unfinished(t.Context(), w.home))
		require.Len(t, waiting, 1)
		done := ok(w.service.RunImport(t.Context(), w.home, waiting[0], func(domain.Import) {}))
		require.Equal(t, "done", done.State, done.Failure)
		run(chromedp.WaitVisible("#progress .badge.good", chromedp.ByQuery), look(t, "leader-import-done"))
		require.Equal(t, 1, plans())
		csv := w.ask(httptest.NewRequestWithContext(t.Context(), "GET", "/v1/imports/"+show("imp", done.ID)+"/refusals?format=csv", nil), w.signIn(domain.TeamLeader)).Body.String()
		require.Equal(t, 2, strings.Count(csv, "\n"), "a heading and a line")
		verified(t, w)
	})
}
