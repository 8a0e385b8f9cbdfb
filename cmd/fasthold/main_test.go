package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/store/storetest/leaks"
	"github.com/fasthold/fasthold/vouchers/code"
	"github.com/fasthold/fasthold/vouchers/keys"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// environment is a program's environment in a test.
type environment map[string]string

// newEnvironment names a database and has keys of its own.
func newEnvironment(database string) environment {
	return environment{"FASTHOLD_DATABASE_URL": database, code.Variable: code.GenerateKey(), vault.Variable: keys.Generate(1)}
}

func (e environment) get(name string) string { return e[name] }

// execute runs the whole program and gives what it printed. TestMain searches what
// it logged and said of errors.
func (e environment) execute(ctx context.Context, args ...string) (stdout string, err error) {
	var out bytes.Buffer
	err = run(ctx, args, e.get, &out, leaks.Log)
	if err != nil {
		leaks.Answer(err.Error())
	}
	return out.String(), err
}

// must is execute for a command that has to work.
func (e environment) must(t *testing.T, args ...string) string {
	t.Helper()
	out, err := e.execute(t.Context(), args...)
	require.NoError(t, err, "fasthold %s", strings.Join(args, " "))
	return out
}

// fails is execute for a command that has to fail; it gives what it said.
func (e environment) fails(t *testing.T, args ...string) string {
	t.Helper()
	_, err := e.execute(t.Context(), args...)
	require.Error(t, err, "fasthold %s", strings.Join(args, " "))
	return err.Error()
}

func TestHelp(t *testing.T) {
	for _, command := range []string{
		"demo", "serve", "migrate up", "migrate down", "migrate status", "keys new", "keys rotate", "erase", "scrub", "municipality create", "municipality list",
		"token create", "assign", "import", "verify", "version", "rules check", "rules sentences", "rules amounts", "rules diff", "rules schema", "rules presets",
	} {
		t.Run(command, func(t *testing.T) {
			out := environment{}.must(t, append(strings.Fields(command), "--help")...)
			require.Contains(t, out, "Example:")
			require.Contains(t, out, "  fasthold "+strings.Fields(command)[0], "the example is a line of its own")
		})
	}
	t.Run("none", func(t *testing.T) {
		require.Contains(t, environment{}.must(t), "Start with: fasthold demo")
	})
}

func TestUsage(t *testing.T) {
	require.Contains(t, environment{}.fails(t, "tokens"), "see fasthold --help")
	require.Contains(t, environment{}.fails(t, "token", "create", "--role", "king"), "see fasthold token create --help")
	require.Contains(t, environment{}.fails(t, "token", "create", "--person", "x", "--role", "king"), "caseworker")
}

func TestVersion(t *testing.T) {
	require.Regexp(t, `^fasthold \S+, commit .+, go1\.\d+`, environment{}.must(t, "version"))
}

// The table in docs/operations.md is exactly what config.go reads.
func TestConfigTable(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "operations.md"))
	require.NoError(t, err)
	var documented []string
	for line := range strings.Lines(string(text)) {
		if cells := strings.Split(line, "|"); len(cells) > 3 && strings.HasPrefix(strings.TrimSpace(cells[1]), "`FASTHOLD_") {
			documented = append(documented, strings.TrimSpace(cells[1]+cells[2]))
		}
	}
	var read []string
	for _, v := range (&config{}).variables() {
		cells := "`" + v.name + "`"
		if v.fallback != "" {
			cells += "  `" + v.fallback + "`"
		}
		read = append(read, cells)
	}
	require.Equal(t, read, documented)
}

func TestKeys(t *testing.T) {
	key, other := strings.TrimSpace(environment{}.must(t, "keys", "new")), strings.TrimSpace(environment{}.must(t, "keys", "new", "--number", "2"))
	file := filepath.Join(t.TempDir(), "keys")
	require.NoError(t, os.WriteFile(file, []byte(key+"\n"), 0o600))
	found, err := loadConfig(environment{code.Variable + "_FILE": file, vault.Variable: other}.get).secrets()
	require.NoError(t, err)
	require.Equal(t, 2, found.data.Newest())
	require.Contains(t, environment{}.fails(t, "keys", "new", "--number", "0"), "--number")

	weak := "1:" + strings.Repeat("c2VjcmV0", 5) + "c2U="
	for name, c := range map[string]struct {
		env  environment
		says string
	}{
		"none":       {environment{}, "fasthold keys new"},
		"both":       {environment{code.Variable: key, code.Variable + "_FILE": file}, "both set"},
		"no file":    {environment{code.Variable + "_FILE": file + "x"}, code.Variable + "_FILE"},
		"no key":     {environment{code.Variable: "1:abc"}, code.Variable},
		"weak":       {environment{code.Variable: weak}, code.Variable + ": key 1 is weak"},
		"no data":    {environment{code.Variable: key}, vault.Variable + " is not set"},
		"weak data":  {environment{code.Variable: key, vault.Variable: weak}, vault.Variable + ": key 1 is weak"},
		"zero data":  {environment{code.Variable: key, vault.Variable: "1:" + strings.Repeat("A", 43)}, vault.Variable + ": key 1 is weak"},
		"the same":   {environment{code.Variable: key, vault.Variable: "2:" + key[2:]}, "in common"},
		"data twice": {environment{code.Variable: key, vault.Variable: other, vault.Variable + "_FILE": file}, vault.Variable + " and " + vault.Variable + "_FILE are both set"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := loadConfig(c.env.get).secrets()
			require.ErrorContains(t, err, c.says)
			for _, secret := range []string{key, other, weak} {
				require.NotContains(t, err.Error(), secret[2:])
			}
		})
	}
}

func TestProxies(t *testing.T) {
	networks, err := config{TrustedProxies: "10.0.0.0/8, 192.0.2.7 2001:db8::1"}.proxies()
	require.NoError(t, err)
	require.Len(t, networks, 3)
	require.Equal(t, "192.0.2.7/32", networks[1].String())
	_, err = config{TrustedProxies: "proxy.local"}.proxies()
	require.ErrorContains(t, err, "FASTHOLD_TRUSTED_PROXIES")
}
