package rules

// Phase is a span of the programme with its own rule. How long it is, one of
// Days, Weeks, Opportunities.Count and Opportunities.OnDays says.
type Phase struct {
	Name          string       `json:"name"`
	Days          int          `json:"days,omitempty"`
	Weeks         int          `json:"weeks,omitempty"`
	Carry         *Carry       `json:"carry,omitempty"`         // what comes along from the phase before; nil in the first
	Opportunities *Schedule    `json:"opportunities,omitempty"` // nil: every visit is one
	Target        Target       `json:"target"`
	Outcomes      Outcomes     `json:"outcomes"`
	MakeUp        *MakeUp      `json:"make_up,omitempty"` // nil: what is missed cannot be made up
	Requirement   Requirement  `json:"requirement"`
	Magnitude     Magnitude    `json:"magnitude,omitzero"` // zero when Draws is set
	Escalation    *Escalation  `json:"escalation,omitempty"`
	Reset         *Reset       `json:"reset,omitempty"`
	Restoration   *Restoration `json:"restoration,omitempty"`
	Bonus         []Bonus      `json:"bonus,omitempty"`
	Draws         *Draws       `json:"draws,omitempty"`
	Bowl          Bowl         `json:"bowl,omitempty"`
	Hat           *Hat         `json:"hat,omitempty"` // nil: Draws are slips from the bowl; else names in the hat
}

// Carry says what a phase takes over from the one before.
type Carry struct {
	Level  bool `json:"level"`  // the level, the run towards the next and what restoration remembers
	Streak bool `json:"streak"` // the bonus streak and the met visits towards the next reward
}

// Schedule says which visits are opportunities; at most one of Days, PerWeek,
// OnDays and Any is set. Weeks are of seven days from the phase's first day.
type Schedule struct {
	Days    []string `json:"days,omitempty"`     // weekdays, mon to sun: the first visit on such a day
	PerWeek int      `json:"per_week,omitempty"` // the first so many visits of each week
	OnDays  []int    `json:"on_days,omitempty"`  // days since the phase's first, which is 0: the first visit on each
	Any     bool     `json:"any,omitempty"`      // every visit
	MinGap  int      `json:"min_gap,omitempty"`  // days from one opportunity to the next, at least
	Count   int      `json:"count,omitempty"`    // the phase is over after so many opportunities
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

// Outcomes maps what happened to its effect. An attended visit on which the
// target holds is met. An outcome that is not stated, "", is Ignore, but for
// Late and LeftEarly of an attended visit, which are then NotMet.
type Outcomes struct {
	NoShow        Effect `json:"no_show"`
	Excused       Effect `json:"excused,omitempty"`
	Cancelled     Effect `json:"cancelled,omitempty"`
	Late          Effect `json:"late,omitempty"`       // recorded so, or on_time_within failed
	LeftEarly     Effect `json:"left_early,omitempty"` // recorded so, or stay_at_least failed
	NoValidSample Effect `json:"no_valid_sample,omitempty"`
	Pending       Effect `json:"pending,omitempty"` // recorded so, or attended without the test's result
}

// Requirement is how many met visits one reward takes: Met, or what Rising says.
type Requirement struct {
	Met    int     `json:"met,omitempty"`
	Rising *Rising `json:"rising,omitempty"`
}

// Rising is a requirement that grows with the rewards of the phase.
type Rising struct {
	Start   int `json:"start"` // met visits for the first reward
	Step    int `json:"step"`  // more for each next one
	Ceiling int `json:"ceiling"`
}

// Escalation says what raises the level by one. Exactly one field is set.
type Escalation struct {
	Every Every `json:"every"`
	// Excused is the reading of an excused visit in a week that must be all met.
	Excused string `json:"excused,omitempty"` // ExcusedBreaks or ExcusedCounts
}

// Every is one way to escalate.
type Every struct {
	Visit       bool // "visit": each met visit
	Consecutive int  // {consecutive: n}: each n met visits with no miss between
	AllMet      bool // {calendar_week: all_met}: each week of which every opportunity was met
	WeekNumber  bool // "week_number": each new week, whatever happened in it
}

// The readings of an excused visit in a week that must be all met.
const (
	ExcusedBreaks = "breaks" // the week is not all met
	ExcusedCounts = "counts" // it is, if the others are
)

// Reset says which misses set the level back, and where to. It never touches
// what was earned.
type Reset struct {
	On          []string `json:"on"` // "not_met": any miss; or outcomes that are one
	To          ResetTo  `json:"to"`
	ClearsBonus bool     `json:"clears_bonus"` // whether a miss ends the streak that bonuses count; without a reset it does
}

// ResetTo is where a reset leads.
type ResetTo struct {
	Word  string // ToStart, ToPrevious, ToNone, or "" when Level is set
	Level int    // from 1
}

// Where a reset leads.
const (
	ToStart    = "start"    // the first level
	ToPrevious = "previous" // one level down
	ToNone     = "none"     // nowhere: the level stays
)

// Restoration gives a level back that a reset took. It never lowers a level.
type Restoration struct {
	After   int    `json:"after"`    // met visits in a row since the reset
	Apply   string `json:"apply"`    // Next or Qualifying
	To      string `json:"to"`       // Last or Due
	Memory  string `json:"memory"`   // First, Last or Highest
	PartRun string `json:"part_run"` // Keep or Fresh
}

// The words of a restoration.
const (
	Next       = "next"       // the visit after the qualifying one is the first that pays the restored level
	Qualifying = "qualifying" // the qualifying visit pays it
	Last       = "last"       // to: the level last paid; memory: of the newest miss
	Due        = "due"        // the level that the missed visit would have paid
	First      = "first"      // of the first miss, when more come before restoration
	Highest    = "highest"    // of the misses, the highest level
	Keep       = "keep"       // the run towards the next level goes on from where the miss found it
	Fresh      = "fresh"      // it starts again
)

// Bonus is an extra amount beside the magnitude. Exactly one of the first four
// is set.
type Bonus struct {
	EveryConsecutive int   `json:"every_consecutive,omitempty"` // at every nth met visit in a row
	OnceAt           int   `json:"once_at,omitempty"`           // at the nth in a row, once in the phase
	WholeWeekMet     bool  `json:"whole_week_met,omitempty"`    // at the last opportunity of a week, all met
	PhaseCompleted   int   `json:"phase_completed,omitempty"`   // at the phase's nth met visit, in a row or not
	Amount           int64 `json:"amount"`                      // minor units
}

// Length is the number of days from the phase's first to its last; false when
// it ends by opportunities, not by the calendar.
func (p *Phase) Length() (days int, fixed bool) {
	switch sc := p.Opportunities; {
	case p.Days+p.Weeks > 0:
		return p.Days + 7*p.Weeks, true
	case sc != nil && len(sc.OnDays) > 0:
		return sc.OnDays[len(sc.OnDays)-1] + 1, true
	default:
		return maxDays, false
	}
}

// needed is how many met visits the phase's next reward takes after so many.
func (r *Requirement) needed(rewards int) int {
	if r.Rising == nil {
		return r.Met
	}
	return min(r.Rising.Start+rewards*r.Rising.Step, r.Rising.Ceiling)
}

// perWeek is how many opportunities a full week has; 0 when nothing says.
func (p *Phase) perWeek() int {
	if p.Opportunities == nil {
		return 0
	}
	return p.Opportunities.PerWeek + len(p.Opportunities.Days)
}
