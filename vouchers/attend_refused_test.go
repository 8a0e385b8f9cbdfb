package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

func TestAttendRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		plan, _ := d.join(t, "P-1", d.move)
		for name, c := range map[string]struct {
			change      func(*Visit)
			field, code string
		}{
			"no time":       {func(v *Visit) { v.OccurredAt = instant("0001-01-01T00:00:00Z") }, "occurred_at", "required"},
			"no kind":       {func(v *Visit) { v.Kind = "" }, "kind", "invalid"},
			"odd kind":      {func(v *Visit) { v.Kind = "Gruppe!" }, "kind", "invalid"},
			"no outcome":    {func(v *Visit) { v.Outcome = "" }, "outcome", "unknown"},
			"odd outcome":   {func(v *Visit) { v.Outcome = "met" }, "outcome", "unknown"},
			"tomorrow":      {func(v *Visit) { v.OccurredAt = instant("2026-03-02T23:00:00Z") }, "occurred_at", "in_the_future"},
			"a year early":  {func(v *Visit) { v.OccurredAt = instant("2025-01-31T09:00:00Z") }, "occurred_at", "before_plan"},
			"a year ahead":  {func(v *Visit) { v.OccurredAt, v.Outcome = instant("2027-03-05T09:00:00Z"), domain.Excused }, "occurred_at", "too_far_ahead"},
			"far, far away": {func(v *Visit) { v.OccurredAt, v.Outcome = instant("9999-12-31T23:59:59Z"), domain.Excused }, "occurred_at", "too_far_ahead"},
		} {
			visit := visitAt(plan, "2026-02-03T09:00:00Z", domain.Attended)
			c.change(&visit)
			_, err := d.Attend(t.Context(), worker, keyed(name, name), visit)
			require.Equal(t, domain.Invalid, domain.KindOf(err), name)
			named(t, err, c.field, c.code)
		}
		ahead := visitAt(plan, "2026-03-10T09:00:00Z", domain.Excused)
		_, err := d.Attend(t.Context(), worker, Key{}, ahead)
		require.NoError(t, err, "an apology comes beforehand")

		end, reason := date("2026-03-01"), "completed"
		_, err = d.UpdatePlan(t.Context(), worker, plan.ID, plan.Version, PlanChange{EndDate: &end, EndReason: &reason})
		require.NoError(t, err)
		_, err = d.Attend(t.Context(), worker, Key{}, visitAt(plan, "2026-03-02T08:00:00Z", domain.Attended))
		named(t, err, "occurred_at", "after_plan")
		_, err = d.Attend(t.Context(), worker, Key{}, visitAt(plan, "2026-03-01T08:00:00Z", domain.Attended))
		require.NoError(t, err, "on its last day")

		list, err := d.Attendances(t.Context(), worker, ten, AttendanceFilter{PlanID: plan.ID})
		require.NoError(t, err)
		require.Len(t, list.Rows, 2, "what was refused left nothing")
	})
}

// Nobody reaches into another unit or another municipality, and nobody without
// the role does anything.
func TestAttendReach(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, enrolment := d.join(t, "P-1", d.move)
		a := d.attended(t, plan, "2026-02-03T09:00:00Z")
		award := d.attended(t, plan, "2026-02-10T09:00:00Z").Awards[0]
		visit := a.Attendance.AttendanceID
		strangers := map[string]domain.Actor{"another unit": d.elsewhere(t), "another municipality": newDesk(t, s).as(domain.TeamLeader)}
		for who, actor := range strangers {
			for what, err := range map[string]error{
				"attend":      second(d.Attend(t.Context(), actor, Key{}, visitAt(plan, "2026-02-04T09:00:00Z", domain.Attended))),
				"correct":     second(d.Correct(t.Context(), actor, Key{}, Correction{AttendanceID: visit, Outcome: domain.NoShow, Reason: "nej"})),
				"cancel":      second(d.CancelAttendance(t.Context(), actor, Key{}, visit, "nej")),
				"enrol":       second(d.Enrol(t.Context(), actor, Key{}, Enrol{PlanID: plan.ID, ProgrammeID: d.move.ID})),
				"attendance":  second(d.Attendance(t.Context(), actor, visit)),
				"events":      second(d.AttendanceEvents(t.Context(), actor, visit)),
				"enrolment":   second(d.Enrolment(t.Context(), actor, enrolment.ID)),
				"progress":    second(d.Progress(t.Context(), actor, enrolment.ID)),
				"milestones":  second(d.Milestones(t.Context(), actor, enrolment.ID)),
				"end":         second(d.EndEnrolment(t.Context(), actor, enrolment.ID, date("2026-03-01"))),
				"award":       second(d.Award(t.Context(), actor, award.ID)),
				"adjustments": second(d.AwardAdjustments(t.Context(), actor, award.ID)),
			} {
				require.Equal(t, domain.NotFound, domain.KindOf(err), "%s as %s: %v", what, who, err)
			}
			visits, err := d.Attendances(t.Context(), actor, ten, AttendanceFilter{UnitID: d.unit.ID})
			require.NoError(t, err)
			require.Empty(t, visits.Rows)
			enrolments, err := d.Enrolments(t.Context(), actor, ten, EnrolmentFilter{PlanID: plan.ID})
			require.NoError(t, err)
			require.Empty(t, enrolments.Rows)
			awards, err := d.Awards(t.Context(), actor, ten, AwardFilter{EnrolmentID: enrolment.ID})
			require.NoError(t, err)
			require.Empty(t, awards.Rows)
		}
	})
}

func second[T any](_ T, err error) error { return err }

// A visit belongs to the site's date, over midnight and the change of the clock.
func TestAttendDates(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		d.time.setDate("2026-11-21")
		plan, _ := d.join(t, "P-1", d.move) // counts from 2 February to 21 June
		for at, want := range map[string]string{
			"2026-02-01T22:59:59.999999Z": "2026-02-01", // the evening before it begins: does not count
			"2026-03-28T23:30:00Z":        "2026-03-29", // 00:30, the night of the change
			"2026-03-29T00:59:00Z":        "2026-03-29", // 01:59, a minute before it
			"2026-03-29T21:59:00Z":        "2026-03-29", // 23:59 in summer
			"2026-03-29T22:00:00Z":        "2026-03-30",
			"2026-10-24T22:00:00Z":        "2026-10-25", // 25 hours long
			"2026-10-25T22:59:00Z":        "2026-10-25",
			"2026-06-21T22:00:00Z":        "2026-06-22", // the day after it ends: does not count
		} {
			require.Equal(t, date(want), d.attended(t, plan, at).Attendance.LocalDate, at)
		}
		require.Equal(t, [4]int64{40000, -40000, 0, 0}, d.balance(t), "four count")
		first := d.attended(t, plan, "2026-02-01T23:00:00Z") // midnight as it begins
		require.Empty(t, first.Vouchers)
		last := d.attended(t, plan, "2026-06-21T21:59:59Z")
		require.Len(t, last.Vouchers, 1, "the last second of the 140 days")

		listed, err := d.Attendances(t.Context(), d.as(domain.Caseworker), ten, AttendanceFilter{PlanID: plan.ID, From: date("2026-03-29"), To: date("2026-03-29")})
		require.NoError(t, err)
		require.Len(t, listed.Rows, 3)
	})
}
