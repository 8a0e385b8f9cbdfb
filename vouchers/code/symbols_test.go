package code

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
)

// bare gives the 20 symbols of many codes.
func bare(t *testing.T, n int) []string {
	t.Helper()
	ring := testRing(t, 1, 9, 31)
	all := make([]string, n)
	for i := range all {
		secret, _ := ring.Make(voucher(i))
		all[i] = strings.ReplaceAll(secret.Reveal(), "-", "")
	}
	return all
}

// The check symbol alone must catch these, whatever the keys.
func TestCheckSymbolCatchesEverySubstitution(t *testing.T) {
	t.Parallel()
	for _, good := range bare(t, 500) {
		for at := range good {
			for v := range len(domain.Symbols) {
				bad := []byte(good)
				bad[at] = domain.Symbols[v]
				_, err := parse(string(bad))
				if string(bad) == good {
					require.NoError(t, err)
				} else {
					requireInvalid(t, err)
				}
			}
		}
	}
}

// Not only neighbours: any two symbols that changed places are caught.
func TestCheckSymbolCatchesEverySwap(t *testing.T) {
	t.Parallel()
	for _, good := range bare(t, 2000) {
		for i := range symbols {
			for j := range i {
				bad := []byte(good)
				bad[i], bad[j] = bad[j], bad[i]
				_, err := parse(string(bad))
				if string(bad) == good {
					require.NoError(t, err)
				} else {
					requireInvalid(t, err)
				}
			}
		}
	}
}

func TestParseForgives(t *testing.T) {
	t.Parallel()
	var sloppy word // has 0 and 1 in every kind of place, the check symbol's too
	sloppy.put(0, checkAt, 0)
	sloppy[0], sloppy[2], sloppy[10], sloppy[12] = 1, 1, 25, 30
	sloppy[checkAt] = sloppy.checkSymbol()
	text := sloppy.text()
	bare := strings.ReplaceAll(text, "-", "")
	for name, typed := range map[string]string{
		"as printed":        text,
		"without dashes":    bare,
		"lower case":        strings.ToLower(text),
		"spaces":            strings.ReplaceAll(text, "-", " "),
		"every space":       " \t" + strings.ReplaceAll(text, "-", "\u00a0 \u2009") + "\r\n",
		"one by one":        strings.Join(strings.Split(bare, ""), " - "),
		"long dashes":       strings.ReplaceAll(text, "-", "–"),
		"minus signs":       strings.ReplaceAll(text, "-", "−"),
		"dots":              strings.ReplaceAll(text, "-", "."),
		"invisible":         "\ufeff" + strings.ReplaceAll(text, "-", "\u200b"),
		"O for 0":           strings.ReplaceAll(text, "0", "O"),
		"o for 0":           strings.ReplaceAll(text, "0", "o"),
		"I for 1":           strings.ReplaceAll(text, "1", "I"),
		"i for 1":           strings.ReplaceAll(text, "1", "i"),
		"L for 1":           strings.ReplaceAll(text, "1", "L"),
		"l for 1":           strings.ReplaceAll(text, "1", "l"),
		"scanned":           sloppy.qrText(),
		"scanned, no colon": "GK1" + bare,
		"prefix typed":      "gkl: " + text,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read, err := parse(typed)
			require.NoError(t, err)
			require.Equal(t, sloppy, read)
		})
	}
}

// O, I and L are forgiven as the check symbol as well.
func TestParseForgivesTheCheckSymbol(t *testing.T) {
	t.Parallel()
	seen := map[byte]bool{}
	for _, good := range bare(t, 500) {
		last := good[checkAt]
		for _, like := range map[byte]string{'0': "Oo", '1': "IiLl"}[last] {
			_, err := parse(good[:checkAt] + string(like))
			require.NoError(t, err)
			seen[last] = true
		}
	}
	require.Len(t, seen, 2)
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	good := bare(t, 1)[0]
	for name, c := range map[string]struct{ text, says string }{
		"nothing":            {"", "20 characters, this has 0"},
		"only dashes":        {"----", "this has 0"},
		"one too few":        {good[:19], "this has 19"},
		"one too many":       {good + "0", "this has 21"},
		"prefix of another":  {"GK2:" + good, "this has 23"},
		"prefix twice":       {"GK1:GK1:" + good, "this has 26"},
		"U":                  {"U" + good[1:], "no U"},
		"Danish letter":      {"Ø" + good[1:], "digits and letters"},
		"full-width letter":  {"Ａ" + good[1:], "digits and letters"},
		"sign":               {good[:19] + "*", "digits and letters"},
		"NUL":                {good + "\x00", "digits and letters"},
		"not UTF-8":          {good + "\xff", "digits and letters"},
		"far too long":       {good + strings.Repeat("-", 200), "far longer"},
		"wrong check symbol": {good[:19] + string(domain.Symbols[(strings.IndexByte(domain.Symbols, good[19])+1)%32]), "changed places"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := parse(c.text)
			requireInvalid(t, err)
			require.ErrorContains(t, err, c.says)
			require.NotContains(t, err.Error(), good[4:12], "an error may be logged")
		})
	}
}
