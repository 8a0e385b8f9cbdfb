package rules

import (
	"cmp"
	"math"
	"slices"

	"github.com/fasthold/fasthold/domain"
)

// Award is what one visit has earned: a reward, bonuses, or both.
type Award struct {
	Milestone   int         `json:"milestone"` // 1, 2, … within the enrolment
	Amount      int64       `json:"amount"`    // minor units, after caps; 0 when a cap denied it or no prize was drawn
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
	return EvaluateWith(d, s, Outside{}, visits)
}

// EvaluateWith is Evaluate of a person who has more than this enrolment's visits
// under its caps: the result depends on what is outside as on the visits.
func EvaluateWith(d Document, s State, outside Outside, visits []Opportunity) (State, []Award) {
	f := fold{doc: &d, out: d.outside(outside), state: s, site: calendar{zone: d.Location()}}
	f.state.Met = slices.Clip(s.Met) // appending copies
	f.state.Periods, f.state.Rolling, f.state.Issues = slices.Clone(s.Periods), slices.Clone(s.Rolling), slices.Clone(s.Issues)
	f.most, _ = d.tightest()
	f.open()
	f.room = f.expect(len(visits))
	if len(visits) == 1 {
		if s.follows(&visits[0]) {
			f.visit(&visits[0])
		}
		return f.state, f.awards
	}
	visits = ordered(visits)
	f.madeUp = f.makeUps(visits)
	seen := s.newcomers(visits)
	for i := range visits {
		if o := &visits[i]; seen.first(o.ID) && f.state.before(o) {
			f.visit(o)
		}
	}
	return f.state, f.awards
}

// ordered gives the visits by instant, then ID; the rest only decides between
// two tellings of one visit, so that the order of entry never does.
func ordered(visits []Opportunity) []Opportunity {
	sorted, last := true, int64(math.MinInt64)
	for i := 0; i < len(visits) && sorted; i++ {
		at := visits[i].instant()
		sorted = at > last || at == last && (i == 0 || compare(&visits[i-1], &visits[i]) <= 0)
		last = at
	}
	if sorted {
		return visits
	}
	visits = slices.Clone(visits)
	slices.SortFunc(visits, func(a, b Opportunity) int { return compare(&a, &b) })
	return visits
}

func compare(a, b *Opportunity) int {
	if c := cmp.Compare(a.instant(), b.instant()); c != 0 {
		return c
	}
	if c := cmp.Compare(a.ID, b.ID); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(a.Outcome, b.Outcome), cmp.Compare(a.Kind, b.Kind), a.Arrived.Compare(b.Arrived), a.Left.Compare(b.Left),
		cmp.Compare(a.Test, b.Test), cmp.Compare(a.Goal, b.Goal), cmp.Compare(a.Task, b.Task), cmp.Compare(a.Seed, b.Seed),
		cmp.Compare(a.MakesUp, b.MakesUp), cmp.Compare(a.Reason, b.Reason), a.Notice.Compare(b.Notice), cmp.Compare(a.Pause, b.Pause), b.Until.Days(a.Until), cmp.Compare(a.Won, b.Won))
}

// fold is one run of Evaluate.
type fold struct {
	doc         *Document
	out         *outside
	phase       *Phase
	first, last int // the phase's days; first is as late as the clock was stopped
	fixed       bool
	sessions    bool   // its target counts them
	weekly      bool   // the phase counts by weeks
	top         int    // its highest level
	rule        string // its name in explanations, when one was made
	site        calendar
	state       State
	awards      []Award
	most        int             // rewards under the lowest count cap of the episode; 0: none
	today       int             // the day whose date was looked up last
	todayDate   domain.Date     // and that date
	room        int             // how many awards to make room for
	madeUp      map[string]bool // the make-ups that count and the visits they make up, by ID: whether both lie in one week
	place       bool            // the visit being folded has a place in its week
	extra       bool            // it makes up another, and uses no place of the schedule
	paid        []Paid          // the phase's bonuses, as far as one was due
	ids         []string        // cut up into lists of visits, because one large slice costs less than many small ones
}

// list gives an empty list with room for n IDs and no more.
func (f *fold) list(n int) []string {
	if cap(f.ids) < n {
		f.ids = make([]string, 0, max(n, min(256, n*f.room)))
	}
	list := f.ids[:0:n]
	f.ids = f.ids[n:n:cap(f.ids)]
	return list
}

// expect is the most awards that n visits can earn in the phase.
func (f *fold) expect(n int) int {
	if len(f.phase.Bonus) == 0 {
		n = (len(f.state.Met) + n) / f.phase.Requirement.needed(0)
	}
	if f.most > 0 {
		n = min(n, f.most)
	}
	return n
}

// date is the date of a day. Most visits ask for one twice, and lie on the day
// of the one before.
func (f *fold) date(day int) domain.Date {
	if day != f.today || f.todayDate.IsZero() {
		f.today, f.todayDate = day, dateOf(day)
	}
	return f.todayDate
}

// open reads what the fold needs of the state's phase.
func (f *fold) open() {
	s := &f.state
	p := &f.doc.Phases[s.Phase]
	days, fixed := p.Length()
	f.phase, f.first, f.fixed, f.top, f.rule, f.paid = p, dayOf(s.first())+s.Place.Stopped, fixed, p.top(), "", nil
	f.last = f.first + days - 1
	f.sessions = p.Target.counts()
	f.weekly = p.perWeek() > 0 || p.Escalation != nil && (p.Escalation.Every.AllMet || p.Escalation.Every.WeekNumber)
}

// visit folds one visit that follows the state.
func (f *fold) visit(o *Opportunity) {
	s := &f.state
	s.LastAt, s.LastID = o.instant(), o.ID
	if s.Finished != "" {
		return
	}
	if o.Pause != "" {
		f.pause(o)
		return
	}
	day := f.site.day(o.At)
	effect, outcome := f.take(o, day)
	switch effect {
	case Met:
		f.met(o, day)
	case NotMet:
		f.miss(outcome)
	case Hold:
		f.hold(outcome)
	default:
		return
	}
	if !f.extra {
		f.used(day)
	}
}

// take goes on to the visit's day, gives it its place in the schedule and says
// what it does; Ignore when it is no opportunity.
func (f *fold) take(o *Opportunity, day int) (effect Effect, outcome string) {
	if f.paused(day) || !f.enter(day) || f.state.Finished != "" { // a phase's first reward may not fit under a cap that ends all
		return Ignore, ""
	}
	if f.place, f.extra = true, false; o.MakesUp != "" && f.doc.makesUp() {
		return f.makeUp(o, day), o.Outcome
	}
	o = f.counted(o, day)
	before := f.state.Excused
	if outcome = o.Outcome; outcome == excused && f.doc.Excused != nil && f.phase.Target.concerns(o) {
		outcome = f.excuse(o, day)
	}
	effect, outcome = f.phase.effect(o, outcome)
	if sameWeek, ok := f.madeUp[o.ID]; ok && effect != Met && f.phase.makesUp(o) {
		if effect = Hold; sameWeek {
			outcome = "" // the make-up fills its place in the week
		}
	}
	if effect != Ignore && !f.opportunity(day) {
		f.state.Excused = before
		return Ignore, outcome
	}
	return effect, outcome
}

// used counts an opportunity of a phase that ends after so many.
func (f *fold) used(day int) {
	if sc := f.phase.Opportunities; sc != nil && sc.Count > 0 {
		if f.state.Place.Count++; f.state.Place.Count == sc.Count {
			f.leave(day + 1)
		}
	}
}

// enter goes on to the phase of a day; false when it lies in none.
func (f *fold) enter(day int) bool {
	if day < f.first {
		return false
	}
	for day > f.last {
		if !f.fixed || f.state.Phase == len(f.doc.Phases)-1 {
			return false
		}
		f.leave(f.last + 1)
	}
	return true
}

// leave ends the phase; the next one begins on the given day.
func (f *fold) leave(day int) {
	s := &f.state
	if s.Phase == len(f.doc.Phases)-1 {
		if s.Finished == "" {
			s.Finished = PhasesOver
		}
		return
	}
	old := s.Place
	s.Phase++
	s.From, s.Place = dateOf(day), Place{}
	f.open()
	carry := f.phase.Carry
	if carry.Level {
		s.Place = Place{Level: min(old.Level, f.top), Run: old.Run, Paid: old.Paid, Memory: old.Memory, Kept: old.Kept, Recover: old.Recover, Restored: old.Restored}
	}
	keep := 0 // the newest met visits, too few to be a reward by themselves
	if carry.Streak {
		s.Place.Streak = old.Streak
		keep = min(len(s.Met), f.phase.Requirement.needed(0)-1)
	}
	if s.Met = s.Met[len(s.Met)-keep:]; keep == 0 {
		s.Met = nil
	}
	if s.Finished == "" {
		s.Finished = f.doc.finishedOn(s, f.out, s.From)
	}
}
