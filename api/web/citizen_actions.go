package web

import (
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// CitizenForm is a page with one form about a citizen.
type CitizenForm struct {
	At     string // where it is sent
	Name   string // of the action: the words' key is citizen.do.<name>
	Who    string // the citizen, by name or number
	Form   Input
	Fields []Field
	Move   *MovePreview // what a move would change; nil: it is not asked yet
}

// actions are the names of what can be done for a citizen now, in the order in
// which they are shown.
func actions(o vouchers.Overview) (names []string) {
	add := func(when bool, name string) {
		if when {
			names = append(names, name)
		}
	}
	if o.Citizen.Erased() {
		return nil
	}
	runs := o.Plan != nil && o.Plan.EndDate.IsZero()
	active := slices.ContainsFunc(o.Courses, func(c vouchers.Course) bool { return c.Enrolment.State == "active" })
	add(runs, "visit")
	add(runs, "sessions")
	add(runs, "goal")
	add(runs, "enrol")
	add(runs, "pause")
	add(runs && len(openPauses(o)) > 0, "resume")
	add(active, "grant")
	add(len(withholdable(o)) > 0, "withhold")
	add(len(behind(o)) > 0, "move")
	add(active, "leave")
	add(runs, "end")
	add(o.Plan == nil || !runs, "plan")
	names = append(names, "link", "letter")
	add(o.Keeps, "keep")
	return names
}

func openPauses(o vouchers.Overview) []domain.Pause {
	return slices.DeleteFunc(slices.Clone(o.Pauses), func(p domain.Pause) bool { return !p.LastDay.IsZero() })
}

// withholdable are the awards that can be asked to be withheld: what waits, and
// what nothing is spent of.
func withholdable(o vouchers.Overview) (list []domain.Award) {
	unspent := map[domain.ID]bool{}
	for _, v := range o.Live {
		unspent[v.AwardID] = v.Balance == v.Amount
	}
	for _, a := range o.Waiting {
		unspent[a.ID] = true
	}
	for _, c := range o.Courses {
		for _, a := range c.Awards {
			if unspent[a.ID] && (a.State == domain.AwardProposed || a.State == domain.AwardIssued) {
				list = append(list, a)
			}
		}
	}
	return list
}

// Sendable reports whether the action called name is one that can be taken now.
func Sendable(o vouchers.Overview, name string) bool { return slices.Contains(actions(o), name) }

// NewCitizenForm makes the page with an action's form, as the View's reader sees
// it. Programmes are those that can be joined.
func NewCitizenForm(o vouchers.Overview, v View, name string, in Input, programmes []vouchers.OpenProgramme) CitizenForm {
	v.Site = o.Site
	f := formFields{v: v, in: in, o: o, programmes: programmes}
	if fill := fieldsOf[name]; fill != nil {
		fill(&f)
	}
	at := "/citizens/" + v.ID("cit", o.Citizen.ID)
	return CitizenForm{At: at + "/" + name, Name: name, Who: Called(o.Citizen), Form: in, Fields: f.list}
}

// CalledIn is Called, in words for somebody who was erased.
func CalledIn(lang Lang, c domain.Citizen) string {
	if c.Erased() {
		return Text(lang, "citizen.nobody")
	}
	return Called(c)
}

// Called is what a citizen is called: by name, or by number where it is not known.
func Called(c domain.Citizen) string {
	if c.Name.Reveal() != "" {
		return c.Name.Reveal()
	}
	return c.Reference
}

// formFields gathers the fields of a form.
type formFields struct {
	v          View
	in         Input
	o          vouchers.Overview
	programmes []vouchers.OpenProgramme
	list       []Field
}

// add adds a field; its words' key is citizen.field.<name>.
func (f *formFields) add(name string, more ...any) {
	made, err := field(f.in, name, "citizen.field."+name, more...)
	if err != nil {
		panic(err) // a mistake in the program
	}
	f.list = append(f.list, made)
}

// today is today, as a date field takes it.
func (f *formFields) today() string { return "value=" + f.o.Today.String() }

// fieldsOf are the fields of each action's form.
var fieldsOf = map[string]func(f *formFields){
	"visit": func(f *formFields) {
		if session := f.in.Values.Get("session"); session != "" {
			f.add("session", f.sessions())
		} else {
			f.add("date", "type=date", f.today())
			f.add("time", "type=time")
			f.add("kind", f.kinds())
		}
		f.add("outcome", f.choices("outcome.", domain.Attended, domain.NoShow, domain.Excused, domain.Cancelled, domain.Late, domain.LeftEarly))
	},
	"sessions": func(f *formFields) {
		f.add("kind", f.kinds())
		f.add("date", "type=date", f.today())
		f.add("time", "type=time", "value=10:00")
		f.add("every", f.choices("citizen.every.", "once", "day", "week", "two_weeks"))
		f.add("count", "type=number", "mode=numeric", "value=1", "hint=citizen.hint.count")
	},
	"goal": func(f *formFields) {
		f.add("wording", "type=textarea", "most=1000", "hint=citizen.hint.wording")
		f.add("parent", f.goals(), "optional")
	},
	"enrol": func(f *formFields) {
		f.add("programme", Programmes(f.v, f.programmes))
		f.add("start", "type=date", "value="+f.o.Plan.StartDate.String())
	},
	"pause": func(f *formFields) {
		f.add("reason", f.choices("citizen.pause.", domain.PauseReasons...))
		f.add("first_day", "type=date", f.today())
		f.add("last_day", "type=date", "optional", "hint=citizen.hint.last_day")
	},
	"resume": func(f *formFields) {
		f.add("pause", f.pauses())
		f.add("last_day", "type=date", f.today(), "hint=citizen.hint.resume")
		f.add("because", "type=textarea", "most=500")
	},
	"grant": func(f *formFields) {
		f.add("enrolment", f.enrolments())
		f.add("amount", "mode=decimal", "hint=citizen.hint.amount")
		f.add("grounds", "type=textarea", "most=500", "hint=citizen.hint.grounds")
		f.add("evidence", "most=100", "hint=citizen.hint.evidence")
	},
	"withhold": func(f *formFields) {
		f.add("award", f.awards())
		f.add("grounds", "type=textarea", "most=500", "hint=citizen.hint.grounds")
		f.add("evidence", "most=100", "hint=citizen.hint.evidence")
	},
	"move": func(f *formFields) {
		f.add("enrolment", f.behind())
		f.add("on", "type=date", f.today())
		f.add("phase", "most=64", "optional", "hint=citizen.hint.phase")
		f.add("reason", "type=textarea", "most=500")
	},
	"keep": func(f *formFields) {
		f.add("until", "type=date", "hint=citizen.hint.until", "value="+f.o.Today.AddMonths(12).String())
		f.add("reason", "type=textarea", "most=500", "hint=citizen.hint.kept")
	},
	"leave": func(f *formFields) {
		f.add("enrolment", f.enrolments())
		f.add("ended_on", "type=date", f.today())
	},
	"end": func(f *formFields) {
		f.add("end_reason", f.choices("citizen.end.", "completed", "dropped_out", "moved", "other"))
		f.add("ended_on", "type=date", f.today())
	},
	"plan": func(f *formFields) {
		f.add("plan_reference", "most=100")
		f.add("assessment_date", "type=date")
		f.add("assessment_reference", "most=100", "hint=citizen.hint.evidence")
		f.add("start", "type=date", f.today())
	},
}

// choices makes a select of words of the catalogue.
func (f *formFields) choices(prefix string, values ...string) (list []Option) {
	for _, value := range values {
		list = append(list, Option{value, f.v.word(prefix, value)})
	}
	return list
}

// kinds are the kinds of session: those that are usual, and those that the plan
// has had.
func (f *formFields) kinds() []Option { return f.choices("citizen.kind.", kindsOf(f.o)...) }

// kindsOf are the kinds of session to choose among, the last one used first.
func kindsOf(o vouchers.Overview) (kinds []string) {
	for _, x := range slices.Backward(o.Past) {
		kinds = append(kinds, x.Kind)
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(append(kinds, "individual", "group", "appointment"), func(kind string) bool {
		again := seen[kind]
		seen[kind] = true
		return again
	})
}

// Programmes are the programmes that can be joined.
func Programmes(v View, programmes []vouchers.OpenProgramme) []Option {
	list := []Option{}
	for _, p := range programmes {
		list = append(list, Option{v.ID("prg", p.ID), v.In(p.Title)})
	}
	return list
}

func (f *formFields) sessions() (list []Option) {
	for _, x := range f.o.Past {
		if x.Attendance == nil {
			list = append(list, Option{f.v.ID("ses", x.Session.ID), f.v.Moment(x.At) + " · " + f.v.Kind(x.Kind)})
		}
	}
	return list
}

func (f *formFields) goals() []Option {
	list := []Option{{"", Text(f.v.Lang, "citizen.goal.none")}}
	for _, g := range f.o.Goals {
		if g.ParentID == nil && g.Kind == "goal" {
			list = append(list, Option{f.v.ID("gol", g.ID), g.Wording.Reveal()})
		}
	}
	return list
}

func (f *formFields) pauses() (list []Option) {
	for _, p := range openPauses(f.o) {
		list = append(list, Option{f.v.ID("pau", p.ID), f.v.word("citizen.pause.", p.Reason) + " · " + f.v.Date(p.FirstDay)})
	}
	return list
}

func (f *formFields) enrolments() (list []Option) {
	for _, c := range f.o.Courses {
		if c.Enrolment.State == "active" {
			list = append(list, Option{f.v.ID("enr", c.Enrolment.ID), f.v.In(c.Title)})
		}
	}
	return list
}

func (f *formFields) awards() (list []Option) {
	for _, a := range withholdable(f.o) {
		list = append(list, Option{f.v.ID("awd", a.ID), domain.FormatMoney(a.Amount, a.Currency) + " · " + f.v.Date(a.ReachedOn)})
	}
	return list
}
