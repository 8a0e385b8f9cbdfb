package api

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// otherLeader signs a second team leader in, in the place of the first.
func (w *world) otherLeader() {
	const person = "lars@eksempel.dk"
	ok(w.access.Assign(w.t.Context(), w.system(), access.AssignmentInput{Person: person, Role: domain.TeamLeader}))
	w.signIns[domain.TeamLeader] = ok(w.access.SignIn(w.t.Context(), w.home, access.Proof{Person: person, Method: "passkey"})).Text
}

// A team leader reads what is in force, writes a new version from a preset,
// is told of a mistake on its line while typing, mends it and
// keeps it; another one sees what it changes and adopts it.
func TestProgrammesInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newUnsettledWorld(t, s)
		address := w.serves(t)
		ctx := w.browser(t, address, domain.TeamLeader)
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, ctx, actions...) }
		looks := func(name string) chromedp.Action { return look(t, name) }
		run(chromedp.Navigate(address+"/programmes"), browsertest.Heading("Ordninger"), looks("leader-programmes"))
		run(browsertest.Press(browsertest.Name("move-2026")), browsertest.Heading(browsertest.Name("move-2026")), chromedp.WaitVisible("svg.steps", chromedp.ByQuery), looks("leader-programme"))
		run(browsertest.Press("Skriv en ny version"), browsertest.Heading("Skriv en ny version"), looks("leader-draft-start"))
		run(browsertest.Click(`main a[href*="from=move-group"]`), browsertest.Heading("Ny version"), chromedp.WaitVisible(".badge.good[data-told]", chromedp.ByQuery))

		var last, field, cursor string
		run(browsertest.Reach("document"), chromedp.KeyEvent(kb.End, chromedp.KeyModifiers(2)), chromedp.KeyEvent("with: x"),
			chromedp.WaitVisible("#proof [data-line]", chromedp.ByQuery), chromedp.Text("#numbers li.wrong", &last, chromedp.ByQuery), chromedp.Text(".problems code", &field, chromedp.ByQuery), looks("leader-draft-wrong"))
		text := string(ok(rules.Preset("move-group")))
		require.Equal(t, strings.Count(text, "\n")+1, lineNumber(t, last), "the line of the mistake")
		require.Equal(t, "with", field)
		var warns bool
		run(chromedp.Evaluate(`!dispatchEvent(new Event("beforeunload", {cancelable: true}))`, &warns))
		require.True(t, warns, "leaving what is half written")
		run(browsertest.Click("#proof [data-line]"),
			chromedp.Evaluate(`((x) => x.id + ":" + x.value.slice(x.selectionStart, x.selectionEnd))(document.activeElement)`, &cursor))
		require.Equal(t, "document:with: x", cursor, "the line is there to be written over")
		run(chromedp.KeyEvent(kb.Delete), chromedp.WaitVisible(".badge.good[data-told]", chromedp.ByQuery), looks("leader-draft"))
		run(browsertest.Press("Gem som udkast"), onPage("Udkastet er gemt."), looks("leader-programme-draft"))
		draft := ok(w.service.Versions(t.Context(), w.as(domain.TeamLeader), w.find("prg", 1), store.Page{Limit: 1}, domain.VersionDraft)).Rows[0]
		require.Equal(t, 7, ok(rules.Parse(draft.Document)).Caps[0].Count)

		w.adoptsInABrowser(t, ctx, address, draft, looks)
		run(chromedp.Navigate(address+"/programmes/"+show("prg", draft.ProgrammeID)+"/draft?from=prize-bowl"), browsertest.Heading("Ny version"), looks("leader-draft-prizes"))
		verified(t, w)
	})
}

// adoptsInABrowser lets another team leader adopt a draft.
func (w *world) adoptsInABrowser(t *testing.T, ctx context.Context, address string, draft domain.ProgrammeVersion, looks func(string) chromedp.Action) {
	run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, ctx, actions...) }
	w.otherLeader()
	at := address + "/programmes/" + show("prg", draft.ProgrammeID) + "/versions/" + show("ver", draft.ID)
	run(w.enters(domain.TeamLeader, address), chromedp.Navigate(at), browsertest.Press("Vedtag"), browsertest.Heading("Vedtag version 3"), looks("leader-adopt"))
	run(browsertest.Fill("adopted_by", "Byrådet, sag 2026-1234"), browsertest.Fill("adopted_on", "2026-11-20"), browsertest.Fill("in_force_from", "2027-01-01"), browsertest.Press("Se, hvad det ændrer"),
		onPage("Hvis du vedtager"), looks("leader-adopt-preview"))
	require.Equal(t, domain.VersionDraft, ok(w.service.Version(t.Context(), w.as(domain.TeamLeader), draft.ID)).State, "nothing has happened yet")
	run(browsertest.Press("Vedtag"), onPage("Versionen er vedtaget."))
	adopted := ok(w.service.Version(t.Context(), w.as(domain.TeamLeader), draft.ID))
	require.Equal(t, []string{domain.VersionAdopted, "Byrådet, sag 2026-1234", "2027-01-01", "lars@eksempel.dk"}, []string{adopted.State, adopted.AdoptedBy, adopted.InForceFrom.String(), adopted.RecordedBy})
	before := ok(w.service.Version(t.Context(), w.as(domain.TeamLeader), w.find("ver", 1)))
	require.Equal(t, "2026-12-31", before.InForceTo.String(), "it is succeeded")
}

// lineNumber reads a line's number.
func lineNumber(t *testing.T, text string) (n int) {
	t.Helper()
	for _, digit := range strings.TrimRight(strings.TrimSpace(text), " !") {
		n = n*10 + int(digit-'0')
	}
	return n
}

// What is wrong with a text is told on its line and the text is kept, also without
// script; what is pressed twice is kept once; nobody overwrites another's change,
// adopts their own text, or writes who may only read.
func TestDraftForms(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newUnsettledWorld(t, s)
		programme, leader := "/programmes/"+show("prg", w.find("prg", 1)), domain.TeamLeader
		text := string(ok(rules.Preset("move-2026")))
		form := func(text string, more ...string) string {
			values := url.Values{"document": {strings.ReplaceAll(text, "\n", "\r\n")}}
			for i := 0; i < len(more); i += 2 {
				values.Set(more[i], more[i+1])
			}
			return values.Encode()
		}
		wrong := strings.Replace(text, "count: 6", "count: <b>", 1)
		for _, path := range []string{"/draft", "/check"} {
			answer := w.pressed(leader, programme+path, form(wrong))
			require.Equal(t, map[string]int{"/draft": 422, "/check": 200}[path], answer.Code)
			require.Contains(t, answer.Body.String(), `data-line="18">Linje 18</a> <code>caps[0].count</code>`)
			require.Contains(t, answer.Body.String(), "Skal være et helt tal.")
		}
		answer := w.pressed(leader, programme+"/draft", form(wrong, "do", "check"))
		require.Equal(t, 200, answer.Code)
		require.Contains(t, answer.Body.String(), "count: &lt;b&gt;", "kept")
		require.Contains(t, answer.Body.String(), "data-unsaved", "leaving it warns")

		changed := strings.Replace(text, "count: 6", "count: 5", 1)
		first := w.pressed(leader, programme+"/draft", form(changed)).Header().Get("Location")
		require.Contains(t, first, "/versions/ver_")
		require.Equal(t, first, w.pressed(leader, programme+"/draft", form(changed)).Header().Get("Location"), "pressed twice")
		at, _, _ := strings.Cut(first, "?")
		require.Equal(t, 303, w.pressed(leader, at+"/edit", form(text, "version", "1")).Code)
		answer = w.pressed(leader, at+"/edit", form(changed, "version", "1"))
		require.Equal(t, 412, answer.Code, "somebody has changed it")
		require.Contains(t, answer.Body.String(), "count: 5", "kept")
		require.Contains(t, answer.Body.String(), danish("rules.see_now"))
		require.Equal(t, "2", hidden(t, answer.Body.String(), "version"), "the next try is of what it is now")
		require.Contains(t, w.opened(leader, at+"/edit").Body.String(), `name="version" value="2"`)

		adoption := "adopted_by=Byr%C3%A5det&adopted_on=20-11-2026&in_force_from=01-01-2027&do="
		answer = w.pressed(leader, at+"/adopt", adoption+"adopt&version=2")
		require.Equal(t, 403, answer.Code)
		require.Contains(t, answer.Body.String(), danish("fault.own_draft"))
		w.otherLeader()
		require.Equal(t, 422, w.pressed(leader, at+"/adopt", adoption+"adopt").Code, "of no version")
		answer = w.pressed(leader, at+"/adopt", adoption+"adopt&version=1")
		require.Equal(t, 412, answer.Code, "it was changed since it was read")
		require.Equal(t, "2", hidden(t, answer.Body.String(), "version"))
		early := w.now
		w.now = w.now.Add(domain.FreshFor)
		answer = w.pressed(leader, at+"/adopt", adoption+"see&version=2")
		require.Equal(t, 403, answer.Code)
		require.Contains(t, answer.Body.String(), `href="/prove?return=`)
		require.Contains(t, answer.Body.String(), `value="Byrådet"`, "kept while one proves who one is")
		w.now = early
		require.Equal(t, 303, w.pressed(leader, at+"/adopt", adoption+"adopt&version=2").Code)
		require.Equal(t, 303, w.opened(leader, at+"/edit").Code, "adopted: it is only read")
		require.Equal(t, 422, w.pressed(leader, at, "ended_on=1-1-2026").Code)
		require.Equal(t, 303, w.pressed(leader, at, "ended_on=31-12-2027").Code)
		verified(t, w)
	})
}

// Whoever may read rules reads them; who may not write finds no way to.
func TestProgrammesAreRead(t *testing.T) {
	w := newUnsettledWorld(t, storetest.Open(t, storetest.SQLite(t)))
	programme := "/programmes/" + show("prg", w.find("prg", 1))
	version := programme + "/versions/" + show("ver", w.find("ver", 2))
	for _, role := range []domain.Role{domain.Caseworker, domain.Finance, domain.Auditor} {
		for _, path := range []string{"/programmes", programme, version} {
			answer := w.opened(role, path)
			require.Equal(t, 200, answer.Code, "%s %s", role, path)
			require.NotContains(t, answer.Body.String(), danish("rules.write"))
			require.NotContains(t, answer.Body.String(), version+"/edit")
		}
		require.Equal(t, role != domain.Caseworker, strings.Contains(w.opened(role, programme).Body.String(), danish("rules.costs")), role)
		require.Equal(t, 403, w.opened(role, programme+"/draft").Code)
		require.Equal(t, 403, w.pressed(role, programme+"/draft", "document=x").Code)
	}
	require.Contains(t, w.opened(domain.Finance, programme+"?cost=all").Body.String(), danish("rules.all_most"))
	require.Equal(t, 404, w.opened(domain.Finance, "/programmes/"+show("prg", w.find("prg", 2))+"/versions/"+show("ver", w.find("ver", 2))).Code)
	require.Equal(t, 404, w.opened(domain.Finance, "/programmes/x").Code)

	answer := w.pressed(domain.TeamLeader, "/programmes/new", "slug=X&title_da=Ny&title_en=")
	require.Equal(t, 422, answer.Code)
	require.Contains(t, answer.Body.String(), `id="slug-wrong"`)
	require.Contains(t, answer.Body.String(), `id="title_en-wrong"`)
	answer = w.pressed(domain.TeamLeader, "/programmes/new", "slug=ny-2027&title_da=Ny&title_en=New")
	require.Equal(t, 303, answer.Code)
	require.Contains(t, w.opened(domain.TeamLeader, answer.Header().Get("Location")).Body.String(), danish("said.programme_new"))
}

// A caseworker sees what new rules change for a citizen before moving them, and a
// second press moves nothing twice.
func TestMoveToNewRules(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newUnsettledWorld(t, s)
		address := w.serves(t)
		plan := w.planned(11)
		citizen := "/citizens/" + show("cit", plan.CitizenID)
		ctx := w.browser(t, address, domain.Caseworker)
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, ctx, actions...) }
		run(chromedp.Navigate(address+citizen), browsertest.Press("Flyt til nye regler"), browsertest.Heading("Flyt til nye regler"), browsertest.Fill("on", "2026-11-10"), browsertest.Fill("reason", "Byrådet har sat beløbet op."), look(t, "caseworker-move"))
		run(browsertest.Press("Se, hvad det ændrer"), onPage("Hvis du flytter borgeren"), look(t, "caseworker-move-preview"))
		moves := func() int {
			return len(ok(w.service.Moves(t.Context(), w.as(domain.Caseworker), w.find("enr", 11))))
		}
		require.Zero(t, moves(), "nothing has happened yet")
		run(browsertest.Press("Flyt borgeren"), onPage("Borgeren er flyttet til de nye regler."))
		require.Equal(t, 1, moves())
		require.NotContains(t, w.opened(domain.Caseworker, citizen).Body.String(), danish("citizen.do.move"), "there are no newer rules")

		other := "/citizens/" + show("cit", w.planned(12).CitizenID) + "/move"
		form := url.Values{"enrolment": {show("enr", w.find("enr", 12))}, "on": {"2026-10-01"}, "reason": {"x"}, "key": {"m"}}
		answer := w.pressed(domain.Caseworker, other, form.Encode())
		require.Equal(t, 422, answer.Code, "before the new rules")
		require.Contains(t, answer.Body.String(), danish("fault.field.not_in_force"))
		form.Set("on", "2026-11-10")
		form.Set("from", show("ver", w.find("ver", 11)))
		form.Set("to", show("ver", w.find("ver", 12)))
		form.Set("do", "move")
		for range 2 {
			require.Equal(t, 303, w.pressed(domain.Caseworker, other, form.Encode()).Code)
		}
		require.Len(t, ok(w.service.Moves(t.Context(), w.as(domain.Caseworker), w.find("enr", 12))), 1)
		verified(t, w)
	})
}
