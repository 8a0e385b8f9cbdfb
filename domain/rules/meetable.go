package rules

import (
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// meetable reports whether anything can meet the target: a session of one kind,
// with at most one task, or one milestone of the treatment plan.
func (t *Target) meetable() bool {
	all := t.within(nil)
	kinds, tasks, sessions := []string{"visit"}, []string{"", Any}, []int{0}
	for _, part := range all {
		kinds, tasks, sessions = append(kinds, part.Attend...), append(tasks, part.Task...), append(sessions, part.NthSession...)
	}
	at := time.Time{}.Add(time.Hour)
	best := Opportunity{At: at, Arrived: at, Left: at.Add(24 * time.Hour), Outcome: domain.Attended, Test: Negative}
	meets := func(o Opportunity) bool {
		return slices.ContainsFunc(tasks, func(task string) bool {
			return slices.ContainsFunc(sessions, func(n int) bool {
				o.Task, o.session = task, n
				return t.concerns(&o) && t.judge(&o) == ""
			})
		})
	}
	return slices.ContainsFunc(kinds, func(kind string) bool { o := best; o.Kind = kind; return meets(o) }) ||
		slices.ContainsFunc([]string{Goal, SubGoal, PhaseDone, PlanDone}, func(goal string) bool { o := best; o.Goal = goal; return meets(o) })
}

// within adds the target and all those in it.
func (t *Target) within(list []*Target) []*Target {
	list = append(list, t)
	parts := t.parts()
	for i := range parts {
		list = parts[i].within(list)
	}
	return list
}
