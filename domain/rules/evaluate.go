package rules

import (
	"cmp"
	"slices"

	"github.com/fasthold/fasthold/domain"
)

// Award is what reaching one milestone has earned.
type Award struct {
	Milestone   int         `json:"milestone"` // 1, 2, … within the enrolment
	Amount      int64       `json:"amount"`    // minor units, after caps; 0 when a cap denied it
	Date        domain.Date `json:"date"`      // the site's date of the visit that reached it
	Explanation Explanation `json:"explanation"`
}

// Evaluate folds visits into s and gives the state after them and the awards
// they earned, in order. Neither s nor visits is changed.
//
// Visits may come in any order; an ID seen twice counts once, where it comes
// first. A visit that does not follow s is passed over, so that a replay is
// harmless: whoever has a late or corrected visit evaluates all from Start.
func Evaluate(d Document, s State, visits []Opportunity) (State, []Award) {
	f := fold{doc: &d, phase: &d.Phases[0], state: s, site: calendar{zone: d.Location()}}
	f.first, f.last = d.Window(s.Start)
	f.state.Met = slices.Clip(s.Met) // appending copies
	f.room = (len(s.Met) + len(visits)) / f.phase.Requirement.Met
	if most, _ := d.tightest(); most > 0 {
		f.room = min(f.room, most)
	}
	if len(visits) == 1 {
		if s.Follows(visits[0]) {
			f.visit(&visits[0])
		}
		return f.state, f.awards
	}
	seen := s.seen(len(visits))
	visits = ordered(visits)
	for i := range visits {
		o := &visits[i]
		if _, again := seen[o.ID]; again {
			continue
		}
		seen[o.ID] = struct{}{}
		if f.state.before(o) {
			f.visit(o)
		}
	}
	return f.state, f.awards
}

// ordered gives the visits by instant, then ID; the rest only decides between
// two tellings of one visit, so that the order of entry never does.
func ordered(visits []Opportunity) []Opportunity {
	order := func(a, b Opportunity) int {
		if c := cmp.Compare(a.At.UnixMicro(), b.At.UnixMicro()); c != 0 {
			return c
		}
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Outcome, b.Outcome), cmp.Compare(a.Kind, b.Kind))
	}
	if slices.IsSortedFunc(visits, order) {
		return visits
	}
	visits = slices.Clone(visits)
	slices.SortFunc(visits, order)
	return visits
}

// fold is one run of Evaluate.
type fold struct {
	doc         *Document
	phase       *Phase
	first, last domain.Date // the phase's
	site        calendar
	state       State
	awards      []Award
	room        int // the most paying awards that the visits can earn
}

// visit folds one visit that follows the state.
func (f *fold) visit(o *Opportunity) {
	s := &f.state
	s.LastAt, s.LastID = o.At.UnixMicro(), o.ID
	if s.Finished != "" || f.phase.effect(o) != Met {
		return
	}
	date := f.site.date(o.At)
	if date.Before(f.first) || f.last.Before(date) {
		return
	}
	if s.Met == nil {
		s.Met = make([]string, 0, f.phase.Requirement.Met)
	}
	s.Met = append(s.Met, o.ID)
	if len(s.Met) == f.phase.Requirement.Met {
		f.milestone(date)
	}
}

// milestone makes the award that the visits in Met have reached.
func (f *fold) milestone(date domain.Date) {
	s := &f.state
	v, _ := f.doc.next(s) // there is one: s is not finished
	s.Milestones++
	s.Earned += v.pays
	if v.pays > 0 {
		s.Vouchers++
	}
	if f.awards == nil {
		f.awards = make([]Award, 0, f.room)
	}
	f.awards = append(f.awards, Award{
		Milestone:   s.Milestones,
		Amount:      v.pays,
		Date:        date,
		Explanation: f.explain(v),
	})
	s.Met = nil // the explanation has the list now
	_, s.Finished = f.doc.next(s)
}
