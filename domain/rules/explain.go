package rules

import (
	"encoding/json"
	"fmt"
)

// Explanation says why an award is what it is: all that is needed to check it
// by hand but the programme version, which the caller knows. Its JSON also has
// the sentences, as `text`.
type Explanation struct {
	Phase         string    `json:"phase"`       // the phase's name
	Rule          string    `json:"rule"`        // target and magnitude: "attend.constant", "test.linear", …
	Requirement   int       `json:"requirement"` // met visits that the reward took
	Milestone     int       `json:"milestone"`
	LevelBefore   int       `json:"level_before"`          // the level that the visit found, from 1; always 1 for a constant
	LevelAfter    int       `json:"level_after"`           // the level that pays next; the last one at a table's end
	RestoredTo    int       `json:"restored_to,omitempty"` // the level that this visit, qualifying for restoration, was paid; 0: it was paid LevelBefore
	Visit         int       `json:"visit,omitempty"`       // the phase's met visits so far; 0: Milestone times Requirement
	Opportunities []string  `json:"opportunities"`         // IDs of the visits it rests on, in order
	MakesUp       string    `json:"makes_up,omitempty"`    // ID of the missed visit that the last of them made up; "": none
	Goal          string    `json:"goal,omitempty"`        // the milestone of the treatment plan that the last of them is: "sub_goal", …; "": it is a visit or task
	After         *Pausing  `json:"after,omitempty"`       // the pause since the award before; nil: none
	Currency      string    `json:"currency"`
	Bonus         []Paid    `json:"bonus,omitempty"`        // bonuses that the full amount has in it
	Draws         *Drawn    `json:"draws,omitempty"`        // the visit's draws; nil: the phase has none
	Tokens        *Exchange `json:"tokens,omitempty"`       // the visit's tokens; nil: the phase has none
	Full          int64     `json:"full_amount"`            // before caps, minor units
	Amount        int64     `json:"amount"`                 // after caps
	Voucher       int       `json:"voucher,omitempty"`      // its number among rewards above zero; 0 when it pays nothing
	MaxVouchers   int       `json:"max_vouchers,omitempty"` // the lowest count cap of the episode; 0: none
	Cut           *Cut      `json:"cut,omitempty"`          // nil when no cap cut it
}

// Cut is what a cap took from a reward.
type Cut struct {
	Path string `json:"path"` // of the cap in the document: "caps[0]"
	Cap
	By   int64 `json:"by"`             // minor units
	Used int64 `json:"used,omitempty"` // what had counted towards the cap: minor units, or rewards
}

// Paid is a bonus that a visit has reached.
type Paid struct {
	Path string `json:"path"` // in the document: "phases[0].bonus[0]"
	Bonus
}

// Base is what the magnitude or the draws paid, without bonuses and before caps.
func (e Explanation) Base() int64 {
	base := e.Full
	for _, b := range e.Bonus {
		base -= b.Amount
	}
	return base
}

// MarshalJSON adds the sentences.
func (e Explanation) MarshalJSON() ([]byte, error) {
	type plain Explanation
	return json.Marshal(struct {
		plain
		Text Text `json:"text"`
	}{plain(e), e.Text()})
}

// explain completes the explanation of the award that f is making.
func (f *fold) explain(e *Explanation, v verdict) {
	s := &f.state
	if f.rule == "" {
		f.rule = f.phase.ruleName()
	}
	e.Rule = f.rule
	e.Milestone, e.Amount = s.Milestones, v.pays
	e.MaxVouchers = f.most
	if n := s.Place.MetCount; n != e.Milestone*e.Requirement || s.Phase > 0 {
		e.Visit = n
	}
	if v.pays > 0 {
		e.Voucher = s.Vouchers
	}
	if v.cap >= 0 {
		e.Cut = &Cut{Path: fmt.Sprintf("caps[%d]", v.cap), Cap: f.doc.Caps[v.cap], By: v.full - v.pays, Used: v.cut(f.doc)}
	}
}

// ruleName names the target and the magnitude.
func (p *Phase) ruleName() string { return p.Target.word() + "." + p.rule() }

// word names the kind of target.
func (t *Target) word() string {
	switch {
	case t.Attend != nil:
		return "attend"
	case t.Test != "":
		return "test"
	case t.Goal != nil:
		return "goal"
	case t.Task != nil:
		return "task"
	case t.NthSession != nil:
		return "nth_session"
	case t.OnTimeWithin > 0:
		return "on_time_within"
	case t.StayAtLeast > 0:
		return "stay_at_least"
	case t.AllOf != nil:
		return "all_of"
	case t.AnyOf != nil:
		return "any_of"
	default:
		return "n_of"
	}
}
