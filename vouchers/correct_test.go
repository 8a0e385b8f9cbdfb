package vouchers

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// A correction that comes after the voucher takes nothing back: the excess is on
// record, later visits do not pay it twice, and a correction back changes nothing.
func TestCorrectAfterTheVoucher(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, enrolment := d.join(t, "P-1", d.move)
		first := d.attended(t, plan, "2026-02-03T09:00:00Z")
		second := d.attended(t, plan, "2026-02-10T09:00:00Z")
		voucher, award := second.Vouchers[0], second.Awards[0]

		gone := d.correct(t, first, domain.NoShow)
		require.Equal(t, 2, gone.Attendance.Revision)
		require.Empty(t, gone.Vouchers)
		require.Equal(t, []int64{0, 20000}, []int64{gone.Awards[0].Amount, gone.Awards[0].Granted})
		d.stands(t, voucher, domain.Issued, 20000)
		p, err := d.Progress(t.Context(), d.as(domain.Caseworker), enrolment.ID)
		require.NoError(t, err)
		require.Equal(t, []int64{0, 20000}, []int64{p.Progress.Earned, p.Received})
		ms, err := d.Milestones(t.Context(), d.as(domain.Caseworker), enrolment.ID)
		require.NoError(t, err)
		require.Len(t, ms, 1)
		require.False(t, ms[0].Reached)
		require.Equal(t, 1, ms[0].Missing)

		third := d.attended(t, plan, "2026-02-17T09:00:00Z")
		require.Empty(t, third.Vouchers, "the milestone it reaches is paid already")
		require.Equal(t, date("2026-02-17"), third.Awards[0].ReachedOn)
		require.Equal(t, award.ID, third.Awards[0].ID)

		back := d.correct(t, first, domain.Attended)
		require.Empty(t, back.Vouchers)
		require.Equal(t, date("2026-02-10"), back.Awards[0].ReachedOn)
		require.Len(t, d.attended(t, plan, "2026-02-24T09:00:00Z").Vouchers, 1, "the fourth visit earns the second voucher")
		require.Equal(t, [4]int64{40000, -40000, 0, 0}, d.balance(t))

		list, err := d.AwardAdjustments(t.Context(), d.as(domain.Caseworker), award.ID)
		require.NoError(t, err)
		require.Len(t, list, 3)
		require.Equal(t, [][2]int64{{20000, 0}, {0, 20000}, {20000, 20000}}, [][2]int64{
			{list[0].AmountBefore, list[0].AmountAfter}, {list[1].AmountBefore, list[1].AmountAfter}, {list[2].AmountBefore, list[2].AmountAfter},
		})
		events, err := d.AttendanceEvents(t.Context(), d.as(domain.Caseworker), first.Attendance.AttendanceID)
		require.NoError(t, err)
		require.Equal(t, []string{"", "tastefejl", "tastefejl"}, []string{events[0].Reason.Reveal(), events[1].Reason.Reveal(), events[2].Reason.Reveal()})
		require.Equal(t, []string{domain.Attended, domain.NoShow, domain.Attended}, []string{events[0].Outcome, events[1].Outcome, events[2].Outcome})
	})
}

// A correction that makes a milestone due pays at once.
func TestCorrectPays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, _ := d.join(t, "P-1", d.move)
		missed := d.visit(t, plan, "2026-02-03T09:00:00Z", domain.NoShow)
		d.attended(t, plan, "2026-02-10T09:00:00Z")
		key := keyed("k", "attended")
		c := Correction{AttendanceID: missed.Attendance.AttendanceID, Outcome: domain.Attended, Reason: "var der alligevel"}
		paid, err := d.Correct(t.Context(), d.as(domain.Caseworker), key, c)
		require.NoError(t, err)
		require.Len(t, paid.Value.Vouchers, 1)
		again, err := d.Correct(t.Context(), d.as(domain.Caseworker), key, c)
		require.NoError(t, err)
		require.True(t, again.Replayed)
		require.Equal(t, paid.Value.Vouchers[0].ID, again.Value.Vouchers[0].ID)
		now, err := d.Attendance(t.Context(), d.as(domain.Caseworker), c.AttendanceID)
		require.NoError(t, err)
		require.Equal(t, 2, now.Revision)
		require.Equal(t, [4]int64{20000, -20000, 0, 0}, d.balance(t))
	})
}

// A cancelled visit never was; a correction brings it back.
func TestCancelAttendance(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		plan, _ := d.join(t, "P-1", d.move)
		wrong := d.attended(t, plan, "2026-02-03T09:00:00Z")
		id := wrong.Attendance.AttendanceID
		_, err := d.CancelAttendance(t.Context(), worker, keyed("c", ""), id, "forkert borger")
		require.NoError(t, err)
		again, err := d.CancelAttendance(t.Context(), worker, keyed("c", ""), id, "forkert borger")
		require.NoError(t, err)
		require.True(t, again.Replayed)
		_, err = d.CancelAttendance(t.Context(), worker, Key{}, id, "igen")
		because(t, err, "wrong_state")
		require.Empty(t, d.attended(t, plan, "2026-02-10T09:00:00Z").Vouchers)

		require.Len(t, d.attended(t, plan, "2026-02-03T09:00:00Z").Vouchers, 1, "recorded anew, for the right person")
		_, err = d.Correct(t.Context(), worker, Key{}, Correction{AttendanceID: id, Outcome: domain.Attended, Reason: "alligevel"})
		named(t, err, "occurred_at", "already_recorded")
	})
}

func TestCorrectTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		plan, _ := d.join(t, "P-1", d.move)
		early := d.attended(t, plan, "2026-01-31T09:00:00Z") // before the plan began
		other := d.attended(t, plan, "2026-02-10T09:00:00Z")
		move := Correction{AttendanceID: early.Attendance.AttendanceID, OccurredAt: instant("2026-02-10T09:00:00Z"), Reason: "forkert dag"}
		_, err := d.Correct(t.Context(), worker, Key{}, move)
		named(t, err, "occurred_at", "already_recorded")
		move.OccurredAt = instant("2026-02-10T10:00:00+01:00").Add(time.Hour)
		moved, err := d.Correct(t.Context(), worker, Key{}, move)
		require.NoError(t, err)
		require.Len(t, moved.Value.Vouchers, 1, "now it counts")
		require.Equal(t, date("2026-02-10"), moved.Value.Attendance.LocalDate)

		_, err = d.Correct(t.Context(), worker, Key{}, Correction{AttendanceID: other.Attendance.AttendanceID, Outcome: domain.NoShow})
		named(t, err, "reason", "required")
		_, err = d.Correct(t.Context(), worker, Key{}, Correction{AttendanceID: other.Attendance.AttendanceID, Outcome: "met", Reason: "x"})
		named(t, err, "outcome", "unknown")
		_, err = d.Correct(t.Context(), worker, Key{}, Correction{AttendanceID: store.NewID(), Outcome: domain.NoShow, Reason: "x"})
		require.Equal(t, domain.NotFound, domain.KindOf(err))
		kind, err := d.Correct(t.Context(), worker, Key{}, Correction{AttendanceID: other.Attendance.AttendanceID, Kind: "phone", Reason: "på telefon"})
		require.NoError(t, err)
		require.Zero(t, kind.Value.Awards[0].Amount, "a kind that the programme does not reward")
	})
}
