package api

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// browses sends what a citizen's browser does: a form where there is one.
func (w *world) browses(visit access.Visit, method, path string, form ...string) *httptest.ResponseRecorder {
	values := url.Values{}
	for i := 0; i < len(form); i += 2 {
		values.Set(form[i], form[i+1])
	}
	r := httptest.NewRequestWithContext(w.t.Context(), method, w.here(path), strings.NewReader(values.Encode()))
	r.Header.Set("Accept", "text/html")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if visit.Text != "" {
		r.AddCookie(ownCookie(visit))
	}
	answer := httptest.NewRecorder()
	w.server.ServeHTTP(answer, r)
	return answer
}

// leads wants an answer to lead back to the page, which says what went wrong, if
// anything did.
func leads(t *testing.T, answer *httptest.ResponseRecorder, problem ...string) {
	t.Helper()
	to := "/me"
	if len(problem) > 0 {
		to += "?problem=" + problem[0]
	}
	leadsTo(t, answer, to)
}

func leadsTo(t *testing.T, answer *httptest.ResponseRecorder, to string) {
	t.Helper()
	require.Equal(t, 303, answer.Code, answer.Body)
	require.Equal(t, to, answer.Header().Get("Location"))
}

// The page shows a citizen's own, in both languages, and says nothing of what
// they come for, whatever its state.
func TestOwnPageIsSilent(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	visit := w.visitsOf[31]
	ok(w.service.PlanSessions(t.Context(), w.as(domain.Caseworker), w.find("pln", 31), vouchers.SessionsInput{StartsAt: worldTime.AddDate(0, 0, 4), Kind: "individual"}))
	for lang, want := range map[string][]string{
		"da": {"<h1>Dine gavekort</h1>", "Fra Eksempel Kommune", "200,00 kr.", "Vis koden", "Butik 12345674", "Kan bruges til og med", "Næste gang", "Onsdag 25-11-2026 kl. 11.00", "Det har du fået", "Vælg PIN-kode", "Log ud", "dagligvarer"},
		"en": {"<h1>Your gift vouchers</h1>", "From Eksempel Kommune", "Show the code", "Can be used until", "Next time", "Wednesday", "What you have had", "Sign out", "groceries"},
	} {
		answer := w.browses(visit, "GET", "/me?lang="+lang)
		require.Equal(t, 200, answer.Code, answer.Body)
		require.Equal(t, "no-store", answer.Header().Get("Cache-Control"))
		require.Equal(t, "no-referrer", answer.Header().Get("Referrer-Policy"))
		require.Equal(t, web.Policy, answer.Header().Get("Content-Security-Policy"))
		html := answer.Body.String()
		for _, text := range want {
			require.Contains(t, inLine(html), text)
		}
		silent(t, html)
		require.Contains(t, html, `href="/accessibility/plain"`)
		silent(t, w.browses(visit, "GET", "/accessibility/plain?lang="+lang).Body.String())
		require.Contains(t, html, w.code(31), "the code is there, for the citizen alone")
		_, picture, _ := strings.Cut(html, `<div class="qr">`)
		require.Equal(t, strings.ReplaceAll("GK1:"+w.code(31), "-", ""), drawn(t, picture[:strings.Index(picture, "</svg>")]))
		require.NotRegexp(t, `(?i)<details[^>]* open`, html, "nothing is shown before it is asked for")
		require.NotRegexp(t, `(?i)<[^>]* (style|on[a-z]+)=|<script(>| [^>]*>[^<])`, html, "nothing that the policy would stop")
		require.NotContains(t, html, "fhc_")
		silent(t, w.browses(access.Visit{}, "GET", "/me?lang="+lang).Body.String())
	}
	silent(t, strings.Join(w.browses(visit, "GET", "/me").Header().Values("Set-Cookie"), ""))
	require.Equal(t, 200, w.do(domain.Caseworker, "POST", "/enrolments/"+example("enr", 31)+"/end", `{"ended_on": "2026-11-20"}`).Code)
	over := w.browses(visit, "GET", "/me").Body.String()
	require.Contains(t, over, web.Text(web.Danish, "me.over"), "why there is no next time is nobody's business")
	silent(t, over)
}

// Every state of a page that needs no script: typed code, PIN, lock, block,
// signing out.
func TestOwnPageWithoutScript(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		made := ok(w.access.CreateCitizenLink(t.Context(), w.as(domain.Caseworker), "createCitizenLetter", w.find("cit", 31)))
		nobody := w.browses(access.Visit{}, "GET", "/me")
		require.Equal(t, 200, nobody.Code)
		require.Contains(t, nobody.Body.String(), `action="/me"`)
		wrong := w.browses(access.Visit{}, "POST", "/me", "code", "wrong")
		require.Contains(t, wrong.Body.String(), web.Text(web.Danish, "me.problem.link_unusable"))
		require.Contains(t, wrong.Body.String(), `value="wrong"`, "what was typed is kept")
		require.Empty(t, wrong.Header().Get("Set-Cookie"))
		entered := w.browses(access.Visit{}, "POST", "/me", "code", access.SpellLink(made.Text))
		leads(t, entered)
		cookie := entered.Result().Cookies()[0]
		require.Equal(t, auth.CitizenCookie, cookie.Name)
		visit := access.Visit{Text: cookie.Value}

		leads(t, w.browses(visit, "POST", "/me/pin", "pin", "1234"), "validation_failed")
		require.Contains(t, w.browses(visit, "GET", "/me?problem=validation_failed").Body.String(), web.Text(web.Danish, "me.problem.validation_failed"))
		leadsTo(t, w.browses(visit, "POST", "/me/pin", "pin", "25804193"), "/me?said=own_pin")
		leads(t, w.browses(visit, "POST", "/me/pin", "pin", "83917264"), "pin_required")
		leadsTo(t, w.browses(visit, "POST", "/me/pin", "pin", "83917264", "current", "25804193"), "/me?said=own_pin")
		w.now = w.now.Add(15 * time.Minute)
		locked := w.browses(visit, "GET", "/me").Body.String()
		require.Contains(t, locked, `action="/me/unlock"`)
		require.NotContains(t, locked, w.code(31))
		silent(t, locked)
		leads(t, w.browses(visit, "POST", "/me/vouchers/"+example("vch", 31)+"/block"), "pin_required")
		leads(t, w.browses(visit, "POST", "/me/unlock", "pin", "25804193"), "pin_wrong")
		require.Contains(t, w.browses(visit, "GET", "/me?problem=pin_wrong").Body.String(), web.Text(web.Danish, "me.problem.pin_wrong"))
		leads(t, w.browses(visit, "POST", "/me/unlock", "pin", "83917264"))
		require.Contains(t, w.browses(visit, "GET", "/me?problem=<script>").Body.String(), w.code(31))
		leadsTo(t, w.browses(visit, "POST", "/me/pin/removal", "pin", "83917264"), "/me?said=own_no_pin")

		block := "/me/vouchers/" + example("vch", 31) + "/block"
		code := w.code(31)
		leadsTo(t, w.browses(visit, "POST", block), "/me?said=own_blocked")
		page := w.browses(visit, "GET", "/me?said=own_blocked").Body.String()
		require.Contains(t, page, web.Text(web.Danish, "said.own_blocked"))
		require.Contains(t, page, web.Text(web.Danish, "me.voucher.blocked"))
		require.NotContains(t, page, code)
		silent(t, page)
		leads(t, w.browses(visit, "POST", block), "wrong_state")
		require.Equal(t, 404, w.browses(visit, "POST", "/me/vouchers/"+example("vch", 6)+"/block").Code, "another citizen's")
		require.Equal(t, 404, w.browses(visit, "POST", "/me/vouchers/x/block").Code)

		out := w.browses(visit, "POST", "/me/sign-out")
		leads(t, out)
		require.Contains(t, out.Header().Get("Set-Cookie"), auth.CitizenCookie+"=; Path=/; Max-Age=0")
		require.Contains(t, w.browses(visit, "GET", "/me").Body.String(), `id="enter"`)
		leads(t, w.browses(visit, "POST", "/me/pin", "pin", "25804193"), "unauthenticated")
		leads(t, w.browses(access.Visit{}, "POST", block), "unauthenticated")
		verified(t, w)
	})
}

// A page of another site can neither sign a citizen in nor change anything.
func TestOwnPageIsOfOurOrigin(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	before := w.newest()
	for _, path := range []string{"/me", "/me/unlock", "/me/pin", "/me/pin/removal", "/me/vouchers/" + example("vch", 31) + "/block", "/me/sign-out", "/v1/citizen-sign-ins", "/v1/me/unlock"} {
		r := httptest.NewRequestWithContext(t.Context(), "POST", w.here(path), strings.NewReader("pin=2580"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		r.AddCookie(ownCookie(w.visitsOf[31]))
		answer := httptest.NewRecorder()
		w.server.ServeHTTP(answer, r)
		require.Equal(t, 403, answer.Code, path)
	}
	require.Equal(t, before, w.newest())
}

// A citizen's cookie opens no page and no operation of anybody else's.
func TestOwnCookieOpensNothingElse(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	for _, name := range []string{auth.StaffCookie, auth.TillCookie} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/v1/units", nil)
		r.AddCookie(&http.Cookie{Name: name, Value: w.visitsOf[31].Text})
		answer := httptest.NewRecorder()
		w.server.ServeHTTP(answer, r)
		require.Equal(t, 401, answer.Code, name)
	}
	bearer := w.do("", "GET", "/me", "", "Authorization", "Bearer "+w.visitsOf[31].Text)
	require.Equal(t, 401, bearer.Code, "a sign-in counts in its cookie only")
}
