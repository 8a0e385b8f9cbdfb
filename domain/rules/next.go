package rules

import (
	"math"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// next is nextOn the date of the last visit, or of the return from a pause.
func (d *Document) next(s *State, out *outside) (v verdict, finished string) {
	date := s.Start
	if s.LastID != "" {
		date = domain.DateOf(time.UnixMicro(s.LastAt), d.Location())
	}
	if p := s.Pause; p != nil && date.Before(p.Until.AddDays(1)) && !p.Until.IsZero() {
		date = p.Until.AddDays(1)
	}
	return d.nextOn(s, out, date)
}

// nextOn says what the next reward pays without bonuses, as the level and the
// caps stand on that date, or why there can be none. Of draws it is the most that
// one of them can bring.
func (d *Document) nextOn(s *State, out *outside, date domain.Date) (v verdict, finished string) {
	p := &d.Phases[s.Phase]
	full, ok := p.worth(s)
	if (!ok || p.sessionsOver(s)) && d.pastAll(s) {
		return verdict{}, TableEnd
	}
	v = d.judge(s, out, due{full: full, date: date})
	if v.stop != "" {
		return verdict{}, v.stop
	}
	return v, ""
}

// pastAll reports whether nothing but the phase's own rewards could still come.
func (d *Document) pastAll(s *State) bool {
	return s.Phase == len(d.Phases)-1 && len(d.Phases[s.Phase].Bonus) == 0
}

// finishedOn is nextOn for who only asks whether anything can follow: where no cap
// ends the enrolment and no phase runs dry, there is nothing to work out.
func (d *Document) finishedOn(s *State, out *outside, date domain.Date) (why string) {
	if d.pastAll(s) || slices.ContainsFunc(d.Caps, func(c Cap) bool { return c.AtLimit == Stop && c.lasting() }) {
		_, why = d.nextOn(s, out, date)
	}
	return why
}

// worth is what the next reward pays before bonuses and caps; of draws and of
// tokens that make none yet, what one that pays brings.
func (p *Phase) worth(s *State) (int64, bool) {
	switch {
	case p.Draws != nil:
		return p.Bowl.Worst(), true
	case p.Magnitude.Tokens != nil:
		x, ok := p.Magnitude.Tokens.exchange(s.Tokens, s.Place.Level)
		return max(x.pays(), x.Reward), ok
	default:
		return p.Magnitude.amount(s.Place.Level)
	}
}

// exhausted says why no reward above zero can follow s; "" when one can. It goes
// beyond s.Finished: under a used-up cap with pay_rest or deny, milestones go on
// but never pay.
func (d *Document) exhausted(s *State, out *outside) string {
	if s.Finished != "" {
		return s.Finished
	}
	if _, why := d.next(s, out); why != "" {
		return why
	}
	least, tally := d.least(s), 0
	for i := range d.Caps {
		c := &d.Caps[i]
		if c.lasting() && c.leaves(d.used(s, out, i, tally, s.Start), least, nil) == 0 {
			return c.reached()
		}
		if c.tallied() {
			tally++
		}
	}
	return ""
}

// least is the smallest reward above zero that can still come.
func (d *Document) least(s *State) int64 {
	least := int64(math.MaxInt64)
	for i := s.Phase; i < len(d.Phases); i++ {
		from, p := 0, &d.Phases[i]
		if i == s.Phase && p.Reset == nil && !d.bends() {
			from = s.Place.Level // a level once left does not come back
		}
		least = min(least, p.least(from))
	}
	return least
}

// least is the smallest reward of the phase above zero, from a level on.
func (p *Phase) least(from int) int64 {
	least := int64(math.MaxInt64)
	for _, slip := range p.Bowl {
		if slip.Value > 0 {
			least = min(least, slip.Value)
		}
	}
	for _, b := range p.Bonus {
		least = min(least, b.Amount)
	}
	if p.Draws != nil {
		return least
	}
	if t := p.Magnitude.Tokens; t != nil {
		return min(least, t.Reward)
	}
	first, last := p.between(from)
	for level := first; level <= last; level++ {
		if amount, ok := p.Magnitude.amount(level); ok && amount > 0 {
			least = min(least, amount)
		}
	}
	return least
}

// between gives the levels, from one on, that least has to look at: amounts that
// rise are least where they start, and amounts that fall where they end, unless
// that is nothing.
func (p *Phase) between(from int) (first, last int) {
	switch top := p.top(); {
	case p.Magnitude.Linear != nil:
		return from, from
	case p.Magnitude.Descending != nil:
		return max(from, top-1), max(from, top)
	default:
		return from, max(from, top)
	}
}
