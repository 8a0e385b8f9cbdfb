package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// proposal is an award that waits, earned by two visits that the caseworker
// recorded.
func (d story) proposal(t testing.TB, reference string, programme domain.Programme) (domain.Plan, Attended, Attended) {
	t.Helper()
	plan, _ := d.join(t, reference, programme)
	first := d.attended(t, plan, "2026-02-03T09:00:00Z")
	second := d.attended(t, plan, "2026-02-10T09:00:00Z")
	require.Empty(t, second.Vouchers)
	require.Equal(t, domain.AwardProposed, second.Awards[0].State)
	return plan, first, second
}

func (d desk) proposes(t testing.TB) domain.Programme {
	return d.variant(t, "proposes", "mode: automatic", "mode: proposes")
}

// A proposed award waits for someone who recorded none of its visits.
func TestApprove(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		_, _, earned := d.proposal(t, "P-1", d.proposes(t))
		award, leader := earned.Awards[0], d.as(domain.TeamLeader)
		require.Equal(t, [4]int64{}, d.balance(t))
		p, err := d.Progress(t.Context(), d.as(domain.Caseworker), award.EnrolmentID)
		require.NoError(t, err)
		require.Equal(t, []int64{20000, 0, 20000}, []int64{p.Progress.Earned, p.Received, p.Waiting})

		approved, err := d.Approve(t.Context(), leader, keyed("a", ""), award.ID, 0)
		require.NoError(t, err)
		v := approved.Value.Voucher
		require.Equal(t, []int64{20000, 20000}, []int64{v.Amount, approved.Value.Award.Granted})
		require.Equal(t, leader.Person, approved.Value.Award.DecidedBy)
		require.Equal(t, d.time.now(), approved.Value.Award.DecidedAt.UTC())
		d.stands(t, *v, domain.Issued, 20000)

		again, err := d.Approve(t.Context(), leader, keyed("a", ""), award.ID, 0)
		require.NoError(t, err)
		require.True(t, again.Replayed)
		require.Equal(t, v.ID, again.Value.Voucher.ID)
		_, err = d.Approve(t.Context(), leader, keyed("b", ""), award.ID, 0)
		because(t, err, "wrong_state")
		_, err = d.Reject(t.Context(), leader, Key{}, award.ID, "for sent")
		because(t, err, "wrong_state")
		require.Equal(t, [4]int64{20000, -20000, 0, 0}, d.balance(t))
	})
}

// Whoever recorded or corrected one of its visits may not decide, whatever
// token they hold.
func TestOwnRecord(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		_, first, earned := d.proposal(t, "P-1", d.proposes(t))
		award, leader := earned.Awards[0].ID, d.as(domain.TeamLeader)
		same := leader
		same.Person, same.TokenID = "caseworker@varde.dk", store.NewID()
		_, err := d.Approve(t.Context(), same, Key{}, award, 0)
		because(t, err, "own_record")
		_, err = d.Reject(t.Context(), same, Key{}, award, "nej")
		because(t, err, "own_record")

		_, err = d.Correct(t.Context(), leader, Key{}, Correction{AttendanceID: first.Attendance.AttendanceID, OccurredAt: instant("2026-02-03T10:00:00Z"), Reason: "en time senere"})
		require.NoError(t, err)
		_, err = d.Approve(t.Context(), leader, Key{}, award, 0)
		because(t, err, "own_record")
		other := leader
		other.Person, other.TokenID = "leader2@varde.dk", store.NewID()
		bound := other
		bound.UnitID = d.elsewhere(t).UnitID
		_, err = d.Approve(t.Context(), bound, Key{}, award, 0)
		require.Equal(t, domain.NotFound, domain.KindOf(err))
		_, err = d.Approve(t.Context(), d.as(domain.Caseworker), Key{}, award, 0)
		because(t, err, "not_your_step")
		_, err = d.Reject(t.Context(), d.as(domain.Caseworker), Key{}, award, "nej")
		because(t, err, "not_your_step")
		_, err = d.Approve(t.Context(), other, Key{}, award, 0)
		require.NoError(t, err)
	})
}

// A rejected award stays rejected, with its reason; later ones are on their own.
func TestReject(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, first, earned := d.proposal(t, "P-1", d.proposes(t))
		award, leader := earned.Awards[0].ID, d.as(domain.TeamLeader)
		_, err := d.Reject(t.Context(), leader, Key{}, award, " ")
		named(t, err, "reason", "required")
		rejected, err := d.Reject(t.Context(), leader, Key{}, award, "ikke efter ordningen")
		require.NoError(t, err)
		require.Nil(t, rejected.Value.Voucher)
		require.Equal(t, domain.AwardRejected, rejected.Value.Award.State)
		_, err = d.Approve(t.Context(), leader, Key{}, award, 0)
		because(t, err, "wrong_state")

		d.correct(t, first, domain.NoShow)
		d.correct(t, first, domain.Attended)
		there, err := d.Award(t.Context(), leader, award)
		require.NoError(t, err)
		require.Equal(t, domain.AwardRejected, there.State, "a correction there and back decides nothing anew")
		require.Equal(t, "ikke efter ordningen", there.Reason.Reveal())
		d.attended(t, plan, "2026-02-11T09:00:00Z")
		require.Equal(t, domain.AwardProposed, d.attended(t, plan, "2026-02-12T09:00:00Z").Awards[0].State)
		require.Equal(t, [4]int64{}, d.balance(t))
	})
}

// A correction before the decision takes the proposal back, and brings it again.
func TestProposalTakenBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		_, first, earned := d.proposal(t, "P-1", d.proposes(t))
		award, leader := earned.Awards[0].ID, d.as(domain.TeamLeader)
		d.correct(t, first, domain.NoShow)
		_, err := d.Approve(t.Context(), leader, Key{}, award, 0)
		because(t, err, "wrong_state")
		d.correct(t, first, domain.Attended)
		approved, err := d.Approve(t.Context(), leader, Key{}, award, 0)
		require.NoError(t, err)
		require.Equal(t, int64(20000), approved.Value.Voucher.Amount)
		require.Empty(t, d.correct(t, first, domain.Excused).Vouchers)
		require.Empty(t, d.correct(t, first, domain.Attended).Vouchers, "approved and issued once")
	})
}
