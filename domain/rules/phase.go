package rules

import (
	"slices"

	"github.com/fasthold/fasthold/domain"
)

// Phase is a span of the programme with its own rule. Either Days or Weeks is
// set, as the document had it.
type Phase struct {
	Name        string      `json:"name"`
	Days        int         `json:"days,omitempty"`
	Weeks       int         `json:"weeks,omitempty"`
	Target      Target      `json:"target"`
	Outcomes    Outcomes    `json:"outcomes"`
	Requirement Requirement `json:"requirement"`
	Magnitude   Magnitude   `json:"magnitude"`
}

// Target is the behaviour that is rewarded.
type Target struct {
	Attend []string `json:"attend"` // the kinds of visit that count
}

// Effect is what an outcome does.
type Effect string

// The four effects of RULES.md.
const (
	Met    Effect = "met"     // counts towards the next reward
	NotMet Effect = "not_met" // no reward
	Hold   Effect = "hold"    // no reward, everything kept
	Ignore Effect = "ignore"  // not an opportunity at all
)

// Outcomes maps what happened to its effect. An attended visit of a target kind
// is met.
type Outcomes struct {
	NoShow    Effect `json:"no_show"`
	Excused   Effect `json:"excused"`
	Cancelled Effect `json:"cancelled"`
}

// Requirement is how many met visits one reward takes.
type Requirement struct {
	Met int `json:"met"`
}

// Magnitude is the shape of the rewards: Constant, or one amount of Table for
// each milestone, in minor units.
type Magnitude struct {
	Constant int64   `json:"constant,omitempty"`
	Table    []int64 `json:"table,omitempty"`
}

// Length is the number of days from the phase's first to its last.
func (p *Phase) Length() int { return p.Days + 7*p.Weeks }

// effect says what a visit does. An outcome that nobody has named is no
// opportunity: it pays nothing until it is recorded.
func (p *Phase) effect(o *Opportunity) Effect {
	if !slices.Contains(p.Target.Attend, o.Kind) {
		return Ignore
	}
	switch o.Outcome {
	case domain.Attended:
		return Met
	case domain.NoShow:
		return p.Outcomes.NoShow
	case domain.Excused:
		return p.Outcomes.Excused
	case domain.Cancelled:
		return p.Outcomes.Cancelled
	default:
		return Ignore
	}
}

// level is the step of the magnitude, from 1, that pays the given milestone.
func (m *Magnitude) level(milestone int) int {
	if len(m.Table) == 0 {
		return 1
	}
	return min(milestone, len(m.Table))
}

// at is the amount of the given milestone before caps; false past the end.
func (m *Magnitude) at(milestone int) (int64, bool) {
	switch {
	case len(m.Table) == 0:
		return m.Constant, true
	case milestone <= len(m.Table):
		return m.Table[milestone-1], true
	default:
		return 0, false
	}
}
