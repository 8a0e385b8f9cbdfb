package rules

import (
	"slices"

	"github.com/fasthold/fasthold/domain"
)

// notDue is what an attended visit comes down to that is not among the sessions
// that the target names: it is held.
const notDue = "not_due"

// present are the outcomes of a visit that the person came to.
var present = []string{domain.Attended, Late, LeftEarly, NoValidSample, Pending}

// counts reports whether the target counts sessions.
func (t *Target) counts() bool {
	return t.NthSession != nil || slices.ContainsFunc(t.parts(), func(t Target) bool { return t.counts() })
}

// parts are the targets within it.
func (t *Target) parts() []Target {
	switch {
	case t.AllOf != nil:
		return t.AllOf
	case t.NOf != nil:
		return t.NOf.Of
	default:
		return t.AnyOf
	}
}

// due are the sessions without which the target never holds; nil when it does
// not rest on them.
func (t *Target) due() []int {
	if t.NthSession != nil {
		return t.NthSession
	}
	for i := range t.AllOf {
		if due := t.AllOf[i].due(); due != nil {
			return due
		}
	}
	return nil
}

// counted gives the visit its number among those that the person came to and
// that the rest of the target speaks of, if the target counts them. What has no
// place in the schedule is not counted.
func (f *fold) counted(o *Opportunity, day int) *Opportunity {
	if !f.sessions || !slices.Contains(present, o.Outcome) || !f.phase.Target.concerns(o) {
		return o
	}
	at, sc := &f.state.Place, f.phase.Opportunities
	if sc != nil && !sc.takes(at, day, day-f.first) {
		return o
	}
	at.Sessions++
	visit := *o
	visit.session = at.Sessions
	return &visit
}

// visitsTo is how many more visits so many met ones take, after so many
// sessions; false when the sessions that the target names are too few.
func (p *Phase) visitsTo(met, sessions int) (int, bool) {
	due := p.Target.due()
	if due == nil {
		return met, true
	}
	for _, n := range due {
		if n > sessions {
			met--
		}
		if met == 0 {
			return n - sessions, true
		}
	}
	return 0, false
}

// sessionsOver reports whether the phase has no reward any more because the
// sessions that its target names have passed.
func (p *Phase) sessionsOver(s *State) bool {
	_, ok := p.visitsTo(p.Requirement.needed(s.Place.Rewards)-len(s.Met), s.Place.Sessions)
	return !ok
}
