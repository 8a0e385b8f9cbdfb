package vouchers

import (
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// history is everything that now holds about the enrolment's plan and that the
// rules look at, in no particular order: they sort it.
func history(tx *store.Tx, e domain.Enrolment, doc rules.Document) ([]rules.Opportunity, error) {
	facts, err := visits(tx, e)
	if err != nil {
		return nil, err
	}
	reached, err := milestones(tx, e, doc)
	if err != nil {
		return nil, err
	}
	rests, err := pauses(tx, e, doc)
	return append(append(facts, reached...), rests...), err
}

// counts reports whether what was on that date counts for the enrolment: what
// comes after its end does not.
func counts(e domain.Enrolment, on domain.Date) bool {
	return e.EndedOn.IsZero() || !e.EndedOn.Before(on)
}

// visits gives each of the plan's visits as its newest event tells it, unless
// that withdrew it.
func visits(tx *store.Tx, e domain.Enrolment) ([]rules.Opportunity, error) {
	events, err := store.All[domain.AttendanceEvent](tx, "plan_id, attendance_id, revision", store.Is("plan_id", e.PlanID))
	if err != nil {
		return nil, err
	}
	current := events[:0]
	for i, ev := range events {
		newest := i == len(events)-1 || events[i+1].AttendanceID != ev.AttendanceID
		if newest && !ev.Withdrawn {
			current = append(current, ev)
		}
	}
	return opportunities(e, current), nil
}

// opportunities are the events that count for the enrolment, as the rules see
// them.
func opportunities(e domain.Enrolment, events []domain.AttendanceEvent) []rules.Opportunity {
	visits := make([]rules.Opportunity, 0, len(events))
	for _, ev := range events {
		if counts(e, ev.LocalDate) {
			visits = append(visits, opportunity(ev))
		}
	}
	return visits
}

// opportunity is a visit as the rules see it.
func opportunity(e domain.AttendanceEvent) rules.Opportunity {
	o := rules.Opportunity{
		ID: e.AttendanceID.String(), At: e.OccurredAt, Kind: e.Kind, Outcome: e.Outcome,
		Arrived: value(e.ArrivedAt), Left: value(e.LeftAt), Test: e.Test, Task: e.Task,
		Reason: e.AbsenceReason, Notice: value(e.NoticeAt),
	}
	if e.MakesUp != nil {
		o.MakesUp = e.MakesUp.String()
	}
	return o
}

// value is what p points to, or the zero value.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// The milestones of a treatment plan, in the words of the rules.
const (
	subGoalMilestone = "sub_goal"
	planMilestone    = "plan"
)

// milestones are the plan's goals that are reached, and the plan itself when it
// is completed. Each comes after the visits of its day.
func milestones(tx *store.Tx, e domain.Enrolment, doc rules.Document) (reached []rules.Opportunity, err error) {
	goals, err := store.All[domain.Goal](tx, "", store.Is("plan_id", e.PlanID), store.Is("state", goalReached))
	if err != nil {
		return nil, err
	}
	add := func(fact Fact, on domain.Date, word string) {
		if counts(e, on) {
			end := on.AddDays(1).In(doc.Location()).Add(-time.Microsecond)
			reached = append(reached, rules.Opportunity{ID: fact.String(), At: end, Outcome: domain.Attended, Goal: word})
		}
	}
	for _, g := range goals {
		word := g.Kind
		if g.ParentID != nil {
			word = subGoalMilestone
		}
		add(Fact{GoalFact, g.ID}, g.ReachedOn, word)
	}
	plan, err := store.Get[domain.Plan](tx, e.PlanID)
	if err == nil && plan.EndReason == planCompleted {
		add(Fact{PlanFact, plan.ID}, plan.EndDate, planMilestone)
	}
	return reached, err
}

// pauses are the plan's pauses, as items of a history.
func pauses(tx *store.Tx, e domain.Enrolment, doc rules.Document) (rests []rules.Opportunity, err error) {
	rows, err := store.All[domain.Pause](tx, "", store.Is("plan_id", e.PlanID), store.Is("withdrawn", false))
	for _, p := range rows {
		if counts(e, p.FirstDay) {
			rests = append(rests, doc.Paused(Fact{PauseFact, p.ID}.String(), p.Reason, p.FirstDay, p.LastDay))
		}
	}
	return rests, err
}
