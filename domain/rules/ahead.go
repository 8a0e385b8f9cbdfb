package rules

import (
	"time"

	"github.com/fasthold/fasthold/domain"
)

// Ahead is what the next visit is worth, to tell a citizen beforehand: amounts
// in minor units, after caps, with bonuses; of draws their number.
type Ahead struct {
	IfMet      int64 `json:"if_met"`                 // what the visit pays
	IfMetDraws int   `json:"if_met_draws,omitempty"` // or draws
	ThenMet    int64 `json:"then_if_met"`            // what the next reward pays after it, bonuses aside
	ThenMissed int64 `json:"then_if_missed"`         // and what it pays if the visit is missed without excuse
}

// Ahead tells what a visit at that instant would be worth, met or missed. It is
// zero for an instant at which none counts.
func (s State) Ahead(d Document, at time.Time) Ahead { return s.AheadWith(d, Outside{}, at) }

// AheadWith is Ahead of a person who has more than this enrolment's visits under
// its caps.
func (s State) AheadWith(d Document, outside Outside, at time.Time) (a Ahead) {
	o := Opportunity{ID: "ahead", At: at, Outcome: domain.Attended}
	if s.LastID != "" && !s.Follows(o) {
		return a
	}
	d.Phases[d.phaseOn(&s, domain.DateOf(at, d.Location()))].Target.meet(&o)
	met, awards := EvaluateWith(d, s, outside, []Opportunity{o})
	for _, w := range awards {
		a.IfMet += w.Amount
		if w.Explanation.Draws != nil {
			a.IfMetDraws = w.Explanation.Draws.Number
		}
	}
	o.Outcome = domain.NoShow
	missed, _ := EvaluateWith(d, s, outside, []Opportunity{o})
	a.ThenMet, a.ThenMissed = met.ProgressWith(d, outside).NextAmount, missed.ProgressWith(d, outside).NextAmount
	return a
}
