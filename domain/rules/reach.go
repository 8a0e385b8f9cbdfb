package rules

import "slices"

// reach bounds the rewards and the amount that an enrolment can come to, on the
// best of paths, and names what bounds them; 0 when nothing does.
func (d *Document) reach() (rewards int, amount int64, why string) {
	why = "the table"
	if d.bends() {
		return 0, 0, ""
	}
	for i := range d.Phases {
		p := &d.Phases[i]
		n, a, bounded := p.reach()
		if !bounded {
			return 0, 0, ""
		}
		if len(p.Magnitude.Table) == 0 || p.Escalation != nil || p.most() > 0 || len(d.Phases) > 1 {
			why = "the programme"
		}
		rewards, amount = rewards+n, amount+a
	}
	return rewards, amount, why
}

// reach bounds one phase: every opportunity met, the level raised at each.
func (p *Phase) reach() (rewards int, amount int64, bounded bool) {
	visits := p.most()
	ends := p.Draws == nil && len(p.Magnitude.Table) > 0 && p.Escalation == nil && p.Reset == nil
	switch {
	case ends && len(p.Bonus) == 0 && visits == 0:
		return len(p.Magnitude.Table), sum(p.Magnitude.Table), true
	case visits == 0 || p.Carry != nil && (p.Carry.Level || p.Carry.Streak) || p.Escalation != nil && p.Escalation.Every.WeekNumber:
		return 0, 0, false
	}
	rewards = visits / p.Requirement.needed(0)
	if ends {
		rewards = min(rewards, len(p.Magnitude.Table))
	}
	for n := range rewards {
		level := min(visits-rewards+n, p.top())
		if p.Draws != nil {
			amount += int64(p.Draws.number(level)) * p.Bowl.Worst()
			continue
		}
		amount += p.best(level)
	}
	for _, b := range p.Bonus {
		amount += int64(visits) * b.Amount
		rewards = visits
	}
	return rewards, amount, true
}

// best is the largest amount of the levels up to one.
func (p *Phase) best(level int) int64 {
	m := &p.Magnitude
	if len(m.Table) > 0 {
		return slices.Max(m.Table[:min(level+1, len(m.Table))])
	}
	if m.Descending != nil {
		return m.Descending.Start
	}
	a, _ := m.amount(level)
	return a
}

// most is how many opportunities the phase has at most; 0 when nothing says.
func (p *Phase) most() int {
	sc := p.Opportunities
	switch days, _ := p.Length(); {
	case sc == nil:
		return 0
	case sc.Count > 0:
		return sc.Count
	case len(sc.OnDays) > 0:
		return len(sc.OnDays)
	default:
		return p.perWeek() * ((days + 6) / 7)
	}
}

func sum(amounts []int64) (total int64) {
	for _, a := range amounts {
		total += a
	}
	return total
}
