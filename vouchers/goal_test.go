package vouchers

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

func TestGoal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, other := newDesk(t, s), newDesk(t, s)
		ctx, caseworker, elsewhere := t.Context(), d.as(domain.Caseworker), d.elsewhere(t)
		plan, second := d.plan(t, "P1", "2026-02-01"), d.plan(t, "P2", "2026-02-01")

		goal, err := d.CreateGoal(ctx, caseworker, plan.ID, GoalInput{Wording: "Jeg møder til alle samtaler."})
		require.NoError(t, err)
		sub, err := d.CreateGoal(ctx, caseworker, plan.ID, GoalInput{Wording: "Jeg ringer, når jeg er syg.", ParentID: goal.ID})
		require.NoError(t, err)
		require.Equal(t, goal.ID, *sub.ParentID)
		foreign, err := d.CreateGoal(ctx, caseworker, second.ID, GoalInput{Wording: "Another plan's."})
		require.NoError(t, err)

		reached, err := d.UpdateGoal(ctx, caseworker, sub.ID, 1, GoalChange{State: new(goalReached), ReachedOn: new(date("2026-03-02"))})
		require.NoError(t, err)
		read, err := d.Goal(ctx, caseworker, sub.ID)
		require.NoError(t, err)
		require.Equal(t, reached.Goal, read)
		l, err := d.Goals(ctx, caseworker, plan.ID, ten, goalReached)
		require.NoError(t, err)
		require.Equal(t, []domain.Goal{read}, l.Rows)
		_, err = d.UpdateGoal(ctx, caseworker, sub.ID, 1, GoalChange{State: new(goalDropped)})
		refused(t, err, domain.Stale)
		opened, err := d.UpdateGoal(ctx, caseworker, sub.ID, 2, GoalChange{State: new(goalOpen), Wording: new("Jeg ringer.")})
		require.NoError(t, err)
		require.True(t, opened.ReachedOn.IsZero())

		for name, in := range map[string]GoalInput{
			"below a sub-goal": {Wording: "x", ParentID: sub.ID}, "below another plan's": {Wording: "x", ParentID: foreign.ID},
			"below none": {Wording: "x", ParentID: store.NewID()},
		} {
			_, err = d.CreateGoal(ctx, caseworker, plan.ID, in)
			require.Equal(t, domain.Invalid, domain.KindOf(err), name)
			refused(t, err, domain.Invalid, "parent_id")
		}
		_, err = d.CreateGoal(ctx, caseworker, plan.ID, GoalInput{Wording: strings.Repeat("x", 1001)})
		refused(t, err, domain.Invalid, "wording")
		for name, c := range map[string]struct {
			change GoalChange
			fields []string
		}{
			"no wording":    {GoalChange{Wording: new(" ")}, []string{"wording"}},
			"other state":   {GoalChange{State: new("failed")}, []string{"state"}},
			"reached when?": {GoalChange{State: new(goalReached)}, []string{"reached_on"}},
			"reached early": {GoalChange{State: new(goalReached), ReachedOn: new(date("2026-01-31"))}, []string{"reached_on"}},
			"reached later": {GoalChange{State: new(goalReached), ReachedOn: new(date("2026-03-03"))}, []string{"reached_on"}},
			"not reached":   {GoalChange{ReachedOn: new(date("2026-03-01"))}, []string{"reached_on"}},
		} {
			_, err = d.UpdateGoal(ctx, caseworker, sub.ID, 3, c.change)
			require.Equal(t, domain.Invalid, domain.KindOf(err), name)
			refused(t, err, domain.Invalid, c.fields...)
		}

		for _, actor := range []domain.Actor{elsewhere, other.as(domain.Caseworker)} {
			_, err = d.Goal(ctx, actor, goal.ID)
			refused(t, err, domain.NotFound)
			_, err = d.UpdateGoal(ctx, actor, goal.ID, 1, GoalChange{})
			refused(t, err, domain.NotFound)
			_, err = d.CreateGoal(ctx, actor, plan.ID, GoalInput{Wording: "x"})
			refused(t, err, domain.NotFound)
			_, err = d.Goals(ctx, actor, plan.ID, ten, "")
			refused(t, err, domain.NotFound)
		}
		_, err = d.UpdatePlan(ctx, caseworker, plan.ID, 1, PlanChange{EndDate: new(date("2026-03-02")), EndReason: new("completed")})
		require.NoError(t, err)
		_, err = d.CreateGoal(ctx, caseworker, plan.ID, GoalInput{Wording: "Too late."})
		refused(t, err, domain.Conflict)

		forbidden(t, d, map[domain.Action]func(domain.Actor) error{
			"createGoal": func(a domain.Actor) error { _, err := d.CreateGoal(ctx, a, second.ID, GoalInput{}); return err },
			"updateGoal": func(a domain.Actor) error { _, err := d.UpdateGoal(ctx, a, goal.ID, 0, GoalChange{}); return err },
			"getGoal":    func(a domain.Actor) error { _, err := d.Goal(ctx, a, goal.ID); return err },
			"listGoals":  func(a domain.Actor) error { _, err := d.Goals(ctx, a, plan.ID, ten, ""); return err },
		})
	})
}
