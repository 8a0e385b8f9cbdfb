package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// serve does not start with a sign-in file that is wrong, and starts with one
// whose provider is away.
func TestServeSignIn(t *testing.T) {
	e := newEnvironment("sqlite:" + t.TempDir() + "/new.db")
	e.must(t, "migrate", "up")
	e.must(t, "municipality", "create", "Varde Kommune")
	file := filepath.Join(t.TempDir(), "signin.yaml")
	e[signInVariable] = file
	require.Contains(t, e.fails(t, "serve"), "FASTHOLD_SIGN_IN_FILE needs FASTHOLD_PUBLIC_URL")
	e[publicVariable] = "https://fasthold.varde.dk"
	require.Contains(t, e.fails(t, "serve"), "FASTHOLD_SIGN_IN_FILE: open")
	write := func(municipality string) {
		require.NoError(t, os.WriteFile(file, []byte(`
providers:
  - municipality: `+municipality+`
    name: Vardes login
    issuer: https://login.invalid
    client_id: fasthold
    client_secret_variable: VARDE_SECRET
    person: email
    roles: {claim: roles, map: {behandler: caseworker}}
    assurance: {none: true}
`), 0o600))
	}
	write("Varde Kommune")
	require.Contains(t, e.fails(t, "serve"), "FASTHOLD_SIGN_IN_FILE: line 7: providers[0].client_secret_variable names VARDE_SECRET, which is not set")
	e["VARDE_SECRET"] = "hemmelig"
	write("Vejle Kommune")
	require.Contains(t, e.fails(t, "serve"), `FASTHOLD_SIGN_IN_FILE: there is no municipality "Vejle Kommune"`)
	write("Varde Kommune")
	server := serving(t, e)
	server.cancel()
	require.NoError(t, <-server.ended)
}
