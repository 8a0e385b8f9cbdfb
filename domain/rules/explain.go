package rules

import (
	"encoding/json"
	"fmt"
)

// Explanation says why an award is what it is: all that is needed to check it
// by hand but the programme version, which the caller knows. Its JSON also has
// the sentences, as `text`.
type Explanation struct {
	Phase         string   `json:"phase"`       // the phase's name
	Rule          string   `json:"rule"`        // target and magnitude: "attend.constant" or "attend.table"
	Requirement   int      `json:"requirement"` // met visits that one reward takes
	Milestone     int      `json:"milestone"`
	LevelBefore   int      `json:"level_before"`  // the step of the table that paid, from 1; always 1 for a constant
	LevelAfter    int      `json:"level_after"`   // the step that pays next; the last one at the table's end
	Opportunities []string `json:"opportunities"` // IDs of the visits it rests on, in order
	Currency      string   `json:"currency"`
	Full          int64    `json:"full_amount"`            // before caps, minor units
	Amount        int64    `json:"amount"`                 // after caps
	Voucher       int      `json:"voucher,omitempty"`      // its number among rewards above zero; 0 when it pays nothing
	MaxVouchers   int      `json:"max_vouchers,omitempty"` // the lowest count cap; 0: none
	Cut           *Cut     `json:"cut,omitempty"`          // nil when no cap cut it
}

// Cut is what a cap took from a reward.
type Cut struct {
	Path string `json:"path"` // of the cap in the document: "caps[0]"
	Cap
	By int64 `json:"by"` // minor units
}

// MarshalJSON adds the sentences.
func (e Explanation) MarshalJSON() ([]byte, error) {
	type plain Explanation
	return json.Marshal(struct {
		plain
		Text Text `json:"text"`
	}{plain(e), e.Text()})
}

// explain gives the explanation of the milestone that f has just reached.
func (f *fold) explain(v verdict) Explanation {
	s, m := &f.state, &f.phase.Magnitude
	e := Explanation{
		Phase:         f.phase.Name,
		Rule:          "attend.constant",
		Requirement:   f.phase.Requirement.Met,
		Milestone:     s.Milestones,
		LevelBefore:   m.level(s.Milestones),
		LevelAfter:    m.level(s.Milestones + 1),
		Opportunities: s.Met,
		Currency:      f.doc.Currency,
		Full:          v.full,
		Amount:        v.pays,
	}
	if len(m.Table) > 0 {
		e.Rule = "attend.table"
	}
	e.MaxVouchers, _ = f.doc.tightest()
	if v.pays > 0 {
		e.Voucher = s.Vouchers
	}
	if v.cap >= 0 {
		e.Cut = &Cut{Path: fmt.Sprintf("caps[%d]", v.cap), Cap: f.doc.Caps[v.cap], By: v.full - v.pays}
	}
	return e
}
