package api

import (
	"bytes"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// enters puts a role's sign-in into a browser.
func (w *world) enters(role domain.Role, address string) chromedp.Action {
	return network.SetCookie(auth.StaffCookie, w.signedIn(role)).WithURL(address).WithPath("/").WithSecure(true).WithHTTPOnly(true)
}

// daily adds a citizen with a name, a plan enrolled in version 1, some visits met
// before, and a session at an instant; it gives the session.
func (w *world) daily(name string, visits int, at time.Time) domain.Session {
	w.t.Helper()
	ctx, worker := w.t.Context(), w.as(domain.Caseworker)
	citizen := ok(w.service.CreateCitizen(ctx, worker, vouchers.CitizenInput{
		UnitID: w.find("unt", 1), Reference: "D-" + name, Name: name, BirthDate: domain.Date{Year: 1990, Month: 1, Day: 1},
	}))
	plan := ok(w.service.CreatePlan(ctx, worker, vouchers.PlanInput{
		CitizenID: citizen.ID, Reference: "DP-" + name, AssessmentDate: domain.Date{Year: 2026, Month: 9, Day: 28}, AssessmentReference: "SAG-1", StartDate: domain.Date{Year: 2026, Month: 10, Day: 1},
	}))
	ok(w.service.Enrol(ctx, worker, vouchers.Key{}, vouchers.Enrol{PlanID: plan.ID, VersionID: w.find("ver", 1)}))
	w.visits(plan.ID, visits)
	return ok(w.service.PlanSessions(ctx, worker, plan.ID, vouchers.SessionsInput{StartsAt: at, Kind: "group"}))[0]
}

// rowOf is where something is on a page's list.
func rowOf(prefix string, id domain.ID) string { return "#" + show(prefix, id) }

// The caseworker's day in a real browser: one tap, the voucher that it earns is
// there at once, undo, choose again; and what was recorded is what is stored.
func TestTodayInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		anna := w.daily("Anna Nielsen", 5, worldTime.Add(-time.Hour))
		bo := w.daily("Bo Jensen", 2, worldTime)
		w.daily("Carl Hansen", 12, worldTime.Add(30*time.Minute))
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		press := func(session domain.Session, text string) chromedp.Action {
			return browsertest.PressIn(rowOf("ses", session.ID), text)
		}
		sees := func(session domain.Session, text string) chromedp.Action {
			return browsertest.Has(rowOf("ses", session.ID), "button, a, p, span", text)
		}
		today := browsertest.Heading(browsertest.Either(browser, "I dag, lørdag 21-11-2026", "Today, Saturday 21 November 2026"))
		run(w.enters(domain.Caseworker, address), chromedp.Navigate(address+"/today"), today)
		looks := looker(t, browser)
		looks("caseworker-today")

		var focused string
		run(press(anna, "Mødt"), settled(anna), sees(anna, "Vis QR"), chromedp.Evaluate(`document.activeElement.innerText`, &focused))
		require.True(t, strings.HasPrefix(focused, ok(browsertest.Said(browser, "Mødt"))[0]), "the focus is where it changed, not at %s", focused)
		run(browsertest.Reads(rowOf("ses", anna.ID), browsertest.Either(browser, "6. fremmøde · hvert 2. fremmøde giver 200 kr. · 3 af 6 gavekort", "session 6 · every 2nd session gives 200 kr. · voucher 3 of 6")))
		run(press(bo, "Udeblevet"), settled(bo), sees(bo, "Fortryd"))
		looks("caseworker-today-earned")
		run(press(bo, "Fortryd"), sees(bo, "Fortrudt. Vælg igen."), settled(bo))
		run(press(bo, "Afbud"), sees(bo, "Fortryd"), settled(bo))
		run(chromedp.Reload(), today, sees(bo, "Afbud"), sees(anna, "Vis QR"))

		w.now = w.now.Add(vouchers.UndoWindow)
		run(press(bo, "Fortryd"), browsertest.Reads(rowOf("ses", bo.ID)+" [role=alert]", "kan ikke fortrydes mere"), sees(bo, "Ret"))
		looks("caseworker-today-too-late")
		run(chromedp.Navigate(address+"/today/missing"), browsertest.Heading(danish("today.missing_title")))
		looks("caseworker-today-missing")

		require.Equal(t, domain.Excused, ok(w.service.Appointment(t.Context(), w.as(domain.Caseworker), bo.ID)).Appointments[0].Visit.Outcome)
		verified(t, w)
	})
}

// settled waits until a session's row is shown anew, and has the focus.
func settled(session domain.Session) chromedp.Action {
	return chromedp.Poll(`document.activeElement.matches("[data-focus]") && document.activeElement.closest("li").id === "`+show("ses", session.ID)+`"`, nil)
}

// A caseworker signs in at the sign-in page and has the day before them; the list
// is recorded and they sign out.
func TestDayFromTheSignIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newHouse(t, s)
		unit := ok(o.service.CreateUnit(t.Context(), o.system, "Rusmiddelcenter Syd"))
		today := domain.DateOf(o.now(), ok(time.LoadLocation("Europe/Copenhagen")))
		citizen := ok(o.service.CreateCitizen(t.Context(), o.system, vouchers.CitizenInput{UnitID: unit.ID, Reference: "C-1", Name: "Anna Nielsen", BirthDate: domain.Date{Year: 1990, Month: 1, Day: 1}}))
		plan := ok(o.service.CreatePlan(t.Context(), o.system, vouchers.PlanInput{CitizenID: citizen.ID, Reference: "P-1", AssessmentDate: today.AddDays(-9), AssessmentReference: "SAG-1", StartDate: today.AddDays(-7)}))
		session := ok(o.service.PlanSessions(t.Context(), o.system, plan.ID, vouchers.SessionsInput{StartsAt: o.now(), Kind: "individual"}))[0]
		browser := browsertest.Open(t, walk(s))
		browsertest.Authenticator(t, browser)
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		atWork := browsertest.Reads("h1", "I dag")
		const anne = "anne@eksempel.dk"
		ok(o.access.Assign(t.Context(), o.system, access.AssignmentInput{Person: anne, Role: domain.Caseworker, UnitID: unit.ID}))
		run(chromedp.Navigate(InvitationLink(o.address, ok(o.access.Invite(t.Context(), o.system, anne)).Text)), browsertest.Heading("Vælg, hvordan du logger ind"), browsertest.Press("Opret passkey"), atWork)
		run(o.at("/you"), browsertest.Press("Log ud"), browsertest.Heading("Du er logget ud"))
		run(o.at("/today"), browsertest.Heading("Log ind"), browsertest.Press("Log ind med passkey"), atWork)
		run(browsertest.PressIn(rowOf("ses", session.ID), "Mødt"), browsertest.Has(rowOf("ses", session.ID), "button", "Fortryd"))
		require.Equal(t, domain.Attended, ok(o.service.Appointment(t.Context(), o.system, session.ID)).Appointments[0].Visit.Outcome)
		run(o.at("/you"), browsertest.Press("Log ud"), browsertest.Heading("Du er logget ud"))
	})
}

// pressed sends a form of a page as a role, with no script unless headers say so.
func (w *world) pressed(role domain.Role, path, form string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(w.t.Context(), http.MethodPost, path, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.browsed(role, r, headers...)
}

// opened asks for a page as a role.
func (w *world) opened(role domain.Role, path string, headers ...string) *httptest.ResponseRecorder {
	return w.browsed(role, httptest.NewRequestWithContext(w.t.Context(), http.MethodGet, path, nil), headers...)
}

func (w *world) browsed(role domain.Role, r *http.Request, headers ...string) *httptest.ResponseRecorder {
	r.Header.Set("Accept", "text/html")
	r.AddCookie(auth.Cookie(auth.StaffCookie, w.signedIn(role), time.Time{}))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer := httptest.NewRecorder()
	w.server.ServeHTTP(answer, r)
	return answer
}

// Without script a tap comes back to the page. Twice, or at once with a colleague,
// it does nothing twice, and who comes second sees what the first has recorded.
func TestTapTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		anna := w.daily("Anna Nielsen", 1, worldTime)
		path := "/today/sessions/" + show("ses", anna.ID) + "?date=2026-11-21"
		for range 2 {
			answer := w.pressed(domain.Caseworker, path, "outcome=attended")
			require.Equal(t, 303, answer.Code, answer.Body)
			require.Equal(t, "/today?date=2026-11-21#"+show("ses", anna.ID), answer.Header().Get("Location"))
		}
		for _, headers := range [][]string{nil, {"HX-Request", "true"}} {
			answer := w.pressed(domain.TeamLeader, path, "outcome=no_show", headers...)
			require.Equal(t, 409, answer.Code)
			require.Contains(t, answer.Body.String(), danish("today.problem_already_recorded"))
			require.Contains(t, answer.Body.String(), "caseworker@eksempel.dk", "who was first")
			require.Equal(t, headers == nil, strings.Contains(answer.Body.String(), "<html"), "a part for htmx, a page for who has no script")
		}
		row := ok(w.service.Appointment(t.Context(), w.as(domain.Caseworker), anna.ID)).Appointments[0]
		require.Len(t, row.Earned, 1)
		require.Len(t, row.Earned[0].Vouchers, 1)
		events := ok(w.service.AttendanceEvents(t.Context(), w.as(domain.Caseworker), row.Visit.AttendanceID))
		require.Len(t, events, 1)

		undo := func() *httptest.ResponseRecorder {
			return w.pressed(domain.Caseworker, strings.Replace(path, "?", "/undo?", 1), url.Values{"attendance": {show("att", row.Visit.AttendanceID)}}.Encode())
		}
		require.Equal(t, 303, undo().Code)
		require.Equal(t, 409, undo().Code)
		require.Contains(t, w.opened(domain.Caseworker, "/today").Body.String(), danish("today.kept"), "the programme takes nothing back, and the page says so")
		for range 2 {
			require.Equal(t, 303, w.pressed(domain.Caseworker, path, "outcome=attended").Code)
		}
		require.Len(t, ok(w.service.AttendanceEvents(t.Context(), w.as(domain.Caseworker), row.Visit.AttendanceID)), 3)
		for _, wrong := range []string{"/today?date=x", "/today?unit=x"} {
			require.Equal(t, 404, w.opened(domain.Caseworker, wrong).Code)
		}
		require.Equal(t, 404, w.pressed(domain.Caseworker, "/today/sessions/x", "outcome=attended").Code)
		require.Equal(t, 422, w.pressed(domain.Caseworker, "/today/sessions/"+show("ses", w.daily("Bo", 0, worldTime).ID), "outcome=x").Code)
		require.Equal(t, 403, w.opened(domain.Finance, "/today").Code)
		verified(t, w)
	})
}

// Where the access log takes no entry, nobody is shown.
func TestTodayIsLoggedOrNotShown(t *testing.T) {
	address := storetest.SQLite(t)
	w := newWorld(t, storetest.Open(t, address))
	w.daily("Anna Nielsen", 1, worldTime)
	shown := w.opened(domain.Caseworker, "/today")
	require.Equal(t, 200, shown.Code)
	require.Contains(t, shown.Body.String(), "Anna")

	file := ok(sql.Open("sqlite", strings.TrimPrefix(address, "sqlite://")))
	defer func() { require.NoError(t, file.Close()) }()
	ok(file.ExecContext(t.Context(), "CREATE TRIGGER full BEFORE INSERT ON accesses BEGIN SELECT RAISE(ABORT, 'no room'); END"))
	refused := w.opened(domain.Caseworker, "/today")
	require.Equal(t, 500, refused.Code)
	require.NotContains(t, refused.Body.String(), "Anna")
}

// busyDay makes a world with so many sessions today, half of them told, each citizen
// with a visit behind them.
func busyDay(b testing.TB, s *store.Store, sessions int) *world {
	w := newUnsettledWorld(b, s)
	for i := range sessions {
		session := w.daily(fmt.Sprintf("Borger %d Efternavn", i), 1, worldTime.Add(time.Duration(i)*time.Minute-3*time.Hour))
		if i%2 == 0 {
			require.NoError(b, w.service.Tap(b.Context(), w.as(domain.Caseworker), session.ID, domain.Attended))
		}
	}
	return w
}

// BenchmarkToday is what the server does for the page of 200 sessions, half of them
// told: signed in, read, entered in the access log, written and compressed.
func BenchmarkToday(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(300)) // as serve does
	for _, dialect := range storetest.Dialects {
		b.Run(dialect.Name, func(b *testing.B) {
			w := busyDay(b, storetest.Open(b, dialect.URL(b)), 200)
			var size int
			b.ReportAllocs()
			for b.Loop() {
				answer := w.opened(domain.Caseworker, "/today", "Accept-Encoding", "gzip")
				size = answer.Body.Len()
				require.Equal(b, 200, answer.Code)
			}
			b.ReportMetric(float64(size), "bytes")
		})
	}
}

// BenchmarkTodayPage is the part of it that writes the page.
func BenchmarkTodayPage(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(300))
	w := busyDay(b, storetest.Open(b, storetest.SQLite(b)), 200)
	day := ok(w.service.Day(b.Context(), w.as(domain.Caseworker), vouchers.DayAsked{}))
	desk := web.Desk{Lang: web.Danish, ID: show, Site: day.Site, Today: day.Today, Query: "?date=" + day.Date.String()}
	b.ReportAllocs()
	for b.Loop() {
		var html bytes.Buffer
		shown := web.NewToday(day, domain.ID{}, desk)
		require.NoError(b, web.Render(&html, "today", web.Page{Lang: desk.Lang, Title: "today.title", Live: true, Wide: true, Data: shown}))
		web.ZipPage(html.Bytes())
	}
}

// The page of 200 sessions is small, and quick even where others use the machine; how
// quick it is by itself, BenchmarkToday says.
func TestTodayOfManySessions(t *testing.T) {
	w := busyDay(t, storetest.Open(t, storetest.SQLite(t)), 200)
	best := time.Hour
	for range 5 {
		began := time.Now()
		answer := w.opened(domain.Caseworker, "/today", "Accept-Encoding", "gzip")
		best = min(best, time.Since(began))
		require.Equal(t, 200, answer.Code)
		require.Less(t, answer.Body.Len(), 30_000)
	}
	require.Less(t, best, time.Second)
}
