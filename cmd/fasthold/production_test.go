package main

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers/code"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// A server does not start with a way in that everybody knows or can listen to.
func TestProductionRefuses(t *testing.T) {
	const strong = "hT5vQ2mZ8wLr4kXc"
	for name, c := range map[string]struct {
		set  environment
		says string // "": it starts
	}{
		"no password":               {environment{"FASTHOLD_DATABASE_URL": "postgres://app@db.varde.dk/f?sslmode=verify-full"}, "no password"},
		"a known password":          {environment{"FASTHOLD_DATABASE_URL": "postgres://app:postgres@db.varde.dk/f?sslmode=verify-full"}, "everybody tries"},
		"with digits after it":      {environment{"FASTHOLD_DATABASE_URL": "postgres://app:Password2026!@db.varde.dk/f?sslmode=require"}, "everybody tries"},
		"the user's name":           {environment{"FASTHOLD_DATABASE_URL": "postgres://longusername:longusername@db.varde.dk/f?sslmode=require"}, "everybody tries"},
		"the database's name":       {environment{"FASTHOLD_DATABASE_URL": "postgres://app:longdatabasename@db.varde.dk/longdatabasename?sslmode=require"}, "everybody tries"},
		"one letter":                {environment{"FASTHOLD_DATABASE_URL": "postgres://app:xxxxxxxxxxxxxxxxxxxx@db.varde.dk/f?sslmode=require"}, "everybody tries"},
		"the docs' own":             {environment{"FASTHOLD_DATABASE_URL": "postgres://app:…@db.varde.dk/f?sslmode=require"}, "everybody tries"},
		"a short password":          {environment{"FASTHOLD_DATABASE_URL": "postgres://app:hT5vQ2mZ@db.varde.dk/f?sslmode=require"}, "fewer than 12"},
		"sslmode by itself":         {environment{"FASTHOLD_DATABASE_URL": "postgres://app:" + strong + "@db.varde.dk/f"}, "in the clear"},
		"sslmode=disable":           {environment{"FASTHOLD_DATABASE_URL": "postgres://app:" + strong + "@192.0.2.7/f?sslmode=disable"}, "in the clear"},
		"sslmode=prefer":            {environment{"FASTHOLD_DATABASE_URL": "postgres://app:" + strong + "@192.0.2.7/f?sslmode=prefer"}, "in the clear"},
		"sslmode=allow":             {environment{"FASTHOLD_DATABASE_URL": "postgres://app:" + strong + "@192.0.2.7/f?sslmode=allow"}, "in the clear"},
		"one of two hosts":          {environment{"FASTHOLD_DATABASE_URL": "postgres://app:" + strong + "@localhost,db.varde.dk/f?sslmode=disable"}, "db.varde.dk"},
		"the owner":                 {environment{ownerVariable: "postgres://owner:changeme@db.varde.dk/f?sslmode=require"}, ownerVariable},
		"no address":                {environment{"FASTHOLD_DATABASE_URL": "postgres://app:" + strong + "@db.varde.dk:x/f"}, "FASTHOLD_DATABASE_URL"},
		"another kind":              {environment{"FASTHOLD_DATABASE_URL": "mysql://app:" + strong + "@db.varde.dk/f"}, "FASTHOLD_DATABASE_URL"},
		"words":                     {environment{"FASTHOLD_DATABASE_URL": "host=db user=app password=" + strong}, "FASTHOLD_DATABASE_URL"},
		"every address":             {environment{"FASTHOLD_LISTEN": "0.0.0.0:8080"}, "FASTHOLD_LISTEN"},
		"every address, unsaid":     {environment{"FASTHOLD_LISTEN": ":8080"}, "FASTHOLD_LISTEN"},
		"http for people":           {environment{"FASTHOLD_LISTEN": "[::]:8080", publicVariable: "http://fasthold.varde.dk"}, "FASTHOLD_LISTEN"},
		"encrypted, to the end":     {environment{"FASTHOLD_DATABASE_URL": "postgres://app:" + strong + "@192.0.2.7/f?sslmode=require"}, ""},
		"on this machine":           {environment{"FASTHOLD_DATABASE_URL": "postgres://app:app@localhost/f"}, ""},
		"by a socket":               {environment{"FASTHOLD_DATABASE_URL": "postgres://app@/f?host=/run/postgresql"}, ""},
		"a proxy before it":         {environment{"FASTHOLD_LISTEN": "0.0.0.0:8080", "FASTHOLD_TRUSTED_PROXIES": "10.0.0.1"}, ""},
		"https for people":          {environment{"FASTHOLD_LISTEN": "0.0.0.0:8080", publicVariable: "https://fasthold.varde.dk"}, ""},
		"an address of the machine": {environment{"FASTHOLD_LISTEN": "[::1]:8080"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEnvironment("sqlite:" + t.TempDir() + "/new.db")
			maps.Copy(e, c.set)
			if c.says == "" {
				require.NoError(t, loadConfig(e.get).production())
				return
			}
			said := e.fails(t, "serve")
			require.Contains(t, said, c.says)
			for _, secret := range []string{strong, "Password2026", "changeme", "hT5vQ2mZ"} {
				require.NotContains(t, said, secret)
			}
		})
	}
}

// A file of keys that others may read stops whoever needs the keys.
func TestPrivateFiles(t *testing.T) {
	e := newEnvironment("sqlite:" + t.TempDir() + "/new.db")
	for _, variable := range []string{code.Variable, vault.Variable} {
		file := filepath.Join(t.TempDir(), "keys")
		require.NoError(t, os.WriteFile(file, []byte(e[variable]), 0o600))
		set := maps.Clone(e)
		delete(set, variable)
		set[variable+"_FILE"] = file
		_, err := loadConfig(set.get).secrets()
		require.NoError(t, err)
		for _, mode := range []os.FileMode{0o640, 0o604, 0o660, 0o644} {
			require.NoError(t, os.Chmod(file, mode))
			for _, command := range []string{"serve", "verify"} {
				require.Contains(t, set.fails(t, command), variable+"_FILE: others on this machine may read", mode)
			}
		}
	}
}

// The file of an OpenID client's secret is as private as those of keys.
func TestPrivateClientSecret(t *testing.T) {
	folder := t.TempDir()
	secret, settings := filepath.Join(folder, "secret"), filepath.Join(folder, "signin.yaml")
	require.NoError(t, os.WriteFile(secret, []byte("hemmelighed"), 0o640))
	require.NoError(t, os.WriteFile(settings, []byte(`
providers:
  - municipality: Varde Kommune
    name: Vardes login
    issuer: https://login.invalid
    client_id: fasthold
    client_secret_file: `+secret+`
    person: email
    roles: {claim: roles, map: {behandler: caseworker}}
    assurance: {none: true}
`), 0o600))
	_, err := loadConfig(environment{signInVariable: settings, publicVariable: "https://fasthold.varde.dk"}.get).signIn()
	require.ErrorContains(t, err, "others on this machine may read")
	require.NotContains(t, err.Error(), "hemmelighed")
}

// No flag takes a secret: every user of the machine sees a command line.
func TestNoSecretOnTheCommandLine(t *testing.T) {
	parser, err := kong.New(&commands{})
	require.NoError(t, err)
	names := regexp.MustCompile(`(?i)secret|password|passphrase|pin$|token|key|credential|url|dsn`)
	flags := 0
	for _, leaf := range parser.Model.Leaves(false) {
		for _, group := range leaf.AllFlags(false) {
			for _, flag := range group {
				flags++
				require.NotRegexp(t, names, flag.Name, leaf.FullPath())
			}
		}
		for _, argument := range leaf.Positional {
			require.NotRegexp(t, names, argument.Name, leaf.FullPath())
		}
	}
	require.Greater(t, flags, 20)
}

// Whatever is wrong with a secret, no command's error repeats it.
func TestErrorsRepeatNoSecret(t *testing.T) {
	const secret = "Zq7hemmelighed9Xw"
	good := newEnvironment(storetest.SQLite(t))
	for name, set := range map[string]environment{
		"nobody answers":   {"FASTHOLD_DATABASE_URL": "postgres://app:" + secret + "@127.0.0.1:1/f"},
		"no port":          {"FASTHOLD_DATABASE_URL": "postgres://app:" + secret + "@127.0.0.1:port/f"},
		"a letter too few": {"FASTHOLD_DATABASE_URL": "postgre://app:" + secret + "@127.0.0.1/f"},
		"no address":       {"FASTHOLD_DATABASE_URL": "postgres://app:" + secret + "%zz@127.0.0.1/f"},
		"no mode":          {"FASTHOLD_DATABASE_URL": "postgres://app:" + secret + "@127.0.0.1/f?sslmode=" + "x"},
		"words":            {"FASTHOLD_DATABASE_URL": "host=127.0.0.1 password=" + secret},
		"the owner":        {ownerVariable: "postgres://owner:" + secret + "@127.0.0.1:1/f", "FASTHOLD_DATABASE_URL": "postgres://app:" + secret + "@127.0.0.1:1/f"},
		"a weak key":       {code.Variable: "1:" + secret},
		"a key without":    {code.Variable: secret},
		"a data key":       {vault.Variable: "1:" + secret + ",2:" + secret},
		"a proxy's":        {publicVariable: "https://user:" + secret + "@fasthold.varde.dk"},
	} {
		e := maps.Clone(good)
		maps.Copy(e, set)
		e["FASTHOLD_LISTEN"] = "127.0.0.1:99999"
		for _, command := range []string{"serve", "serve --migrate", "verify", "migrate up", "migrate status", "municipality list", "keys rotate", "erase B-1 --forever"} {
			_, err := e.execute(t.Context(), strings.Fields(command)...)
			if err != nil {
				require.NotContains(t, err.Error(), secret, "%s: %s", command, name)
			}
		}
		require.Error(t, func() error { _, err := e.execute(t.Context(), "serve"); return err }(), name)
	}
}

// The demo keeps to this machine unless it is told otherwise.
func TestDemoKeepsToItself(t *testing.T) {
	parser, err := kong.New(&commands{})
	require.NoError(t, err)
	for _, leaf := range parser.Model.Leaves(false) {
		for _, flag := range leaf.Flags {
			if leaf.Name == "demo" && flag.Name == "listen" {
				require.True(t, loopback(hostOf(flag.Default)))
				return
			}
		}
	}
	t.Fatal("the demo has no --listen")
}
