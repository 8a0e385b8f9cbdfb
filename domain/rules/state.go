package rules

import (
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// Opportunity is one visit, or one goal reached or task done, as it now stands:
// recorded, corrected or not. Where a field is not recorded, no target that
// asks for it holds.
type Opportunity struct {
	ID      string      // identifies the visit, which pays at most once; never ""
	At      time.Time   // the instant it was to begin; counts to the microsecond
	Kind    string      // "individual", "group", …; "" when it is no visit
	Outcome string      // domain.Attended, NoShow, Excused or Cancelled; Late, LeftEarly, NoValidSample or Pending
	Arrived time.Time   // zero: not recorded
	Left    time.Time   // zero: not recorded
	Test    string      // Negative, Positive; "": no result
	Goal    string      // the milestone of the treatment plan that was reached; "": none
	Task    string      // the task that was done; "": none
	MakesUp string      // ID of the missed visit that this one makes up; "": none
	Reason  string      // why it was excused: "illness", …; "": not told
	Notice  time.Time   // when it was told that the visit would be missed; zero: not recorded
	Pause   string      // one of Reasons: this is no visit but a pause from At on (Document.Paused); "": it is none
	Until   domain.Date // the pause's last day; zero: not ended yet
	Seed    string      // of the visit's draws, or of its hat once that is drawn: 64 hexadecimal digits (NewSeed); "": its draws cannot be made
	Won     int         // draws that its name, drawn from the group's hat, has won: 0 or 1
	session int         // its number among the attended visits of the phase, where the target counts them
}

// State is where an enrolment stands after the visits folded so far. It does
// not grow with their number: all it lists are the met visits since the last
// reward, fewer than the requirement, one tally for each cap that needs one, and
// for a rolling year at most its days. Its fields are read by verify and tests;
// only Start and Evaluate make one.
type State struct {
	Start      domain.Date `json:"start"`              // day 0 of the rules
	Milestones int         `json:"milestones"`         // rewards reached, whether a cap left something of them or not
	Vouchers   int         `json:"vouchers"`           // of them, rewarded above zero
	Earned     int64       `json:"earned"`             // minor units, after caps
	Met        []string    `json:"met,omitempty"`      // IDs of the met visits since the last reward
	Finished   string      `json:"finished,omitempty"` // why no milestone can follow: CountCap, AmountCap, TableEnd, PhasesOver; "" while one can
	LastAt     int64       `json:"last_at"`            // when the last folded visit was to begin, in microseconds since 1970 UTC
	LastID     string      `json:"last_id"`            // its ID; "": nothing folded yet
	Periods    []Tally     `json:"periods,omitempty"`  // for each cap that needs one, in the document's order
	Rolling    []Day       `json:"rolling,omitempty"`  // paying days of the last year, when a cap is by rolling year
	Issues     []Day       `json:"issues,omitempty"`   // days of issue of the last year, when one with basis issued is; vouchers with a claim are not in it
	Tokens     int64       `json:"tokens,omitempty"`   // not yet exchanged
	Phase      int         `json:"phase,omitempty"`    // index of the phase
	From       domain.Date `json:"from,omitzero"`      // its first day; zero when that is Start
	Excused    Excused     `json:"excused,omitzero"`   // visits excused, when the document counts them
	Pause      *Pausing    `json:"pause,omitempty"`    // the newest pause, until an award follows it; nil: none
	Place      Place       `json:"place,omitzero"`
}

// Place is where an enrolment stands within its phase.
type Place struct {
	Level    int    `json:"level,omitempty"`     // index of the level that pays next: 0 is the first
	Run      int    `json:"run,omitempty"`       // met visits in a row towards the next level
	Streak   int    `json:"streak,omitempty"`    // met visits in a row, as bonuses count them
	Rewards  int    `json:"rewards,omitempty"`   // reached in this phase
	MetCount int    `json:"met_count,omitempty"` // met visits in this phase
	Paid     int    `json:"paid,omitempty"`      // the level last paid, from 1; 0: none
	Memory   int    `json:"memory,omitempty"`    // the level that restoration leads to, from 1; 0: none
	Kept     int    `json:"kept,omitempty"`      // the run that goes with it
	Recover  int    `json:"recover,omitempty"`   // met visits in a row since the reset
	Restored bool   `json:"restored,omitempty"`  // the level was given back, and the next met visit pays it
	Once     uint64 `json:"once,omitempty"`      // bit i: bonus i, which is paid once, was paid
	Count    int    `json:"count,omitempty"`     // opportunities in this phase
	Sessions int    `json:"sessions,omitempty"`  // visits attended in it, where the target counts them (nth_session)
	Day      int    `json:"day,omitempty"`       // of the last opportunity, from 1 on the phase's first day; 0: none
	Week     int    `json:"week,omitempty"`      // of the last opportunity, from 0
	WeekUsed int    `json:"week_used,omitempty"` // opportunities in that week
	WeekMet  int    `json:"week_met,omitempty"`  // of them, met
	WeekHeld int    `json:"week_held,omitempty"` // of them, excused and counted
	Stopped  int    `json:"stopped,omitempty"`   // days on which the phase's clock stood still
	MadeUp   int    `json:"made_up,omitempty"`   // visits made up in this phase
}

// Tally is what was earned in one period of a cap.
type Tally struct {
	Key     int   `json:"key"` // of the period: 2026, or 202601 for a month
	Count   int   `json:"count"`
	Amount  int64 `json:"amount"`
	Stopped bool  `json:"stopped,omitempty"` // by the cap, until the period ends
}

// Day is what was earned on one date.
type Day struct {
	Date   domain.Date `json:"date"`
	Count  int         `json:"count"`
	Amount int64       `json:"amount"`
}

// Why an enrolment earns no more.
const (
	CountCap   = "count_cap"   // as many rewards as a cap allows
	AmountCap  = "amount_cap"  // as much as a cap allows
	TableEnd   = "table_end"   // every amount of the table was reached, or every session that the target names
	PhasesOver = "phases_over" // the last phase had all its opportunities
)

// Start is the state of an enrolment in d before any visit.
func Start(d Document, start domain.Date) State {
	s := State{Start: start}
	_, s.Finished = d.next(&s, nil)
	return s
}

// Follows reports whether o comes after everything folded so far, so that
// Evaluate can go on from s. Visits are ordered by instant, then by ID. Where it
// is false for a late or corrected visit, evaluate all visits from Start. It
// always is for one that makes up another, which it changes.
func (s State) Follows(o Opportunity) bool { return o.MakesUp == "" && s.follows(&o) }

func (s *State) follows(o *Opportunity) bool {
	return o.ID != "" && o.ID != s.LastID && !slices.Contains(s.Met, o.ID) && s.before(o)
}

// instant is when o comes in the order, in microseconds since 1970 UTC: a pause
// before all visits of its first day.
func (o *Opportunity) instant() int64 {
	if o.Pause != "" {
		return o.At.UnixMicro() - 1
	}
	return o.At.UnixMicro()
}

// first is the first day of the phase.
func (s *State) first() domain.Date {
	if s.From.IsZero() {
		return s.Start
	}
	return s.From
}

// before reports whether o comes after the last folded visit.
func (s *State) before(o *Opportunity) bool {
	at := o.instant()
	return s.LastID == "" || at > s.LastAt || at == s.LastAt && o.ID > s.LastID
}

// newcomers tells which IDs come for the first time. IDs that only rise, as those
// do that are given out in the order of visits, need no set of all before.
type newcomers struct{ seen map[string]struct{} }

// newcomers looks out for visits, in order, that are to be folded onto s.
func (s *State) newcomers(visits []Opportunity) newcomers {
	last := ""
	for i := range visits {
		if id := visits[i].ID; id <= last || s.LastID != "" {
			return newcomers{s.seen(len(visits))}
		}
		last = visits[i].ID
	}
	return newcomers{}
}

// first notes an ID and reports whether it is new.
func (n newcomers) first(id string) bool {
	if n.seen == nil {
		return true
	}
	known := len(n.seen)
	n.seen[id] = struct{}{}
	return len(n.seen) > known // one look into the map, its dearest step, tells and notes it
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
