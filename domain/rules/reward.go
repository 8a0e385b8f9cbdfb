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
	needed := p.Requirement.needed(at.Rewards)
	if len(s.Met) < needed && len(p.Bonus) == 0 {
		return false, false
	}
	a := f.award()
	e := &a.Explanation
	e.Phase, e.Requirement, e.Currency, e.Opportunities, e.LevelBefore = p.Name, needed, f.doc.Currency, s.Met, p.shown(at.Level)
	if len(s.Met) == needed {
		s.Met = nil // the explanation has the list now
		reached = f.base(o, e)
	}
	once := f.bonuses(e)
	if len(e.Bonus) == 0 && (!reached || e.Tokens != nil && e.Full == 0) {
		f.dropAward()
		return false, reached && f.reached(e.Tokens)
	}
	if !reached {
		e.Opportunities, e.Requirement = []string{o.ID}, 1
	}
	r := due{full: e.Full, drawn: e.Draws, date: f.date(day), visit: o.ID}
	v := f.doc.judge(s, f.out, r)
	if v.stop != "" {
		s.Finished = v.stop
		f.dropAward()
		return false, false
	}
	if reached {
		f.reached(e.Tokens)
	}
	at.Once |= once
	s.Milestones++
	f.doc.count(s, f.out, r, v)
	f.explain(e, v)
	e.After, s.Pause = s.Pause, nil
	e.MakesUp, e.Goal = f.madeUpBy(o), o.Goal
	a.Milestone, a.Amount, a.Date = s.Milestones, v.pays, r.date
	return true, reached
}

// award adds an empty award to fill in where it lies, because it is large to
// copy; dropAward takes it away again.
func (f *fold) award() *Award {
	if f.awards == nil {
		f.awards = make([]Award, 0, max(1, f.room))
	}
	f.awards = append(f.awards, Award{})
	return &f.awards[len(f.awards)-1]
}

func (f *fold) dropAward() {
	if f.awards = f.awards[:len(f.awards)-1]; len(f.awards) == 0 {
		f.awards = nil
	}
}

// reached notes that the level's reward was; it is always true.
func (f *fold) reached(x *Exchange) bool {
	at := &f.state.Place
	at.Rewards++
	at.Paid = at.Level + 1
	if x != nil {
		f.state.Tokens = x.After
	}
	return true
}

// base adds the level's amount, the visit's tokens or its draws; false past a
// table's end.
func (f *fold) base(o *Opportunity, e *Explanation) bool {
	p, level := f.phase, f.state.Place.Level
	switch {
	case p.Draws != nil:
		e.Draws = p.drawn(o, level)
		e.Full = e.Draws.total()
		return true
	case p.Magnitude.Tokens != nil:
		x, ok := p.Magnitude.Tokens.exchange(f.state.Tokens, level)
		if ok {
			e.Tokens, e.Full = &x, x.pays()
		}
		return ok
	default:
		amount, ok := p.Magnitude.amount(level)
		e.Full = amount
		return ok
	}
}

// drawn makes the visit's draws: as many as the level has or, with a hat, as its
// name has won. Without a seed, or one that is none, the number stands and the
// draws are still to be made.
func (p *Phase) drawn(o *Opportunity, level int) *Drawn {
	number, tickets := p.Draws.number(level), 0
	if p.Hat != nil {
		number, tickets = max(0, min(o.Won, 1)), number
	}
	drawn, err := p.Bowl.Draw(o.Seed, o.ID, number, p.Draws.WithReplacement)
	if err != nil {
		drawn = Drawn{Number: number}
	}
	drawn.Tickets = tickets
	return &drawn
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
			if paid := f.bonus(i); e.Bonus == nil {
				e.Bonus = paid
			} else {
				e.Bonus = append(e.Bonus, paid...)
			}
			e.Full += b.Amount
		}
	}
	return once
}

// bonus is the phase's bonus i as awards tell of it: a list of one, made when it
// is first due and shared by all its awards, with no room to append to.
func (f *fold) bonus(i int) []Paid {
	if f.paid == nil {
		f.paid = make([]Paid, len(f.phase.Bonus))
	}
	if f.paid[i].Path == "" {
		f.paid[i] = Paid{Path: "phases[" + strconv.Itoa(f.state.Phase) + "].bonus[" + strconv.Itoa(i) + "]", Bonus: f.phase.Bonus[i]}
	}
	return f.paid[i : i+1 : i+1]
}
