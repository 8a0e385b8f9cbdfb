package web

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What is read as one is kept on one line, and nothing else of a page is touched.
func TestKeepWhole(t *testing.T) {
	one := func(text string) string { return `<span class="whole">` + text + `</span>` }
	for html, kept := range map[string]string{
		"<p>til og med 13-11-2027</p>":                      "<p>til og med " + one("13-11-2027") + "</p>",
		"<b>Op til 1.200,00 kr.</b> på":                     "<b>Op til " + one("1.200,00 kr.") + "</b> på",
		"-80,00 kr. og 200 kr.":                             one("-80,00 kr.") + " og " + one("200 kr."),
		"mellem 72 % og 94 %).":                             "mellem " + one("72 %") + " og " + one("94 %") + ").",
		"Afregning 2026-0011-01, 01-11-2026.":               "Afregning " + one("2026-0011-01") + ", " + one("01-11-2026") + ".",
		"2026-MKC39-965E7 1M52-P2BE-RFR5":                   "2026-MKC39-965E7 1M52-P2BE-RFR5", // too long for a heading on a phone
		"01-2-3-4-5-6-7-8-9":                                "01-2-3-4-5-6-7-8-9",
		"kl. 13.00, 4. fremmøde, - , 12 fremmøder":          "kl. 13.00, 4. fremmøde, - , 12 fremmøder",
		"&#34;1&#39;-2 &#8209;":                             "&#34;1&#39;-2 &#8209;",
		`<input value="13-11-2027" title="200 kr.">1-2`:     `<input value="13-11-2027" title="200 kr.">` + one("1-2"),
		`<title>22-11-2026</title><option>200 kr.</option>`: `<title>22-11-2026</title><option>200 kr.</option>`,
		`<svg class="a"><text>1.500 kr.</text></svg> 5 kr.`: `<svg class="a"><text>1.500 kr.</text></svg> ` + one("5 kr."),
		"<textarea>1-2":                                     "<textarea>1-2",
		"<p":                                                "<p",
		"":                                                  "",
	} {
		require.Equal(t, kept, string(keepWhole([]byte(html))), html)
	}
}

// However it is written, the text itself stays as it was.
func FuzzKeepWhole(f *testing.F) {
	for _, html := range []string{"<p>13-11-2027</p>", "200 kr.", "<svg 1-2", "</", "1-2-kr."} {
		f.Add(html)
	}
	f.Fuzz(func(t *testing.T, html string) {
		if strings.Contains(html, inOne) || strings.Contains(html, inOneTo) {
			return
		}
		kept := string(keepWhole([]byte(html)))
		require.Equal(t, html, strings.ReplaceAll(strings.ReplaceAll(kept, inOne, ""), inOneTo, ""))
	})
}
