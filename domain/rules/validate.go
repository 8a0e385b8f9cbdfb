package rules

import (
	"fmt"
	"slices"
)

// contradictions notes what is wrong between fields that are right by
// themselves.
func (p *problems) contradictions(d *Document) {
	if p.count > 0 {
		return
	}
	for i := range d.Phases {
		path := fmt.Sprintf("phases[%d]", i)
		p.phaseContradictions(path, &d.Phases[i])
		p.outcomeContradictions(path, &d.Phases[i])
		p.resetContradictions(path, &d.Phases[i])
		p.makeUpContradictions(path, &d.Phases[i], d.Excused)
	}
	p.returnContradictions(d)
	for i := range d.Caps {
		p.capContradictions(fmt.Sprintf("caps[%d]", i), &d.Caps[i], d)
	}
	for i, word := range d.Voucher.Excluded {
		if slices.Contains(d.Voucher.Categories, word) {
			p.add(fmt.Sprintf("voucher.excluded[%d]", i), codeContradiction, "is among the categories too")
		}
	}
}

// phaseContradictions notes levels that nothing moves, and weeks that nothing
// counts.
func (p *problems) phaseContradictions(path string, ph *Phase) {
	m := ph.Magnitude.shape()
	most, moving := ph.mostMet(), m.Linear != nil || m.Descending != nil
	switch {
	case moving && ph.Escalation == nil:
		p.add(path+".escalation", codeRequired, "must be stated: the magnitude moves by levels, and this says what moves them")
	case m.Constant > 0 && ph.Escalation != nil:
		p.add(path+".escalation", codeContradiction, "must be left out: a constant magnitude has no levels")
	case ph.Escalation != nil && ph.Escalation.Every.AllMet && ph.perWeek() == 0:
		p.add(path+".opportunities", codeContradiction, "must have per_week or days: a week is all met when all its opportunities are")
	}
	for i, b := range ph.Bonus {
		at := fmt.Sprintf("%s.bonus[%d]", path, i)
		switch {
		case b.WholeWeekMet && ph.perWeek() == 0:
			p.add(at+".whole_week_met", codeContradiction, "needs opportunities.per_week or opportunities.days: a week is met when all its opportunities are")
		case most > 0 && max(b.EveryConsecutive, b.OnceAt, b.PhaseCompleted) > most:
			p.add(at, codeContradiction, "is never reached: the phase has at most %d opportunities", most)
		}
	}
	if most > 0 && ph.Requirement.needed(0) > most {
		p.add(path+".requirement", codeContradiction, "is never reached: the phase has at most %d opportunities", most)
	}
	if due := ph.Target.due(); due != nil && ph.most() > 0 && due[len(due)-1] > ph.most() {
		p.add(path+".target", codeContradiction, "has the session %d, which is never reached: the phase has at most %d opportunities", due[len(due)-1], ph.most())
	}
	if !ph.Target.meetable() {
		p.add(path+".target", codeContradiction, "is never met: no visit is of two kinds or of two tasks, and none is a goal")
	}
	p.tokenContradictions(path+".magnitude.tokens", ph)
}

// outcomeContradictions notes outcomes under which an excused visit could pay
// less than an unexcused one (DOMAIN.md §5).
func (p *problems) outcomeContradictions(path string, ph *Phase) {
	o, at := ph.Outcomes, path+".outcomes.excused"
	switch {
	case o.Excused == "":
	case o.NoShow == Met && o.Excused != Met:
		p.add(at, codeContradiction, "must be met, because no_show is: an excused visit never pays less than an unexcused one")
	case o.Excused == NotMet && o.NoShow != NotMet && ph.moves():
		p.add(at, codeContradiction, "must not be not_met, because no_show is %s: an excused visit never pays less than an unexcused one", o.NoShow)
	case ph.Opportunities.limited() && o.Excused != Met && (o.Excused == Ignore) != (o.NoShow == Ignore):
		p.add(at, codeContradiction, "must be ignore exactly where no_show is: what is ignored leaves its place in the schedule to another visit")
	}
}

// tokenContradictions notes tokens that never come to a reward, and rewards that
// come to more than an amount may.
func (p *problems) tokenContradictions(path string, ph *Phase) {
	t := ph.Magnitude.Tokens
	if t == nil {
		return
	}
	switch most := t.Earn.best(ph.top()); {
	case most == 0:
		p.add(path+".earn", codeContradiction, "must be more than 0 somewhere: else nothing is ever paid")
	case (t.Price-1+most)/t.Price*t.Reward > maxAmount:
		p.add(path+".reward", codeContradiction, "must be less, price more or earn have a lower ceiling: one visit could be paid more than %d", maxAmount)
	}
}

// moves reports whether a miss can change what later visits pay.
func (p *Phase) moves() bool {
	return p.Escalation != nil || p.Reset != nil || p.Draws != nil || len(p.Bonus) > 0
}

// limited reports whether the schedule has a place for some visits only.
func (sc *Schedule) limited() bool {
	return sc != nil && (len(sc.Days) > 0 || sc.PerWeek > 0 || len(sc.OnDays) > 0 || sc.MinGap > 0 || sc.Count > 0)
}

// resetContradictions notes resets and restorations that cannot be, and a miss
// that would raise the amount.
func (p *problems) resetContradictions(path string, ph *Phase) {
	r := ph.Reset
	if ph.Restoration != nil && (r == nil || r.To.Word == ToNone) {
		p.add(path+".restoration", codeContradiction, "must be left out: without a reset to a lower level there is nothing to restore")
	}
	if dr := ph.Draws; dr != nil {
		p.missContradictions(path+".draws.reset.on", dr.Reset.On, ph)
	}
	if r == nil {
		return
	}
	p.missContradictions(path+".reset.on", r.On, ph)
	switch {
	case r.To.Word == ToNone:
	case ph.falls():
		p.add(path+".reset.to", codeContradiction, "must be none: the amounts fall, so a reset would pay a missed visit")
	case r.To.Level > ph.shown(ph.top()):
		p.add(path+".reset.to.level", codeContradiction, "must be at most %d, the highest level", ph.shown(ph.top()))
	}
}

// missContradictions notes misses that reset but are none, and an excused visit
// that resets where an unexcused one does not.
func (p *problems) missContradictions(path string, on []string, ph *Phase) {
	for i, word := range on {
		e := ph.Outcomes.of(word)
		if word == string(NotMet) || word == "attended" || e == NotMet || e == "" && (word == Late || word == LeftEarly) {
			continue
		}
		p.add(fmt.Sprintf("%s[%d]", path, i), codeContradiction, "never happens: outcomes.%s is not not_met", word)
	}
	if resets(on, excused) && ph.Outcomes.Excused == NotMet && !resets(on, "no_show") {
		p.add(path, codeContradiction, "must have no_show, because excused resets: an excused visit never pays less than an unexcused one")
	}
}

// capContradictions notes a cap that no reward fits under, and one that no path
// reaches.
func (p *problems) capContradictions(path string, c *Cap, d *Document) {
	if c.Across == Funder && d.Funder == "" {
		p.add("funder", codeRequired, "must be stated: %s counts across what a funder pays", path)
	}
	drawn := slices.ContainsFunc(d.Phases, func(ph Phase) bool { return ph.Draws != nil })
	if c.AtLimit == Truncate && !drawn {
		p.add(path+".at_limit", codeContradiction, "must not be truncate: no phase draws")
	}
	least := d.least(&State{})
	if c.AtLimit == Stop {
		least, _ = d.Phases[0].worth(&State{})
	}
	if c.Amount > 0 && c.Amount < least && c.AtLimit != PayRest && !drawn {
		p.add(path+".amount", codeContradiction, "must be at least %d, the reward: else nothing is ever paid", least)
		return
	}
	rewards, amount, why := d.reach()
	switch {
	case !c.lasting() || rewards == 0 || c.Period == Lifetime || c.Basis == Issued:
	case c.Amount > amount:
		p.add(path+".amount", codeContradiction, "must be at most %d: %s has no more to pay", amount, why)
	case c.Count > rewards:
		p.add(path+".count", codeContradiction, "must be at most %d: %s has no more rewards", rewards, why)
	}
}
