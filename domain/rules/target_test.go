package rules_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

const conditions = `phases:
  - name: all
    days: 100
    target: TARGET
    outcomes: {no_show: not_met, excused: hold}
    magnitude: {constant: 400}
`

func TestTarget(t *testing.T) {
	const all = "{all_of: [{attend: [individual]}, {on_time_within: 15m}, {stay_at_least: 1h30m}]}"
	visit := func(change func(*rules.Opportunity)) rules.Opportunity {
		o := result("N", 1, start)
		o.Arrived, o.Left = o.At, o.At.Add(2*time.Hour)
		change(&o)
		return o
	}
	for _, c := range []struct {
		name, target string
		change       func(*rules.Opportunity)
		want         bool
	}{
		{"all hold", all, func(*rules.Opportunity) {}, true},
		{"early", all, func(o *rules.Opportunity) { o.Arrived = o.At.Add(-time.Hour) }, true},
		{"just in time", all, func(o *rules.Opportunity) { o.Arrived = o.At.Add(15 * time.Minute) }, true},
		{"late", all, func(o *rules.Opportunity) { o.Arrived = o.At.Add(15*time.Minute + time.Second) }, false},
		{"arrival not recorded", all, func(o *rules.Opportunity) { o.Arrived = time.Time{} }, false},
		{"left early", all, func(o *rules.Opportunity) { o.Left = o.At.Add(89 * time.Minute) }, false},
		{"leaving not recorded", all, func(o *rules.Opportunity) { o.Left = time.Time{} }, false},
		{"another kind", all, func(o *rules.Opportunity) { o.Kind = "group" }, false},
		{"any of", "{any_of: [{on_time_within: 1m}, {test: negative}]}", func(o *rules.Opportunity) { o.Arrived = o.At.Add(time.Hour) }, true},
		{"none of", "{any_of: [{on_time_within: 1m}, {test: negative}]}", func(o *rules.Opportunity) { o.Arrived, o.Test = o.At.Add(time.Hour), rules.Positive }, false},
		{"two of three", "{n_of: {n: 2, of: [{attend: [group]}, {stay_at_least: 1h}, {test: negative}]}}", func(*rules.Opportunity) {}, true},
		{"one of three", "{n_of: {n: 2, of: [{attend: [group]}, {stay_at_least: 4h}, {test: negative}]}}", func(*rules.Opportunity) {}, false},
		{"a goal", "{goal: [sub_goal]}", func(o *rules.Opportunity) { o.Kind, o.Goal = "", "sub_goal" }, true},
		{"any goal", "{goal: [any]}", func(o *rules.Opportunity) { o.Kind, o.Goal = "", "plan_completed" }, true},
		{"another goal", "{goal: [sub_goal]}", func(o *rules.Opportunity) { o.Kind, o.Goal = "", "plan_completed" }, false},
		{"no goal", "{goal: [any]}", func(*rules.Opportunity) {}, false},
		{"a task", "{task: [homework]}", func(o *rules.Opportunity) { o.Task = "homework" }, true},
		{"another task", "{task: [homework]}", func(o *rules.Opportunity) { o.Task = "diary" }, false},
		{"no task", "{task: any}", func(*rules.Opportunity) {}, false},
		{"a test is of visits", "{test: negative}", func(o *rules.Opportunity) { o.Kind = "" }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, awards := evaluate(parse(t, conditions, "TARGET", c.target), []rules.Opportunity{visit(c.change)})
			require.Equal(t, c.want, len(awards) == 1)
		})
	}
}

// A task asked of a kind of session: coming without it is a miss, and so is
// staying away. Sessions of which no task is asked change nothing.
func TestTarget_taskNotDone(t *testing.T) {
	const all, two, nested = "{all_of: [{attend: [individual]}, {task: [homework]}]}", "{n_of: {n: 2, of: [{task: [homework]}, {attend: [individual]}]}}", "{all_of: [{any_of: [{attend: [individual]}, {goal: any}]}, {task: any}]}"
	for _, c := range []struct {
		target string
		change func(*rules.Opportunity)
		want   int64
	}{
		{all, func(o *rules.Opportunity) { o.Task = "" }, 250},
		{all, func(o *rules.Opportunity) { o.Task = "diary" }, 250},
		{all, func(o *rules.Opportunity) { o.Task, o.Outcome = "", domain.NoShow }, 250},
		{all, func(o *rules.Opportunity) { o.Task, o.Kind = "", "group" }, 375},
		{two, func(o *rules.Opportunity) { o.Task = "" }, 250},
		{two, func(o *rules.Opportunity) { o.Task, o.Outcome = "", domain.NoShow }, 250},
		{nested, func(o *rules.Opportunity) { o.Task, o.Outcome = "", domain.NoShow }, 250},
		{"{task: any}", func(o *rules.Opportunity) { o.Task = "" }, 375},
		{"{all_of: [{task: any}, {test: negative}]}", func(o *rules.Opportunity) { o.Task = "" }, 375},
	} {
		var visits []rules.Opportunity
		for i, day := range []int{0, 2, 4} {
			v := rules.Opportunity{ID: fmt.Sprint(i), At: copenhagen(start.AddDays(day), 10, 0), Kind: "individual", Outcome: domain.Attended, Task: "homework", Test: rules.Negative}
			if i == 1 {
				c.change(&v)
			}
			visits = append(visits, v)
		}
		_, awards := evaluate(parse(t, higgins, "{test: negative}", c.target), visits)
		require.Len(t, awards, 2, c.target)
		require.Equal(t, c.want, awards[1].Amount, c.target)
	}
}

// What a visit that was attended comes down to when the target fails.
func TestTarget_failed(t *testing.T) {
	body := change(t, higgins, "{test: negative}", "{all_of: [{on_time_within: 15m}, {test: negative}]}", "    bonus: [{every_consecutive: 3, amount: 1000}]\n", "")
	pays := func(outcomes string, change func(*rules.Opportunity)) int64 {
		d := parse(t, body, "{no_valid_sample: not_met, ", "{"+outcomes)
		var visits []rules.Opportunity
		for i, day := range []int{0, 2, 4} {
			v := result("N", i, start.AddDays(day))
			v.Arrived = v.At
			if i == 1 {
				change(&v)
			}
			visits = append(visits, v)
		}
		_, awards := evaluate(d, visits)
		return awards[len(awards)-1].Amount
	}
	late := func(o *rules.Opportunity) { o.Arrived = o.At.Add(time.Hour) }
	noResult := func(o *rules.Opportunity) { o.Test = "" }
	require.Equal(t, int64(250), pays("", late), "not stated: a miss, which resets")
	require.Equal(t, int64(375), pays("late: hold, ", late))
	require.Equal(t, int64(500), pays("late: met, ", late))
	require.Equal(t, int64(375), pays("", noResult), "a result still to come is no opportunity yet")
	require.Equal(t, int64(250), pays("pending: not_met, ", noResult))
	require.Equal(t, int64(375), pays("", func(o *rules.Opportunity) { o.Outcome = rules.Late }), "recorded as late, and the document says nothing of it")
	require.Equal(t, int64(250), pays("", func(o *rules.Opportunity) { o.Test = rules.Positive }))
	require.Equal(t, int64(250), pays("no_valid_sample: not_met, ", func(o *rules.Opportunity) { o.Outcome = rules.NoValidSample }))
	require.Equal(t, int64(250), pays("", func(o *rules.Opportunity) { o.Outcome = domain.NoShow }))
}

// A target that nothing can ever meet is refused, and one that something can is
// not.
func TestTarget_neverMet(t *testing.T) {
	for target, can := range map[string]bool{
		"{all_of: [{attend: [individual]}, {attend: [group]}]}":                                                                false,
		"{all_of: [{attend: [individual]}, {goal: any}]}":                                                                      false,
		"{all_of: [{task: [homework]}, {task: [diary]}]}":                                                                      false,
		"{n_of: {n: 2, of: [{attend: [individual]}, {goal: [plan]}]}}":                                                         false,
		"{all_of: [{attend: [individual, group]}, {attend: [group]}]}":                                                         true,
		"{any_of: [{attend: [individual]}, {goal: any}]}":                                                                      true,
		"{all_of: [{attend: [individual]}, {task: any}, {stay_at_least: 24h}, {on_time_within: 1m}, {test: negative}]}":        true,
		"{all_of: [{n_of: {n: 2, of: [{attend: [group]}, {task: [homework]}, {test: negative}]}}, {nth_session: [4, 8, 12]}]}": true,
	} {
		body := []byte(header + change(t, conditions, "TARGET", target))
		if can {
			_, err := rules.Parse(body)
			require.NoError(t, err, target)
			continue
		}
		require.Equal(t, []string{"contradiction phases[0].target: is never met: no visit is of two kinds or of two tasks, and none is a goal"}, refusal(t, body), target)
	}
}
