package api

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// Finance asks for a file, sees it being made and fetches it; narrowed as the postings
// are that led there.
func TestExportsInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.marked()
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		looks := looker(t, browser)
		run(w.enters(domain.Finance, address), chromedp.Navigate(address+"/year"), browsertest.Press("Filer"), browsertest.Heading("Filer til regneark"), browsertest.Press("Gavekort"), sees("Hvert gavekort: beløb"))
		looks("finance-exports")
		run(browsertest.Fill("state", "blocked"), browsertest.Press("Lav filen"), sees("Venter"))
		looks("finance-exports-wait")
		require.Equal(t, 1, ok(w.service.RunExports(t.Context(), w.home)))
		run(chromedp.WaitNotPresent("progress", chromedp.ByQuery), sees("Klar"))
		looks("finance-exports-ready")
		found := regexp.MustCompile(`href="(/v1/exports/[^"]+/file)"`).FindStringSubmatch(w.opened(domain.Finance, "/exports").Body.String())
		require.Len(t, found, 2)
		file := fileLines(t, "xlsx", w.opened(domain.Finance, found[1]).Body.Bytes())
		require.Greater(t, len(file), 1)
		for _, line := range file[1:] {
			require.Contains(t, line, map[web.Lang]string{web.Danish: "Spærret", web.English: "Blocked"}[browsertest.Walked(browser).Lang])
		}
		require.NotContains(t, w.opened(domain.Auditor, "/exports").Body.String(), found[1], "another's")

		run(chromedp.Navigate(address+"/postings?from=2026-01-01"), browsertest.Heading("Posteringer"), browsertest.Press(danish("journal.queue")), browsertest.Heading("Filer til regneark"))
		var from string
		run(chromedp.Value("#from", &from, chromedp.ByQuery), browsertest.Fill("from", "2026-12-01"), browsertest.Fill("to", "2026-11-01"), browsertest.Press("Lav filen"), chromedp.WaitVisible("#from-wrong", chromedp.ByQuery))
		require.Equal(t, "2026-01-01", from)
		looks("finance-exports-refused")
		run(browsertest.Fill("from", "2026-10-01"), browsertest.Press("Lav filen"), sees("Venter"))
		verified(t, w)
	})
}

// Every kind of rows is offered with the filters that it has; sent twice, one file is
// made; and only finance and auditors are there.
func TestExportForms(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	offered := append([]string{"report"}, web.ExportKinds...) // reports are files on their own pages
	for _, what := range strings.Split(vouchers.ExportKinds(), ", ") {
		require.Contains(t, offered, what)
	}
	for _, what := range web.ExportKinds {
		page := w.opened(domain.Auditor, "/exports?what="+what)
		require.Equal(t, 200, page.Code, what)
		for _, name := range vouchers.ExportFiltersOf(what) {
			require.Equal(t, name != "currency", strings.Contains(page.Body.String(), `name="`+name+`"`), "%s %s", what, name)
		}
		form := url.Values{"what": {what}, "format": {"csv"}, "key": {"key-of-" + what}}.Encode()
		for range 2 {
			require.Equal(t, 303, w.pressed(domain.Auditor, "/exports", form).Code, what)
		}
		require.Equal(t, 1, ok(w.service.RunExports(t.Context(), w.home)))
	}
	require.Equal(t, 404, w.opened(domain.Auditor, "/exports?what=citizens").Code)
	require.Equal(t, 403, w.opened(domain.Caseworker, "/exports").Code)
}

// A workbook calls accounts, events and states what the pages call them.
func TestCodesAreTheWordsOfThePages(t *testing.T) {
	begins := map[string]string{"account": "books.account_", "event": "books.event_", "voucher_state": "voucher.state_", "award_state": "record.award_", "run_state": "runs.state."}
	for code, text := range vouchers.ExportCodes {
		if prefix := begins[code.Of]; prefix != "" {
			require.Equal(t, []string{web.Text(web.Danish, prefix+code.Text), web.Text(web.English, prefix+code.Text)}, []string{text.DA, text.EN}, code)
		}
	}
}
