package pain_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/pain"
)

// Whatever a partner is called: the file is refused with the field, or well-formed
// and with the name that Name gives.
func FuzzWrite(f *testing.F) {
	for _, name := range []string{"Rema 1000", "Ørsted & Søn <A/S>", "]]>", "\x00\x1b\ufffe", "<!--", "&#x0;", strings.Repeat("\U0001F6D2", 80), "a\u0301\u0302", "\xed\xa0\x80"} {
		f.Add(name, "Afregning 2026-0007-01")
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		b := july()
		b.Payments[1].Name, b.Payments[1].Text = name, text
		var out bytes.Buffer
		err := pain.Write(&out, b)
		if pain.Name(name) == "" {
			require.Equal(t, domain.Invalid, domain.KindOf(err))
			return
		}
		require.NoError(t, err)
		require.True(t, utf8.Valid(out.Bytes()))
		var names []string
		decoder, inside := xml.NewDecoder(&out), ""
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			switch token := token.(type) {
			case xml.StartElement:
				inside = token.Name.Local
			case xml.EndElement:
				inside = ""
			case xml.CharData:
				if inside == "Nm" {
					names = append(names, string(token))
				}
			}
		}
		require.Equal(t, []string{"Varde Kommune", "Varde Kommune", "Rema + Søn ApS", pain.Name(name)}, names)
		require.LessOrEqual(t, utf8.RuneCountInString(pain.Name(name)), 140)
		require.Equal(t, pain.Name(name), pain.Name(pain.Name(name)), "what is clean stays")
	})
}
