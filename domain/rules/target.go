package rules

import (
	"slices"
	"strconv"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// Target is the behaviour that is rewarded. Exactly one field is set.
type Target struct {
	Attend       []string `json:"attend,omitempty"`         // the kinds of visit that count
	OnTimeWithin Minutes  `json:"on_time_within,omitempty"` // arrived at most so long after the visit was to begin
	StayAtLeast  Minutes  `json:"stay_at_least,omitempty"`  // from arriving to leaving
	Test         string   `json:"test,omitempty"`           // Negative
	Goal         []string `json:"goal,omitempty"`           // milestones of the treatment plan that count: Goal, SubGoal, PhaseDone, PlanDone; or Any
	Task         []string `json:"task,omitempty"`           // tasks that count; Any: all
	NthSession   []int    `json:"nth_session,omitempty"`    // which of the phase's attended visits, from 1: the others are held
	AllOf        []Target `json:"all_of,omitempty"`
	AnyOf        []Target `json:"any_of,omitempty"`
	NOf          *NOf     `json:"n_of,omitempty"`
}

// NOf is a target that holds when so many of others hold.
type NOf struct {
	N  int      `json:"n"`
	Of []Target `json:"of"`
}

// Minutes is a span of time, written "15m", "4h" or "1h30m".
type Minutes int

// MarshalText writes the span.
func (m Minutes) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

func (m Minutes) String() string {
	h, rest := int(m)/60, int(m)%60
	switch {
	case h == 0:
		return strconv.Itoa(rest) + "m"
	case rest == 0:
		return strconv.Itoa(h) + "h"
	default:
		return strconv.Itoa(h) + "h" + strconv.Itoa(rest) + "m"
	}
}

// Words of targets and of what is recorded about a visit.
const (
	Any       = "any"      // every goal, or every task
	Goal      = "goal"     // a goal of the plan was reached
	SubGoal   = "sub_goal" // or a part of one
	PhaseDone = "phase"    // a phase of the treatment was completed
	PlanDone  = "plan"     // or all of it
	Negative  = "negative" // a test's result that meets a target
	Positive  = "positive" // one that does not
)

// Outcomes beside those of package domain.
const (
	Late          = "late"
	LeftEarly     = "left_early"
	NoValidSample = "no_valid_sample"
	Pending       = "pending"
)

// concerns reports whether the visit is one that the target speaks of at all.
// What a target says of time or of a test concerns every visit, a visit being
// what has a kind. A task may be done outside any session, so it concerns the
// visits at which it was, and beside kinds of session each of those.
func (t *Target) concerns(o *Opportunity) bool {
	concerned := func(part Target) bool { return part.concerns(o) || part.Task != nil && t.attends(o) }
	switch {
	case t.Attend != nil:
		return slices.Contains(t.Attend, o.Kind)
	case t.Goal != nil:
		return names(t.Goal, o.Goal)
	case t.Task != nil:
		return names(t.Task, o.Task)
	case t.AllOf != nil:
		return !slices.ContainsFunc(t.AllOf, func(part Target) bool { return !concerned(part) })
	case t.AnyOf != nil:
		return slices.ContainsFunc(t.AnyOf, concerned)
	case t.NOf != nil:
		n := 0
		for i := range t.NOf.Of {
			if concerned(t.NOf.Of[i]) {
				n++
			}
		}
		return n >= t.NOf.N
	default:
		return o.Kind != ""
	}
}

// attends reports whether the target names the visit's kind.
func (t *Target) attends(o *Opportunity) bool {
	return slices.Contains(t.Attend, o.Kind) || slices.ContainsFunc(t.parts(), func(part Target) bool { return part.attends(o) })
}

func names(list []string, word string) bool {
	return word != "" && (list[0] == Any || slices.Contains(list, word))
}

// judge gives "" when the target holds on an attended visit that it concerns,
// and otherwise the outcome that the visit comes down to: Late, LeftEarly,
// Pending, or domain.Attended when none of those says it. What is not recorded
// does not hold.
func (t *Target) judge(o *Opportunity) string {
	switch {
	case t.NthSession != nil:
		if !slices.Contains(t.NthSession, o.session) {
			return notDue
		}
	case t.OnTimeWithin > 0:
		if o.Arrived.IsZero() || o.Arrived.Sub(o.At) > time.Duration(t.OnTimeWithin)*time.Minute {
			return Late
		}
	case t.StayAtLeast > 0:
		if o.Arrived.IsZero() || o.Left.IsZero() || o.Left.Sub(o.Arrived) < time.Duration(t.StayAtLeast)*time.Minute {
			return LeftEarly
		}
	case t.Test != "" && o.Test == "":
		return Pending
	case t.Test != "" && o.Test != t.Test:
		return domain.Attended
	case t.AllOf != nil:
		return atLeast(t.AllOf, len(t.AllOf), o)
	case t.AnyOf != nil:
		return atLeast(t.AnyOf, 1, o)
	case t.NOf != nil:
		return atLeast(t.NOf.Of, t.NOf.N, o)
	case !t.concerns(o): // attend, goal or task, below another
		return domain.Attended
	}
	return ""
}

// atLeast judges by how many of the targets hold. Of those that fail, the first
// in the document says why, but a result that is still to come goes first, and
// a session that is not the nth before that.
func atLeast(targets []Target, n int, o *Opportunity) string {
	held, why := 0, ""
	for i := range targets {
		switch failed := targets[i].judge(o); {
		case failed == "":
			held++
		case why == "" || failed == notDue || failed == Pending && why != notDue:
			why = failed
		}
	}
	if held >= n {
		return ""
	}
	return why
}

// effect says what a visit with an outcome does, and the outcome that it comes
// down to. An outcome that nobody has named is no opportunity: it pays nothing
// until it is recorded.
func (p *Phase) effect(o *Opportunity, outcome string) (Effect, string) {
	if !p.Target.concerns(o) {
		return Ignore, outcome
	}
	if outcome == domain.Attended {
		failed := p.Target.judge(o)
		if failed == "" {
			return Met, outcome
		}
		if failed == notDue {
			return Hold, outcome
		}
		outcome = failed
	}
	if due := p.Target.due(); o.session > 0 && due != nil && !slices.Contains(due, o.session) {
		return Hold, outcome // recorded as late or the like, on a session that is not due
	}
	e := p.Outcomes.of(outcome)
	if e == "" && o.Outcome == domain.Attended && outcome != Pending {
		e = NotMet
	}
	if e == "" {
		e = Ignore
	}
	return e, outcome
}

// of is the stated effect of an outcome, or "".
func (o *Outcomes) of(outcome string) Effect {
	switch outcome {
	case domain.NoShow:
		return o.NoShow
	case domain.Excused:
		return o.Excused
	case domain.Cancelled:
		return o.Cancelled
	case Late:
		return o.Late
	case LeftEarly:
		return o.LeftEarly
	case NoValidSample:
		return o.NoValidSample
	case Pending:
		return o.Pending
	default:
		return ""
	}
}
