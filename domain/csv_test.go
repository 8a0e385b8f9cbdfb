package domain_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
)

func TestSafeCell(t *testing.T) {
	for text, safe := range map[string]string{
		"":                         "",
		"Kvik-Brugsen, Varde; a/s": "Kvik-Brugsen, Varde; a/s",
		"=1+1":                     "'=1+1",
		"\t=1":                     "'\t'=1",
		"1;=HYPERLINK(x)":          "1;'=HYPERLINK(x)",
		"1,@x":                     "1,'@x",
		"1\t-x":                    "1\t'-x",
		"1\n+x":                    "1\n'+x",
		`1;"=x`:                    `1;"'=x`,
		";;==":                     ";;'==",
	} {
		require.Equal(t, safe, domain.SafeCell(text), text)
	}
}

// However a file written with commas is split, no cell of it begins like a formula.
func FuzzSafeCell(f *testing.F) {
	for _, text := range []string{"1;=HYPERLINK(x);y", `a";=b`, "\r\n=x", `;"";=1`, "x,\"\n\"=1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var b strings.Builder
		w := csv.NewWriter(&b)
		require.NoError(t, w.Write([]string{"x", domain.SafeCell(text)}))
		w.Flush()
		for _, cell := range strings.FieldsFunc(b.String(), func(r rune) bool { return strings.ContainsRune(",;\t\r\n", r) }) {
			cell = strings.TrimLeft(cell, `"`)
			require.NotContains(t, []string{"=", "+", "-", "@"}, cell[:min(1, len(cell))], "%q", text)
		}
	})
}
