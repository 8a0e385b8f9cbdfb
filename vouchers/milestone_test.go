package vouchers

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// targetSessions is what move-2026 rewards.
const targetSessions = "{attend: [individual, group]}"

// reached says that a goal was reached on a day.
func (d desk) reached(t testing.TB, as domain.Actor, goal domain.Goal, on string) ChangedGoal {
	t.Helper()
	now, err := d.Goal(t.Context(), as, goal.ID)
	require.NoError(t, err)
	changed, err := d.UpdateGoal(t.Context(), as, goal.ID, now.Version, GoalChange{State: new(goalReached), ReachedOn: new(date(on))})
	require.NoError(t, err)
	return changed
}

func (d desk) goal(t testing.TB, plan domain.Plan, in GoalInput) domain.Goal {
	t.Helper()
	in.Wording = "Jeg kommer, når det er svært."
	g, err := d.CreateGoal(t.Context(), d.as(domain.Caseworker), plan.ID, in)
	require.NoError(t, err)
	return g
}

// Goals, sub-goals, phases and the plan itself pay when they are reached, under
// the targets that name them, and an award names what it rests on.
func TestMilestonesPay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		one := []string{everySecond, "requirement: {met: 1}"}
		all := d.variant(t, "all", append(one, targetSessions, "{goal: any}")...)
		words := map[string]domain.Programme{}
		for _, word := range []string{"goal", "sub_goal", "phase", "plan"} {
			words[word] = d.variant(t, "only-"+strings.ReplaceAll(word, "_", "-"), append(one, targetSessions, "{goal: ["+word+"]}")...)
		}
		for word, programme := range words {
			plan, enrolment := d.join(t, "P-"+word, programme)
			parent := d.goal(t, plan, GoalInput{})
			sub, phase := d.goal(t, plan, GoalInput{ParentID: parent.ID}), d.goal(t, plan, GoalInput{Kind: "phase"})
			paid := map[string]int{
				"goal": len(d.reached(t, worker, parent, "2026-02-10").Vouchers), "sub_goal": len(d.reached(t, worker, sub, "2026-02-11").Vouchers),
				"phase": len(d.reached(t, worker, phase, "2026-02-12").Vouchers),
			}
			ended, err := d.UpdatePlan(t.Context(), worker, plan.ID, plan.Version, PlanChange{EndDate: new(date("2026-02-27")), EndReason: new(planCompleted)})
			require.NoError(t, err)
			paid["plan"] = len(ended.Vouchers)
			for other := range words {
				require.Equal(t, other == word, paid[other] == 1, "%s, paid by the programme for %s", other, word)
			}
			awards, err := d.Awards(t.Context(), worker, ten, AwardFilter{EnrolmentID: enrolment.ID})
			require.NoError(t, err)
			require.Len(t, awards.Rows, 1)
			var why rules.Explanation
			require.NoError(t, json.Unmarshal(awards.Rows[0].Explanation, &why))
			rest := map[string]Fact{"goal": {GoalFact, parent.ID}, "sub_goal": {GoalFact, sub.ID}, "phase": {GoalFact, phase.ID}, "plan": {PlanFact, plan.ID}}
			require.Equal(t, []string{rest[word].String()}, why.Opportunities)
			require.Equal(t, word, why.Goal)
			told := map[string]string{
				"goal": "et mål er nået · det giver 200 kr.", "sub_goal": "et delmål er nået", "phase": "en fase af behandlingen er gennemført", "plan": "behandlingsplanen er gennemført",
			}
			require.Contains(t, why.Text().DA, told[word])
			require.Equal(t, domain.Strings{worker.Person}, awards.Rows[0].RecordedBy)
		}
		dropped, _ := d.join(t, "P-dropped", all)
		ended, err := d.UpdatePlan(t.Context(), worker, dropped.ID, dropped.Version, PlanChange{EndDate: new(date("2026-02-27")), EndReason: new("dropped_out")})
		require.NoError(t, err)
		require.Empty(t, ended.Vouchers, "a plan that is dropped is not completed")
	})
}

// A goal counts on the day it was reached, whenever that is entered: before or
// after the enrolment, dated anew, set back and reached again.
func TestMilestonesChange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker, leader := d.as(domain.Caseworker), d.as(domain.TeamLeader)
		both := d.variant(t, "both", targetSessions, "{any_of: [{attend: [group]}, {goal: any}]}")
		plan := d.plan(t, "P-1", "2026-02-02")
		early := d.goal(t, plan, GoalInput{})
		d.reached(t, worker, early, "2026-02-10")
		d.attended(t, plan, "2026-02-10T22:00:00Z")
		e, err := d.Enrol(t.Context(), worker, Key{}, Enrol{PlanID: plan.ID, ProgrammeID: both.ID})
		require.NoError(t, err)
		require.Len(t, e.Value.Vouchers, 1)
		var why rules.Explanation
		require.NoError(t, json.Unmarshal(e.Value.Awards[0].Explanation, &why))
		require.Equal(t, Fact{GoalFact, early.ID}.String(), why.Opportunities[1], "a goal comes after the visits of its day")

		later := d.reached(t, leader, early, "2026-02-20")
		require.Empty(t, later.Vouchers)
		require.Equal(t, date("2026-02-20"), later.Awards[0].ReachedOn)
		require.Equal(t, domain.Strings{worker.Person, leader.Person}, later.ReachedBy)
		require.Equal(t, later.ReachedBy, later.Awards[0].RecordedBy)
		list, err := d.AwardAdjustments(t.Context(), worker, later.Awards[0].ID)
		require.NoError(t, err)
		require.Equal(t, Fact{GoalFact, early.ID}.String(), list[0].Cause)

		back, err := d.UpdateGoal(t.Context(), worker, early.ID, later.Version, GoalChange{State: new(goalOpen)})
		require.NoError(t, err)
		require.Zero(t, back.Awards[0].Amount)
		require.Empty(t, back.ReachedBy)
		require.Empty(t, d.attended(t, plan, "2026-02-24T09:00:00Z").Vouchers, "paid already")
		again := d.reached(t, leader, early, "2026-02-25")
		require.Empty(t, again.Awards, "the third")
		require.Equal(t, domain.Strings{leader.Person}, again.ReachedBy, "who said so before has taken it back")
		reworded, err := d.UpdateGoal(t.Context(), worker, early.ID, again.Version, GoalChange{Wording: new("Jeg kommer.")})
		require.NoError(t, err)
		require.Equal(t, again.ReachedBy, reworded.ReachedBy)
		require.Empty(t, reworded.Progress, "words change nothing")
		require.Len(t, d.attended(t, plan, "2026-02-26T09:00:00Z").Vouchers, 1, "the fourth")
	})
}

// Who said that a goal was reached, or that a plan was completed, does not
// approve what that earns.
func TestMilestonesOfOnesOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		leader := d.as(domain.TeamLeader)
		other := leader
		other.Person, other.TokenID = "another@varde.dk", store.NewID()
		programme := d.variant(t, "proposed-goals", everySecond, "requirement: {met: 1}", targetSessions, "{goal: any}", "mode: automatic", "mode: proposes")
		plan, _ := d.join(t, "P-1", programme)
		upper := leader
		upper.Person = "Team_Leader@Varde.DK"
		goal := d.reached(t, upper, d.goal(t, plan, GoalInput{}), "2026-02-10")
		ended, err := d.UpdatePlan(t.Context(), leader, plan.ID, plan.Version, PlanChange{EndDate: new(date("2026-02-27")), EndReason: new(planCompleted)})
		require.NoError(t, err)
		for _, a := range []domain.Award{goal.Awards[0], ended.Awards[0]} {
			_, err := d.Approve(t.Context(), leader, Key{}, a.ID, 0)
			because(t, err, "own_record")
			_, err = d.Approve(t.Context(), other, Key{}, a.ID, 0)
			require.NoError(t, err)
		}
	})
}

func TestGoalKinds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		plan := d.plan(t, "P-1", "2026-02-02")
		require.Equal(t, "goal", d.goal(t, plan, GoalInput{}).Kind)
		phase := d.goal(t, plan, GoalInput{Kind: "phase"})
		require.Equal(t, phase.ID, *d.goal(t, plan, GoalInput{ParentID: phase.ID}).ParentID)
		_, err := d.CreateGoal(t.Context(), worker, plan.ID, GoalInput{Wording: "x", Kind: "phase", ParentID: phase.ID})
		named(t, err, "parent_id", "contradiction")
		_, err = d.CreateGoal(t.Context(), worker, plan.ID, GoalInput{Wording: "x", Kind: "dream"})
		named(t, err, "kind", "unknown")
	})
}

// A goal may earn draws, from a seed that the list of draws says it took.
func TestMilestonesDraw(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		programme := d.variant(t, "drawn-goals", everySecond, "requirement: {met: 1}", targetSessions, "{goal: any}", "magnitude: "+constant,
			"draws: {start: 2, step: 1, ceiling: 4, reset: {on: [not_met], to: 2}, with_replacement: true}\n    bowl: [{slips: 2, value: 2000}, {slips: 1, value: 10000}]")
		plan, enrolment := d.join(t, "P-1", programme)
		goal := d.goal(t, plan, GoalInput{})
		require.Len(t, d.reached(t, worker, goal, "2026-02-10").Vouchers, 1)
		ended, err := d.UpdatePlan(t.Context(), worker, plan.ID, plan.Version, PlanChange{EndDate: new(date("2026-02-27")), EndReason: new(planCompleted)})
		require.NoError(t, err)
		require.Len(t, ended.Vouchers, 1)
		draws, err := d.Draws(t.Context(), worker, enrolment.ID)
		require.NoError(t, err)
		require.Len(t, draws, 3)
		require.Equal(t, []Fact{{GoalFact, goal.ID}, {PlanFact, plan.ID}, {}}, []Fact{draws[0].Taker, draws[1].Taker, draws[2].Taker})
		require.Len(t, draws[0].Slips, 2)
		require.Len(t, draws[1].Slips, 3)
	})
}
