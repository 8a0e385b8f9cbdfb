package api

import (
	"context"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// trial is a form that is pressed while nothing comes of it, and then once more.
type trial struct {
	*world
	does    *atomic.Int32
	address string
	browser context.Context
	role    domain.Role
}

func (x trial) run(actions ...chromedp.Action) {
	x.t.Helper()
	browsertest.Run(x.t, x.browser, actions...)
}

// ends ends the sign-in, as being away for long does.
func (x trial) ends() {
	require.NoError(x.t, x.access.EndSignIn(x.t.Context(), ok(x.access.Authenticate(x.t.Context(), x.signIns[x.role]))))
}

// fails tries while the server is away, answers that it cannot, and knows nobody; each
// time it is told beside what was tried. Then it can be done.
func (x trial) fails(try chromedp.Action, name string) {
	x.t.Helper()
	for _, failure := range []struct {
		does int32
		says string
	}{{lineLosesRequests, "failed.away"}, {503, "failed.busy"}, {429, "failed.too_many"}, {500, "failed.ours"}} {
		x.does.Store(failure.does)
		x.run(try, browsertest.Reads("main [data-failed]", danish(failure.says)))
	}
	x.does.Store(lineHolds)
	x.ends()
	x.run(try, browsertest.Reads("main [data-failed]", danish("failed.signed_out")))
	browsertest.Look(x.t, x.browser, name)
	x.signsInBeside()
}

// signsInBeside follows the link to the sign-in, which opens beside the page, and signs
// in there.
func (x trial) signsInBeside() {
	x.t.Helper()
	x.run(browsertest.Press("Log ind i en ny fane"))
	var beside target.ID
	require.Eventually(x.t, func() bool {
		for _, tab := range ok(chromedp.Targets(x.browser)) {
			if strings.Contains(tab.URL, "/signin/") {
				beside = tab.TargetID
			}
		}
		return beside != ""
	}, 20*time.Second, 50*time.Millisecond)
	tab, closed := chromedp.NewContext(x.browser, chromedp.WithTargetID(beside))
	defer closed()
	require.NoError(x.t, chromedp.Run(tab)) // not Run, which would let go of the tab after the first step
	browsertest.Run(x.t, tab, browsertest.Heading("Log ind"), x.enters(x.role, x.address), chromedp.Navigate(x.address+signedInAgain), browsertest.Heading("Tak"))
}

// Parts of a page that are sent while the server is away, too busy, or knows nobody any
// more stay as they are, with what was typed, and say what to do; pressed again, they do it.
func TestNothingTypedIsLost(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newUnsettledWorld(t, s)
		bo, carl := w.waiting("Bo Jensen", 3), w.daily("Carl Hansen", 1, worldTime)
		does, address := w.line(t)
		as := func(role domain.Role) trial {
			return trial{w, does, address, w.browser(t, address, role), role}
		}

		leader := as(domain.TeamLeader)
		reason := "r-" + show("awd", bo.ID)
		leader.run(chromedp.Navigate(address+"/approvals"), browsertest.PressIn(rowOf("awd", bo.ID), "Afvis …"), browsertest.Fill(reason, "Ikke efter ordningen."))
		leader.fails(browsertest.PressIn(rowOf("awd", bo.ID), "Afvis"), "leader-approvals-signed-out")
		does.Store(413)
		leader.run(browsertest.PressIn(rowOf("awd", bo.ID), "Afvis"), browsertest.Reads(rowOf("awd", bo.ID)+" [data-failed]", danish("failed.too_large")))
		does.Store(lineHolds)
		leader.run(browsertest.PressIn(rowOf("awd", bo.ID), "Afvis"), browsertest.Reads(rowOf("awd", bo.ID), "Afvist. Der udstedes intet gavekort for den."))
		require.Equal(t, "Ikke efter ordningen.", w.awarded(bo.ID).Reason.Reveal())

		const letters = `document.querySelector("#document").value.length`
		var before, after int
		leader.run(chromedp.Navigate(address+"/programmes/"+show("prg", w.find("prg", 1))+"/draft?from=move-group"), browsertest.Heading("Ny version"), browsertest.Reach("document"), chromedp.Evaluate(letters, &before))
		leader.fails(chromedp.KeyEvent("x"), "leader-draft-signed-out")
		leader.run(browsertest.Reach("document"), chromedp.KeyEvent("y"), chromedp.WaitNotPresent("main [data-failed]", chromedp.ByQuery), chromedp.Evaluate(letters, &after))
		require.Equal(t, before+6, after, "each letter that was typed, and one more")

		file := filepath.Join(t.TempDir(), "planer.csv")
		require.NoError(t, os.WriteFile(file, []byte("plan;borger;foedt;enhed;startdato;ordning\nP-7001;B-7001;01-06-1995;Ungeenheden;02-10-2026;move-2026\n"), 0o600))
		leader.run(chromedp.Navigate(address+"/import"), browsertest.Heading("Hent regneark ind"), browsertest.Fill("programme", show("prg", w.find("prg", 1))), browsertest.Upload("plans", file))
		leader.fails(browsertest.Press("Se, hvad der vil ske"), "leader-import-signed-out")
		leader.run(browsertest.Press("Se, hvad der vil ske"), browsertest.Press("Hent ind"), browsertest.Heading("Import"))

		worker := as(domain.Caseworker)
		worker.run(chromedp.Navigate(address + "/today"))
		worker.fails(browsertest.PressIn(rowOf("ses", carl.ID), "Afbud"), "caseworker-today-signed-out")
		worker.run(browsertest.PressIn(rowOf("ses", carl.ID), "Afbud"), settled(carl), browsertest.Has(rowOf("ses", carl.ID), "button", "Fortryd"))
		verified(t, w)
	})
}

// A form that takes the page with it asks first whether the server is there: what cannot
// be sent stays on the page.
func TestFormThatCannotBeSentStays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newUnsettledWorld(t, s)
		does, address := w.line(t)
		x := trial{w, does, address, w.browser(t, address, domain.Caseworker), domain.Caseworker}
		x.run(chromedp.Navigate(address+"/citizens/"+show("cit", w.find("cit", 1))+"/goal"), browsertest.Fill("wording", "Jeg tager teoriprøven."))
		x.fails(browsertest.Press("Tilføj"), "caseworker-goal-signed-out")
		x.run(browsertest.PressTwice("Tilføj"), sees(browsertest.Name("Jeg tager teoriprøven.")))
		require.Equal(t, 1, w.goalsCalled("Jeg tager teoriprøven."))
	})
}

// goalsCalled counts the goals of the first plan with this wording.
func (w *world) goalsCalled(wording string) (n int) {
	for _, goal := range ok(w.service.Goals(w.t.Context(), w.as(domain.Caseworker), w.find("pln", 1), store.Page{Limit: 99}, "")).Rows {
		if goal.Wording.Reveal() == wording {
			n++
		}
	}
	return n
}

// Without script the answer has what was typed in it, to be sent again once somebody
// has signed in beside it; no address shows it to the next one.
func TestKeptFormWithoutScript(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newUnsettledWorld(t, s)
		does, address := w.line(t)
		x := trial{w, does, address, w.browser(t, address, domain.Caseworker), domain.Caseworker}
		goal := address + "/citizens/" + show("cit", w.find("cit", 1)) + "/goal"
		x.run(emulation.SetScriptExecutionDisabled(true), chromedp.Navigate(goal), browsertest.Fill("wording", "Jeg »tager« <teoriprøven>."))
		x.ends()
		x.run(browsertest.Press("Tilføj"), sees(danish("error.signed_out_kept.do")))
		x.run(emulation.SetScriptExecutionDisabled(false), look(t, "caseworker-goal-kept"), emulation.SetScriptExecutionDisabled(true))
		x.run(browsertest.Press("Send igen"), sees(danish("error.signed_out_kept.do")))
		x.signsInBeside()
		x.run(browsertest.Press("Send igen"), sees(browsertest.Name("Jeg »tager« <teoriprøven>.")))
		require.Equal(t, 1, w.goalsCalled("Jeg »tager« <teoriprøven>."))
	})
}

// Nothing that was typed comes back where it is a secret, where another site sent it, or
// where there is nothing to be sent again; and no address shows it.
func TestKeptFormIsNobodyElses(t *testing.T) {
	w := newUnsettledWorld(t, storetest.Open(t, storetest.SQLite(t)))
	const typed = "Zqtypet"
	sent := func(path string, headers ...string) string {
		r := posted(t, path, url.Values{"wording": {typed}, "password": {typed}})
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		answer := w.ask(r)
		require.NotEqual(t, 200, answer.Code, path)
		require.Equal(t, "no-store", answer.Header().Get("Cache-Control"))
		return answer.Body.String()
	}
	goal := w.here("/citizens/cit_01920000000070008000000000000001/goal")
	require.Contains(t, sent(goal), `name="wording" value="`+typed+`"`)
	for _, path := range []string{"/account/password", "/prove", "/me/pin", "/till", "/setup/password"} {
		require.NotContains(t, sent(path), typed, path)
	}
	require.NotContains(t, sent(goal, "Sec-Fetch-Site", "cross-site"), typed)
	require.NotContains(t, sent(goal, "HX-Request", "true", "Accept", "*/*"), typed, "a part stays on its page")
	shown := w.ask(httptest.NewRequestWithContext(t.Context(), "GET", goal, nil))
	require.Equal(t, 303, shown.Code)
	require.NotContains(t, shown.Body.String(), typed)
	for _, file := range ok(filepath.Glob("web/templates/pages/*.html")) {
		if strings.Contains(string(ok(os.ReadFile(file))), `type="password"`) {
			require.Contains(t, []string{"me.html", "me_enter.html", "me_locked.html", "prove.html", "signin.html"}, filepath.Base(file), "its form is sent to an address of secretForms")
		}
	}
}
