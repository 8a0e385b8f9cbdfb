package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain/rules"
)

// written writes a preset with changes, pairs of old and new text, to a file.
func written(t *testing.T, name string, changes ...string) string {
	t.Helper()
	text, err := rules.Preset(name)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "programme.yaml")
	require.NoError(t, os.WriteFile(file, []byte(strings.NewReplacer(changes...).Replace(string(text))), 0o600))
	return file
}

func TestRulesCheck(t *testing.T) {
	good := written(t, "move-2026")
	require.Equal(t, good+": valid\n", environment{}.must(t, "rules", "check", good))

	bad := written(t, "move-2026", "met: 2", "met: 0", "count: 6", "counts: 6")
	out, err := environment{}.execute(t.Context(), "rules", "check", bad)
	require.EqualError(t, err, bad+": 3 problems", "the exit status is 1")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, lines, 3)
	require.Equal(t, "phases[0].requirement.met: must be at least 1", lines[0])
	require.Contains(t, lines[1], "caps[0].counts: is no field here: the fields are count, amount, ")
	require.Contains(t, lines[2], "caps[0].count: must be stated")
	require.Contains(t, environment{}.fails(t, "rules", "check", filepath.Join(t.TempDir(), "none.yaml")), "none.yaml")
	for _, command := range []string{"sentences", "amounts"} {
		require.Contains(t, environment{}.fails(t, "rules", command, bad), "3 problems")
	}
	require.Contains(t, environment{}.fails(t, "rules", "diff", good, bad), "3 problems")
	require.Contains(t, environment{}.fails(t, "rules", "diff", bad, good), "3 problems")
}

func TestRulesSentences(t *testing.T) {
	file := written(t, "move-2026")
	require.Contains(t, environment{}.must(t, "rules", "sentences", file), "\nBelønningen er 200 kr.\n")
	require.Contains(t, environment{}.must(t, "rules", "sentences", file, "--lang", "en"), "\nThe reward is 200 kr.\n")
	require.Contains(t, environment{}.fails(t, "rules", "sentences", file, "--lang", "sv"), "--lang")
}

func TestRulesAmounts(t *testing.T) {
	out := environment{}.must(t, "rules", "amounts", written(t, "higgins"), "--start", "2027-01-04")
	rows := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, rows, 37, "a heading and three visits a week for twelve weeks")
	require.Equal(t, []string{"3", "2027-01-08", "3", "15,00", "USD", "10,00", "USD", "21,25", "USD", "vouchers"}, strings.Fields(rows[3]))
	require.Contains(t, rows[36], "997,50 USD")
	require.Contains(t, environment{}.fails(t, "rules", "amounts", written(t, "weaver"), "--start", "4/1/2027"), "--start")
	require.Contains(t, environment{}.must(t, "rules", "amounts", written(t, "weaver")), "30,00 GBP")
}

func TestRulesDiff(t *testing.T) {
	old, changed := written(t, "move-2026"), written(t, "move-2026", "constant: 20000", "constant: 25000")
	require.Empty(t, environment{}.must(t, "rules", "diff", old, old))
	require.Equal(t, "phases[0].magnitude\n  - The reward is 200 kr.\n  + The reward is 250 kr.\n", environment{}.must(t, "rules", "diff", old, changed, "--lang", "en"))
}

func TestRulesSchemaAndPresets(t *testing.T) {
	require.Equal(t, string(rules.Schema()), environment{}.must(t, "rules", "schema"))
	list := environment{}.must(t, "rules", "presets")
	for _, name := range rules.Presets() {
		require.Contains(t, list, name)
		text, err := rules.Preset(name)
		require.NoError(t, err)
		require.Equal(t, string(text), environment{}.must(t, "rules", "presets", name), "with its comments")
	}
	require.Contains(t, environment{}.fails(t, "rules", "presets", "petry"), "prize-bowl")
}
