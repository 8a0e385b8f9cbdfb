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
	for i := range d.Caps {
		p.capContradictions(fmt.Sprintf("caps[%d]", i), &d.Caps[i], &d.Phases[0].Magnitude)
	}
	for i, word := range d.Voucher.Excluded {
		if slices.Contains(d.Voucher.Categories, word) {
			p.add(fmt.Sprintf("voucher.excluded[%d]", i), codeContradiction, "is among the categories too")
		}
	}
	// Excused never pays less than unexcused (DOMAIN.md §5).
	if o := d.Phases[0].Outcomes; o.NoShow == Met && o.Excused != Met {
		p.add("phases[0].outcomes.excused", codeContradiction,
			"must be met, because no_show is: an excused visit never pays less than an unexcused one")
	}
}

// capContradictions notes a cap that no reward fits under, and one that no path
// reaches.
func (p *problems) capContradictions(path string, c *Cap, m *Magnitude) {
	least := m.Constant
	if len(m.Table) > 0 {
		least = slices.Min(m.Table)
	}
	if c.AtLimit == Stop {
		least, _ = m.at(1)
	}
	switch {
	case c.Amount > 0 && c.Amount < least && c.AtLimit != PayRest:
		p.add(path+".amount", codeContradiction, "must be at least %d, the reward: else nothing is ever paid", least)
	case c.Amount > 0 && len(m.Table) > 0 && c.Amount > sum(m.Table):
		p.add(path+".amount", codeContradiction, "must be at most %d: the table has no more to pay", sum(m.Table))
	case len(m.Table) > 0 && c.Count > len(m.Table):
		p.add(path+".count", codeContradiction, "must be at most %d: the table has no more rewards", len(m.Table))
	}
}

func sum(amounts []int64) (total int64) {
	for _, a := range amounts {
		total += a
	}
	return total
}
