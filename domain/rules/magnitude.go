package rules

// Magnitude is the shape of the rewards, in minor units: by level, counted from
// 1. Exactly one field is set.
type Magnitude struct {
	Constant   int64    `json:"constant,omitempty"`
	Table      []int64  `json:"table,omitempty"` // one amount for each level
	Linear     *Linear  `json:"linear,omitempty"`
	Descending *Descent `json:"descending,omitempty"`
	Tokens     *Tokens  `json:"tokens,omitempty"`
}

// Linear is an amount that rises with the level.
type Linear struct {
	Start   int64 `json:"start"`
	Step    int64 `json:"step"`
	Ceiling int64 `json:"ceiling,omitempty"` // 0: none
}

// Descent is an amount that falls with the level.
type Descent struct {
	Start int64 `json:"start"`
	Step  int64 `json:"step"`
	Floor int64 `json:"floor"`
}

// maxLevel bounds the level where no ceiling does: the steps that fit between
// no amount and the largest one.
const maxLevel = maxDays * 100

// amount is what a level pays before bonuses and caps. The level is an index,
// from 0; false past a table's end.
func (m *Magnitude) amount(level int) (int64, bool) {
	switch {
	case m.Linear != nil:
		a := m.Linear.Start + int64(level)*m.Linear.Step
		if m.Linear.Ceiling > 0 {
			a = min(a, m.Linear.Ceiling)
		}
		return min(a, maxAmount), true
	case m.Descending != nil:
		return max(m.Descending.Start-int64(level)*m.Descending.Step, m.Descending.Floor), true
	case len(m.Table) == 0:
		return m.Constant, true
	case level < len(m.Table):
		return m.Table[level], true
	default:
		return 0, false
	}
}

// shape is what the level moves along: amounts or, where they are exchanged for
// money, numbers of tokens.
func (m *Magnitude) shape() *Magnitude {
	if m.Tokens != nil {
		return &m.Tokens.Earn
	}
	return m
}

// top is the highest level index, where raising ends. A table without
// escalation has one more, past its end: there the phase pays no more.
func (p *Phase) top() int {
	m := p.Magnitude.shape()
	switch {
	case p.Draws != nil:
		return p.Draws.top()
	case m.Linear != nil && m.Linear.Ceiling > 0:
		return steps(m.Linear.Ceiling-m.Linear.Start, m.Linear.Step)
	case m.Linear != nil:
		return min(maxLevel, steps(maxAmount-m.Linear.Start, m.Linear.Step))
	case m.Descending != nil:
		return steps(m.Descending.Start-m.Descending.Floor, m.Descending.Step)
	case len(m.Table) > 0 && p.Escalation == nil:
		return len(m.Table)
	case len(m.Table) > 0:
		return len(m.Table) - 1
	default:
		return 0
	}
}

// steps is how many steps it takes to go so far.
func steps(far, step int64) int { return int((far + step - 1) / step) }

// rule names the magnitude in explanations.
func (p *Phase) rule() string {
	switch {
	case p.Hat != nil:
		return "hat"
	case p.Draws != nil:
		return "draws"
	case p.Magnitude.Tokens != nil:
		return "tokens"
	case p.Magnitude.Linear != nil:
		return "linear"
	case p.Magnitude.Descending != nil:
		return "descending"
	case len(p.Magnitude.Table) > 0:
		return "table"
	default:
		return "constant"
	}
}
