package api

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/store/storetest"
)

// TestEveryAddressSaysItsMethods asks every address for its methods, and for
// methods that it has not.
func TestEveryAddressSaysItsMethods(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	methods := map[string][]string{}
	for _, c := range examples(t) {
		methods[c.path] = append(methods[c.path], c.method)
		if c.method == http.MethodGet {
			methods[c.path] = append(methods[c.path], http.MethodHead)
		}
	}
	for path, has := range methods {
		has = append(has, http.MethodOptions)
		for method, status := range map[string]int{"OPTIONS": 204, "DELETE": 405, "TRACE": 405, "FOO": 405} {
			if status == 405 && slices.Contains(has, method) {
				continue
			}
			answer := w.do("", method, strings.NewReplacer("{", "", "}", "").Replace(path), "")
			require.Equal(t, status, answer.Code, "%s %s", method, path)
			require.ElementsMatch(t, has, strings.Split(answer.Header().Get("Allow"), ", "), "%s %s", method, path)
			require.Equal(t, status == 405, answer.Body.Len() > 0, "%s %s", method, path)
		}
		if !slices.Contains(has, http.MethodHead) {
			require.Equal(t, 405, w.do("", http.MethodHead, strings.NewReplacer("{", "", "}", "").Replace(path), "").Code, path)
		}
	}
}

// TestHead: whatever can be read answers HEAD as it answers GET, without the
// body, to those who may read it.
func TestHead(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	live := httptest.NewServer(w.server)
	defer live.Close()
	ask := func(method, address, token string) (status int, header http.Header, text string) {
		r, err := http.NewRequestWithContext(t.Context(), method, live.URL+address, nil)
		require.NoError(t, err)
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		answer, err := live.Client().Do(r)
		require.NoError(t, err)
		defer func() { require.NoError(t, answer.Body.Close()) }()
		all, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		return answer.StatusCode, answer.Header, string(all)
	}
	heads := 0
	for _, c := range examples(t) {
		if c.method != http.MethodGet {
			continue
		}
		address, token := c.request(w).URL.RequestURI(), w.tokens[doer(c.id)]
		got, want, _ := ask(http.MethodGet, address, token)
		status, header, text := ask(http.MethodHead, address, token)
		require.Equal(t, got, status, c.id)
		require.Empty(t, text, c.id)
		for _, name := range []string{"Content-Type", "ETag", "Cache-Control", "Content-Security-Policy"} {
			require.Equal(t, want.Get(name), header.Get(name), "%s: %s", c.id, name)
		}
		status, _, text = ask(http.MethodHead, address, "")
		require.Equal(t, map[bool]int{false: 401, true: 200}[c.public], status, c.id)
		require.Empty(t, text, c.id)
		heads++
	}
	require.Greater(t, heads, 40)
	for _, address := range []string{"/healthz", "/readyz"} {
		status, _, text := ask(http.MethodHead, address, "")
		require.Equal(t, 200, status, address)
		require.Empty(t, text, address)
	}
}
