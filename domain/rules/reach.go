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
		if len(p.Magnitude.shape().Table) == 0 || p.Escalation != nil || p.mostMet() > 0 || len(d.Phases) > 1 {
			why = "the programme"
		}
		rewards, amount = rewards+n, amount+a
	}
	return rewards, amount, why
}

// reach bounds one phase: every opportunity met, the level raised at each.
func (p *Phase) reach() (rewards int, amount int64, bounded bool) {
	visits, table := p.mostMet(), p.Magnitude.shape().Table
	ends := p.Draws == nil && len(table) > 0 && p.Escalation == nil && p.Reset == nil
	switch {
	case ends && len(p.Bonus) == 0 && visits == 0:
		rewards, amount = p.exchanged(len(table), sum(table))
		return rewards, amount, true
	case visits == 0 || p.Carry != nil && (p.Carry.Level || p.Carry.Streak) || p.Escalation != nil && p.Escalation.Every.WeekNumber:
		return 0, 0, false
	}
	rewards = visits / p.Requirement.needed(0)
	if ends {
		rewards = min(rewards, len(table))
	}
	for n := range rewards {
		amount += p.mostAt(min(visits-rewards+n, p.top()))
	}
	rewards, amount = p.exchanged(rewards, amount)
	for _, b := range p.Bonus {
		amount += int64(visits) * b.Amount
		rewards = visits
	}
	return rewards, amount, true
}

// exchanged is what so many tokens come to, if the phase pays in tokens. Those
// that an earlier phase left over, under a higher price, come to it.
func (p *Phase) exchanged(rewards int, amount int64) (int, int64) {
	t := p.Magnitude.Tokens
	if t == nil {
		return rewards, amount
	}
	n := amount / t.Price
	if p.Carry != nil {
		n += maxTokens / t.Price
	}
	return int(min(int64(rewards), n)), n * t.Reward
}

// mostAt is the most that a reward up to a level is, in minor units or tokens.
func (p *Phase) mostAt(level int) int64 {
	switch {
	case p.Hat != nil:
		return p.Bowl.Worst()
	case p.Draws != nil:
		return int64(p.Draws.number(level)) * p.Bowl.Worst()
	default:
		return p.Magnitude.shape().best(level)
	}
}

// best is the largest amount of the levels up to one.
func (m *Magnitude) best(level int) int64 {
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

// mostMet is how many met visits it has at most; 0 when nothing says.
func (p *Phase) mostMet() int {
	most, due := p.most(), len(p.Target.due())
	if most == 0 || due > 0 && due < most {
		return due
	}
	return most
}

func sum(amounts []int64) (total int64) {
	for _, a := range amounts {
		total += a
	}
	return total
}
