package rules

import (
	"fmt"
	"strings"

	"github.com/fasthold/fasthold/domain"
)

// Sentence says in words what one place of the document says.
type Sentence struct {
	Path string `json:"path"`
	Text
}

// Sentences renders the document so that a council can adopt what it reads:
// every value that changes money is in them, and so is what the document leaves
// unsaid.
func (d Document) Sentences() []Sentence {
	w := &writer{d: &d}
	w.head()
	for i := range d.Phases {
		w.phase(i)
	}
	w.funder()
	for i := range d.Caps {
		w.cap(i)
	}
	w.times()
	w.clawBack()
	v := d.Voucher
	partial := Text{"Det skal bruges på én gang.", "It is spent at once."}
	if v.Partial {
		partial = Text{"Det kan bruges ad flere gange.", "It may be spent in parts."}
	}
	w.add("voucher", "Et gavekort gælder i %d dage og kan bruges til %s. %s", "A voucher is valid for %d days and buys %s. %s",
		v.ValidDays, saidAll(v.Categories, "og", "and"), partial)
	if len(v.Excluded) > 0 {
		w.add("voucher.excluded", "Det kan ikke bruges til %s.", "It does not buy %s.", saidAll(v.Excluded, "eller", "or"))
	}
	return w.out
}

// writer collects sentences.
type writer struct {
	d   *Document
	out []Sentence
}

// add writes one sentence in both languages from the same values: a Text among
// them stands for itself in each.
func (w *writer) add(path, da, en string, values ...any) {
	danish, english := make([]any, len(values)), make([]any, len(values))
	for i, v := range values {
		danish[i], english[i] = v, v
		if t, ok := v.(Text); ok {
			danish[i], english[i] = t.DA, t.EN
		}
	}
	one := func(s string) string { return strings.ReplaceAll(s, "kr..", "kr.") } // the abbreviation's dot ends the sentence too
	w.out = append(w.out, Sentence{path, Text{DA: one(fmt.Sprintf(da, danish...)), EN: one(fmt.Sprintf(en, english...))}})
}

func (w *writer) money(minor int64) string { return domain.FormatMoneyShort(minor, w.d.Currency) }

func (w *writer) head() {
	d := w.d
	w.add("title", "%s (%s), efter %s.", "%s (%s), under %s.", d.Title, d.Programme, law(d.LegalBasis))
	if d.Age.To == 0 {
		w.add("age", "For borgere fra %d år.", "For citizens from the age of %d.", d.Age.From)
	} else {
		w.add("age", "For borgere fra %d til og med %d år.", "For citizens from the age of %d to %d.", d.Age.From, d.Age.To)
	}
	if d.Mode == Automatic {
		w.add("mode", "Gavekortet udstedes straks.", "The voucher is issued at once.")
	} else {
		w.add("mode", "En medarbejder godkender hvert gavekort.", "A caseworker approves each voucher.")
	}
	w.add("time_zone", "Datoer følger %s.", "Dates follow %s.", SaidZone(d.TimeZone))
}

// SaidZone names a time zone as people do.
func SaidZone(name string) Text {
	if name == "Europe/Copenhagen" {
		return Text{"dansk tid", "Danish time"}
	}
	return Text{"tiden i " + name, "the time in " + name}
}

// phase writes what one phase says.
func (w *writer) phase(i int) {
	p, path := &w.d.Phases[i], fmt.Sprintf("phases[%d]", i)
	w.add(path, "Fase %d, »%s«: %s.", "Phase %d, “%s”: %s.", i+1, p.Name, p.span())
	if c := p.Carry; c != nil {
		w.add(path+".carry", "Fra fasen før: niveauet %s, og rækken af fremmøder %s.", "From the phase before: the level %s, and the streak %s.",
			pick(c.Level, Text{"følger med", "comes along"}, Text{"begynder forfra", "begins again"}), pick(c.Streak, Text{"følger med", "comes along"}, Text{"begynder forfra", "begins again"}))
	}
	if p.Opportunities != nil {
		w.add(path+".opportunities", "%s.", "%s.", p.Opportunities.text())
	}
	w.add(path+".target", "Målet er %s.", "The target is %s.", p.Target.text())
	w.outcomes(path+".outcomes", &p.Outcomes)
	w.makeUp(path, p.MakeUp)
	if r := p.Requirement.Rising; r != nil {
		w.add(path+".requirement", "Den første belønning kræver %d opfyldte fremmøder, hver næste %d mere, højst %d.", "The first reward takes %d met visits, each next one %d more, at most %d.", r.Start, r.Step, r.Ceiling)
	} else {
		w.add(path+".requirement", "Hver belønning kræver %s.", "Each reward takes %s.", metVisits(p.Requirement.Met))
	}
	if p.Draws != nil {
		w.draws(path, p)
		return
	}
	w.magnitude(path, p)
	w.moves(path, p)
	for j, b := range p.Bonus {
		w.add(fmt.Sprintf("%s.bonus[%d]", path, j), "Bonus: %s %s.", "Bonus: %s %s.", w.money(b.Amount), b.text())
	}
}

// metVisits writes "1 met visit" and "2 met visits".
func metVisits(n int) Text {
	if n == 1 {
		return Text{"1 opfyldt fremmøde", "1 met visit"}
	}
	return Text{fmt.Sprintf("%d opfyldte fremmøder", n), fmt.Sprintf("%d met visits", n)}
}

func pick(yes bool, a, b Text) Text {
	if yes {
		return a
	}
	return b
}

// outcomes writes what each outcome does, and which of them are not stated.
func (w *writer) outcomes(path string, o *Outcomes) {
	var da, en, silentDA, silentEN []string
	for _, outcome := range missed {
		name, e := outcomeTexts[outcome], o.of(outcome)
		if e == "" {
			silentDA, silentEN = append(silentDA, name.DA), append(silentEN, name.EN)
			continue
		}
		t := e.text()
		da, en = append(da, name.DA+" "+t.DA), append(en, name.EN+" "+t.EN)
	}
	w.add(path, "%s.", "%s.", Text{capital(strings.Join(da, "; ")), capital(strings.Join(en, "; "))})
	if len(silentDA) > 0 {
		w.add(path+".unstated", "Ikke nævnt, og derfor ingen mulighed for belønning og intet tab: %s. Er borgeren mødt for sent eller gået før tid, så målet ikke er nået, er det en misset mulighed.",
			"Not stated, and so no opportunity and no loss: %s. An attended visit that misses the target by coming late or leaving early is a miss.",
			Text{strings.Join(silentDA, ", "), strings.Join(silentEN, ", ")})
	}
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func (e Effect) text() Text {
	switch e {
	case Met:
		return Text{"tæller som opfyldt", "counts as met"}
	case NotMet:
		return Text{"er en misset mulighed", "is a miss"}
	case Hold:
		return Text{"giver intet og ændrer intet", "pays nothing and changes nothing"}
	default:
		return Text{"tæller slet ikke med", "does not count at all"}
	}
}

// cap writes one cap.
func (w *writer) cap(i int) {
	c := &w.d.Caps[i]
	limit := c.limit(w.d.Currency)
	period := map[string]Text{
		PerAward: {"pr. belønning", "per award"}, Month: {"pr. kalendermåned", "per calendar month"}, CalendarYear: {"pr. kalenderår", "per calendar year"},
		RollingYear: {"inden for et år regnet bagud fra hver dag", "within the year up to each day"}, Episode: {"i hele forløbet", "in the whole course"}, Lifetime: {"i alt for borgeren", "for the citizen in all"},
	}[c.Period]
	end := map[string]Text{
		PayRest: {"er der mindre tilbage, udbetales resten", "where less is left, the rest is paid"}, Deny: {"det, der ikke er plads til, bortfalder", "what does not fit is not paid"},
		Stop:     {"passer det næste ikke helt, gives der ikke mere", "once the next does not fit whole, nothing more is paid"},
		Truncate: {"den lodtrækning, der går ud over det, og de følgende bortfalder", "the draw that passes it, and those after, pay nothing"},
	}[c.AtLimit]
	if c.AtLimit == Stop && !c.lasting() {
		end = Text{end.DA + " før næste periode", end.EN + " until the next period"}
	}
	w.add(fmt.Sprintf("caps[%d]", i), "Højst %s %s; %s.", "At most %s %s; %s.", limit, Text{period.DA + c.reading().DA, period.EN + c.reading().EN}, end)
}

// Change is one place where two documents differ. Path is that of the later
// document; a nil side: the document says nothing there.
type Change struct {
	Path   string `json:"path"`
	Before *Text  `json:"before,omitempty"`
	After  *Text  `json:"after,omitempty"`
}

// Diff gives what changes from one document to another, sentence by sentence in
// the order of the documents; nothing when they say the same.
func Diff(from, to Document) []Change {
	was, is := map[string]Text{}, map[string]Text{}
	for _, s := range from.Sentences() {
		was[s.Path] = s.Text
	}
	var changes []Change
	for _, s := range to.Sentences() {
		is[s.Path] = s.Text
		if before, ok := was[s.Path]; !ok {
			changes = append(changes, Change{Path: s.Path, After: &s.Text})
		} else if before != s.Text {
			changes = append(changes, Change{Path: s.Path, Before: &before, After: &s.Text})
		}
	}
	for _, s := range from.Sentences() {
		if _, ok := is[s.Path]; !ok {
			changes = append(changes, Change{Path: s.Path, Before: &s.Text})
		}
	}
	return changes
}
