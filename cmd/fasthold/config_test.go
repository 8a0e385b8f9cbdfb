package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPublicURL(t *testing.T) {
	for text, want := range map[string]string{
		"https://fasthold.varde.dk":  "https://fasthold.varde.dk",
		"https://fasthold.varde.dk/": "https://fasthold.varde.dk",
		"https://varde.dk:8443":      "https://varde.dk:8443",
		"http://localhost:8080":      "http://localhost:8080",
		"http://127.0.0.1:8080":      "http://127.0.0.1:8080",
		"http://[::1]:8080":          "http://[::1]:8080",
	} {
		f, err := loadConfig(environment{publicVariable: text}.get).front()
		require.NoError(t, err, text)
		require.Equal(t, want, f.public.String())
	}
	for _, text := range []string{
		"fasthold.varde.dk", "http://fasthold.varde.dk", "http://10.0.0.1", "ftp://fasthold.varde.dk", "https://", "https://a:b@varde.dk",
		"https://varde.dk/fasthold", "https://varde.dk?x", "https://varde.dk/#x", "https://va rde.dk", "http://localhost.varde.dk",
	} {
		_, err := loadConfig(environment{publicVariable: text}.get).front()
		require.ErrorContains(t, err, publicVariable, text)
	}
	f, err := loadConfig(environment{}.get).front()
	require.NoError(t, err)
	require.Nil(t, f.public)
}
