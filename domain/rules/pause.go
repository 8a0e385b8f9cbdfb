package rules

import (
	"math"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// Pause says what a pause of one reason does.
type Pause struct {
	Reason  string `json:"reason"`             // Closure, ResidentialCare, Prison or Leave
	Clock   string `json:"clock"`              // Stops or Runs
	Level   string `json:"level"`              // at the return: Keep, ToStart or ToPrevious
	Streak  string `json:"streak"`             // at the return: Keep or Restart
	MaxDays int    `json:"max_days,omitempty"` // after so many days visits count again, and the clock runs; 0: no limit
}

// The words of a pause and of a readmission.
const (
	Closure         = "closure"          // the provider is closed
	ResidentialCare = "residential_care" // the citizen is in residential care
	Prison          = "prison"           // the citizen is in prison
	Leave           = "leave"            // the citizen is away by agreement
	Stops           = "stops"            // clock: the phase is longer by the days away
	Runs            = "runs"             // clock: the phase goes on meanwhile
	Restarts        = "restarts"         // clock, at a readmission: the phase begins again at the return
	Restart         = "restart"          // streak: it begins again
)

// Reasons are those for which a treatment is paused.
var Reasons []string = pauseReasons

// Pausing is a time in which visits do not count, as a state keeps it until an
// award after it. Why is not in it: that is nobody's business who sees an award.
type Pausing struct {
	From       domain.Date `json:"from"`
	Until      domain.Date `json:"until,omitzero"`       // the last day; zero: until it is told
	Clock      string      `json:"clock"`                // Stops, Runs or Restarts
	Level      string      `json:"level"`                // what the return did to the level: Keep, ToStart or ToPrevious
	Streak     string      `json:"streak"`               // and to the streak: Keep or Restart
	Readmitted bool        `json:"readmitted,omitempty"` // it lay between two enrolments of one episode (Readmit)
}

// Paused is the item of a history that says that visits from one date to another,
// both included, do not count; until is zero while nobody knows when it ends.
func (d Document) Paused(id, reason string, from, until domain.Date) Opportunity {
	at := from.In(d.Location())
	if domain.DateOf(at, d.Location()) != from { // in some zones the clock skips midnight, once a year
		at = at.Add(time.Hour)
	}
	return Opportunity{ID: id, At: at, Pause: reason, Until: until}
}

// HasPause reports whether the document says what a pause of that reason does.
func (d Document) HasPause(reason string) bool { return d.pauseOf(reason) != nil }

func (d *Document) pauseOf(reason string) *Pause {
	for i := range d.Pauses {
		if d.Pauses[i].Reason == reason {
			return &d.Pauses[i]
		}
	}
	return nil
}

// forever is the last day of a pause that nobody has ended.
const forever = math.MaxInt32

// last is the pause's last day.
func (p *Pausing) last() int {
	if p.Until.IsZero() {
		return forever
	}
	return dayOf(p.Until)
}

// pause folds a pause: all of it at once, since no visit on its days counts. Of
// days that two pauses share, the one that began first decides.
func (f *fold) pause(o *Opportunity) {
	rule := f.doc.pauseOf(o.Pause)
	if rule == nil {
		return
	}
	from, until := f.site.day(o.At), forever
	if !o.Until.IsZero() {
		until = dayOf(o.Until)
	}
	if rule.MaxDays > 0 {
		until = min(until, from+rule.MaxDays-1)
	}
	if p := f.state.Pause; p != nil {
		from = max(from, p.last()+1)
	}
	if until < from {
		return
	}
	f.away(Pausing{Clock: rule.Clock, Level: rule.Level, Streak: rule.Streak}, from, until)
}

// away folds days on which no visit counts, and the return after them. Days
// before the programme or after its end change nothing.
func (f *fold) away(p Pausing, from, until int) {
	first := max(from, f.first)
	if until < first || !f.enter(first) {
		return
	}
	p.From = dateOf(from)
	if until < forever {
		p.Until = dateOf(until)
	}
	f.rest(p, first, until)
}

// rest is away within the programme.
func (f *fold) rest(p Pausing, first, until int) {
	s := &f.state
	s.Pause = &p
	switch {
	case until == forever:
	case p.Clock == Restarts:
		f.restart(until + 1)
	case p.Clock == Stops:
		s.Place.Stopped += max(0, until+1-first)
		f.open()
	case !f.enter(until + 1):
		return
	}
	f.comeBack(until)
}

// comeBack does to level and streak what the pause says, on the day after its
// last one. Like a reset it does not open a table again that has ended.
func (f *fold) comeBack(last int) {
	s, at := &f.state, &f.state.Place
	if f.weekly && last < forever && s.Pause.Level != Keep { // the weeks gone by count up to the level that the return leaves
		f.toWeek(last + 1 - f.first)
	}
	switch level := s.Pause.Level; {
	case f.phase.over(at.Level):
	case level == ToStart:
		at.Level = 0
		at.forget()
	case level == ToPrevious:
		at.Level = max(0, at.Level-1)
	}
	if s.Pause.Streak == Restart {
		at.Streak, at.Run, at.Recover, s.Met = 0, 0, 0, nil
	}
}

// paused reports whether visits on a day do not count.
func (f *fold) paused(day int) bool { return f.state.Pause != nil && day <= f.state.Pause.last() }

// lastDay is the last day on which a visit counts; zero when the calendar alone
// does not say, or a pause stops it that nobody has ended.
func (s *State) lastDay(d *Document) domain.Date {
	if p := s.Pause; p != nil && p.Until.IsZero() && p.Clock == Stops {
		return domain.Date{}
	}
	return d.lastDay(s.Phase, s.first().AddDays(s.Place.Stopped))
}

// ongoing is the pause that lasts beyond the last visit; nil when there is none.
func (s *State) ongoing(d *Document) *Pausing {
	p := s.Pause
	if p == nil || p.Readmitted || !p.Until.IsZero() && p.Until.Before(domain.DateOf(time.UnixMicro(s.LastAt), d.Location())) {
		return nil
	}
	return p
}

// before puts the pause before what comes after it.
func (p *Pausing) before(then Text) Text {
	since := Text{DA: "På pause fra " + p.From.Danish(), EN: "On pause from " + p.From.String()}
	if !p.Until.IsZero() {
		since.DA, since.EN = since.DA+" til "+p.Until.Danish(), since.EN+" to "+p.Until.String()
	}
	return Text{DA: since.DA + " · derefter: " + then.DA, EN: since.EN + " · then: " + then.EN}
}
