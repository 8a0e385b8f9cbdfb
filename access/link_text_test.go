package access

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestLinkText(t *testing.T) {
	t.Parallel()
	municipality := uuid.New()
	text, hash := newLinkText(municipality)
	require.Regexp(t, `^fhl_[0-9A-HJKMNP-TV-Z]{24}$`, text)
	spelt := SpellLink(text)
	require.Regexp(t, `^([0-9A-HJKMNP-TV-Z]{4} ){5}[0-9A-HJKMNP-TV-Z]{4}$`, spelt)
	for _, typed := range []string{
		text, strings.ToLower(text), spelt, strings.ToLower(spelt), strings.ReplaceAll(spelt, " ", "-"), " " + spelt + "\r\n",
		"https://fasthold.eksempel.dk/me#" + text, "#" + text, strings.NewReplacer("1", "l", "0", "o").Replace(spelt), strings.ReplaceAll(spelt, "1", "I"),
	} {
		place, read, ok := readLinkText(typed)
		require.True(t, ok, typed)
		require.Equal(t, hash, read, typed)
		require.Equal(t, placeOf(municipality), place, typed)
	}
	for _, wrong := range []string{"", "fhl_", text[:len(text)-1], text + "A", strings.Replace(spelt, spelt[:1], "U", 1), "fht_" + text[4:], strings.Repeat("A", 500), strings.Repeat(" ", 500) + text, "æøå"} {
		_, _, ok := readLinkText(wrong)
		require.False(t, ok, wrong)
	}
	other, _ := newLinkText(municipality)
	require.NotEqual(t, text, other)
}

func FuzzReadLinkText(f *testing.F) {
	text, _ := newLinkText(uuid.New())
	f.Add(text)
	f.Add(SpellLink(text))
	f.Fuzz(func(t *testing.T, typed string) {
		place, hash, ok := readLinkText(typed)
		require.Equal(t, ok, hash != nil)
		require.Equal(t, ok, len(place) == linkPlace)
	})
}
