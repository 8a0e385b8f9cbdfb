package rules

import (
	"strconv"

	"github.com/fasthold/fasthold/domain"
)

const excused = domain.Excused

// reward pays what a met visit has reached: the magnitude or the draws when the
// requirement is full, and bonuses. It says whether an award was made, and
// whether for more than bonuses.
func (f *fold) reward(o *Opportunity, day int) (made, reached bool) {
	s, at, p := &f.state, &f.state.Place, f.phase
	e := Explanation{Phase: p.Name, Requirement: p.Requirement.needed(at.Rewards), Currency: f.doc.Currency, Opportunities: s.Met, LevelBefore: p.shown(at.Level)}
	if len(s.Met) == e.Requirement {
		s.Met = nil // the explanation has the list now
		reached = f.base(o, &e)
	}
	once := f.bonuses(&e)
	if !reached && len(e.Bonus) == 0 {
		return false, false
	}
	if !reached {
		e.Opportunities, e.Requirement = []string{o.ID}, 1
	}
	date := dateOf(day)
	v := f.doc.judge(s, date, e.Full, e.Draws)
	if v.stop != "" {
		s.Finished = v.stop
		return false, false
	}
	at.Once |= once
	if reached {
		at.Rewards++
		at.Paid = at.Level + 1
	}
	s.Milestones++
	f.doc.count(s, date, v)
	f.explain(&e, v)
	e.After, s.Pause = s.Pause, nil
	e.MakesUp = f.madeUpBy(o)
	if f.awards == nil {
		f.awards = make([]Award, 0, max(1, f.room))
	}
	f.awards = append(f.awards, Award{Milestone: s.Milestones, Amount: v.pays, Date: date, Explanation: e})
	return true, reached
}

// base adds the level's amount or the visit's draws; false past a table's end.
func (f *fold) base(o *Opportunity, e *Explanation) bool {
	p, level := f.phase, f.state.Place.Level
	if p.Draws == nil {
		amount, ok := p.Magnitude.amount(level)
		e.Full = amount
		return ok
	}
	drawn, err := p.Bowl.Draw(o.Seed, o.ID, p.Draws.number(level), p.Draws.WithReplacement)
	if err != nil { // no seed, or none that is one: the number stands, the draws are still to be made
		drawn = Drawn{Number: drawn.Number}
	}
	e.Draws, e.Full = &drawn, drawn.total()
	return true
}

// bonuses adds the bonuses that the visit just counted has reached, and gives
// those of them that are paid once.
func (f *fold) bonuses(e *Explanation) (once uint64) {
	at := &f.state.Place
	for i := range f.phase.Bonus {
		b := &f.phase.Bonus[i]
		due := false
		switch {
		case b.EveryConsecutive > 0:
			due = at.Streak%b.EveryConsecutive == 0
		case b.OnceAt > 0:
			if due = at.Streak == b.OnceAt && at.Once&(1<<i) == 0; due {
				once |= 1 << i
			}
		case b.WholeWeekMet:
			due = f.place && at.WeekMet == f.phase.perWeek()
		default:
			due = at.MetCount == b.PhaseCompleted
		}
		if due {
			e.Bonus = append(e.Bonus, Paid{Path: "phases[" + strconv.Itoa(f.state.Phase) + "].bonus[" + strconv.Itoa(i) + "]", Bonus: *b})
			e.Full += b.Amount
		}
	}
	return once
}
