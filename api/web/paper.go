package web

import (
	"bytes"
	_ "embed" // the page is a file
	"html/template"
	"strconv"

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

// Paper makes a year of a citizen's own page as something to print, A4, for who has
// no phone: where and when what was had was used, and why it was given; in the
// current year also vouchers with what is left, what they may be used for, until when
// and where, and what comes next. It has no codes: those are on the cards. As on the
// page, nothing says what the citizen comes for. At gives a
// year's address, and back is where one comes from, for the screen; "": it is in a window of its own.
func Paper(page vouchers.OwnPage, lang Lang, back string, at func(year int) string) ([]byte, error) {
	own, err := NewOwn(page, lang, func(domain.ID) string { return "" })
	if err != nil {
		return nil, err
	}
	for i := range own.Courses {
		if c := &own.Courses[i]; c.Over != "" {
			c.Over = Text(lang, c.Over)
		}
	}
	var years []Choice
	for _, year := range page.Years {
		choice := Choice{Name: strconv.Itoa(year)}
		if year != page.Year {
			choice.Address = at(year)
		}
		years = append(years, choice)
	}
	var html bytes.Buffer
	err = papers[lang].Execute(&html, map[string]any{
		"Lang": lang, "Style": template.CSS(explanationsCSS), "AsOf": dateText(page.AsOf, lang), "Own": own, "Back": back, //nolint:gosec // our own file
		"Year": strconv.Itoa(page.Year), "Years": years, "Now": page.Year == page.AsOf.Year, "More": page.Vouchers.More || page.Had.More,
	})
	return html.Bytes(), err
}
