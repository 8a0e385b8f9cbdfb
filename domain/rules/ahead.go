package rules

import (
	"time"

	"github.com/fasthold/fasthold/domain"
)

// Ahead is what the next visit is worth, to tell a citizen beforehand: amounts
// in minor units, after caps, with bonuses; of draws their number.
type Ahead struct {
	Counts       bool  `json:"counts"`                   // whether a visit then is an opportunity at all
	IfMet        int64 `json:"if_met"`                   // what the visit pays
	IfMetDraws   int   `json:"if_met_draws,omitempty"`   // or draws
	IfMetTickets int   `json:"if_met_tickets,omitempty"` // or slips with the name in the group's hat
	IfMetTokens  int64 `json:"if_met_tokens,omitempty"`  // tokens that it earns, whether it exchanges any or not
	ThenMet      int64 `json:"then_if_met"`              // what the next reward pays after it, bonuses aside
	ThenMissed   int64 `json:"then_if_missed"`           // and what it pays if the visit is missed without excuse

	DrawsMet     int  `json:"then_draws_if_met,omitempty"`    // or draws, or slips in the hat
	DrawsMissed  int  `json:"then_draws_if_missed,omitempty"` // or draws
	NeededMet    int  `json:"needed_if_met"`                  // met visits that the next reward then still takes; 0: none can follow
	NeededMissed int  `json:"needed_if_missed"`
	MissCosts    bool `json:"miss_costs"` // whether a miss makes the next reward smaller or further away

	Tokens *TokensAhead `json:"tokens,omitempty"` // where the phase pays in tokens; nil: in money
}

// TokensAhead is what the visit does to the tokens.
type TokensAhead struct {
	Now    int64 `json:"now"`    // what the citizen has
	IfMet  int64 `json:"if_met"` // and has after the visit, when all that make a reward are exchanged
	Price  int64 `json:"price"`  // tokens for one reward
	Reward int64 `json:"reward"` // minor units
}

// Ahead tells what a visit at that instant would be worth, met or missed. It is
// zero for an instant at which none counts.
func (s State) Ahead(d Document, at time.Time) Ahead { return s.AheadWith(d, Outside{}, at) }

// AheadWith is Ahead of a person who has more than this enrolment's visits under
// its caps.
func (s State) AheadWith(d Document, outside Outside, at time.Time) (a Ahead) {
	o := Opportunity{ID: "~ahead", At: at, Outcome: domain.Attended} // after all others of that instant
	if s.LastID != "" && !s.Follows(o) || s.Pause != nil && dayOf(domain.DateOf(at, d.Location())) <= s.Pause.last() {
		return a
	}
	phase := &d.Phases[d.phaseOn(&s, domain.DateOf(at, d.Location()))]
	phase.Target.meet(&o)
	met, awards := EvaluateWith(d, s, outside, []Opportunity{o})
	for _, w := range awards {
		a.IfMet += w.Amount
		if w.Explanation.Draws != nil {
			a.IfMetDraws, a.IfMetTickets = w.Explanation.Draws.Number, w.Explanation.Draws.Tickets
		}
		if x := w.Explanation.Tokens; x != nil {
			a.IfMetTokens = x.Earned
		}
	}
	if a.IfMetTokens == 0 { // without an award they are only collected
		a.IfMetTokens = max(0, met.Tokens-s.Tokens)
	}
	if t := phase.Magnitude.Tokens; t != nil {
		a.Tokens = &TokensAhead{Now: s.Tokens, IfMet: met.Tokens, Price: t.Price, Reward: t.Reward}
	}
	o.Outcome = domain.NoShow
	missed, _ := EvaluateWith(d, s, outside, []Opportunity{o})
	a.then(&s, s.ProgressWith(d, outside), met.ProgressWith(d, outside), missed.ProgressWith(d, outside))
	a.Counts = len(awards) > 0 || met.Place.MetCount != s.Place.MetCount || met.Finished != s.Finished
	return a
}

// then says what follows the visit; now is how things stand before it.
func (a *Ahead) then(s *State, now, met, missed Progress) {
	a.ThenMet, a.DrawsMet, a.NeededMet = met.NextAmount, max(met.NextDraws, met.NextTickets), met.NeededForNext-met.MetTowardsNext
	a.ThenMissed, a.DrawsMissed, a.NeededMissed = missed.NextAmount, max(missed.NextDraws, missed.NextTickets), missed.NeededForNext-missed.MetTowardsNext
	if now.Phase == missed.Phase && s.Finished == "" {
		a.MissCosts = a.ThenMissed < now.NextAmount || a.DrawsMissed < now.NextDraws || a.NeededMissed > now.NeededForNext-now.MetTowardsNext ||
			missed.NextTickets < now.NextTickets || missed.Tokens != nil && now.Tokens != nil && missed.Tokens.Next < now.Tokens.Next
	}
}
