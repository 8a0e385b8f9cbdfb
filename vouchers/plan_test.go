package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

func TestPlan(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, other := newDesk(t, s), newDesk(t, s)
		ctx, caseworker, elsewhere := t.Context(), d.as(domain.Caseworker), d.elsewhere(t)
		plan, running := d.plan(t, "P1", "2026-01-10"), d.plan(t, "P2", "2026-02-01")
		theirs := other.plan(t, "P1", "2026-02-01")

		changed, err := d.UpdatePlan(ctx, caseworker, plan.ID, 1, PlanChange{AssessmentDate: new(date("2026-01-02")), AssessmentReference: new("SAG-9")})
		require.NoError(t, err)
		read, err := d.Plan(ctx, caseworker, plan.ID)
		require.NoError(t, err)
		require.Equal(t, changed.Plan, read)
		require.Empty(t, read.FollowUps())
		_, err = d.UpdatePlan(ctx, caseworker, plan.ID, 1, PlanChange{AssessmentReference: new("SAG-8")})
		refused(t, err, domain.Stale)

		ended, err := d.UpdatePlan(ctx, caseworker, plan.ID, 2, PlanChange{EndDate: new(date("2026-03-01")), EndReason: new("completed")})
		require.NoError(t, err)
		require.Equal(t, []domain.Date{date("2026-04-01"), date("2026-09-01")}, ended.FollowUps())
		for _, again := range []PlanChange{{EndDate: new(domain.Date{}), EndReason: new("")}, {EndReason: new("moved")}} {
			_, err = d.UpdatePlan(ctx, caseworker, plan.ID, 3, again)
			refused(t, err, domain.Conflict)
		}

		for name, c := range map[string]struct {
			filter PlanFilter
			want   []domain.ID
		}{
			"all":       {PlanFilter{}, []domain.ID{running.ID, plan.ID}},
			"running":   {PlanFilter{Running: new(true)}, []domain.ID{running.ID}},
			"ended":     {PlanFilter{Running: new(false)}, []domain.ID{plan.ID}},
			"citizen":   {PlanFilter{CitizenID: running.CitizenID}, []domain.ID{running.ID}},
			"reference": {PlanFilter{Reference: "P1"}, []domain.ID{plan.ID}},
			"unit":      {PlanFilter{UnitID: elsewhere.UnitID}, nil},
		} {
			l, err := d.Plans(ctx, caseworker, ten, c.filter)
			require.NoError(t, err)
			var got []domain.ID
			for _, p := range l.Rows {
				got = append(got, p.ID)
			}
			require.Equal(t, c.want, got, name)
		}

		_, err = d.Plan(ctx, caseworker, theirs.ID)
		refused(t, err, domain.NotFound)
		_, err = d.UpdatePlan(ctx, caseworker, theirs.ID, 1, PlanChange{})
		refused(t, err, domain.NotFound)
		_, err = d.Plan(ctx, elsewhere, plan.ID)
		refused(t, err, domain.NotFound)
		_, err = d.UpdatePlan(ctx, elsewhere, plan.ID, 1, PlanChange{})
		refused(t, err, domain.NotFound)

		forbidden(t, d, map[domain.Action]func(domain.Actor) error{
			"createPlan": func(a domain.Actor) error { _, err := d.CreatePlan(ctx, a, PlanInput{}); return err },
			"updatePlan": func(a domain.Actor) error { _, err := d.UpdatePlan(ctx, a, plan.ID, 0, PlanChange{}); return err },
			"getPlan":    func(a domain.Actor) error { _, err := d.Plan(ctx, a, plan.ID); return err },
			"listPlans":  func(a domain.Actor) error { _, err := d.Plans(ctx, a, ten, PlanFilter{}); return err },
		})
	})
}

func TestPlanInput(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, other := newDesk(t, s), newDesk(t, s)
		ctx, caseworker := t.Context(), d.as(domain.Caseworker)
		good := PlanInput{CitizenID: d.citizen(t, "B-1").ID, Reference: "P1", AssessmentDate: date("2026-03-02"), AssessmentReference: "SAG-1", StartDate: date("2026-03-02")}
		for name, c := range map[string]struct {
			spoil  func(*PlanInput)
			fields []string
		}{
			"everything":          {func(in *PlanInput) { *in = PlanInput{} }, []string{"citizen_id", "reference", "start_date", "assessment_reference", "assessment_date"}},
			"another's citizen":   {func(in *PlanInput) { in.CitizenID = other.citizen(t, "B-1").ID }, []string{"citizen_id"}},
			"a CPR number":        {func(in *PlanInput) { in.Reference, in.AssessmentReference = "0106951234", "010695-1234" }, []string{"reference", "assessment_reference"}},
			"before birth":        {func(in *PlanInput) { in.StartDate, in.AssessmentDate = date("1995-05-31"), date("1995-05-30") }, []string{"start_date", "assessment_date"}},
			"starts in 2062":      {func(in *PlanInput) { in.StartDate = date("2062-03-02") }, []string{"start_date"}},
			"assessed after":      {func(in *PlanInput) { in.StartDate = date("2026-03-01") }, []string{"assessment_date"}},
			"assessed tomorrow":   {func(in *PlanInput) { in.AssessmentDate, in.StartDate = date("2026-03-03"), date("2026-03-04") }, []string{"assessment_date"}},
			"assessed in year 26": {func(in *PlanInput) { in.AssessmentDate = date("0026-03-02") }, []string{"assessment_date"}},
		} {
			in := good
			c.spoil(&in)
			_, err := d.CreatePlan(ctx, caseworker, in)
			require.Equal(t, domain.Invalid, domain.KindOf(err), name)
			refused(t, err, domain.Invalid, c.fields...)
		}
		_, err := d.CreatePlan(ctx, d.elsewhere(t), good)
		refused(t, err, domain.Invalid, "citizen_id")
		plan, err := d.CreatePlan(ctx, caseworker, good)
		require.NoError(t, err)
		require.Equal(t, d.unit.ID, plan.UnitID)
		_, err = d.CreatePlan(ctx, caseworker, good)
		refused(t, err, domain.Conflict)

		for name, c := range map[string]struct {
			change PlanChange
			fields []string
		}{
			"no date":       {PlanChange{EndReason: new("moved")}, []string{"end_date"}},
			"no reason":     {PlanChange{EndDate: new(date("2026-03-02"))}, []string{"end_reason"}},
			"other reason":  {PlanChange{EndDate: new(date("2026-03-02")), EndReason: new("bored")}, []string{"end_reason"}},
			"before start":  {PlanChange{EndDate: new(date("2026-03-01")), EndReason: new("moved")}, []string{"end_date"}},
			"in the future": {PlanChange{EndDate: new(date("2026-03-03")), EndReason: new("moved")}, []string{"end_date"}},
			"assessment":    {PlanChange{AssessmentDate: new(date("2026-03-03")), AssessmentReference: new("")}, []string{"assessment_reference", "assessment_date"}},
		} {
			_, err := d.UpdatePlan(ctx, caseworker, plan.ID, 1, c.change)
			require.Equal(t, domain.Invalid, domain.KindOf(err), name)
			refused(t, err, domain.Invalid, c.fields...)
		}
	})
}

// A plan's end ends its enrolments and what is planned after it.
func TestPlanEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		ctx, caseworker := t.Context(), d.as(domain.Caseworker)
		plan := d.plan(t, "P1", "2026-02-01")
		programme, _ := d.programme(t)
		enrolled, err := d.Enrol(ctx, caseworker, Key{}, Enrol{PlanID: plan.ID, ProgrammeID: programme.ID})
		require.NoError(t, err)
		sessions, err := d.PlanSessions(ctx, caseworker, plan.ID, SessionsInput{StartsAt: instant("2026-02-25T09:00:00Z"), Kind: "group", Repeat: &Repeat{Every: "day", Count: 10}})
		require.NoError(t, err)
		excused := sessions[9]
		_, err = d.Attend(ctx, caseworker, Key{}, Visit{PlanID: plan.ID, SessionID: excused.ID, Outcome: domain.Excused})
		require.NoError(t, err)

		_, err = d.UpdatePlan(ctx, caseworker, plan.ID, 1, PlanChange{EndDate: new(date("2026-03-01")), EndReason: new("dropped_out")})
		require.NoError(t, err)
		e, err := d.Enrolment(ctx, caseworker, enrolled.Value.Enrolment.ID)
		require.NoError(t, err)
		require.Equal(t, "ended", e.State)
		require.Equal(t, date("2026-03-01"), e.EndedOn)
		l, err := d.Sessions(ctx, caseworker, ten, SessionFilter{PlanID: plan.ID, State: sessionWithdrawn})
		require.NoError(t, err)
		require.Len(t, l.Rows, 4, "2 to 5 March; 25 February to 1 March and the excused one stay")
		for _, session := range l.Rows {
			require.NotEqual(t, excused.ID, session.ID)
			require.True(t, date("2026-03-01").Before(session.LocalDate))
		}
	})
}
