package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

const nth = `phases:
  - name: all
    days: 100
    target: {all_of: [{attend: [individual]}, {nth_session: [2, 4]}]}
    outcomes: {no_show: not_met, excused: hold, late: not_met}
    magnitude: {constant: 400}
`

// The sessions that the target names are counted among those that were attended
// and that it speaks of; the others pay and break nothing.
func TestNthSession(t *testing.T) {
	d := parse(t, nth)
	state, awards := evaluate(d, visits("ANOAEAAA"))
	require.Equal(t, []int64{400, 400}, amounts(awards))
	require.Equal(t, []string{"v04"}, awards[0].Explanation.Opportunities, "the second attended of its kind")
	require.Equal(t, []string{"v07"}, awards[1].Explanation.Opportunities)
	require.Equal(t, rules.TableEnd, state.Finished)
	require.Equal(t, "All the agreed sessions have been reached.", state.Progress(d).Text.EN)

	state, _ = evaluate(d, visits("AA"))
	require.Equal(t, "2 fremmøder mere til 4 USD", state.Progress(d).Text.DA)
	require.Zero(t, state.Ahead(d, copenhagen(start.AddDays(2), 10, 0)).IfMet, "the third is not due")
	late := visits("AA")
	late[0].Outcome = rules.Late
	_, awards = evaluate(d, late)
	require.Len(t, awards, 1, "who came late has come; a session that is not due is held, and no miss")
	late[1].Outcome = rules.Late
	_, awards = evaluate(d, late)
	require.Empty(t, awards, "on the one that is due it is a miss")
}

func TestNthSession_withRequirementAndSchedule(t *testing.T) {
	d := parse(t, nth, "    magnitude", "    requirement: {met: 2}\n    magnitude")
	state, awards := evaluate(d, visits("AAAA"))
	require.Equal(t, []int64{400}, amounts(awards))
	require.Equal(t, []string{"v02", "v04"}, awards[0].Explanation.Opportunities)
	require.True(t, state.Progress(d).Finished)
	weekly := parse(t, nth, "    target", "    opportunities: {per_week: 1}\n    target")
	_, awards = evaluate(weekly, visits("AAAAAAAA"))
	require.Equal(t, []string{"v08"}, awards[0].Explanation.Opportunities, "a visit without a place in the schedule is no session")
}

func TestNthSession_refusals(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"[2, 4]", "[4, 2]", "invalid_value phases[0].target.all_of[1].nth_session[1]: must be more than the number before it in the list"},
		{"[2, 4]", "[0]", "out_of_range phases[0].target.all_of[1].nth_session[0]: must be at least 1"},
		{"[2, 4]", "[]", "out_of_range phases[0].target.all_of[1].nth_session: must have at least 1"},
		{"    days: 100\n", "    opportunities: {count: 3}\n", "contradiction phases[0].target: has the session 4, which is never reached: the phase has at most 3 opportunities"},
		{"    magnitude", "    requirement: {met: 3}\n    magnitude", "contradiction phases[0].requirement: is never reached: the phase has at most 2 opportunities"},
	} {
		require.Contains(t, refusal(t, []byte(header+change(t, nth, c.old, c.new))), c.want)
	}
}

// A milestone of the plan is a target like any other, by its word or any.
func TestTarget_goalsAndTasks(t *testing.T) {
	reached := func(goal, task string) []rules.Opportunity {
		return []rules.Opportunity{{ID: "g", At: copenhagen(start, 0, 0), Outcome: domain.Attended, Goal: goal, Task: task}}
	}
	for target, want := range map[string][4]bool{
		"{goal: any}":              {true, true, true, true},
		"{goal: [any]}":            {true, true, true, true},
		"{goal: [goal, sub_goal]}": {true, true, false, false},
		"{goal: [phase, plan]}":    {false, false, true, true},
		"{task: any}":              {},
	} {
		d := parse(t, conditions, "TARGET", target)
		for i, word := range []string{rules.Goal, rules.SubGoal, rules.PhaseDone, rules.PlanDone} {
			_, awards := evaluate(d, reached(word, ""))
			require.Equal(t, want[i], len(awards) == 1, "%s %s", target, word)
		}
	}
	_, awards := evaluate(parse(t, conditions, "TARGET", "{task: any}"), reached("", "homework"))
	require.Len(t, awards, 1)
	require.Equal(t, []string{"invalid_value phases[0].target.goal[0]: must be any, goal, sub_goal, phase or plan"}, refusal(t, []byte(header+change(t, conditions, "TARGET", "{goal: [sober]}"))))
	require.Equal(t, []string{"contradiction phases[0].target.goal: must not have others beside any: it is all of them"}, refusal(t, []byte(header+change(t, conditions, "TARGET", "{goal: [any, plan]}"))))
}
