package vouchers

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// Visits recorded before the enrolment count, and pay in its answer.
func TestEnrolWithVisits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		plan := d.plan(t, "P-1", "2026-02-02")
		d.attended(t, plan, "2026-02-10T09:00:00Z")
		d.visit(t, plan, "2026-02-11T09:00:00Z", domain.NoShow)
		require.Empty(t, d.attended(t, plan, "2026-02-03T09:00:00Z").Progress, "no programme, nothing to earn")
		in := Enrol{PlanID: plan.ID, ProgrammeID: d.move.ID}
		e, err := d.Enrol(t.Context(), worker, keyed("e", ""), in)
		require.NoError(t, err)
		require.Len(t, e.Value.Vouchers, 1)
		require.Equal(t, date("2026-02-10"), e.Value.Awards[0].ReachedOn)
		require.Equal(t, 1, e.Value.Progress.Progress.Milestones)
		again, err := d.Enrol(t.Context(), worker, keyed("e", ""), in)
		require.NoError(t, err)
		require.True(t, again.Replayed)
		require.Equal(t, e.Value.Enrolment.ID, again.Value.Enrolment.ID)
		_, err = d.Enrol(t.Context(), worker, keyed("f", ""), in)
		named(t, err, "plan_id", "already_enrolled")
		require.Equal(t, [4]int64{20000, -20000, 0, 0}, d.balance(t))

		list, err := d.Enrolments(t.Context(), worker, ten, EnrolmentFilter{PlanID: plan.ID, State: "active"})
		require.NoError(t, err)
		require.Len(t, list.Rows, 1)
		require.Equal(t, e.Value.Enrolment.ID, list.Rows[0].ID)
	})
}

func TestEnrolRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		plan := d.plan(t, "P-1", "2026-02-02")
		old := d.plan(t, "P-2", "2025-12-01")
		young := d.variant(t, "young", "age: {from: 18}", "age: {from: 15, to: 25}") // the citizen, born 1995-06-01, is 30
		for name, c := range map[string]struct {
			in          Enrol
			field, code string
		}{
			"nothing named":    {Enrol{PlanID: plan.ID}, "programme_id", "required"},
			"too early":        {Enrol{PlanID: plan.ID, ProgrammeID: d.move.ID, StartDate: date("2026-02-01")}, "start_date", "before_plan"},
			"not yet in force": {Enrol{PlanID: old.ID, ProgrammeID: d.move.ID}, "start_date", "not_in_force"},
			"too old":          {Enrol{PlanID: plan.ID, ProgrammeID: young.ID}, "plan_id", "outside_age"},
		} {
			_, err := d.Enrol(t.Context(), worker, Key{}, c.in)
			require.Equal(t, domain.Invalid, domain.KindOf(err), name)
			named(t, err, c.field, c.code)
		}
		for name, in := range map[string]Enrol{
			"plan":      {PlanID: store.NewID(), ProgrammeID: d.move.ID},
			"programme": {PlanID: plan.ID, ProgrammeID: store.NewID()},
			"version":   {PlanID: plan.ID, ProgrammeID: d.move.ID, VersionID: store.NewID()},
		} {
			_, err := d.Enrol(t.Context(), worker, Key{}, in)
			require.Equal(t, domain.NotFound, domain.KindOf(err), name)
		}
		later, err := d.Enrol(t.Context(), worker, Key{}, Enrol{PlanID: old.ID, ProgrammeID: d.move.ID, StartDate: date("2026-01-01")})
		require.NoError(t, err, "from the first day in force")
		require.Equal(t, date("2026-01-01"), later.Value.Enrolment.StartDate)
	})
}

// The ages count on the day of enrolment: from the birthday, not a day before.
func TestEnrolAge(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		for born, ok := range map[string]bool{"2008-02-02": true, "2008-02-03": false, "1926-02-02": true} {
			c, err := d.CreateCitizen(t.Context(), worker, CitizenInput{UnitID: d.unit.ID, Reference: "B" + born, Name: "B", BirthDate: date(born)})
			require.NoError(t, err)
			plan, err := d.CreatePlan(t.Context(), worker, PlanInput{CitizenID: c.ID, Reference: "P" + born, AssessmentDate: date("2026-02-01"), AssessmentReference: "S", StartDate: date("2026-02-02")})
			require.NoError(t, err)
			_, err = d.Enrol(t.Context(), worker, Key{}, Enrol{PlanID: plan.ID, ProgrammeID: d.move.ID})
			require.Equal(t, ok, err == nil, "%s: %v", born, err)
		}
	})
}

// An enrolment stays with its version when a new one comes into force.
func TestEnrolPinned(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		leader := d.as(domain.TeamLeader)
		plan, old := d.join(t, "P-1", d.move)
		_, err := d.EndVersion(t.Context(), leader, old.VersionID, date("2026-02-15"))
		require.NoError(t, err)
		draft, err := d.DraftVersion(t.Context(), d.as(domain.Administrator), d.move.ID, []byte(doubled()))
		require.NoError(t, err)
		_, err = d.Enrol(t.Context(), leader, Key{}, Enrol{PlanID: d.plan(t, "P-0", "2026-02-02").ID, VersionID: draft.ID})
		named(t, err, "start_date", "not_in_force")
		_, err = d.AdoptVersion(t.Context(), leader, draft.ID, draft.Version, Adoption{AdoptedBy: "Byrådet", AdoptedOn: date("2026-02-10"), InForceFrom: date("2026-02-16")})
		require.NoError(t, err)

		d.attended(t, plan, "2026-02-20T09:00:00Z")
		require.Equal(t, int64(20000), d.attended(t, plan, "2026-02-21T09:00:00Z").Vouchers[0].Amount)
		fresh := d.plan(t, "P-2", "2026-02-16")
		e, err := d.Enrol(t.Context(), leader, Key{}, Enrol{PlanID: fresh.ID, ProgrammeID: d.move.ID})
		require.NoError(t, err)
		require.Equal(t, draft.ID, e.Value.Enrolment.VersionID)
		d.attended(t, fresh, "2026-02-20T09:00:00Z")
		require.Equal(t, int64(40000), d.attended(t, fresh, "2026-02-21T09:00:00Z").Vouchers[0].Amount)
	})
}

// After its end nothing counts, and what was recorded beyond it is taken back;
// a voucher already issued stays.
func TestEndEnrolment(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		plan, e := d.join(t, "P-1", d.move)
		d.attended(t, plan, "2026-02-03T09:00:00Z")
		voucher := d.attended(t, plan, "2026-02-10T09:00:00Z").Vouchers[0]
		_, err := d.EndEnrolment(t.Context(), worker, e.ID, date("2026-02-01"))
		named(t, err, "ended_on", "before_start")
		ended, err := d.EndEnrolment(t.Context(), worker, e.ID, date("2026-02-09"))
		require.NoError(t, err)
		require.Equal(t, "ended", ended.State)
		_, err = d.EndEnrolment(t.Context(), worker, e.ID, date("2026-02-20"))
		because(t, err, "wrong_state")
		d.stands(t, voucher, domain.Issued, 20000)
		require.Empty(t, d.attended(t, plan, "2026-02-17T09:00:00Z").Awards)
		require.Empty(t, d.attended(t, plan, "2026-02-09T09:00:00Z").Vouchers, "on its last day it counts, and is paid already")
		require.Equal(t, [4]int64{20000, -20000, 0, 0}, d.balance(t))
	})
}

// doubled is move-2026 with 400 kr. instead of 200.
func doubled() string {
	return strings.Replace(string(must(rules.Preset("move-2026"))), constant, "{constant: 40000}", 1)
}

// An enrolment cannot end in the future, and once ended it promises nothing.
func TestEndEnrolmentTells(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		plan, e := d.join(t, "P-1", d.move)
		d.attended(t, plan, "2026-02-03T09:00:00Z")
		_, err := d.EndEnrolment(t.Context(), worker, e.ID, date("2026-03-03"))
		named(t, err, "ended_on", "in_the_future")
		_, err = d.EndEnrolment(t.Context(), worker, e.ID, date("2026-03-02"))
		require.NoError(t, err)
		p, err := d.Progress(t.Context(), worker, e.ID)
		require.NoError(t, err)
		require.True(t, p.Progress.Finished)
		require.Equal(t, rules.Ended, p.Progress.WhyFinished)
		require.Equal(t, "Forløbet sluttede 02-03-2026.", p.Progress.Text.DA)
		ms, err := d.Milestones(t.Context(), worker, e.ID)
		require.NoError(t, err)
		require.Empty(t, ms)

		_, err = d.UpdatePlan(t.Context(), worker, plan.ID, plan.Version, PlanChange{EndDate: new(date("2026-03-02")), EndReason: new("completed")})
		require.NoError(t, err)
		_, err = d.Enrol(t.Context(), worker, Key{}, Enrol{PlanID: plan.ID, ProgrammeID: d.move.ID})
		named(t, err, "plan_id", "ended")
	})
}
