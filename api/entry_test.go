package api

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/store/storetest/leaks"
)

// signIn signs a role's person in and gives the cookie.
func (w *world) signIn(role domain.Role) *http.Cookie {
	in := ok(w.access.SignIn(w.t.Context(), w.home, access.Proof{Person: string(role) + "@eksempel.dk", Method: "passkey"}))
	return auth.Cookie(auth.StaffCookie, in.Text, in.Until)
}

// ask sends a request with cookies and nothing else to tell who asks.
func (w *world) ask(r *http.Request, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	for _, cookie := range cookies {
		r.AddCookie(cookie)
	}
	return w.send("", r)
}

// codeOfAnswer is the code of a refusal, "" for what is none.
func codeOfAnswer(t *testing.T, answer *httptest.ResponseRecorder) string {
	t.Helper()
	if answer.Code < 400 {
		return ""
	}
	return problem(t, answer).Code
}

// TestStepUp walks every action that wants a fresh proof: with an old one it is
// refused and nothing is done, with a fresh one it is done, and a token is not
// asked.
func TestStepUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, other := newWorld(t, s), newWorld(t, s)
		walked := 0
		for _, c := range examples(t) {
			if !domain.StepUp[domain.Action(c.id)] {
				continue
			}
			walked++
			old := w.signIn(doer(c.id))
			w.now = w.now.Add(domain.FreshFor)
			before := w.newest()
			answer := w.ask(c.request(w), old)
			require.Equal(t, 403, answer.Code, c.id)
			require.Equal(t, "step_up_required", codeOfAnswer(t, answer), c.id)
			require.Equal(t, before, w.newest(), "%s was done", c.id)
			answer = w.ask(c.request(w), w.signIn(doer(c.id)))
			require.Less(t, answer.Code, 300, "%s: %s", c.id, answer.Body)
			require.NotEqual(t, "step_up_required", codeOfAnswer(t, other.send(doer(c.id), c.request(other))), "a token is asked for %s", c.id)
		}
		require.Len(t, domain.StepUp, walked, "an action that is no operation")
	})
}

// TestCrossOrigin walks every operation that changes something: a page of another
// site cannot ask for it, ours and programs can.
func TestCrossOrigin(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	refused := []map[string]string{
		{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"},
	}
	passed := []map[string]string{{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://example.com"}, {"Origin": "https://fasthold.example"}, {"Sec-Fetch-Site": "cross-site", "Origin": "https://fasthold.example"}}
	w.server = searched(ok(New(Options{Service: w.service, Access: w.access, Log: slog.New(slog.NewJSONHandler(leaks.Log, nil)), Public: ok(url.Parse("https://fasthold.example"))})))
	changing := 0
	for _, c := range examples(t) {
		send := func(token string, headers map[string]string) string {
			r := c.request(w)
			if token != "" {
				r.Header.Set("Authorization", "Bearer "+token)
			}
			for name, value := range headers {
				r.Header.Set(name, value)
			}
			return codeOfAnswer(t, w.send("", r))
		}
		if c.method == "GET" {
			require.NotEqual(t, "cross_origin", send(w.tokens[doer(c.id)], refused[0]), c.id)
			continue
		}
		changing++
		before := w.newest()
		for _, headers := range refused {
			require.Equal(t, "cross_origin", send(w.tokens[doer(c.id)], headers), "%s %v", c.id, headers)
		}
		require.Equal(t, before, w.newest(), "%s was done", c.id)
		for _, headers := range passed {
			require.NotEqual(t, "cross_origin", send("", headers), "%s %v", c.id, headers)
		}
	}
	require.Greater(t, changing, 50)
	for _, headers := range passed {
		r := httptest.NewRequestWithContext(t.Context(), "POST", "/v1/units", strings.NewReader(`{"name": "Enhed `+store.NewID().String()+`"}`))
		r.Header.Set("Content-Type", "application/json")
		for name, value := range headers {
			r.Header.Set(name, value)
		}
		require.Equal(t, 201, w.send(domain.Administrator, r).Code, headers)
	}
}

// TestCookies: what a cookie may look like to be taken by a browser as ours only.
func TestCookies(t *testing.T) {
	until := time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC)
	for _, name := range []string{auth.StaffCookie, auth.CitizenCookie, auth.TillCookie} {
		answer := httptest.NewRecorder()
		auth.SetCookie(answer, name, "fhs_x", until)
		require.Equal(t, name+"=fhs_x; Path=/; Expires=Sat, 21 Nov 2026 20:00:00 GMT; HttpOnly; Secure; SameSite=Lax", answer.Header().Get("Set-Cookie"))
		answer = httptest.NewRecorder()
		auth.ClearCookie(answer, name)
		require.Equal(t, name+"=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax", answer.Header().Get("Set-Cookie"))
		require.True(t, strings.HasPrefix(name, "__Host-"), "no neighbour can set it, and no Domain widens it")
	}
}

// TestSignedIn is a working day in a browser: who one is, another role, a new
// secret at each, and out.
func TestSignedIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		cookie := w.signIn(domain.TeamLeader)
		ask := func(method, path, text string, cookies ...*http.Cookie) *httptest.ResponseRecorder {
			r := httptest.NewRequestWithContext(t.Context(), method, base+path, body(w.here(text)))
			if text != "" {
				r.Header.Set("Content-Type", "application/json")
			}
			return w.ask(r, cookies...)
		}
		me := ask("GET", "/sign-in", "", cookie)
		require.Equal(t, 200, me.Code, me.Body)
		for _, said := range []string{`"kind":"sign_in"`, `"person":"team_leader@eksempel.dk"`, `"role":"team_leader"`, `"until":"2026-11-21T10:30:00Z"`, `"fresh_until":"2026-11-21T10:10:00Z"`, `"id":"sgn_`} {
			require.Contains(t, me.Body.String(), said)
		}
		require.NotContains(t, me.Body.String(), cookie.Value)
		changed := ask("POST", "/sign-in/assignment", `{"assignment_id": "`+example("asg", 1)+`"}`, cookie)
		require.Equal(t, 200, changed.Code, changed.Body)
		fresh := ok(http.ParseSetCookie(changed.Header().Get("Set-Cookie")))
		require.Equal(t, auth.StaffCookie, fresh.Name)
		require.Equal(t, cookie.Expires, fresh.Expires, "it ends when it would have")
		require.NotEqual(t, cookie.Value, fresh.Value)
		require.Equal(t, 401, ask("GET", "/sign-in", "", cookie).Code, "the old secret")
		require.Contains(t, ask("GET", "/sign-in", "", fresh).Body.String(), `"role":"caseworker"`)

		out := ask("DELETE", "/sign-in", "", fresh)
		require.Equal(t, 200, out.Code)
		require.Contains(t, out.Header().Get("Set-Cookie"), "Max-Age=0")
		require.Equal(t, 401, ask("GET", "/sign-in", "", fresh).Code)
		one, two := w.signIn(domain.TeamLeader), w.signIn(domain.TeamLeader)
		require.JSONEq(t, `{"ended": 3}`, ask("POST", "/sign-outs", "{}", one).Body.String(), "these two, and the world's")
		require.Equal(t, 401, ask("GET", "/sign-in", "", two).Code)
	})
}

// TestSecretsStayInTheirPlace: a sign-in counts in its cookie only, a token in
// the header only, and the header comes first.
func TestSecretsStayInTheirPlace(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	signIn := w.signIn(domain.Auditor)
	send := func(bearer string, cookies ...*http.Cookie) int {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/v1/audit-entries", nil)
		if bearer != "" {
			r.Header.Set("Authorization", "Bearer "+bearer)
		}
		return w.ask(r, cookies...).Code
	}
	token, till := w.tokens[domain.Auditor], w.tokens[domain.PartnerRole]
	require.Equal(t, 200, send("", signIn))
	require.Equal(t, 200, send(token))
	require.Equal(t, 401, send(signIn.Value), "a sign-in as a token")
	for _, text := range []string{token, till, "fhs_x", ""} {
		require.Equal(t, 401, send("", auth.Cookie(auth.StaffCookie, text, time.Time{})), text)
	}
	require.Equal(t, 401, send("", auth.Cookie(auth.CitizenCookie, signIn.Value, time.Time{})))
	require.Equal(t, 401, send("", auth.Cookie(auth.TillCookie, till, time.Time{})), "not for tills")
	require.Equal(t, 200, send("", auth.Cookie(auth.TillCookie, till, time.Time{}), auth.Cookie(auth.CitizenCookie, "fhc_x", time.Time{}), signIn), "the cookie that it is for")
	require.Equal(t, 401, send("fht_wrong", signIn), "the header comes first")
	require.Equal(t, 403, send(till, signIn), "the header comes first")
	table, err := operations()
	require.NoError(t, err)
	for id, o := range table {
		require.NotEmpty(t, o.cookies, id)
		require.Equal(t, slices.Sorted(slices.Values(o.cookies)), slices.Sorted(slices.Values(slices.Compact(o.cookies))), id)
	}
}

// TestReplayAcrossRotation: what a token did under an Idempotency-Key, the token
// that took over from it does not do again.
func TestReplayAcrossRotation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		record := func(token string) *httptest.ResponseRecorder {
			r := httptest.NewRequestWithContext(t.Context(), "POST", base+"/attendances", body(w.here(`{"plan_id": "`+example("pln", 2)+`", "occurred_at": "2026-10-20T09:00:00Z", "kind": "group", "outcome": "attended"}`)))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer "+token)
			r.Header.Set("Idempotency-Key", "one")
			return w.send("", r)
		}
		first := record(w.tokens[domain.TeamLeader])
		require.Equal(t, 201, first.Code, first.Body)
		leader := w.as(domain.TeamLeader)
		token, second, err := w.access.RotateToken(t.Context(), leader, leader.TokenID, time.Hour)
		require.NoError(t, err)
		_, third, err := w.access.RotateToken(t.Context(), ok(w.access.Authenticate(t.Context(), second)), token.ID, time.Hour)
		require.NoError(t, err)
		before := w.newest()
		for _, text := range []string{second, third, w.tokens[domain.TeamLeader]} {
			again := record(text)
			require.Equal(t, first.Body.String(), again.Body.String())
			require.Equal(t, "true", again.Header().Get("Idempotency-Replayed"))
		}
		require.Equal(t, before, w.newest())
	})
}
