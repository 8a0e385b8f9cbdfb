package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// A voucher that was issued by mistake and voided does not stand in the way of
// the one that is earned afterwards.
func TestVoidThenEarn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker, leader := d.as(domain.Caseworker), d.as(domain.TeamLeader)
		plan, enrolment := d.join(t, "P-1", d.move)
		d.attended(t, plan, "2026-02-03T09:00:00Z")
		wrong := d.attended(t, plan, "2026-02-10T09:00:00Z")
		_, err := d.CancelAttendance(t.Context(), worker, Key{}, wrong.Attendance.AttendanceID, "forkert borger")
		require.NoError(t, err)
		_, err = d.Void(t.Context(), leader, Key{}, wrong.Vouchers[0].ID, "forkert borger")
		require.NoError(t, err)
		require.Equal(t, [4]int64{0, 0, 0, 0}, d.balance(t))
		award, err := d.Award(t.Context(), worker, wrong.Awards[0].ID)
		require.NoError(t, err)
		require.Zero(t, award.Granted)
		require.Equal(t, domain.AwardDenied, award.State)

		right := d.attended(t, plan, "2026-02-17T09:00:00Z")
		require.Len(t, right.Vouchers, 1, "really earned, and paid")
		require.Equal(t, [4]int64{20000, -20000, 0, 0}, d.balance(t))
		p, err := d.Progress(t.Context(), worker, enrolment.ID)
		require.NoError(t, err)
		require.Equal(t, []int64{20000, 20000}, []int64{p.Progress.Earned, p.Received})
		adjustments, err := d.AwardAdjustments(t.Context(), worker, award.ID)
		require.NoError(t, err)
		require.Len(t, adjustments, 3, "taken back, voided, earned again")
	})
}

// Only what is no longer owed counts as not granted: a voucher voided while its
// award stands is not paid again.
func TestVoidOfAStandingAward(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, _ := d.join(t, "P-1", d.move)
		d.attended(t, plan, "2026-02-03T09:00:00Z")
		v := d.attended(t, plan, "2026-02-10T09:00:00Z").Vouchers[0]
		_, err := d.Void(t.Context(), d.as(domain.TeamLeader), Key{}, v.ID, "misbrugt")
		require.NoError(t, err)
		award, err := d.Award(t.Context(), d.as(domain.TeamLeader), v.AwardID)
		require.NoError(t, err)
		require.Equal(t, int64(20000), award.Granted)
		require.Empty(t, d.attended(t, plan, "2026-02-11T09:00:00Z").Vouchers)
	})
}

// What was spent before the rest was voided stays granted.
func TestVoidOfAPartlySpentMistake(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop := d.till(t, "Kiosk", "groceries")
		plan, _ := d.join(t, "P-1", d.move)
		d.attended(t, plan, "2026-02-03T09:00:00Z")
		wrong := d.attended(t, plan, "2026-02-10T09:00:00Z")
		d.redeemed(t, shop, d.secret(t, wrong.Vouchers[0]), 5000)
		_, err := d.CancelAttendance(t.Context(), d.as(domain.Caseworker), Key{}, wrong.Attendance.AttendanceID, "forkert borger")
		require.NoError(t, err)
		_, err = d.Void(t.Context(), d.as(domain.TeamLeader), Key{}, wrong.Vouchers[0].ID, "forkert borger")
		require.NoError(t, err)
		right := d.attended(t, plan, "2026-02-17T09:00:00Z")
		require.Len(t, right.Vouchers, 1)
		require.Equal(t, int64(15000), right.Vouchers[0].Amount, "the 50 kr. already spent are not paid twice")
	})
}
