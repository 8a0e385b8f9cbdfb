package rules

import (
	"slices"

	"github.com/fasthold/fasthold/domain"
)

// MakeUp says which missed visits of a phase can be made up. The visit made up
// is then held, and the make-up counts on its own date, beside the schedule.
type MakeUp struct {
	Of         []string `json:"of"`             // the recorded outcomes that can be made up
	WithinDays int      `json:"within_days"`    // from the missed visit's date to the make-up's, at most
	Most       int      `json:"most,omitempty"` // visits made up in the phase; 0: no limit
}

// makesUp reports whether visits can be made up in any phase. Where they cannot,
// a visit that makes up another is one like any other.
func (d *Document) makesUp() bool {
	return slices.ContainsFunc(d.Phases, func(p Phase) bool { return p.MakeUp != nil })
}

// makesUp reports whether what became of o can be made up.
func (p *Phase) makesUp(o *Opportunity) bool {
	return p.MakeUp != nil && slices.Contains(p.MakeUp.Of, o.Outcome) && p.Target.concerns(o)
}

// meets reports whether o was attended and meets the phase's target.
func (p *Phase) meets(o *Opportunity) bool {
	return o.Outcome == domain.Attended && p.Target.concerns(o) && p.Target.judge(o) == ""
}

// makeUp takes a visit that makes up another: one that counts is met.
func (f *fold) makeUp(o *Opportunity, day int) Effect {
	sameWeek, counts := f.madeUp[o.ID]
	if !counts {
		return Ignore
	}
	f.place, f.extra = sameWeek, true
	f.state.Place.MadeUp++
	f.state.Place.Sessions++
	if f.weekly {
		f.toWeek(day - f.first)
	}
	return Met
}

// madeUpBy gives the ID of the missed visit that o makes up; "" when it is none.
func (f *fold) madeUpBy(o *Opportunity) string {
	if !f.extra {
		return ""
	}
	return o.MakesUp
}

// spot is where a missed visit lies that others want to make up.
type spot struct {
	at               int64
	day, phase, week int
}

// makeUps finds the make-ups that count among visits in order, before any of
// them is folded, since a make-up changes what an earlier visit does. It goes
// through phases and schedule as the fold will, because neither depends on what
// is met: a missed visit that is made up takes its place like any that is held.
func (f *fold) makeUps(visits []Opportunity) map[string]bool {
	named := map[string]bool{}
	if f.doc.makesUp() {
		for i := range visits {
			if id := visits[i].MakesUp; id != "" {
				named[id] = false
			}
		}
	}
	if len(named) == 0 {
		return nil
	}
	free := *f.doc
	free.Caps = nil // they end an enrolment, and this looks at no money
	w := walk{fold: fold{doc: &free, state: f.state, site: f.site, madeUp: named}, counts: map[string]bool{}, missed: map[string]spot{}}
	w.open()
	seen := f.state.seen(len(visits))
	for i := range visits {
		o := &visits[i]
		if _, again := seen[o.ID]; !again && w.state.before(o) {
			seen[o.ID] = struct{}{}
			w.step(o)
		}
	}
	return w.counts
}

// walk is a fold of places only.
type walk struct {
	fold
	missed map[string]spot // visits that can be made up, by ID
	counts map[string]bool // what fold.madeUp is to be
}

// step goes on by one visit.
func (w *walk) step(o *Opportunity) {
	switch {
	case w.state.Finished == PhasesOver:
	case o.Pause != "":
		w.pause(o)
	case o.MakesUp != "":
		w.link(o)
	default:
		day := w.site.day(o.At)
		effect, _ := w.take(o, day)
		if effect == Ignore {
			return
		}
		if _, named := w.madeUp[o.ID]; named && effect == Hold && w.phase.makesUp(o) {
			w.missed[o.ID] = spot{at: o.instant(), day: day, phase: w.state.Phase, week: (day - w.first) / 7}
		}
		w.used(day)
	}
}

// link notes a make-up that counts: the first one within reach that meets the
// target, as long as the phase allows more.
func (w *walk) link(o *Opportunity) {
	day := w.site.day(o.At)
	if w.paused(day) || !w.enter(day) {
		return
	}
	missed, ok := w.missed[o.MakesUp]
	rule, at := w.phase.MakeUp, &w.state.Place
	visit := *o
	visit.session = at.Sessions + 1
	if !ok || missed.at == o.instant() || missed.phase != w.state.Phase || day-missed.day > rule.WithinDays || !w.phase.meets(&visit) || rule.Most > 0 && at.MadeUp == rule.Most {
		return
	}
	at.MadeUp++
	at.Sessions++
	sameWeek := missed.week == (day-w.first)/7
	w.counts[o.ID], w.counts[o.MakesUp] = sameWeek, sameWeek
	delete(w.missed, o.MakesUp)
}
