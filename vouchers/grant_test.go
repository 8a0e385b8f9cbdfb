package vouchers

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// granted proposes an award by hand as somebody.
func (d desk) granted(t testing.TB, by domain.Actor, e domain.ID, amount int64) Decided {
	t.Helper()
	g, err := d.ProposeGrant(t.Context(), by, Key{}, GrantInput{EnrolmentID: e, Amount: amount, Grounds: "mødte op trods alt", Evidence: "SAG-17"})
	require.NoError(t, err)
	return g.Value
}

// An award by hand waits for another person, counts for nothing that visits earn,
// and no evaluation takes it back.
func TestGrant(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, e := d.join(t, "P-1", d.move)
		worker, leader := d.as(domain.Caseworker), d.as(domain.TeamLeader)
		g := d.granted(t, worker, e.ID, 15000)
		require.Equal(t, []any{domain.AwardProposed, -1, 1}, []any{g.Award.State, g.Award.Milestone, g.Needs.Number})
		require.Nil(t, g.Voucher)
		require.Equal(t, [4]int64{}, d.balance(t))
		first := d.attended(t, plan, "2026-02-03T09:00:00Z")
		require.Len(t, d.attended(t, plan, "2026-02-10T09:00:00Z").Vouchers, 1)
		p, err := d.Progress(t.Context(), worker, e.ID)
		require.NoError(t, err)
		require.Equal(t, []int64{20000, 20000, 15000}, []int64{p.Progress.Earned, p.Received, p.Waiting})

		same := worker
		same.Role, same.Person, same.TokenID = domain.TeamLeader, "CaseWorker@varde.dk", store.NewID()
		_, err = d.Approve(t.Context(), same, Key{}, g.Award.ID, 0)
		because(t, err, "own_proposal")
		_, err = d.Reject(t.Context(), same, Key{}, g.Award.ID, "nej")
		because(t, err, "own_proposal")
		done, err := d.Approve(t.Context(), leader, Key{}, g.Award.ID, 0)
		require.NoError(t, err)
		require.Equal(t, int64(15000), done.Value.Voucher.Amount)
		_, err = d.WithdrawGrant(t.Context(), worker, g.Award.ID)
		because(t, err, "wrong_state")

		d.correct(t, first, domain.NoShow)
		d.correct(t, first, domain.Attended)
		read := d.award(t, g.Award.ID)
		require.Equal(t, []any{domain.AwardIssued, int64(15000), int64(15000)}, []any{read.State, read.Amount, read.Granted})
		require.Equal(t, []string{"mødte op trods alt", "SAG-17"}, []string{read.Grounds.Reveal(), read.Evidence})
		ms, err := d.Milestones(t.Context(), worker, e.ID)
		require.NoError(t, err)
		require.Len(t, ms, 2, "the one reached and the next")
		require.Equal(t, [4]int64{35000, -35000, 0, 0}, d.balance(t))
		x, err := d.Explanations(t.Context(), worker, e.ID)
		require.NoError(t, err)
		require.Equal(t, int64(35000), x.Received)
		last := x.Awards[len(x.Awards)-1]
		require.Equal(t, []any{toldGiven, givenByHand}, []any{last.State, last.Why[0]})
		late, err := d.Immediacy(t.Context(), d.as(domain.Finance), IssuedFilter{})
		require.NoError(t, err)
		require.Equal(t, int64(1), late[0].Vouchers, "no visit earned the other")
	})
}

// What is proposed says who, why and how much, and only for someone in the
// programme, within reach.
func TestGrantInput(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, e := d.join(t, "P-1", d.move)
		worker := d.as(domain.Caseworker)
		refused(t, second(d.ProposeGrant(t.Context(), worker, Key{}, GrantInput{EnrolmentID: e.ID})), domain.Invalid, "grounds", "evidence", "amount")
		in := GrantInput{EnrolmentID: e.ID, Amount: 100, Grounds: "x", Evidence: "010190-1234"}
		named(t, second(d.ProposeGrant(t.Context(), worker, Key{}, in)), "evidence", "cpr_number")
		in.Evidence = "SAG-1"
		refused(t, second(d.ProposeGrant(t.Context(), d.elsewhere(t), Key{}, in)), domain.NotFound)
		_, err := d.UpdatePlan(t.Context(), worker, plan.ID, plan.Version, PlanChange{EndDate: new(date("2026-02-27")), EndReason: new("moved")})
		require.NoError(t, err)
		because(t, second(d.ProposeGrant(t.Context(), worker, Key{}, in)), "wrong_state")
	})
}

// Only who proposed it may take it back. Then, and when it is rejected, what it
// kept of the caps is free again.
func TestGrantEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		_, e := d.join(t, "P-1", d.variant(t, "capped", sixAtMost, "{amount: 30000, period: lifetime, basis: earned, at_limit: deny}"))
		worker, leader := d.as(domain.Caseworker), d.as(domain.TeamLeader)
		for _, end := range []func(domain.ID) error{
			func(id domain.ID) error { return second(d.WithdrawGrant(t.Context(), worker, id)) },
			func(id domain.ID) error { return second(d.Reject(t.Context(), leader, Key{}, id, "nej")) },
		} {
			g := d.granted(t, worker, e.ID, 30000)
			because(t, second(d.WithdrawGrant(t.Context(), leader, g.Award.ID)), "not_your_proposal")
			named(t, second(d.ProposeGrant(t.Context(), worker, Key{}, GrantInput{EnrolmentID: e.ID, Amount: 1, Grounds: "x", Evidence: "y"})), "amount", "over_cap")
			require.ErrorContains(t, second(d.ProposeGrant(t.Context(), worker, Key{}, GrantInput{EnrolmentID: e.ID, Amount: 1, Grounds: "x", Evidence: "y"})), "nothing is left")
			require.NoError(t, end(g.Award.ID))
			require.Zero(t, d.award(t, g.Award.ID).Amount)
			because(t, second(d.Approve(t.Context(), leader, Key{}, g.Award.ID, 0)), "wrong_state")
		}
		require.Equal(t, -3, d.granted(t, worker, e.ID, 30000).Award.Milestone)
		x, err := d.Explanations(t.Context(), worker, e.ID)
		require.NoError(t, err)
		require.Empty(t, x.Awards, "what nobody has approved is no promise")
	})
}

// Within the limit of a role it is given at once, and above it a second person is
// needed; above the approval limit a third.
func TestGrantLimits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		_, e := d.join(t, "P-1", d.variant(t, "wide", sixAtMost, "{count: 60, period: episode, at_limit: stop}"))
		worker, leader := d.as(domain.Caseworker), d.as(domain.TeamLeader)
		_, err := d.UpdateApprovalLimits(t.Context(), d.as(domain.Finance), 1, ApprovalLimitsInput{Steps: leaders(20000), LeaderGrant: 10000, CaseworkerGrant: 5000})
		require.NoError(t, err)
		require.NotNil(t, d.granted(t, worker, e.ID, 5000).Voucher)
		require.Equal(t, 1, d.granted(t, worker, e.ID, 5001).Needs.Number)
		require.NotNil(t, d.granted(t, leader, e.ID, 10000).Voucher)
		g := d.granted(t, leader, e.ID, 20001)
		because(t, second(d.Approve(t.Context(), leader, Key{}, g.Award.ID, 0)), "own_proposal")
		first, err := d.Approve(t.Context(), d.leader(1), Key{}, g.Award.ID, 0)
		require.NoError(t, err)
		require.Equal(t, 2, first.Value.Needs.Number)
		done, err := d.Approve(t.Context(), d.leader(2), Key{}, g.Award.ID, 0)
		require.NoError(t, err)
		require.NotNil(t, done.Value.Voucher)
		require.Equal(t, int64(35001), d.balance(t)[0])
	})
}

// Awards by hand and by visits never come above a cap together, whatever it counts
// and whichever comes first, also when a visit is told late.
func TestGrantCaps(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		for i, limit := range []string{
			"{amount: 50000, period: episode, basis: earned, at_limit: pay_rest}", "{amount: 50000, period: lifetime, basis: earned, at_limit: pay_rest}", "{amount: 50000, period: month, basis: earned, at_limit: pay_rest}",
			"{amount: 50000, period: calendar_year, basis: earned, at_limit: pay_rest}", "{amount: 50000, period: rolling_year, basis: earned, at_limit: pay_rest}",
			"{amount: 50000, period: month, basis: issued, at_limit: pay_rest}", "{amount: 50000, period: lifetime, basis: issued, at_limit: pay_rest}",
			"{amount: 50000, period: rolling_year, basis: issued, at_limit: pay_rest}",
		} {
			programme := d.variant(t, fmt.Sprint("capped-", i), everySecond, "requirement: {met: 1}", sixAtMost, limit)
			plan, e := d.join(t, fmt.Sprint("P-", i), programme)
			before := d.balance(t)[0]
			d.attended(t, plan, "2026-03-01T09:00:00Z")
			in := GrantInput{EnrolmentID: e.ID, Amount: 30001, Grounds: "x", Evidence: "y"}
			named(t, second(d.ProposeGrant(t.Context(), d.as(domain.Caseworker), Key{}, in)), "amount", "over_cap")
			g := d.granted(t, d.as(domain.Caseworker), e.ID, 25000)
			d.attended(t, plan, "2026-03-02T07:00:00Z")
			_, err := d.Approve(t.Context(), d.as(domain.TeamLeader), Key{}, g.Award.ID, 0)
			require.NoError(t, err, limit)
			d.attended(t, plan, "2026-03-01T08:00:00Z")
			require.Equal(t, before+50000, d.balance(t)[0], limit)
			named(t, second(d.ProposeGrant(t.Context(), d.as(domain.Caseworker), Key{}, in)), "amount", "over_cap")
		}
		_, e := d.join(t, "P-each", d.variant(t, "each", sixAtMost, "{amount: 25000, period: award, basis: earned, at_limit: pay_rest}"))
		named(t, second(d.ProposeGrant(t.Context(), d.as(domain.Caseworker), Key{}, GrantInput{EnrolmentID: e.ID, Amount: 25001, Grounds: "x", Evidence: "y"})), "amount", "over_cap")
		_, e = d.join(t, "P-count", d.variant(t, "count", sixAtMost, "{count: 1, period: episode, at_limit: deny}"))
		d.granted(t, d.as(domain.Caseworker), e.ID, 25000)
		named(t, second(d.ProposeGrant(t.Context(), d.as(domain.Caseworker), Key{}, GrantInput{EnrolmentID: e.ID, Amount: 1, Grounds: "x", Evidence: "y"})), "amount", "over_cap")
	})
}

// A cap by what is issued asks again when it is approved: a month later the room
// may be taken.
func TestGrantTooLate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		programme := d.variant(t, "monthly", everySecond, "requirement: {met: 1}", sixAtMost, "{amount: 30000, period: month, basis: issued, at_limit: pay_rest}")
		plan, e := d.join(t, "P-1", programme)
		g := d.granted(t, d.as(domain.Caseworker), e.ID, 30000)
		d.time.setDate("2026-04-02")
		d.attended(t, plan, "2026-04-01T09:00:00Z")
		_, err := d.Approve(t.Context(), d.as(domain.TeamLeader), Key{}, g.Award.ID, 0)
		if err != nil {
			because(t, err, "over_cap")
		}
		var april int64
		vs, err := d.Vouchers(t.Context(), d.as(domain.Finance), ten, VoucherFilter{})
		require.NoError(t, err)
		for _, v := range vs.Rows {
			if v.CreatedAt.After(instant("2026-03-31T22:00:00Z")) {
				april += v.Amount
			}
		}
		require.LessOrEqual(t, april, int64(30000))
	})
}

// Many proposals and visits at once never come above a cap together.
func TestRaceGrants(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, e := d.join(t, "P-1", d.variant(t, "capped", everySecond, "requirement: {met: 1}", sixAtMost, "{amount: 60000, period: lifetime, basis: earned, at_limit: pay_rest}"))
		_, err := d.UpdateApprovalLimits(t.Context(), d.as(domain.Finance), 1, ApprovalLimitsInput{Steps: leaders(100000), CaseworkerGrant: 20000})
		require.NoError(t, err)
		var given atomic.Int64
		work := times(4, func(int) {
			_, err := d.ProposeGrant(t.Context(), d.as(domain.Caseworker), Key{}, GrantInput{EnrolmentID: e.ID, Amount: 20000, Grounds: "x", Evidence: "y"})
			if err == nil {
				given.Add(1)
			} else {
				refused(t, err, domain.Invalid, "amount")
			}
		})
		work = append(work, times(4, func(i int) {
			_, err := d.Attend(t.Context(), d.as(domain.Caseworker), Key{}, visitAt(plan, fmt.Sprintf("2026-02-%02dT09:00:00Z", 3+i), domain.Attended))
			require.NoError(t, err)
		})...)
		atOnce(work...)
		require.Equal(t, int64(60000), d.balance(t)[0])
		require.LessOrEqual(t, given.Load(), int64(3))
	})
}

// Sent again it is the first answer; what an erased citizen was given stays.
func TestGrantReplayed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, e := d.join(t, "P-1", d.move)
		in := GrantInput{EnrolmentID: e.ID, Amount: 100, Grounds: "fortroligt", Evidence: "SAG-1"}
		first, err := d.ProposeGrant(t.Context(), d.as(domain.Caseworker), keyed("1", "x"), in)
		require.NoError(t, err)
		d.time.add(time.Minute)
		again, err := d.ProposeGrant(t.Context(), d.as(domain.Caseworker), keyed("1", "x"), in)
		require.NoError(t, err)
		require.True(t, again.Replayed)
		require.Equal(t, first.Value.Award.ID, again.Value.Award.ID)
		require.Equal(t, "fortroligt", again.Value.Award.Grounds.Reveal())
		_, err = d.Approve(t.Context(), d.as(domain.TeamLeader), Key{}, first.Value.Award.ID, 0)
		require.NoError(t, err)
		now, err := d.Plan(t.Context(), d.as(domain.Caseworker), plan.ID)
		require.NoError(t, err)
		_, err = d.UpdatePlan(t.Context(), d.as(domain.Caseworker), plan.ID, now.Version, PlanChange{EndDate: new(date("2026-02-27")), EndReason: new("moved")})
		require.NoError(t, err)
		require.NoError(t, d.Erase(t.Context(), domain.Actor{MunicipalityID: d.home.MunicipalityID, Person: "system:erase", Role: domain.System}, plan.CitizenID))
		require.Empty(t, d.award(t, first.Value.Award.ID).Grounds.Reveal())
	})
}
