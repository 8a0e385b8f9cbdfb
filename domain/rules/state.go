package rules

import (
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// Opportunity is one visit, as it now stands: recorded, corrected or not.
type Opportunity struct {
	ID      string    // identifies the visit, which pays at most once; never ""
	At      time.Time // the instant it was to begin; counts to the microsecond
	Kind    string    // "individual", "group", …
	Outcome string    // domain.Attended, NoShow, Excused or Cancelled
}

// State is where an enrolment stands after the visits folded so far. It does
// not grow with their number: all it lists are the met visits since the last
// milestone, fewer than the requirement. Its fields are read by verify and
// tests; only Start and Evaluate make one.
type State struct {
	Start      domain.Date `json:"start"`              // day 0 of the rules
	Milestones int         `json:"milestones"`         // reached
	Vouchers   int         `json:"vouchers"`           // of them, rewarded above zero
	Earned     int64       `json:"earned"`             // minor units, after caps
	Met        []string    `json:"met,omitempty"`      // IDs of the met visits since the last milestone
	Finished   string      `json:"finished,omitempty"` // why no milestone can follow: CountCap, AmountCap, TableEnd; "" while one can
	LastAt     int64       `json:"last_at"`            // when the last folded visit was to begin, in microseconds since 1970 UTC
	LastID     string      `json:"last_id"`            // its ID; "": nothing folded yet
}

// Why an enrolment earns no more.
const (
	CountCap  = "count_cap"  // as many rewards as a cap allows
	AmountCap = "amount_cap" // as much as a cap allows
	TableEnd  = "table_end"  // every amount of the table was reached
)

// Start is the state of an enrolment in d before any visit.
func Start(d Document, start domain.Date) State {
	s := State{Start: start}
	_, s.Finished = d.next(&s)
	return s
}

// Follows reports whether o comes after everything folded so far, so that
// Evaluate can go on from s. Visits are ordered by instant, then by ID. Where it
// is false for a late or corrected visit, evaluate all visits from Start.
func (s State) Follows(o Opportunity) bool {
	return o.ID != "" && o.ID != s.LastID && !slices.Contains(s.Met, o.ID) && s.before(&o)
}

// before reports whether o comes after the last folded visit.
func (s *State) before(o *Opportunity) bool {
	at := o.At.UnixMicro()
	return s.LastID == "" || at > s.LastAt || at == s.LastAt && o.ID > s.LastID
}

// seen is the set of IDs that can no longer be folded, with room for n more. It
// holds "", the ID of no visit.
func (s *State) seen(n int) map[string]struct{} {
	ids := make(map[string]struct{}, n+len(s.Met)+2)
	ids[""], ids[s.LastID] = struct{}{}, struct{}{}
	for _, id := range s.Met {
		ids[id] = struct{}{}
	}
	return ids
}
