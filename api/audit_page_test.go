package api

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// Auditors search the log by what was done, who did it, when and what it was about, in
// words; and nobody else sees it.
func TestLogInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.marked()
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		looks := func(name string) {
			t.Helper()
			nameless(t, browser)
			browsertest.Look(t, browser, name)
		}
		serial := ok(w.service.Voucher(t.Context(), w.as(domain.Auditor), w.find("vch", 2))).Serial
		run(w.enters(domain.Auditor, address), chromedp.Navigate(address+"/year"), browsertest.Press("Log"), browsertest.Heading("Revisionslog"), browsertest.Fill("reference", serial), browsertest.Press("Søg"),
			browsertest.Has("tbody tr:first-child", "td", "Spærrede et gavekort"))
		looks("auditor-log")
		run(browsertest.Click(`//tbody/tr[1]//a[starts-with(@href, "/audit/")]`), browsertest.Heading("Linje i loggen"), onPage(browsertest.Name("caseworker@eksempel.dk")))
		looks("auditor-log-entry")
		run(browsertest.Click(`//dd/a[starts-with(@href, "/records/vouchers/")]`), browsertest.Heading("Gavekort "+serial))
		run(chromedp.Navigate(address+"/audit"), browsertest.Heading("Revisionslog"), browsertest.Fill("action", "create_budget"), browsertest.Fill("person", " finance@eksempel.dk"), browsertest.Fill("to", "2026-11-21"), browsertest.Press("Søg"),
			onPage("Oprettede et budget"))
		looks("auditor-log-searched")
		run(browsertest.Fill("reference", "2026-0"), browsertest.Press("Søg"), onPage("Der er intet med den reference."))
		require.Equal(t, 403, w.opened(domain.Finance, "/audit").Code)
		require.Equal(t, 404, w.opened(domain.Auditor, "/audit?action=x").Code)
	})
}

// Amounts in the log are kroner, and counts are not: every number in it is known as one
// of the two.
func TestLogSaysAmounts(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.marked()
	w.spent()
	limits := ok(w.service.ApprovalLimits(t.Context(), w.as(domain.Finance), domain.ID{}))
	ok(w.service.UpdateApprovalLimits(t.Context(), w.as(domain.Finance), int64(limits.Number), vouchers.ApprovalLimitsInput{
		Steps: domain.ApprovalSteps{{Role: domain.TeamLeader}, {Role: domain.TeamLeader, Above: 50000}}, LeaderMost: new(int64(12345600)), CaseworkerGrant: 20000,
	}))
	counts, wrong, shown := map[string]bool{}, map[string]string{}, map[string]string{}
	for _, name := range strings.Fields("attempt awards bytes codes deleted entries ended from_plan held keys lines links links matched milestone names notices number passkeys payments percent postings refused remind_days reversal_minutes revision rows run sessions settlements sign_count sign_ins slips step version vouchers") {
		counts[name] = true
	}
	view := web.View{Lang: web.Danish, Site: time.UTC, ID: show}
	for at := (store.Page{Limit: 100}); ; {
		l := ok(w.service.AuditEntries(t.Context(), w.as(domain.Auditor), at, vouchers.AuditFilter{}))
		for _, a := range l.Rows {
			at.After = a.ID
			var detail map[string]any
			if len(a.Detail) > 0 {
				require.NoError(t, json.Unmarshal(a.Detail, &detail))
			}
			for _, fact := range web.NewLogEntry(view, pageEntry(a)).Detail {
				name := strings.ReplaceAll(fact.Name, " ", "_")
				if _, number := detail[name].(float64); number && counts[name] == strings.Contains(fact.Value.Text, ",") {
					wrong[name+" of "+a.Action] = fact.Value.Text
				}
			}
			if a.Action == "updateApprovalLimits" && len(shown) == 0 {
				for _, fact := range web.NewLogEntry(view, pageEntry(a)).Detail {
					shown[fact.Name] = fact.Value.Text
				}
			}
		}
		if !l.More {
			break
		}
	}
	require.Empty(t, wrong)
	require.Equal(t, []string{"123.456,00", "200,00", "above 0,00, role team_leader; above 500,00, role team_leader"}, []string{shown["leader most"], shown["caseworker grant"], shown["steps"]})
}

// Whatever is in the log is said in words, and so is what it is about.
func TestLogIsInWords(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.marked()
	w.spent()
	rows := 0
	for at := (store.Page{Limit: 100}); ; {
		l := ok(w.service.AuditEntries(t.Context(), w.as(domain.Auditor), at, vouchers.AuditFilter{}))
		for _, a := range l.Rows {
			rows, at.After = rows+1, a.ID
			if a.Action == "test" { // which only tests do
				continue
			}
			require.True(t, web.Has("audit.do_"+web.Snake(a.Action)), a.Action)
			require.True(t, a.Object == "" || web.Has("audit.of_"+a.Object), a.Object)
			require.Equal(t, a.Action, web.Action(web.Snake(a.Action)))
		}
		if !l.More {
			break
		}
	}
	require.Greater(t, rows, 200)
	for of := range domain.Permissions {
		action := string(of)
		reads := strings.HasPrefix(action, "get") || strings.HasPrefix(action, "list") || strings.HasPrefix(action, "check") || strings.HasPrefix(action, "preview")
		require.True(t, reads || web.Action(web.Snake(action)) == action, action)
	}
}
