package api

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/store/storetest/leaks"
)

// hardened demands of an answer what every answer owes: that it stays out of
// caches, frames and other sites' logs, runs nothing inline, and says nothing of
// the program that gave it.
func hardened(t testing.TB, what string, h http.Header, body string) {
	t.Helper()
	policies := h.Values("Content-Security-Policy")
	require.Len(t, policies, 1, what)
	for _, part := range []string{"default-src 'none'", "base-uri 'none'", "form-action ", "frame-ancestors 'none'"} {
		require.Contains(t, policies[0], part, what)
	}
	require.NotRegexp(t, `unsafe|\*|http:|data:|blob:`, policies[0], what)
	require.Equal(t, "no-referrer", h.Get("Referrer-Policy"), what)
	require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"), what)
	require.Equal(t, "same-origin", h.Get("Cross-Origin-Opener-Policy"), what)
	require.Equal(t, "same-origin", h.Get("Cross-Origin-Resource-Policy"), what)
	require.Contains(t, h.Get("Permissions-Policy"), "geolocation=()", what)
	for _, name := range []string{"Server", "X-Powered-By", "Access-Control-Allow-Origin"} {
		require.Empty(t, h.Values(name), what)
	}
	if !strings.Contains(what, " /static/") {
		require.Equal(t, []string{"no-store"}, h.Values("Cache-Control"), what)
	}
	require.NotContains(t, body, "goroutine ", what)
	require.NotContains(t, body, ".go:", what)
	if strings.HasPrefix(h.Get("Content-Type"), "text/html") {
		inline(t, what, policies[0], body)
	}
}

var (
	inlineScript = regexp.MustCompile(`(?i)<script(>|\s[^>]*>)`)
	inlineCode   = regexp.MustCompile(`(?i)<[a-z][^>]*\s(on[a-z]+|style)\s*=|javascript:`)
)

// inline demands that a page has no script, style or handler in it but a style
// that its policy names by its hash.
func inline(t testing.TB, what, policy, page string) {
	t.Helper()
	for _, script := range inlineScript.FindAllString(page, -1) {
		require.Contains(t, script, "src=", what)
	}
	require.NotRegexp(t, inlineCode, page, what)
	require.True(t, !strings.Contains(page, "<style") || strings.Contains(policy, "style-src 'sha256-"), what)
}

// TestEveryAnswerIsHardened asks every route there is, and what is none, by every
// method, as nobody, as a browser and with a token.
func TestEveryAnswerIsHardened(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	h := searched(ok(New(Options{Rate: 1e6, Service: w.service, Access: w.access, Settlement: w.settlement, Log: slog.New(slog.NewJSONHandler(leaks.Log, nil)), Public: &url.URL{Scheme: "https", Host: "fasthold.eksempel.dk"}})))
	paths := map[string]bool{"/nothing": true, "/v1/nothing": true, "/static/app.css": true, "/static/nothing.js": true, "//evil.example/": true, "/%00": true}
	for _, route := range h.(searchedServer).Handler.(*echo.Echo).Routes() {
		paths[regexp.MustCompile(`[:*][a-z_]*`).ReplaceAllString(route.Path, "x")] = true
	}
	require.Greater(t, len(paths), 60)
	for path := range paths {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} {
			for accept, token := range map[string]string{"text/html": "", "*/*": "", "application/json": w.tokens["team_leader"]} {
				r := httptest.NewRequestWithContext(t.Context(), method, "/", nil)
				r.URL.Path = path
				r.Header.Set("Accept", accept)
				if token != "" {
					r.Header.Set("Authorization", "Bearer "+token)
				}
				answer := httptest.NewRecorder()
				h.ServeHTTP(answer, r)
				what := method + " " + path + " " + accept
				hardened(t, what, answer.Header(), answer.Body.String())
				require.Equal(t, "max-age=31536000", answer.Header().Get("Strict-Transport-Security"), what)
				require.Less(t, answer.Code, 500, what)
			}
		}
	}
}

// The search finds what an answer lacks, and what runs inline.
func TestHardenedFinds(t *testing.T) {
	good := browse("/nothing")
	hardened(t, "good", good.Header(), good.Body.String())
	for name, spoil := range map[string]func(h http.Header) string{
		"a cache": func(h http.Header) string { h.Set("Cache-Control", "private"); return "" },
		"an unsafe policy": func(h http.Header) string {
			h.Set("Content-Security-Policy", h.Get("Content-Security-Policy")+"; style-src 'unsafe-inline'")
			return ""
		},
		"two policies": func(h http.Header) string { h.Add("Content-Security-Policy", "default-src 'none'"); return "" },
		"a name":       func(h http.Header) string { h.Set("Server", "x"); return "" },
		"a script":     func(http.Header) string { return "<script>x()</script>" },
		"a handler":    func(http.Header) string { return `<a href="/" onclick="x()">` },
		"a style":      func(http.Header) string { return `<p style="color: red">` },
		"a stack":      func(http.Header) string { return "goroutine 1 [running]" },
	} {
		h := good.Header().Clone()
		body := spoil(h)
		require.True(t, fails(func(t testing.TB) { hardened(t, name, h, body) }), name)
	}
}

// fails reports whether a check fails.
func fails(check func(t testing.TB)) (failed bool) {
	defer func() { failed = recover() != nil }()
	check(&failing{})
	return false
}

// failing is a test that panics when it fails.
type failing struct{ testing.TB }

func (*failing) Helper()               {}
func (*failing) Errorf(string, ...any) {}
func (*failing) FailNow()              { panic("failed") }
