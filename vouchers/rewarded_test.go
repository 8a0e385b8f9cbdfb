package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// Two programmes may pay one person for different things, whatever the words in
// which their targets say it, and not for the same.
func TestRewarded(t *testing.T) {
	attend := func(kinds ...string) rules.Target { return rules.Target{Attend: kinds} }
	goal, task := rules.Target{Goal: []string{"goal"}}, rules.Target{Task: []string{"homework"}}
	all := func(targets ...rules.Target) rules.Target { return rules.Target{AllOf: targets} }
	either := func(targets ...rules.Target) rules.Target { return rules.Target{AnyOf: targets} }
	two := func(targets ...rules.Target) rules.Target {
		return rules.Target{NOf: &rules.NOf{N: 2, Of: targets}}
	}
	negative, prompt := rules.Target{Test: rules.Negative}, rules.Target{OnTimeWithin: 15}
	for name, c := range map[string]struct {
		a, b rules.Target
		same bool
	}{
		"a kind twice":                     {attend("group", "phone"), attend("phone"), true},
		"two kinds":                        {attend("group"), attend("phone"), false},
		"sessions and goals":               {attend("group"), goal, false},
		"sessions and tasks":               {attend("group"), task, false},
		"goals and tasks":                  {goal, task, false},
		"a goal and any":                   {goal, rules.Target{Goal: []string{rules.Any}}, true},
		"a goal and a phase":               {goal, rules.Target{Goal: []string{"phase"}}, false},
		"any task and any":                 {rules.Target{Task: []string{rules.Any}}, rules.Target{Task: []string{rules.Any}}, true},
		"two tasks":                        {task, rules.Target{Task: []string{"diary"}}, false},
		"a session and its test":           {attend("group"), negative, true},
		"a test and a test":                {negative, negative, true},
		"a test and a goal":                {negative, goal, false},
		"a test at another kind":           {attend("group"), all(attend("sample"), negative), false},
		"a test at the same kind":          {attend("sample"), all(negative, prompt, attend("sample", "group")), true},
		"a task at a session":              {attend("group"), all(task, attend("group")), true},
		"a task at another kind":           {attend("group"), all(task, attend("phone")), false},
		"a task, whatever the session":     {attend("group"), all(task), false},
		"one of two":                       {attend("phone"), either(goal, attend("group", "phone")), true},
		"neither of two":                   {attend("phone"), either(goal, attend("group")), false},
		"two of three":                     {task, two(goal, task, attend("group")), true},
		"a kind that no session can be of": {attend("group"), all(attend("group"), attend("phone")), false},
	} {
		a, b := rewardedBy(c.a), rewardedBy(c.b)
		require.Equal(t, c.same, a.meets(b), name)
		require.Equal(t, c.same, b.meets(a), name)
	}
}

// A session that one programme has paid is not paid by the next one, though the
// first has ended since.
func TestRewardedAfterAnother(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		goals := d.variant(t, "goals", everySecond, "requirement: {met: 1}", targetSessions, "{goal: any}")
		every := d.variant(t, "every", everySecond, "requirement: {met: 1}")
		plan, first := d.join(t, "P-1", d.move)
		_, err := d.Enrol(t.Context(), worker, Key{}, Enrol{PlanID: plan.ID, ProgrammeID: goals.ID})
		require.NoError(t, err, "goals are something else")
		_, err = d.EndEnrolment(t.Context(), worker, first.ID, date("2026-02-20"))
		require.NoError(t, err)
		_, err = d.Enrol(t.Context(), worker, Key{}, Enrol{PlanID: plan.ID, ProgrammeID: every.ID, StartDate: date("2026-02-20")})
		named(t, err, "plan_id", "already_enrolled")
		_, err = d.Enrol(t.Context(), worker, Key{}, Enrol{PlanID: plan.ID, ProgrammeID: every.ID, StartDate: date("2026-02-21")})
		require.NoError(t, err)
	})
}

// Nor does a move lead into a version that pays for what another programme pays
// for, now or on days that still count, whichever was first.
func TestMoveRewardedTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		one := []string{everySecond, "requirement: {met: 1}"}
		calls := d.variant(t, "calls", append(one, targetSessions, "{attend: [phone]}")...)
		groups, versions := d.editions(t, "groups", append(one, targetSessions, "{attend: [group]}"), append(one, targetSessions, "{attend: [phone]}"))
		plan, first := d.join(t, "P-1", calls)
		second, err := d.Enrol(t.Context(), worker, Key{}, Enrol{PlanID: plan.ID, ProgrammeID: groups.ID})
		require.NoError(t, err)
		in := Move{VersionID: versions[1].ID, On: date("2026-02-20"), Reason: "x"}
		_, err = d.Move(t.Context(), worker, Key{}, second.Value.Enrolment.ID, in)
		named(t, err, "version_id", "already_enrolled")
		_, err = d.PreviewMove(t.Context(), worker, second.Value.Enrolment.ID, in)
		named(t, err, "version_id", "already_enrolled")
		d.ended(t, first, "2026-02-20")
		_, err = d.Move(t.Context(), worker, Key{}, second.Value.Enrolment.ID, in)
		named(t, err, "version_id", "already_enrolled")
		in.On = date("2026-02-21")
		_, err = d.Move(t.Context(), worker, Key{}, second.Value.Enrolment.ID, in)
		require.NoError(t, err)

		individual := d.variant(t, "individual", append(one, targetSessions, "{attend: [group]}")...)
		_, err = d.Enrol(t.Context(), worker, Key{}, Enrol{PlanID: plan.ID, ProgrammeID: individual.ID, StartDate: date("2026-02-20")})
		named(t, err, "plan_id", "already_enrolled")
		_, err = d.Enrol(t.Context(), worker, Key{}, Enrol{PlanID: plan.ID, ProgrammeID: individual.ID, StartDate: date("2026-02-21")})
		require.NoError(t, err, "the day of the move is under the new version")
	})
}
