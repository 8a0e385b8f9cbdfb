package vouchers

import (
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// rewarded is what a target can pay for: sessions by kind, goals and tasks by
// name. rules.Any in a list is every one of them.
type rewarded struct{ sessions, goals, tasks []string }

// rewards is what any phase of a document pays for.
func rewards(doc rules.Document) (all rewarded) {
	for _, phase := range doc.Phases {
		all = all.or(rewardedBy(phase.Target))
	}
	return all
}

// rewardedBy reads a target. What it says of time, of a test or of a number is a
// condition on a session, of whatever kind unless the target names kinds.
func rewardedBy(t rules.Target) rewarded {
	switch {
	case t.Attend != nil:
		return rewarded{sessions: t.Attend}
	case t.Goal != nil:
		return rewarded{goals: t.Goal}
	case t.Task != nil:
		return rewarded{tasks: t.Task}
	case t.AllOf != nil:
		return rewardedByAll(t.AllOf)
	case t.AnyOf != nil:
		return rewardedByAny(t.AnyOf)
	case t.NOf != nil:
		return rewardedByAny(t.NOf.Of)
	default:
		return rewarded{sessions: []string{rules.Any}}
	}
}

func rewardedByAny(targets []rules.Target) (all rewarded) {
	for _, t := range targets {
		all = all.or(rewardedBy(t))
	}
	return all
}

// rewardedByAll is what all the targets pay for together: the kinds of session
// that each of them takes, and every goal and task among their conditions.
func rewardedByAll(targets []rules.Target) rewarded {
	var all rewarded
	for _, t := range targets {
		one := rewardedBy(t)
		if all.sessions == nil {
			all.sessions = one.sessions
		} else if one.sessions != nil {
			all.sessions = common(all.sessions, one.sessions)
		}
		all.goals, all.tasks = append(all.goals, one.goals...), append(all.tasks, one.tasks...)
	}
	if len(all.goals) > 0 { // a goal is reached, not attended
		all.sessions = nil
	}
	return all
}

func (r rewarded) or(other rewarded) rewarded {
	return rewarded{
		slices.Concat(r.sessions, other.sessions), slices.Concat(r.goals, other.goals), slices.Concat(r.tasks, other.tasks),
	}
}

// meets reports whether both pay for some same thing.
func (r rewarded) meets(other rewarded) bool {
	return len(common(r.sessions, other.sessions)) > 0 || len(common(r.goals, other.goals)) > 0 || len(common(r.tasks, other.tasks)) > 0
}

// common gives what is in both lists.
func common(a, b []string) []string {
	switch {
	case slices.Contains(a, rules.Any):
		return b
	case slices.Contains(b, rules.Any):
		return a
	}
	return slices.DeleteFunc(slices.Clone(a), func(word string) bool { return !slices.Contains(b, word) })
}

// rewardedTwice gives the programme, if any, that pays for one of the things that
// doc pays for: the citizen is in it, or the same plan's visits from the date on
// still count there. The enrolment that is moved to doc, zero for none, is passed
// over.
func (s *Service) rewardedTwice(tx *store.Tx, plan domain.Plan, doc rules.Document, from domain.Date, moved domain.ID) (string, error) {
	enrolments, err := enrolmentsOf(tx, plan.CitizenID)
	if err != nil {
		return "", err
	}
	others, err := withMoves(tx, slices.DeleteFunc(enrolments, func(e domain.Enrolment) bool {
		return e.ID == moved || e.State != "active" && (e.PlanID != plan.ID || !counts(e, from))
	}))
	if err != nil {
		return "", err
	}
	for _, c := range others {
		for _, version := range c.during(from, domain.Date{}) {
			other, err := s.document(tx, version)
			if err != nil {
				return "", err
			}
			readmitted := c.State != "active" && other.Programme == doc.Programme // which readmit looks at
			if !readmitted && rewards(other).meets(rewards(doc)) {
				return other.Programme, nil
			}
		}
	}
	return "", nil
}
