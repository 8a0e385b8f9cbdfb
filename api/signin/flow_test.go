package signin

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var public = &url.URL{Scheme: "https", Host: "fasthold.varde.dk"}

func TestLocalPath(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/", "/account", "/me?lang=en", "/v1/units?limit=2&cursor=x"} {
		require.Equal(t, path, LocalPath(path))
	}
	for _, text := range []string{
		"", "account", "//evil.example", "///evil.example", "https://evil.example", "\\\\evil.example", "/\\evil.example", "javascript:alert(1)",
		"/a b", "/a\n", "/a\x00", "/æ", "/a#b", "/" + strings.Repeat("a", longestPath),
	} {
		require.Equal(t, "/", LocalPath(text), text)
	}
}

// FuzzLocalPath: wherever a browser is sent, it is here.
func FuzzLocalPath(f *testing.F) {
	for _, seed := range []string{"/", "//x", "/\\x", "/x?y", "https://x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := public.Parse(LocalPath(text))
		require.NoError(t, err)
		require.Equal(t, public.Host, u.Host)
		require.Equal(t, public.Scheme, u.Scheme)
	})
}
