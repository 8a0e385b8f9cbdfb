package rules

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestVocabulary(t *testing.T) {
	require.Equal(t, Text{"tøj, bøger eller kontanter", "clothing, books or cash"}, saidAll([]string{"clothing", "books", "cash"}, "eller", "or"))
	require.Equal(t, Text{"garden tools", "garden tools"}, said("garden_tools"), "a word of its own")
	for basis, want := range map[string]Text{
		"serviceloven-101-9": {"serviceloven § 101, stk. 9", "serviceloven § 101 (9)"}, "barnets-lov-34": {"barnets lov § 34", "barnets lov § 34"},
		"local-guidelines": {"lokale retningslinjer", "local guidelines"}, "Byrådets beslutning 7/2026": {"Byrådets beslutning 7/2026", "Byrådets beslutning 7/2026"},
	} {
		require.Equal(t, want, law(basis))
	}
	for minutes, want := range map[Minutes]Text{1: {"1 minut", "1 minute"}, 15: {"15 minutter", "15 minutes"}, 60: {"1 time", "1 hour"}, 150: {"2 timer og 30 minutter", "2 hours and 30 minutes"}} {
		require.Equal(t, want, minutes.text())
	}
}

// A council reads the presets without a word of the language's own in the Danish.
func TestSentences_haveNoCodeInThem(t *testing.T) {
	code := regexp.MustCompile(`not_met|no_show|[a-z]_[a-z]|\d+m\b|groceries|clothing|alcohol|gambling|serviceloven-|De første 1 |hver \d+ |\.\.|  `)
	for _, name := range Presets() {
		text, err := Preset(name)
		require.NoError(t, err)
		d, err := Parse(text)
		require.NoError(t, err)
		for _, s := range d.Sentences() {
			require.NotRegexp(t, code, s.DA, name)
		}
	}
}
