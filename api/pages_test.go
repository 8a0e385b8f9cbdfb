package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/store/storetest/leaks"
)

// browse makes a request as a browser does to show what it gets.
func browse(path string, headers ...string) *httptest.ResponseRecorder {
	return sends("GET", path, headers...)
}

// sends makes a request of any method as browse does.
func sends(method, path string, headers ...string) *httptest.ResponseRecorder {
	h := searched(ok(server(Options{Log: slog.New(slog.NewJSONHandler(leaks.Log, nil)), Public: &url.URL{Scheme: "https", Host: "fasthold.eksempel.dk"}}, nil, func(context.Context) error { return errors.New("away") }, stub{})))
	r := httptest.NewRequestWithContext(context.Background(), method, path, nil)
	r.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// A browser gets an error as a page in plain words, in its language; the API's
// own addresses go on answering with a problem.
func TestErrorsArePages(t *testing.T) {
	for name, c := range map[string]struct {
		answer *httptest.ResponseRecorder
		lang   web.Lang
	}{
		"Danish first":      {browse("/wp-admin.php"), web.Danish},
		"as it prefers":     {browse("/wp-admin.php", "Accept-Language", "en-GB,en;q=0.9"), web.English},
		"as it asks":        {browse("/wp-admin.php?lang=en", "Accept-Language", "da"), web.English},
		"as it chose":       {browse("/wp-admin.php", "Accept-Language", "da", "Cookie", languageCookie+"=en"), web.English},
		"in another tongue": {browse("/wp-admin.php", "Accept-Language", "fr"), web.Danish},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, 404, c.answer.Code)
			require.Equal(t, "text/html; charset=utf-8", c.answer.Header().Get("Content-Type"))
			require.Equal(t, []string{web.Policy}, c.answer.Header().Values("Content-Security-Policy"))
			require.Contains(t, c.answer.Body.String(), web.Text(c.lang, "error.404.what"))
			require.Contains(t, c.answer.Body.String(), web.Text(c.lang, "error.404.do"))
			require.Contains(t, c.answer.Body.String(), c.answer.Header().Get("X-Request-Id"))
			require.Equal(t, "max-age=31536000", c.answer.Header().Get("Strict-Transport-Security"))
			require.NotContains(t, c.answer.Body.String(), "wp-admin", "nothing of the address is repeated")
		})
	}
	wrong := sends("POST", "/healthz")
	require.Equal(t, 405, wrong.Code)
	require.Contains(t, wrong.Body.String(), web.Text(web.Danish, "error.405.what"))
	require.Equal(t, 503, browse("/readyz").Code)
	require.NotContains(t, browse("/readyz").Body.String(), "away", "what is inside stays inside")
	require.Contains(t, browse("/wp-admin.php?lang=en").Header().Get("Set-Cookie"), languageCookie+"=en; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax")
	require.Empty(t, browse("/wp-admin.php?lang=xx").Header().Get("Set-Cookie"))
	require.Equal(t, "unauthenticated", problem(t, browse("/v1/units")).Code)
	require.Equal(t, "no_such_route", problem(t, browse("/nothing", "Accept", "*/*")).Code)
}

func TestAssets(t *testing.T) {
	css := browse("/static/app.css")
	require.Equal(t, 200, css.Code)
	require.Equal(t, "text/css; charset=utf-8", css.Header().Get("Content-Type"))
	require.Equal(t, "no-cache", css.Header().Get("Cache-Control"))
	again := browse("/static/app.css", "If-None-Match", css.Header().Get("ETag"))
	require.Equal(t, 304, again.Code)
	require.Empty(t, again.Body.String())
	for _, path := range []string{"/static/", "/static/no.css", "/static/..%2fwords.go", "/static/../words.go"} {
		require.Equal(t, 404, browse(path).Code, path)
	}
}

// kept is what a page has round what stands on one line (web/whole.go).
var kept = regexp.MustCompile(`<span class="whole">([^<]*)</span>`)

// inLine is a page as it reads.
func inLine(html string) string { return kept.ReplaceAllString(html, "$1") }
