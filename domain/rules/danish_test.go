package rules_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

// Everything that can be wrong with a document is said in Danish too, with the
// same values; but not what is not even a tree, for the parser has its own words.
func TestDanish(t *testing.T) {
	wrong := strings.NewReplacer("met: 2", "met: 0", "mode: automatic", "mode: manual", "currency: DKK\n", "", "{from: 18}", "7").Replace(string(moveYAML(t)))
	_, err := rules.Parse([]byte(wrong))
	said := map[string]string{}
	for _, f := range domain.FieldsOf(err) {
		said[f.Field] = f.Danish
	}
	require.Equal(t, map[string]string{
		"mode": "skal være automatic eller proposes", "phases[0].requirement.met": "skal være mindst 1", "currency": `mangler: her skal stå en ISO 4217-kode som "DKK"`,
		"age": "skal være en gruppe af felterne from, to",
	}, said)

	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	sentences := regexp.MustCompile("\\bcode[A-Z][A-Za-z]+, (\"[^\"]+\"|`[^`]+`)")
	table, err := os.ReadFile("danish.go")
	require.NoError(t, err)
	seen := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, found := range sentences.FindAllSubmatch(text, -1) {
			if sentence := string(found[1]); sentence != `"%s"` {
				require.Regexp(t, "(?m)^\t"+regexp.QuoteMeta(sentence)+": ", string(table), file)
				seen++
			}
		}
	}
	require.Greater(t, seen, 80)
}
