package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// Every second visit earns a voucher in the same answer, up to six; what is met
// nowhere, or not met, earns nothing and breaks nothing.
func TestAttendEarns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		d.time.setDate("2026-04-01")
		plan, enrolment := d.join(t, "P-1", d.move)

		first := d.attended(t, plan, "2026-02-03T09:00:00Z")
		require.Empty(t, first.Vouchers)
		require.Equal(t, "1 fremmøde mere til 200 kr.", first.Progress[0].Progress.Text.DA)
		for day, outcome := range map[string]string{"04": domain.NoShow, "05": domain.Excused, "06": domain.Cancelled} {
			require.Empty(t, d.visit(t, plan, "2026-02-"+day+"T09:00:00Z", outcome).Awards)
		}
		second := d.attended(t, plan, "2026-02-09T09:00:00Z")
		require.Len(t, second.Vouchers, 1)
		require.Len(t, second.Awards, 1)
		v, award := second.Vouchers[0], second.Awards[0]
		require.Equal(t, []int64{20000, 20000}, []int64{v.Amount, v.Balance})
		require.Equal(t, domain.Issued, v.State)
		require.Equal(t, award.ID, v.AwardID)
		require.Equal(t, enrolment.ID, award.EnrolmentID)
		require.Equal(t, date("2026-02-09"), award.ReachedOn)
		require.Equal(t, domain.Strings{"caseworker@varde.dk"}, award.RecordedBy)
		require.Equal(t, instant("2027-04-01T22:00:00Z"), v.ValidTo, "365 days from the day of issue, to its last midnight at the site")
		d.stands(t, v, domain.Issued, 20000)
		require.Equal(t, [4]int64{20000, -20000, 0, 0}, d.balance(t))

		for _, day := range []string{"10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "22"} {
			d.attended(t, plan, "2026-02-"+day+"T09:00:00Z")
		}
		require.Equal(t, [4]int64{120000, -120000, 0, 0}, d.balance(t), "six vouchers, then no more")
	})
}

// The same visit said twice pays once: with a key, without one, and by another desk.
func TestAttendAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		plan, _ := d.join(t, "P-1", d.move)
		d.attended(t, plan, "2026-02-03T09:00:00Z")
		visit := visitAt(plan, "2026-02-10T09:00:00Z", domain.Attended)
		first, err := d.Attend(t.Context(), worker, keyed("k1", "a"), visit)
		require.NoError(t, err)
		require.False(t, first.Replayed)
		require.Len(t, first.Value.Vouchers, 1)

		again, err := d.Attend(t.Context(), worker, keyed("k1", "a"), visit)
		require.NoError(t, err)
		require.True(t, again.Replayed)
		require.JSONEq(t, string(domain.Detail(map[string]any{"v": first.Value})), string(domain.Detail(map[string]any{"v": again.Value})))

		_, err = d.Attend(t.Context(), worker, keyed("k1", "b"), visitAt(plan, "2026-02-11T09:00:00Z", domain.Attended))
		because(t, err, "idempotency_key_reused")

		other := d.as(domain.TeamLeader)
		same, err := d.Attend(t.Context(), other, keyed("k1", "b"), visit)
		require.NoError(t, err, "another caller's key is another key")
		require.Empty(t, same.Value.Vouchers)
		require.Equal(t, first.Value.Attendance.AttendanceID, same.Value.Attendance.AttendanceID)
		require.Equal(t, first.Value.Progress[0].Progress, same.Value.Progress[0].Progress)

		visit.Outcome = domain.NoShow
		_, err = d.Attend(t.Context(), other, Key{}, visit)
		because(t, err, "already_recorded")
		visit.Outcome, visit.Kind = domain.Attended, "individual"
		_, err = d.Attend(t.Context(), other, Key{}, visit)
		because(t, err, "already_recorded")
		require.Equal(t, [4]int64{20000, -20000, 0, 0}, d.balance(t))
	})
}

// A planned session gives the visit its time and kind, and pays at most once.
func TestAttendSession(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		plan, _ := d.join(t, "P-1", d.move)
		sessions, err := d.PlanSessions(t.Context(), worker, plan.ID, SessionsInput{StartsAt: instant("2026-02-09T09:00:00Z"), Kind: "individual", Repeat: &Repeat{Every: "week", Count: 4}})
		require.NoError(t, err)
		at := func(i int) Visit {
			return Visit{PlanID: plan.ID, SessionID: sessions[i].ID, Outcome: domain.Attended}
		}
		a, err := d.Attend(t.Context(), worker, Key{}, at(0))
		require.NoError(t, err)
		require.Equal(t, sessions[0].StartsAt, a.Value.Attendance.OccurredAt)
		require.Equal(t, "individual", a.Value.Attendance.Kind)
		for range 2 {
			again, err := d.Attend(t.Context(), worker, Key{}, at(0))
			require.NoError(t, err)
			require.Empty(t, again.Value.Awards)
		}
		walkIn := Visit{PlanID: plan.ID, OccurredAt: sessions[0].StartsAt, Kind: "individual", Outcome: domain.Attended}
		same, err := d.Attend(t.Context(), worker, Key{}, walkIn)
		require.NoError(t, err, "the session itself, said without its ID")
		require.Equal(t, a.Value.Attendance.AttendanceID, same.Value.Attendance.AttendanceID)

		both := at(1)
		both.Kind = "group"
		_, err = d.Attend(t.Context(), worker, Key{}, both)
		named(t, err, "session_id", "contradiction")
		withdrawn := sessionWithdrawn
		_, err = d.UpdateSession(t.Context(), worker, sessions[2].ID, 1, SessionChange{State: &withdrawn})
		require.NoError(t, err)
		_, err = d.Attend(t.Context(), worker, Key{}, at(2))
		named(t, err, "session_id", "withdrawn")
		_, err = d.Attend(t.Context(), worker, Key{}, at(3))
		require.NoError(t, err, "2 March is today")

		other, _ := d.join(t, "P-2", d.move)
		_, err = d.Attend(t.Context(), worker, Key{}, Visit{PlanID: other.ID, SessionID: sessions[1].ID, Outcome: domain.Attended})
		named(t, err, "session_id", "other_plan")
		_, err = d.Attend(t.Context(), worker, Key{}, Visit{PlanID: plan.ID, SessionID: store.NewID(), Outcome: domain.Attended})
		require.Equal(t, domain.NotFound, domain.KindOf(err))
	})
}

// A visit that was moved by a correction is not there any more: another one at
// its old time is not silently taken for it.
func TestAttendWhereAMovedVisitWas(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, _ := d.join(t, "P-1", d.move)
		a := d.attended(t, plan, "2026-02-03T09:00:00Z")
		_, err := d.Correct(t.Context(), d.as(domain.Caseworker), Key{}, Correction{AttendanceID: a.Attendance.AttendanceID, OccurredAt: instant("2026-02-03T11:00:00Z"), Reason: "kl. 12"})
		require.NoError(t, err)
		there := d.attended(t, plan, "2026-02-03T09:00:00Z")
		require.NotEqual(t, a.Attendance.AttendanceID, there.Attendance.AttendanceID, "another visit, at a moment that is free again")
		require.Len(t, there.Vouchers, 1)
	})
}

// Late entries count where they belong, whatever the order they come in.
func TestAttendLate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, enrolment := d.join(t, "P-1", d.move)
		d.attended(t, plan, "2026-02-24T09:00:00Z")
		reached := d.attended(t, plan, "2026-02-17T09:00:00Z")
		require.Len(t, reached.Vouchers, 1)
		require.Equal(t, date("2026-02-24"), reached.Awards[0].ReachedOn, "by the later visit, though recorded first")

		late := d.attended(t, plan, "2026-02-03T09:00:00Z")
		require.Empty(t, late.Vouchers, "the third visit earns nothing yet")
		require.Equal(t, date("2026-02-17"), late.Awards[0].ReachedOn, "but the first milestone was reached earlier")
		list, err := d.AwardAdjustments(t.Context(), d.as(domain.Caseworker), reached.Awards[0].ID)
		require.NoError(t, err)
		require.Len(t, list, 1)
		require.Equal(t, late.Attendance.ID.String(), list[0].Cause)
		require.Equal(t, []int64{20000, 20000}, []int64{list[0].AmountBefore, list[0].AmountAfter})

		fourth := d.attended(t, plan, "2026-02-04T09:00:00Z")
		require.Len(t, fourth.Vouchers, 1)
		p, err := d.Progress(t.Context(), d.as(domain.Caseworker), enrolment.ID)
		require.NoError(t, err)
		require.Equal(t, int64(40000), p.Received)
	})
}
