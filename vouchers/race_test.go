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

const crowd = 8 // callers at once

// times makes n calls of fn.
func times(n int, fn func(i int)) (fns []func()) {
	for i := range n {
		fns = append(fns, func() { fn(i) })
	}
	return fns
}

// Any number of tills at once get exactly the money that is on the voucher.
func TestRaceRedeem(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop := d.till(t, "Kiosk", "groceries")
		v, secret := d.earn(t, "P-1", d.move)
		var paid, refused atomic.Int64
		atOnce(times(crowd, func(i int) {
			_, err := d.Redeem(t.Context(), shop, keyed(fmt.Sprint(i), ""), Redeem{Code: secret, Amount: 6000, ClientRedemptionID: fmt.Sprint(i)})
			switch domain.CodeOf(err) {
			case "insufficient_balance":
				refused.Add(1)
			default:
				paid.Add(1)
				require.NoError(t, err)
			}
		})...)
		require.Equal(t, []int64{3, crowd - 3}, []int64{paid.Load(), refused.Load()})
		d.stands(t, v, domain.PartlyRedeemed, 2000)
	})
}

// One request sent many times at once is done once, and all get its answer.
func TestRaceSameKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop, worker := d.till(t, "Kiosk", "groceries"), d.as(domain.Caseworker)
		v, secret := d.earn(t, "P-1", d.move)
		plan, _ := d.join(t, "P-2", d.move)
		d.attended(t, plan, "2026-02-03T09:00:00Z")
		same := func(what string, do func() (id domain.ID, replayed bool, err error)) {
			ids, fresh := make([]domain.ID, crowd), atomic.Int64{}
			atOnce(times(crowd, func(i int) {
				id, replayed, err := do()
				require.NoError(t, err, what)
				if ids[i] = id; !replayed {
					fresh.Add(1)
				}
			})...)
			for _, id := range ids {
				require.Equal(t, ids[0], id, what)
			}
			require.Equal(t, int64(1), fresh.Load(), what)
		}
		same("attend", func() (domain.ID, bool, error) {
			a, err := d.Attend(t.Context(), worker, keyed("a", ""), visitAt(plan, "2026-02-10T09:00:00Z", domain.Attended))
			if err != nil {
				return domain.ID{}, false, err
			}
			return a.Value.Vouchers[0].ID, a.Replayed, nil
		})
		redeem := func(key Key) (domain.ID, bool, error) {
			r, err := d.Redeem(t.Context(), shop, key, Redeem{Code: secret, Amount: 1500, ClientRedemptionID: "bon 1"})
			return r.Value.ID, r.Replayed, err
		}
		same("redeem", func() (domain.ID, bool, error) { return redeem(keyed("b", "")) })
		r, _, err := redeem(Key{})
		require.NoError(t, err)
		same("reverse", func() (domain.ID, bool, error) {
			a, err := d.Reverse(t.Context(), shop, keyed("c", ""), r, "fortrudt")
			return a.Value.ID, a.Replayed, err
		})
		same("reissue", func() (domain.ID, bool, error) {
			a, err := d.Reissue(t.Context(), worker, keyed("d", ""), v.ID, "tabt")
			return a.Value.New.ID, a.Replayed, err
		})
		require.Equal(t, [4]int64{40000, -40000, 0, 0}, d.balance(t))
	})
}

// Two desks that record the same session pay once, and so do two that correct
// the same visit.
func TestRaceAttend(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, enrolment := d.join(t, "P-1", d.move)
		first := d.attended(t, plan, "2026-02-03T09:00:00Z")
		sessions, err := d.PlanSessions(t.Context(), d.as(domain.Caseworker), plan.ID, SessionsInput{StartsAt: instant("2026-02-10T09:00:00Z"), Kind: "group"})
		require.NoError(t, err)
		var issued atomic.Int64
		atOnce(times(crowd, func(i int) {
			visit := Visit{PlanID: plan.ID, SessionID: sessions[0].ID, Outcome: domain.Attended}
			if i%2 == 1 {
				visit = visitAt(plan, "2026-02-10T09:00:00Z", domain.Attended)
			}
			a, err := d.Attend(t.Context(), d.as(domain.TeamLeader), Key{}, visit)
			require.NoError(t, err)
			issued.Add(int64(len(a.Value.Vouchers)))
		})...)
		require.Equal(t, int64(1), issued.Load())

		outcomes := []string{domain.NoShow, domain.Attended}
		atOnce(times(crowd, func(i int) {
			_, err := d.Correct(t.Context(), d.as(domain.Caseworker), Key{}, Correction{AttendanceID: first.Attendance.AttendanceID, Outcome: outcomes[i%2], Reason: "frem og tilbage"})
			require.NoError(t, err)
		})...)
		events, err := d.AttendanceEvents(t.Context(), d.as(domain.Caseworker), first.Attendance.AttendanceID)
		require.NoError(t, err)
		require.Len(t, events, crowd+1)

		atOnce(times(4, func(i int) {
			_, err := d.Attend(t.Context(), d.as(domain.Caseworker), Key{}, visitAt(plan, fmt.Sprintf("2026-02-%dT09:00:00Z", 20-i), domain.Attended))
			require.NoError(t, err)
		})...)
		p, err := d.Progress(t.Context(), d.as(domain.Caseworker), enrolment.ID)
		require.NoError(t, err)
		require.LessOrEqual(t, p.Progress.Earned, p.Received)
	})
}

// Two leaders who decide at once decide once; a correction at that moment is
// taken or asks to be sent again, and never pays twice.
func TestRaceApprove(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		_, first, earned := d.proposal(t, "P-1", d.proposes(t))
		var approved atomic.Int64
		decide := times(crowd, func(i int) {
			leader := d.as(domain.TeamLeader)
			leader.Person, leader.TokenID = fmt.Sprintf("leader%d@varde.dk", i), store.NewID()
			if _, err := d.Approve(t.Context(), leader, Key{}, earned.Awards[0].ID, 0); err == nil {
				approved.Add(1)
			} else {
				because(t, err, "wrong_state")
			}
		})
		var corrected error
		atOnce(append(decide, func() {
			_, corrected = d.Correct(t.Context(), d.as(domain.Caseworker), Key{}, Correction{AttendanceID: first.Attendance.AttendanceID, Outcome: domain.NoShow, Reason: "fejl"})
		})...)
		if corrected != nil {
			because(t, corrected, "stale")
		}
		require.LessOrEqual(t, approved.Load(), int64(1))
		require.Equal(t, approved.Load()*20000, d.balance(t)[0])
	})
}

// Whatever wins of all that can happen to a voucher at once, no krone appears or
// vanishes.
func TestRaceOverOneVoucher(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop, worker, leader := d.till(t, "Kiosk", "groceries"), d.as(domain.Caseworker), d.as(domain.TeamLeader)
		for round := range 3 {
			v, secret := d.earn(t, fmt.Sprint("P-", round), d.move)
			d.time.set(v.ValidTo.Add(-1000))
			r := d.redeemed(t, shop, secret, 1000)
			var unexpected atomic.Pointer[error]
			expected := func(err error) {
				if kind := domain.KindOf(err); err != nil && kind != domain.Conflict && kind != domain.Stale {
					unexpected.Store(&err)
				}
			}
			atOnce(
				func() {
					expected(second(d.Redeem(t.Context(), shop, Key{}, Redeem{Code: secret, Amount: 2000, ClientRedemptionID: fmt.Sprint("a", round)})))
				},
				func() {
					expected(second(d.Redeem(t.Context(), shop, Key{}, Redeem{Code: secret, ClientRedemptionID: fmt.Sprint("b", round)})))
				},
				func() { expected(second(d.Reverse(t.Context(), shop, Key{}, r.ID, "fortrudt"))) },
				func() { expected(second(d.Block(t.Context(), worker, v.ID, "tabt"))) },
				func() { expected(second(d.Unblock(t.Context(), worker, v.ID, "fundet"))) },
				func() { expected(second(d.Reissue(t.Context(), worker, Key{}, v.ID, "tabt"))) },
				func() { expected(second(d.Void(t.Context(), leader, Key{}, v.ID, "fejl"))) },
				func() { d.time.add(1000); expected(second(d.Expire(t.Context(), d.home.MunicipalityID))) },
				func() { expected(second(d.Expire(t.Context(), d.home.MunicipalityID))) },
			)
			if err := unexpected.Load(); err != nil {
				require.NoError(t, *err)
			}
			d.verified(t)
			d.time.setDate("2026-03-02")
		}
		sum := d.balance(t)
		require.Zero(t, sum[0]+sum[1]+sum[2]+sum[3])
	})
}

// Many desks record the same make-up at once, and as many another one of the
// same missed visit: there is one of each, and only the first pays.
func TestRaceMakeUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		programme := d.variant(t, "make-ups", everySecond, "requirement: {met: 1}\n    make_up: {of: [no_show, excused], within_days: 7}")
		plan, enrolment := d.join(t, "P-1", programme)
		missed := d.visit(t, plan, "2026-02-03T09:00:00Z", domain.NoShow).Attendance.AttendanceID
		ids, wrong := make([]domain.ID, crowd), atomic.Int64{}
		atOnce(times(crowd, func(i int) {
			visit := visitAt(plan, []string{"2026-02-05T09:00:00Z", "2026-02-06T09:00:00Z"}[i%2], domain.Attended)
			visit.MakesUp = &missed
			a, err := d.Attend(t.Context(), d.as(domain.Caseworker), Key{}, visit)
			if err != nil {
				wrong.Add(1)
			}
			ids[i] = a.Value.Attendance.AttendanceID
		})...)
		require.Zero(t, wrong.Load())
		for i, id := range ids {
			require.Equal(t, ids[i%2], id)
		}
		awards, err := d.Awards(t.Context(), d.as(domain.Caseworker), ten, AwardFilter{EnrolmentID: enrolment.ID})
		require.NoError(t, err)
		require.Len(t, awards.Rows, 1)
		require.Equal(t, date("2026-02-05"), awards.Rows[0].ReachedOn)
		require.Equal(t, [4]int64{20000, -20000, 0, 0}, d.balance(t))
	})
}
