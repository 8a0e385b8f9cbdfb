package web

import (
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/vouchers"
)

// Citizen is what the page of a citizen shows.
type Citizen struct {
	At        string // the page's address
	MayLog    bool   // the reader may see when somebody looked at the citizen
	Reference string
	Name      string // "" when it is not known
	Born      string
	Years     int
	CPR       string
	Phone     string
	Unit      string
	Erased    bool
	Held      *KeptUntil // until a day; nil: it is not
	EraseOn   string     // when it is erased by itself; "": not by itself, not yet known, or held
	EraseSoon bool       // it is, once nothing waits and nothing can be spent
	Plan      *Plan      // nil: there is none yet
	Plans     []Choice
	Courses   []Course
	Strip     Strip
	Ahead     []Ahead
	MoreAhead bool
	Goals     []Goal
	Pauses    []Pause
	Waiting   []Waiting
	Live      []Voucher
	Had       []Voucher
	Actions   []string // names of those that can be taken now
}

// KeptUntil says that what is known of a citizen is not erased.
type KeptUntil struct{ Until, Because, By string }

// Plan is a plan as its page's heading shows it.
type Plan struct {
	ID, Reference, Start, End, EndReason, Assessment, Caseworker string
}

// Course is a citizen's way through a programme.
type Course struct {
	Title, Start, Ended string
	Version             int
	Text                string // what is missing to the next reward
	Earned              string
	NextAt              string // when it can be; "" when nothing is planned
	Met, Missed         string // what the next visit brings
}

// Ahead is a session that is planned.
type Ahead struct{ When, Kind string }

// Goal is a goal with its sub-goals.
type Goal struct {
	ID, Wording, State, On string
	Phase                  bool
	Reach                  string // where it is told that it is reached; "": it cannot be
	Parts                  []Goal
}

// Pause is a time in which the plan rests.
type Pause struct {
	ID, Reason, From, To string
	Open                 bool // no last day is set
}

// Waiting is what waits for somebody's decision.
type Waiting struct {
	What, Amount, Since, Why string
	Because                  []string
}

// Voucher is a voucher in a list.
type Voucher struct {
	ID, Serial, Amount, Balance, State, Until, Issued string
	For, NotFor                                       string // "" when the programme does not say
	Usable                                            bool   // its card can be printed
}

// View says how a page is read: in which language, and what things are called in
// its addresses.
type View struct {
	Lang Lang
	ID   func(prefix string, id domain.ID) string
	Site *time.Location
}

// Date writes a date as the reader does; "" for none.
func (v View) Date(d domain.Date) string {
	switch {
	case d.IsZero():
		return ""
	case v.Lang == English:
		return d.English()
	}
	return d.Danish()
}

// Moment writes a date and a time of day at the site, with the weekday.
func (v View) Moment(at time.Time) string {
	at = at.In(v.Site)
	day := v.Date(domain.DateOf(at, v.Site))
	if v.Lang == English {
		return at.Weekday().String()[:3] + " " + day + " at " + at.Format("15:04")
	}
	return strings.ToLower(string([]rune(danishDays[at.Weekday()])[:3])) + ". " + day + " kl. " + at.Format("15.04")
}

// In gives a text in the reader's language.
func (v View) In(t rules.Text) string {
	if v.Lang == English {
		return t.EN
	}
	return t.DA
}

// Kind is the word for a kind of session: ours, or else the programme's own.
func (v View) Kind(kind string) string { return v.word("citizen.kind.", kind) }

// word is the catalogue's word, or else the slug itself made readable.
func (v View) word(prefix, slug string) string {
	if Has(prefix + slug) {
		return Text(v.Lang, prefix+slug)
	}
	return strings.NewReplacer("_", " ", "-", " ").Replace(slug)
}

func (v View) goods(kinds []string) string {
	if v.Lang == English {
		return english(kinds)
	}
	return danish(kinds)
}

// NewCitizen makes what the page of a citizen shows.
func NewCitizen(o vouchers.Overview, lang Lang, id func(string, domain.ID) string) Citizen {
	v := View{lang, id, o.Site}
	c := Citizen{
		At: "/citizens/" + id("cit", o.Citizen.ID), Reference: o.Citizen.Reference, Name: o.Citizen.Name.Reveal(), Born: v.Date(o.Citizen.BirthDate), Years: o.Citizen.BirthDate.YearsUntil(o.Today),
		CPR: o.Citizen.CPR.Reveal(), Phone: o.Citizen.Phone.Reveal(), Unit: o.Unit.Name, Goals: v.goals(o), Strip: v.strip(o),
	}
	c.keeps(v, o)
	for _, p := range o.Plans {
		if o.Plan != nil && p.ID != o.Plan.ID {
			c.Plans = append(c.Plans, Choice{Name: p.Reference + " · " + v.Date(p.StartDate), Address: c.At + "?plan=" + id("pln", p.ID)})
		}
	}
	if p := o.Plan; p != nil {
		c.Plan = &Plan{ID: id("pln", p.ID), Reference: p.Reference, Start: v.Date(p.StartDate), End: v.Date(p.EndDate), EndReason: p.EndReason, Assessment: strings.TrimSpace(p.AssessmentReference + " " + v.Date(p.AssessmentDate)), Caseworker: p.Caseworker}
	}
	for _, x := range o.Courses {
		c.Courses = append(c.Courses, v.course(x))
	}
	c.MoreAhead = len(o.Ahead) > nearest
	for _, x := range o.Ahead[:min(len(o.Ahead), nearest)] {
		c.Ahead = append(c.Ahead, Ahead{v.Moment(x.StartsAt), v.Kind(x.Kind)})
	}
	for _, p := range o.Pauses {
		c.Pauses = append(c.Pauses, Pause{ID: id("pau", p.ID), Reason: p.Reason, From: v.Date(p.FirstDay), To: v.Date(p.LastDay), Open: p.LastDay.IsZero()})
	}
	c.Waiting = v.waiting(o)
	for _, x := range o.Live {
		c.Live = append(c.Live, v.voucher(x))
	}
	for _, x := range o.Had {
		c.Had = append(c.Had, v.voucher(x))
	}
	c.Actions = actions(o)
	return c
}

// keeps says for how long what is known of the citizen is kept.
func (c *Citizen) keeps(v View, o vouchers.Overview) {
	c.Erased = o.Citizen.Erased()
	day := o.Erasure.Day(o.Citizen.ClosedOn)
	if until := o.Citizen.KeptUntil; !c.Erased && !until.Before(o.Today) {
		c.Held = &KeptUntil{v.Date(until), o.Citizen.KeptBecause.Reveal(), o.Citizen.KeptBy}
		if !until.Before(day) {
			return
		}
	}
	if c.EraseSoon = !day.IsZero() && !o.Today.Before(day); !c.EraseSoon {
		c.EraseOn = v.Date(day)
	}
}

// nearest is how many of the sessions ahead are written out.
const nearest = 5

func (v View) course(x vouchers.Course) Course {
	currency := x.Standing.Currency
	c := Course{
		Title: v.In(x.Title), Version: x.Version, Start: v.Date(x.Enrolment.StartDate), Ended: v.Date(x.Enrolment.EndedOn),
		Text: v.In(x.Standing.Progress.Text), Earned: domain.FormatMoneyShort(x.Standing.Progress.Earned, currency),
	}
	if x.Next != nil {
		met, missed := x.Next.Ahead.Text(currency)
		c.Met, c.Missed = v.In(met), v.In(missed)
		if x.Next.SessionID != nil {
			c.NextAt = v.Moment(x.Next.At)
		}
	}
	return c
}

// goals puts sub-goals below their goals.
func (v View) goals(o vouchers.Overview) (list []Goal) {
	all := o.Goals
	shown := func(g domain.Goal) Goal {
		shown := Goal{ID: v.ID("gol", g.ID), Wording: g.Wording.Reveal(), State: g.State, On: v.Date(g.ReachedOn), Phase: g.Kind == "phase"}
		if g.State == "open" {
			shown.Reach = "/citizens/" + v.ID("cit", o.Citizen.ID) + "/goals/" + shown.ID + "?plan=" + v.ID("pln", g.PlanID)
		}
		return shown
	}
	at := map[domain.ID]int{}
	for _, g := range all {
		if g.ParentID == nil {
			at[g.ID] = len(list)
			list = append(list, shown(g))
		}
	}
	for _, g := range all {
		if g.ParentID != nil {
			parent := &list[at[*g.ParentID]]
			parent.Parts = append(parent.Parts, shown(g))
		}
	}
	return list
}

func (v View) waiting(o vouchers.Overview) (list []Waiting) {
	for _, a := range o.Waiting {
		w := Waiting{What: "award", Amount: domain.FormatMoney(a.Amount-a.Granted, a.Currency), Since: v.Date(a.ReachedOn), Why: a.Grounds.Reveal()}
		for _, because := range a.Waits() {
			w.Because = append(w.Because, v.word("citizen.because.", because))
		}
		list = append(list, w)
	}
	for _, w := range o.Asked {
		list = append(list, Waiting{What: "withholding", Amount: domain.FormatMoney(w.Amount, o.Courses[0].Standing.Currency), Since: v.Date(domain.DateOf(w.CreatedAt, v.Site)), Why: w.Reason.Reveal()})
	}
	return list
}

func (v View) voucher(x domain.Voucher) Voucher {
	return Voucher{
		ID: v.ID("vch", x.ID), Serial: x.Serial, Amount: domain.FormatMoney(x.Amount, x.Currency), Balance: domain.FormatMoney(x.Balance, x.Currency), State: string(x.State),
		Until: v.Date(lastDay(x.ValidTo, v.Site)), Issued: v.Date(domain.DateOf(x.CreatedAt, v.Site)), For: v.goods(x.Categories), NotFor: v.goods(x.Excluded), Usable: x.Spendable(),
	}
}
