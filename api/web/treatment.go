package web

import (
	"slices"
	"strconv"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// Treatment is what the page called treatment shows.
type Treatment struct {
	Year, Unit, Programme    string // what is chosen
	Years                    []Option
	Units, Programmes        []Option // nil: there is nothing to choose
	What                     []string // what is chosen, in words
	Courses                  bool     // they are told of
	Began, Left, Through     string
	Curve                    *Curve // nil: nothing to draw
	Visits                   Visits
	Outcomes                 []OutcomeCount
	Groups                   []Visits
	ByUnit                   bool
	Vouchers                 bool // they are told of
	Issued, Soon, Same, Gone string
	Lost                     string // what lapsed, in money
}

// Visits are the visits of one group.
type Visits struct {
	Name       string
	Hidden     bool
	Came, Away string // the shares that came and did not, without word; "" where there was nothing to come to
	Of         string // visits that somebody could have come to
}

// OutcomeCount is how many visits ended so.
type OutcomeCount struct{ Name, Number string }

// treatmentYears is how many years can be chosen.
const treatmentYears = 4

// NewTreatment makes what the page called treatment shows.
func NewTreatment(f vouchers.UnitFigures, asked vouchers.FiguresAsked, v View) Treatment {
	p := Treatment{Year: strconv.Itoa(f.Year), Courses: !f.Courses.Hidden, Vouchers: !f.Vouchers.Hidden, ByUnit: asked.UnitID == domain.ID{} && len(f.Units) > 0}
	p.choices(f, asked, v)
	c := f.Courses
	p.Began, p.Left, p.Through = strconv.Itoa(c.Began), strconv.Itoa(c.Left), strconv.Itoa(c.Through)
	if len(c.Remaining) > 1 {
		curve := newCurve(c.Remaining, v)
		p.Curve = &curve
	}
	p.Visits = v.visits("", f.Visits)
	for _, outcome := range []string{domain.Attended, domain.Late, domain.LeftEarly, domain.NoValidSample, domain.NoShow, domain.Excused, domain.Cancelled, domain.Pending} {
		if n := f.Visits.Outcomes[outcome]; n > 0 {
			p.Outcomes = append(p.Outcomes, OutcomeCount{Outcome(outcome, v.Lang), strconv.FormatInt(n, 10)})
		}
	}
	for _, g := range f.Groups {
		name := g.Name
		if name == "" {
			name = Text(v.Lang, "treatment.no_programme")
		}
		p.Groups = append(p.Groups, v.visits(name, g.VisitFigures))
	}
	h := f.Vouchers
	p.Issued, p.Gone, p.Lost = strconv.FormatInt(h.Vouchers, 10), strconv.FormatInt(h.Lapsed, 10), domain.FormatMoneyShort(h.LapsedAmount, "DKK")
	if h.Earned > 0 {
		p.Soon, p.Same = v.soon(h.Days), v.percent(float64(h.SameDay)/float64(h.Earned))
	}
	return p
}

// choices are the years, units and programmes between which one can choose.
func (p *Treatment) choices(f vouchers.UnitFigures, asked vouchers.FiguresAsked, v View) {
	for year := f.Today.Year; year >= min(f.Today.Year-treatmentYears, f.Year); year-- {
		text := strconv.Itoa(year)
		p.Years = append(p.Years, Option{text, text})
	}
	if len(f.Units) > 0 {
		p.Units = []Option{{"", Text(v.Lang, "today.all_units")}}
	}
	for _, u := range f.Units {
		p.Units = append(p.Units, Option{v.ID("unt", u.ID), u.Name})
	}
	if len(f.Programmes) > 0 {
		p.Programmes = []Option{{"", Text(v.Lang, "treatment.all_programmes")}}
	}
	for _, each := range f.Programmes {
		title := each.TitleDA
		if v.Lang == English {
			title = each.TitleEN
		}
		p.Programmes = append(p.Programmes, Option{v.ID("prg", each.ID), title})
	}
	if asked.UnitID != (domain.ID{}) {
		p.Unit = v.ID("unt", asked.UnitID)
	}
	if asked.ProgrammeID != (domain.ID{}) {
		p.Programme = v.ID("prg", asked.ProgrammeID)
	}
	for _, o := range slices.Concat(p.Years, p.Units, p.Programmes) {
		if slices.Contains([]string{p.Year, p.Unit, p.Programme}, o.Value) {
			p.What = append(p.What, o.Text)
		}
	}
}

// visits are the visits of one group.
func (v View) visits(name string, f vouchers.VisitFigures) Visits {
	x := Visits{Name: name, Hidden: f.Hidden}
	came, of := f.Came()
	x.Of = strconv.FormatInt(of, 10)
	if of > 0 {
		x.Came, x.Away = v.percent(float64(came)/float64(of)), v.percent(float64(f.Outcomes[domain.NoShow])/float64(of))
	}
	return x
}

// soon writes a number of days from a visit on.
func (v View) soon(n int) string {
	switch n {
	case 0:
		return Text(v.Lang, "treatment.same_day")
	case 1:
		return Text(v.Lang, "approvals.age_1")
	}
	return Text(v.Lang, "approvals.age", strconv.Itoa(n))
}

// percent writes a share as the reader does, in whole percent.
func (v View) percent(share float64) string {
	whole := strconv.Itoa(int(share*100 + 0.5))
	if v.Lang == English {
		return whole + "%"
	}
	return whole + "\u00a0%"
}
