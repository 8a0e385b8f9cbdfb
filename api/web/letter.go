package web

import (
	"bytes"
	_ "embed" // the letter is a file
	"html/template"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers/code"
)

var (
	//go:embed templates/print/letter.html
	letterHTML string
	//go:embed templates/print/letter.css
	letterCSS string

	letterPage = template.Must(template.New("letter").Parse(letterHTML))
)

// LetterPolicy is the letter's Content-Security-Policy: its own style, and nothing
// from anywhere.
var LetterPolicy = policy(letterCSS)

// Letter makes the page to print, A4, that gives a citizen their link: its QR
// code, the address of the page and the code to type there, and what to do. It
// holds no name of a person or a unit and no word of what the citizen comes for.
// Link is the address with the secret, page the one without.
func Letter(made access.NewLink, link, page string) ([]byte, error) {
	svg, err := code.LinkSVG(link, "Link")
	if err != nil {
		return nil, err
	}
	until := lastDay(made.Link.ExpiresAt, made.Site)
	var html bytes.Buffer
	err = letterPage.Execute(&html, map[string]any{
		"Style":        template.CSS(letterCSS), //nolint:gosec // our own file
		"QR":           template.HTML(svg),      //nolint:gosec // drawn by vouchers/code from squares
		"Municipality": made.Municipality,
		"Address":      page,
		"Code":         strings.Fields(access.SpellLink(made.Text)),
		"Until":        until.Danish(),
		"UntilEnglish": until.English(),
	})
	return html.Bytes(), err
}

// lastDay is the last day at the site that ends before an instant, or on which it
// is.
func lastDay(until time.Time, site *time.Location) domain.Date {
	return domain.DateOf(until.Add(-time.Nanosecond), site)
}

// longestSMS is how many letters an SMS has (NemSMS: no second one).
const longestSMS = 160

// SMS makes the text that gives a citizen their link, the longest that an SMS
// holds. Not a word tells what the citizen comes for.
func SMS(made access.NewLink, link string) string {
	day := lastDay(made.Link.ExpiresAt, made.Site).Danish()
	for _, text := range []string{
		made.Municipality + ": Åbn din side: " + link + " Virker én gang, til og med " + day + ". Vis den ikke til andre.",
		made.Municipality + ": Åbn din side: " + link + " Virker én gang, til og med " + day + ".",
		made.Municipality + ": " + link + " Virker én gang, til " + day + ".",
		link + " Virker én gang, til " + day + ".",
	} {
		if utf8.RuneCountInString(text) <= longestSMS {
			return text
		}
	}
	return link
}
