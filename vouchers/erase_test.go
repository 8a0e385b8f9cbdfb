package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// Once erased, a person can be read and found by nobody, and every krone is
// where it was.
func TestErase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		l := d.written(t)
		ctx, worker, system := t.Context(), d.as(domain.Caseworker), keyJob(d.home.MunicipalityID)
		before := d.balance(t)
		because(t, d.Erase(ctx, system, l.citizen.ID), "plan_running")
		plan := must(d.Plan(ctx, worker, l.plan.ID))
		must(d.UpdatePlan(ctx, worker, plan.ID, plan.Version, PlanChange{EndDate: new(date("2026-03-01")), EndReason: new("completed")}))
		require.NoError(t, d.Erase(ctx, system, l.citizen.ID))
		because(t, d.Erase(ctx, system, l.citizen.ID), "erased")

		c := must(d.Citizen(ctx, worker, l.citizen.ID))
		require.True(t, c.Name.Erased() && c.CPR.Erased() && c.Phone.Erased())
		require.Empty(t, c.Name.Reveal()+c.CPR.Reveal()+c.Phone.Reveal())
		require.Len(t, must(d.Citizens(ctx, worker, ten, CitizenFilter{})).Rows, 4, "lists go on working")
		require.Empty(t, must(d.LookUp(ctx, worker, Lookup{CPR: marked.CPR})).Citizens)
		require.True(t, must(d.Goal(ctx, worker, l.goal.ID)).Wording.Erased())
		require.True(t, must(d.Attendance(ctx, worker, l.corrected.Attendance.AttendanceID)).Reason.Erased())
		require.True(t, d.reread(t, l.void).Reason.Erased())
		require.Equal(t, "Mærkeafslag", must(d.Award(ctx, worker, l.rejected.ID)).Reason.Reveal(), "another citizen's")

		require.Equal(t, before, d.balance(t))
		d.stands(t, l.renewed, domain.Issued, l.renewed.Balance)
		d.verified(t)
		_, err := d.UpdateCitizen(ctx, worker, l.citizen.ID, c.Version, CitizenChange{Name: new("Igen")})
		because(t, err, "erased")
		_, err = d.UpdateCitizen(ctx, worker, l.citizen.ID, c.Version, CitizenChange{Reference: new("B-79")})
		because(t, err, "erased")
		blocked := must(d.Block(ctx, worker, l.renewed.ID, "Tabt"))
		require.True(t, blocked.State == domain.Blocked && blocked.Reason.IsZero(), "a lost one is stopped, but nothing is written")
		again := must(d.Reissue(ctx, worker, keyed("e", ""), l.renewed.ID, "Tabt")).Value
		d.stands(t, again.New, domain.Issued, l.renewed.Balance)
		require.Equal(t, domain.Void, must(d.Void(ctx, d.as(domain.TeamLeader), Key{}, again.New.ID, "Tabt")).Value.State)
		d.verified(t)
		in := marked
		in.UnitID = d.unit.ID
		must(d.CreateCitizen(ctx, worker, in)) // the number is free again
		for _, role := range domain.Roles {
			require.Equal(t, domain.Forbidden, domain.KindOf(d.Erase(ctx, d.as(role), l.citizen.ID)), role)
		}
	})
}
