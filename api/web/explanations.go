package web

import (
	"bytes"
	_ "embed" // the page is a file
	"fmt"
	"html/template"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/vouchers"
)

var (
	//go:embed templates/print/explanations.html
	explanationsHTML string
	//go:embed templates/print/explanations_part.html
	explanationsPart string
	//go:embed templates/print/explanations.css
	explanationsCSS string

	explanationsPage = template.Must(template.Must(template.New("explanations").Parse(explanationsHTML)).Parse(explanationsPart))
)

// ExplanationsPolicy is the explanations' and the Paper's Content-Security-Policy: the page's own
// style, and nothing from anywhere.
var ExplanationsPolicy = policy(explanationsCSS)

// explained is the page in one language.
type explained struct {
	Lang, Title, AsOf string
	Next              *nextTime // nil: there is none
	Over              string    // why there is no next time
	Awards            []award   // the newest first
	Total             string    // of the vouchers issued
	Words             map[string]string
	Style             template.CSS

	english  bool
	currency string
	site     *time.Location
}

type nextTime struct {
	When        string // date and time of the session; "" when none is planned
	Met, Missed string
}

type award struct {
	Date, Amount string
	State        string // given, waiting, rejected, withdrawn or nothing
	Why          []string
	Note         string
	Level, Rules string
}

// pageWords are the page's fixed words.
var pageWords = map[bool]map[string]string{
	false: {
		"next": "Næste gang", "had": "Det har du fået", "total": "I alt", "none": "Intet endnu.",
		"idle": "Lige nu er der ikke mere at få.", "ask": "Spørg os, hvornår næste gang er.", "wrong": "Passer noget ikke? Sig det til os, så retter vi det.", "asof": "Skrevet",
	},
	true: {
		"next": "Next time", "had": "What you have had", "total": "In all", "none": "Nothing yet.",
		"idle": "There is no more to get just now.", "ask": "Ask us when next time is.", "wrong": "Is something wrong? Tell us, and we will put it right.", "asof": "Written",
	},
}

// Explanations makes the page that tells a citizen why each award is what it is,
// and what the next visit brings: A4, large type. It is carried in a pocket, so it
// says nothing of what the visits are for: no name of a person or a unit, no
// phase and no kind of session; the programme's title and dates only.
func Explanations(x vouchers.Explanations, english bool) ([]byte, error) {
	p := &explained{
		Lang: "da", english: english, currency: x.Standing.Currency, site: x.Site, Words: pageWords[english],
		Style: template.CSS(explanationsCSS), //nolint:gosec // our own file
	}
	if english {
		p.Lang = "en"
	}
	p.Title, p.AsOf, p.Total = p.in(x.Title), p.date(x.AsOf), domain.FormatMoneyShort(x.Received, p.currency)
	p.next(x)
	for _, told := range slices.Backward(x.Awards) {
		p.Awards = append(p.Awards, p.award(told))
	}
	var page bytes.Buffer
	err := explanationsPage.Execute(&page, p)
	return page.Bytes(), err
}

// in gives a text in the page's language.
func (p *explained) in(t rules.Text) string {
	if p.english {
		return t.EN
	}
	return t.DA
}

func (p *explained) date(d domain.Date) string {
	return p.in(rules.Text{DA: d.Danish(), EN: d.English()})
}

func (p *explained) next(x vouchers.Explanations) {
	switch {
	case x.Next == nil && x.Standing.Progress.Finished:
		p.Over = p.in(x.Standing.Progress.Text)
		return
	case x.Next == nil && paysNothing(x.Standing.Progress):
		p.Over = p.Words["idle"]
		return
	case x.Next == nil:
		p.Over = p.Words["ask"]
		return
	}
	met, missed := x.Next.Ahead.Text(p.currency)
	p.Next = &nextTime{Met: p.in(met), Missed: p.in(missed)}
	if x.Next.SessionID != nil {
		p.Next.When = p.when(x.Next.At.In(p.site))
	}
}

var danishDays = [...]string{"Søndag", "Mandag", "Tirsdag", "Onsdag", "Torsdag", "Fredag", "Lørdag"}

// when writes a date and time at the site.
func (p *explained) when(at time.Time) string {
	day := p.date(domain.DateOf(at, p.site))
	if p.english {
		return fmt.Sprintf("%s %s at %s", at.Weekday(), day, at.Format("15:04"))
	}
	return fmt.Sprintf("%s %s kl. %s", danishDays[at.Weekday()], day, at.Format("15.04"))
}

func (p *explained) award(t vouchers.Told) award {
	a := award{Date: p.date(t.Award.ReachedOn), State: t.State, Note: p.in(t.Note), Level: p.level(t.Rules)}
	for _, why := range t.Why {
		a.Why = append(a.Why, p.in(why))
	}
	a.Amount = domain.FormatMoneyShort(Worth(t), p.currency)
	from := p.date(t.Version.InForceFrom)
	a.Rules = p.in(rules.Text{DA: fmt.Sprintf("Regler: version %d fra %s", t.Version.Number, from), EN: fmt.Sprintf("Rules: version %d from %s", t.Version.Number, from)})
	return a
}

// Worth is the amount of an award as the citizen is told of it, in minor units:
// what vouchers were issued for, or else what it comes to.
func Worth(t vouchers.Told) int64 {
	if t.Award.Granted == 0 && t.State != "withdrawn" {
		return t.Award.Amount
	}
	return t.Award.Granted
}

// paysNothing reports whether the next reward is worth nothing of any kind.
func paysNothing(p rules.Progress) bool {
	return p.NeededForNext > 0 && p.NextAmount == 0 && p.NextDraws == 0 && p.NextTickets == 0 && p.Tokens == nil
}

// level says where the award was paid and what pays next; nothing where there is
// one level only.
func (p *explained) level(e rules.Explanation) string {
	switch {
	case e.LevelBefore == 1 && e.LevelAfter == 1:
		return ""
	case e.LevelBefore == e.LevelAfter:
		return p.in(rules.Text{DA: fmt.Sprintf("Trin %d", e.LevelBefore), EN: fmt.Sprintf("Step %d", e.LevelBefore)})
	default:
		return p.in(rules.Text{DA: fmt.Sprintf("Fra trin %d til trin %d", e.LevelBefore, e.LevelAfter), EN: fmt.Sprintf("From step %d to step %d", e.LevelBefore, e.LevelAfter)})
	}
}
