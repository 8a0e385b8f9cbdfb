package web

import (
	"bytes"
	_ "embed" // the page is a file
	"html/template"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

//go:embed templates/print/paper.html
var paperHTML string

// papers has the paper's template in every language.
var papers = parsePapers()

func parsePapers() map[Lang]*template.Template {
	all := map[Lang]*template.Template{}
	for _, lang := range Langs {
		words := template.FuncMap{"t": func(key string, args ...any) string { return Text(lang, key, args...) }}
		all[lang] = template.Must(template.Must(template.New("paper").Funcs(words).Parse(paperHTML)).Parse(explanationsPart))
	}
	return all
}

// Paper makes all of a citizen's own page as something to print, A4, for who has no
// phone: vouchers with what is left, what they may be used for, until when and
// where; every purchase; what comes next, and why each award was given. It has no
// codes: those are on the cards. As on the page, nothing says what the citizen
// comes for.
// Back is where one comes from, for the screen; "": it is in a window of its own.
func Paper(page vouchers.OwnPage, lang Lang, back string) ([]byte, error) {
	own, err := NewOwn(page, lang, func(domain.ID) string { return "" })
	if err != nil {
		return nil, err
	}
	for i := range own.Courses {
		c := &own.Courses[i]
		if c.Over != "" {
			c.Over = Text(lang, c.Over)
		}
		for j := range c.Awards {
			c.Awards[j].Level, c.Awards[j].Rules = "", ""
		}
	}
	var html bytes.Buffer
	err = papers[lang].Execute(&html, map[string]any{
		"Lang": lang, "Style": template.CSS(explanationsCSS), "AsOf": DateText(page.AsOf, lang), "Own": own, "Back": back, //nolint:gosec // our own file
	})
	return html.Bytes(), err
}
