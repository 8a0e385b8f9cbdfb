package vouchers

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// leader is the n-th other team leader.
func (d desk) leader(n int) domain.Actor {
	a := d.as(domain.TeamLeader)
	a.Person, a.TokenID = fmt.Sprintf("leader%d@varde.dk", n), store.NewID()
	return a
}

// leaders are steps of two team leaders, the second above an amount.
func leaders(alone int64) domain.ApprovalSteps {
	return domain.ApprovalSteps{{Role: domain.TeamLeader}, {Role: domain.TeamLeader, Above: alone}}
}

// steep adopts a programme in which somebody approves each award: the first visit
// pays an amount and each after it more, from the beginning again after a no-show.
func (d desk) steep(t testing.TB, start, step string) domain.Programme {
	t.Helper()
	return d.variant(t, "steep",
		"mode: automatic", "mode: proposes", everySecond, "requirement: {met: 1}", "no_show: hold", "no_show: not_met",
		constant, "{linear: {start: "+start+", step: "+step+", ceiling: 900000}}\n    escalation: {every: visit}\n    reset: {on: [not_met], to: start}",
	)
}

// award reads an award as it is.
func (d desk) award(t testing.TB, id domain.ID) domain.Award {
	t.Helper()
	a, err := d.Award(t.Context(), d.as(domain.TeamLeader), id)
	require.NoError(t, err)
	return a
}

// Above the limit of the role a second person must approve; the same one twice is
// refused, under whatever name they come.
func TestSecondApproval(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, _ := d.join(t, "P-1", d.steep(t, "100001", "1"))
		a := d.attended(t, plan, "2026-02-03T09:00:00Z").Awards[0]
		leader, other := d.as(domain.TeamLeader), d.leader(1)
		waits := func(needs, steps int) {
			t.Helper()
			list, err := d.AwardApprovals(t.Context(), leader, a.ID)
			require.NoError(t, err)
			require.Equal(t, needs, list.Needs.Number)
			require.Len(t, list.List, steps)
			require.Equal(t, [4]int64{}, d.balance(t))
		}
		waits(1, 0)
		first, err := d.Approve(t.Context(), leader, keyed("1", ""), a.ID, a.Version)
		require.NoError(t, err)
		require.Nil(t, first.Value.Voucher)
		require.Equal(t, []any{2, domain.AwardProposed}, []any{first.Value.Needs.Number, first.Value.Award.State})
		waits(2, 1)

		again, err := d.Approve(t.Context(), leader, keyed("1", ""), a.ID, a.Version)
		require.NoError(t, err)
		require.True(t, again.Replayed)
		require.Equal(t, 2, again.Value.Needs.Number)
		same := leader
		same.Person, same.TokenID = "Team_Leader@varde.dk", store.NewID()
		_, err = d.Approve(t.Context(), same, Key{}, a.ID, 0)
		because(t, err, "already_approved")
		_, err = d.Approve(t.Context(), other, Key{}, a.ID, a.Version+1)
		because(t, err, "stale")
		waits(2, 1)

		second, err := d.Approve(t.Context(), other, Key{}, a.ID, a.Version)
		require.NoError(t, err)
		require.Empty(t, second.Value.Needs)
		require.Equal(t, int64(100001), second.Value.Voucher.Amount)
		require.Equal(t, other.Person, second.Value.Award.DecidedBy)
		_, err = d.Approve(t.Context(), d.leader(2), Key{}, a.ID, 0)
		because(t, err, "wrong_state")
		require.Equal(t, int64(100001), d.balance(t)[0])
	})
}

// A second person who rejects ends it, and so may the first who has thought again.
func TestSecondRejects(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		programme := d.steep(t, "200000", "1")
		for i, who := range []domain.Actor{d.leader(2), d.leader(1)} {
			plan, _ := d.join(t, fmt.Sprint("P-", i), programme)
			a := d.attended(t, plan, "2026-02-03T09:00:00Z").Awards[0]
			_, err := d.Approve(t.Context(), d.leader(1), Key{}, a.ID, 0)
			require.NoError(t, err)
			rejected, err := d.Reject(t.Context(), who, Key{}, a.ID, "ikke efter ordningen")
			require.NoError(t, err)
			require.Equal(t, domain.AwardRejected, rejected.Value.Award.State)
			_, err = d.Approve(t.Context(), d.leader(3), Key{}, a.ID, 0)
			because(t, err, "wrong_state")
		}
		require.Equal(t, [4]int64{}, d.balance(t))
	})
}

// An approval lapses when a correction changes the award, also when a second one
// changes it back, and when it is now the approver who recorded it.
func TestApprovalLapses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, _ := d.join(t, "P-1", d.steep(t, "200000", "100000"))
		d.attended(t, plan, "2026-02-03T09:00:00Z")
		missed := d.visit(t, plan, "2026-02-04T09:00:00Z", domain.NoShow)
		a := d.attended(t, plan, "2026-02-05T09:00:00Z").Awards[0]
		require.Equal(t, int64(200000), a.Amount)
		_, err := d.Approve(t.Context(), d.leader(1), Key{}, a.ID, 0)
		require.NoError(t, err)
		d.correct(t, missed, domain.Attended)
		require.Equal(t, int64(300000), d.award(t, a.ID).Amount)
		d.correct(t, missed, domain.NoShow)
		require.Equal(t, int64(200000), d.award(t, a.ID).Amount)
		list, err := d.AwardApprovals(t.Context(), d.leader(1), a.ID)
		require.NoError(t, err)
		require.Equal(t, 1, list.Needs.Number)

		second, err := d.Approve(t.Context(), d.leader(2), Key{}, a.ID, 0)
		require.NoError(t, err)
		require.Equal(t, 2, second.Value.Needs.Number, "the first has lapsed")
		_, err = d.Correct(t.Context(), d.leader(2), Key{}, Correction{AttendanceID: missed.Attendance.AttendanceID, Outcome: domain.Attended, Reason: "var der"})
		require.NoError(t, err)
		require.Equal(t, int64(300000), d.award(t, a.ID).Amount)
		_, err = d.Approve(t.Context(), d.leader(2), Key{}, a.ID, 0)
		because(t, err, "own_record")
		third, err := d.Approve(t.Context(), d.leader(1), Key{}, a.ID, 0)
		require.NoError(t, err)
		require.Equal(t, 2, third.Value.Needs.Number)
		done, err := d.Approve(t.Context(), d.leader(3), Key{}, a.ID, 0)
		require.NoError(t, err)
		require.Equal(t, int64(300000), done.Value.Voucher.Amount)
	})
}

// What a correction adds to an approved award waits for approval of the whole;
// rejected, the rest is never issued.
func TestRaiseWaits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		programme := d.steep(t, "90000", "20000")
		for name, approves := range map[string]bool{"P-1": true, "P-2": false} {
			plan, _ := d.join(t, name, programme)
			d.attended(t, plan, "2026-02-03T09:00:00Z")
			missed := d.visit(t, plan, "2026-02-04T09:00:00Z", domain.NoShow)
			a := d.attended(t, plan, "2026-02-05T09:00:00Z").Awards[0]
			before := d.balance(t)[0]
			_, err := d.Approve(t.Context(), d.leader(1), Key{}, a.ID, 0)
			require.NoError(t, err)
			require.Empty(t, d.correct(t, missed, domain.Attended).Vouchers, "nobody has approved so much")
			now := d.award(t, a.ID)
			require.Equal(t, []any{domain.AwardProposed, int64(110000), int64(90000)}, []any{now.State, now.Amount, now.Granted})
			if !approves {
				_, err = d.Reject(t.Context(), d.leader(2), Key{}, a.ID, "det er nok")
				require.NoError(t, err)
				d.correct(t, missed, domain.Excused)
				d.correct(t, missed, domain.Attended)
				require.Equal(t, domain.AwardRejected, d.award(t, a.ID).State)
				require.Equal(t, before+90000, d.balance(t)[0])
				continue
			}
			first, err := d.Approve(t.Context(), d.leader(1), Key{}, a.ID, 0)
			require.NoError(t, err)
			require.Equal(t, 2, first.Value.Needs.Number, "1.100 kr. in all")
			second, err := d.Approve(t.Context(), d.leader(2), Key{}, a.ID, 0)
			require.NoError(t, err)
			require.Equal(t, []int64{20000, 110000}, []int64{second.Value.Voucher.Amount, second.Value.Award.Granted})
			require.Equal(t, before+110000, d.balance(t)[0])
		}
	})
}

// Two who approve at once, and a correction at that moment: one voucher at most,
// and only for an amount that two have approved.
func TestRaceSecondApproval(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		programme := d.steep(t, "200000", "100000")
		for round := range 4 {
			plan, _ := d.join(t, fmt.Sprint("P-", round), programme)
			d.attended(t, plan, "2026-02-03T09:00:00Z")
			missed := d.visit(t, plan, "2026-02-04T09:00:00Z", domain.NoShow)
			a := d.attended(t, plan, "2026-02-05T09:00:00Z").Awards[0]
			if round%2 == 0 {
				_, err := d.Approve(t.Context(), d.leader(0), Key{}, a.ID, 0)
				require.NoError(t, err)
			}
			var issued, answered atomic.Int64
			approve := func(i int) func() {
				return func() {
					done, err := d.Approve(t.Context(), d.leader(i+1), Key{}, a.ID, a.Version)
					switch {
					case err != nil:
						require.Contains(t, []string{"wrong_state", "stale"}, domain.CodeOf(err), "%v", err)
					case done.Value.Voucher != nil:
						issued.Add(1)
						require.Equal(t, int64(200000), done.Value.Voucher.Amount, "what was read is what is approved")
					default:
						answered.Add(1)
					}
				}
			}
			atOnce(approve(0), approve(1), approve(2), func() {
				_, err := d.Correct(t.Context(), d.as(domain.Caseworker), Key{}, Correction{AttendanceID: missed.Attendance.AttendanceID, Outcome: domain.Attended, Reason: "var der"})
				require.True(t, err == nil || domain.CodeOf(err) == "stale", "%v", err)
			})
			require.LessOrEqual(t, issued.Load(), int64(1))
			now := d.award(t, a.ID)
			require.Equal(t, issued.Load()*200000, now.Granted, "nothing is issued under an approval that has lapsed")
			list, err := d.AwardApprovals(t.Context(), d.leader(1), a.ID)
			require.NoError(t, err)
			if issued.Load() == 1 {
				require.Len(t, list.List, 2)
			}
		}
	})
}
