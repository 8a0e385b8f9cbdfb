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
func (s State) Ahead(d Document, at time.Time) (a Ahead) {
	o := Opportunity{ID: "ahead", At: at, Outcome: domain.Attended}
	if s.LastID != "" && !s.Follows(o) {
		return a
	}
	d.Phases[d.phaseOn(&s, domain.DateOf(at, d.Location()))].Target.meet(&o)
	met, awards := Evaluate(d, s, []Opportunity{o})
	for _, w := range awards {
		a.IfMet += w.Amount
		if w.Explanation.Draws != nil {
			a.IfMetDraws = w.Explanation.Draws.Number
		}
	}
	o.Outcome = domain.NoShow
	missed, _ := Evaluate(d, s, []Opportunity{o})
	a.ThenMet, a.ThenMissed = met.Progress(d).NextAmount, missed.Progress(d).NextAmount
	return a
}
