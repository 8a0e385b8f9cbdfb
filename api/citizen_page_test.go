package api

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// started is a world at the browser's own time, and a browser in which a caseworker
// is signed in.
func started(t *testing.T, s *store.Store) (w *world, address string, ctx context.Context, today domain.Date) {
	w = newUnsettledWorld(t, s)
	w.now = time.Now()
	w.enter()
	address = w.serves(t)
	return w, address, w.browser(t, address, domain.Caseworker), domain.DateOf(w.now, ok(time.LoadLocation("Europe/Copenhagen")))
}

// A caseworker takes a new citizen in at one press, after being asked whether it is
// somebody who is there and told that a number is taken, and finds them by name.
func TestNewcomerInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, address, ctx, today := started(t, s)
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, ctx, actions...) }
		run(chromedp.Navigate(address+"/citizens"), browsertest.Heading("Find en borger"), look(t, "caseworker-find"))
		run(browsertest.Press("Ny borger"), browsertest.Heading("Ny borger"))
		run(browsertest.Fill("name", "Ella Eksempel"), browsertest.Fill("reference", "B-1001"), browsertest.Fill("cpr", "010190-0001"), browsertest.Fill("plan_reference", "P-9001"),
			browsertest.Fill("start", today.String()), browsertest.Fill("assessment_date", today.AddDays(-9).String()), browsertest.Fill("assessment_reference", "SAG-9"), browsertest.Fill("goals", "Jeg vil have mit kørekort igen.\nJeg vil bo for mig selv."),
			browsertest.Fill("date", today.AddDays(1).String()), browsertest.Fill("time", "10:00"), browsertest.Fill("count", "4"), browsertest.Fill("programme", w.here("prg_01920000000070008000000000000001")))
		run(browsertest.Press("Opret borger"), chromedp.WaitVisible("#alike", chromedp.ByQuery), look(t, "caseworker-new-alike"))
		run(browsertest.Fill("name", "Bo Møller Nygård"), browsertest.Press("Opret borger"), chromedp.WaitVisible("#reference-wrong", chromedp.ByQuery), look(t, "caseworker-new-refused"))
		var kept string
		run(chromedp.Value("#goals", &kept, chromedp.ByQuery))
		require.Contains(t, kept, "kørekort", "what was typed is kept")
		run(browsertest.Fill("reference", "B-9001"), browsertest.Press("Opret borger"), browsertest.Heading(browsertest.Name("Bo Møller Nygård")), look(t, "caseworker-citizen-new"))

		found := ok(w.service.Find(t.Context(), w.as(domain.Caseworker), "nygård", domain.ID{})).Citizens
		require.Len(t, found, 1)
		o := ok(w.service.Overview(t.Context(), w.as(domain.Caseworker), found[0].ID, domain.ID{}))
		require.Equal(t, []int{2, 4, 1}, []int{len(o.Goals), len(o.Ahead), len(o.Courses)}, "plan, goals, sessions and enrolment at one press")
		run(chromedp.Navigate(address+"/citizens"), browsertest.Heading("Find en borger"), browsertest.Fill("text", "Møller"), browsertest.Press("Find"), browsertest.Heading(browsertest.Name("Bo Møller Nygård")))
		verified(t, w)
	})
}

// A caseworker does what a first week asks for from a citizen's page.
func TestCitizenInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, address, ctx, today := started(t, s)
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, ctx, actions...) }
		made := ok(w.service.Admit(t.Context(), w.as(domain.Caseworker), vouchers.Key{}, vouchers.Newcomer{
			Citizen: vouchers.CitizenInput{UnitID: w.find("unt", 1), Reference: "B-9001", Name: "Bo Møller Nygård", BirthDate: domain.Date{Year: 1990, Month: 1, Day: 1}},
			Plan:    vouchers.PlanInput{Reference: "P-9001", AssessmentDate: today.AddDays(-9), AssessmentReference: "SAG-9", StartDate: today.AddDays(-7)},
			Goals:   []string{"Jeg vil have mit kørekort igen."}, ProgrammeID: w.find("prg", 1),
			Sessions: vouchers.SessionsInput{StartsAt: w.now.AddDate(0, 0, -2), Kind: "individual", Repeat: &vouchers.Repeat{Every: "week", Count: 4}},
		})).Value
		run(chromedp.Navigate(address+"/citizens/"+show("cit", made.CitizenID)), browsertest.Heading(browsertest.Name("Bo Møller Nygård")))
		do := func(open string, fields ...chromedp.Action) chromedp.Action {
			return chromedp.Tasks{browsertest.Click(open), chromedp.WaitVisible("main form .button", chromedp.ByQuery), chromedp.Tasks(fields), browsertest.Click("main form .button"), chromedp.WaitVisible(`.alert-success`, chromedp.ByQuery)}
		}
		action := func(name string) string { return `.actions a[href*="/` + name + `?"]` }
		run(do(".strip .missing a"))
		run(do(action("visit"), browsertest.Fill("time", "00:01"), look(t, "caseworker-visit")))
		run(do(action("goal"), browsertest.Fill("wording", "Jeg tager teoriprøven."), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.ArrowDown)))
		run(do(action("goal"), browsertest.Fill("wording", "Jeg vil sove om natten."))) // which is a part of none
		run(browsertest.Click(`.goal form button`), chromedp.WaitVisible(`.goal .badge.good`, chromedp.ByQuery))
		run(do(action("sessions"), browsertest.Fill("date", today.AddDays(40).String()), browsertest.Fill("every", "once")))
		run(browsertest.Click(action("grant")), chromedp.WaitVisible("#amount", chromedp.ByQuery), browsertest.Fill("amount", "en hel del"), browsertest.Fill("grounds", "Hjalp de andre."), browsertest.Fill("evidence", "SAG-9"),
			browsertest.Press("Send til godkendelse"), chromedp.WaitVisible("#faults", chromedp.ByQuery), chromedp.Poll(`document.activeElement.matches("#amount[aria-invalid]")`, nil), look(t, "caseworker-refused"))
		var warned bool
		run(chromedp.Evaluate(`!dispatchEvent(new Event("beforeunload", {cancelable: true}))`, &warned))
		require.True(t, warned, "what was refused is kept nowhere but on the page")
		run(browsertest.Fill("amount", "50"), browsertest.Press("Send til godkendelse"), chromedp.WaitVisible(`.alert-success`, chromedp.ByQuery), look(t, "caseworker-citizen"))
		run(browsertest.Click(`a[href*="/history?"]`), browsertest.Heading("Historik"), look(t, "caseworker-history"))

		o := ok(w.service.Overview(t.Context(), w.as(domain.Caseworker), made.CitizenID, domain.ID{}))
		require.Len(t, o.Live, 1, "the second visit earned a voucher")
		require.Equal(t, []int{3, 2, 1, 4}, []int{len(o.Goals), len(o.Past), len(o.Waiting), len(o.Ahead)})
		require.Equal(t, "reached", o.Goals[0].State)
		verified(t, w)
	})
}

// What a form cannot be is told at its field, and what was typed is kept; what is
// done again by a double click is done once; nobody reaches another unit's citizen.
func TestCitizenForms(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newUnsettledWorld(t, s)
		worker := w.signIn(domain.Caseworker)
		send := func(path string, form url.Values) (int, string) {
			answer := w.ask(posted(t, w.here(path), form), worker)
			return answer.Code, answer.Body.String() + answer.Header().Get("Location")
		}
		const citizen = "/citizens/cit_01920000000070008000000000000001"
		visits := func() int {
			return len(ok(w.service.Attendances(t.Context(), w.as(domain.Caseworker), store.Page{Limit: 99}, vouchers.AttendanceFilter{PlanID: w.find("pln", 1)})).Rows)
		}
		before := visits()
		status, page := send(citizen+"/visit", url.Values{"date": {"31-02-2026"}, "time": {"9.30"}, "kind": {"group"}, "outcome": {"attended"}, "key": {"one"}})
		require.Equal(t, http.StatusUnprocessableEntity, status)
		require.Contains(t, page, `id="date-wrong"`)
		require.Contains(t, page, `value="31-02-2026"`, "kept")
		require.Contains(t, inLine(page), "Skal være en dag, for eksempel 21-11-2026.")
		status, page = send("/citizens/new", url.Values{"name": {"  "}, "reference": {"B-9009"}})
		require.Equal(t, http.StatusUnprocessableEntity, status)
		require.Contains(t, page, `id="name-wrong"`)
		gone := w.ask(posted(t, w.here(citizen+"/goal"), url.Values{"wording": {"Jeg sover."}}))
		require.Equal(t, http.StatusUnauthorized, gone.Code)
		require.Contains(t, gone.Body.String(), "Log ind i en ny fane", "what was typed is in the page before")
		form := url.Values{"date": {"20-11-2026"}, "time": {"9.30"}, "kind": {"group"}, "outcome": {"attended"}, "key": {"two"}}
		for range 2 {
			status, page = send(citizen+"/visit", form)
			require.Equal(t, http.StatusSeeOther, status, page)
		}
		require.Equal(t, before+1, visits())
		forms := map[string]url.Values{
			"sessions": {"date": {"2026-11-30"}, "time": {"10:00"}, "kind": {"group"}, "every": {"week"}, "count": {"3"}},
			"goal":     {"wording": {"Jeg sover\nom natten."}},
			"pause":    {"reason": {"closure"}, "first_day": {"2026-12-24"}},
			"leave":    {"enrolment": {w.here("enr_01920000000070008000000000000001")}, "ended_on": {"2026-11-21"}},
			"withhold": {"award": {w.here("awd_01920000000070008000000000000001")}, "grounds": {""}, "evidence": {"SAG-1"}},
			"grant":    {"enrolment": {w.here("enr_01920000000070008000000000000001")}, "amount": {"en hel del"}, "grounds": {"x"}, "evidence": {"SAG-1"}},
		}
		for _, action := range []string{"sessions", "goal", "pause", "grant", "withhold", "leave"} { // in this order: a pause is for who is in a programme
			status, page := send(citizen+"/"+action, forms[action])
			if action == "grant" || action == "pause" { // the amount is none; the programme says nothing of such a pause
				require.Contains(t, []int{http.StatusUnprocessableEntity, http.StatusConflict}, status, page)
				continue
			}
			if action == "withhold" {
				require.Contains(t, page, `id="grounds-wrong"`, "told at the field, whatever the use case calls it")
				continue
			}
			require.Equal(t, http.StatusSeeOther, status, "%s: %s", action, page)
		}
		other := ok(w.service.CreateCitizen(t.Context(), w.as(domain.TeamLeader), vouchers.CitizenInput{UnitID: w.find("unt", 2), Reference: "N-1", Name: "Nora Nord", BirthDate: domain.Date{Year: 1990, Month: 1, Day: 1}}))
		status, page = send("/citizens/"+show("cit", other.ID)+"/goal", url.Values{"wording": {"x"}})
		require.Equal(t, http.StatusNotFound, status)
		require.NotContains(t, page, "Nora")
		status, page = send("/citizens", url.Values{"text": {"nora"}})
		require.Equal(t, http.StatusOK, status)
		require.NotContains(t, page, "Nora Nord")
		status, page = send("/citizens", url.Values{"text": {"B-1001"}})
		require.Equal(t, http.StatusSeeOther, status)
		require.Equal(t, w.here(citizen), page, "a number leads straight there")

		old := w.signIn(domain.Caseworker)
		w.now = w.now.Add(domain.FreshFor)
		answer := w.ask(posted(t, w.here("/citizens/"+show("cit", w.planned(14).CitizenID)+"/grant"), url.Values{"enrolment": {w.here("enr_01920000000070008000000000000005")}, "amount": {"50"}, "grounds": {"Hjalp til."}, "evidence": {"SAG-1"}}), old)
		require.Equal(t, http.StatusForbidden, answer.Code)
		require.Contains(t, answer.Body.String(), "Hjalp til.", "kept while one proves who one is")
		require.Contains(t, answer.Body.String(), `href="/prove?return=`)
		verified(t, w)
	})
}

// planned gives plan n.
func (w *world) planned(n int) domain.Plan {
	return ok(w.service.Plan(w.t.Context(), w.as(domain.Caseworker), w.find("pln", n)))
}

// posted is a form that a browser sends.
func posted(t *testing.T, path string, form url.Values) *http.Request {
	t.Helper()
	r := ok(http.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(form.Encode())))
	r.Host = "gavekort.eksempel.dk"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "text/html")
	return r
}

// A sheet of cards, a link and a letter are made for the citizen, and each leaves
// its entry; a voucher of somebody else is not printed.
func TestCitizenPapers(t *testing.T) {
	w := newUnsettledWorld(t, storetest.Open(t, storetest.SQLite(t)))
	worker := w.signIn(domain.Caseworker)
	citizen := "/citizens/" + show("cit", w.find("cit", 31))
	cards := w.ask(posted(t, citizen+"/cards", url.Values{"voucher": {show("vch", w.find("vch", 31)), show("vch", w.find("vch", 32))}}), worker)
	require.Equal(t, http.StatusOK, cards.Code)
	for _, n := range []int{31, 32} {
		require.Contains(t, cards.Body.String(), w.code(n))
	}
	require.Equal(t, 2, strings.Count(cards.Body.String(), `<section class="card">`))
	require.Contains(t, w.ask(posted(t, citizen+"/letter", nil), worker).Body.String(), "Dine gavekort")
	link := w.ask(posted(t, citizen+"/link", nil), worker).Body.String()
	require.Contains(t, link, "https://gavekort.eksempel.dk/me#")
	audited := ok(w.service.AuditEntries(t.Context(), w.as(domain.Auditor), store.Page{Limit: 20}, vouchers.AuditFilter{Action: "getVoucherCard"}))
	require.Len(t, audited.Rows, 2)
}
