package vouchers

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// limit sets the limits anew, from the number that they have.
func (d desk) limit(t testing.TB, in ApprovalLimitsInput) domain.ApprovalLimits {
	t.Helper()
	now, err := d.ApprovalLimits(t.Context(), d.as(domain.Finance), in.ProgrammeID)
	require.NoError(t, err)
	l, err := d.UpdateApprovalLimits(t.Context(), d.as(domain.Finance), int64(now.Number), in)
	require.NoError(t, err)
	return l
}

// leaderIn is a team leader of one unit, who has the role.
func (d desk) leaderIn(t testing.TB, name string, unit domain.ID) domain.Actor {
	t.Helper()
	a := d.as(domain.TeamLeader)
	a.Person, a.TokenID, a.UnitID = name+"@varde.dk", store.NewID(), unit
	_, err := d.Assign(t.Context(), d.as(domain.Administrator), access.AssignmentInput{Person: a.Person, Role: a.Role, UnitID: unit})
	require.NoError(t, err)
	return a
}

// queue gives what waits for somebody, as kind, id and step.
func (d desk) queue(t testing.TB, actor domain.Actor) (list []string) {
	t.Helper()
	q, err := d.Waiting(t.Context(), actor, store.Place{}, 100)
	require.NoError(t, err)
	for _, w := range q.Items {
		list = append(list, fmt.Sprint(w.Kind, " ", w.ID, " ", w.Needs.Number))
	}
	return list
}

// A programme's own limits hold instead of those of all until they are given up, also
// for what waits then; both stay known to verify.
func TestLimitsGivenUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		ctx, finance := t.Context(), d.as(domain.Finance)
		because(t, second(d.DeleteApprovalLimits(ctx, finance, d.move.ID)), "no_own_limits")
		d.limit(t, ApprovalLimitsInput{Steps: leaders(100000)})
		d.limit(t, ApprovalLimitsInput{ProgrammeID: d.move.ID, Steps: leaders(100000), AutomaticMost: new(int64)})
		plan, _ := d.join(t, "P-1", d.move)
		d.attended(t, plan, "2026-02-03T09:00:00Z")
		require.Equal(t, domain.Strings{domain.BecauseAmount}, d.attended(t, plan, "2026-02-04T09:00:00Z").Awards[0].WaitsBecause)
		because(t, second(d.DeleteApprovalLimits(ctx, finance, store.NewID())), "not_found")
		d.verified(t)
		now := must(d.DeleteApprovalLimits(ctx, finance, d.move.ID))
		require.Equal(t, []any{2, (*domain.ID)(nil)}, []any{now.Number, now.ProgrammeID})
		require.Equal(t, now, must(d.ApprovalLimits(ctx, finance, d.move.ID)))
		because(t, second(d.DeleteApprovalLimits(ctx, finance, d.move.ID)), "no_own_limits")
		d.attended(t, plan, "2026-02-05T09:00:00Z")
		require.Len(t, d.attended(t, plan, "2026-02-06T09:00:00Z").Vouchers, 1, "nothing waits any more")
		again := d.limit(t, ApprovalLimitsInput{ProgrammeID: d.move.ID, Steps: leaders(100000), AutomaticMost: new(int64)})
		require.Equal(t, 5, again.Number)
		d.verified(t)
	})
}

// An automatic programme's award above the amount waits; below it is issued at once.
// What a correction brings above it waits too, with what was issued before kept.
func TestAmountWaits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		l := d.limit(t, ApprovalLimitsInput{Steps: leaders(100000), AutomaticMost: new(int64(20000))})
		plan, _ := d.join(t, "P-1", d.move)
		d.attended(t, plan, "2026-02-03T09:00:00Z")
		earned := d.attended(t, plan, "2026-02-04T09:00:00Z")
		require.Len(t, earned.Vouchers, 1, "just the limit")
		require.Equal(t, l.Number, earned.Awards[0].Limits)
		d.limit(t, ApprovalLimitsInput{ProgrammeID: d.move.ID, Steps: leaders(100000), AutomaticMost: new(int64(19999))})
		d.attended(t, plan, "2026-02-05T09:00:00Z")
		earned = d.attended(t, plan, "2026-02-06T09:00:00Z")
		require.Empty(t, earned.Vouchers)
		a := earned.Awards[0]
		require.Equal(t, domain.Strings{domain.BecauseAmount}, a.WaitsBecause)
		require.Equal(t, []string{"award " + a.ID.String() + " 1"}, d.queue(t, d.as(domain.TeamLeader)))
		require.Empty(t, d.queue(t, d.as(domain.Caseworker)))
		done, err := d.Approve(t.Context(), d.as(domain.TeamLeader), Key{}, a.ID, 0)
		require.NoError(t, err)
		require.NotNil(t, done.Value.Voucher)
		require.Empty(t, d.queue(t, d.as(domain.TeamLeader)))
		d.verified(t)
	})
}

// What a team leader says of one enrolment makes its awards wait, until the day, and
// after a return as before.
func TestPersonWaits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, e := d.join(t, "P-1", d.move)
		other, _ := d.join(t, "P-2", d.move)
		leader := d.as(domain.TeamLeader)
		_, err := d.DemandApproval(t.Context(), leader, e.ID, DemandInput{Required: true, Until: date("2026-03-02"), Reason: "aftalt"})
		require.NoError(t, err)
		refused(t, second(d.DemandApproval(t.Context(), leader, e.ID, DemandInput{Until: date("2026-03-01"), Reason: ""})), domain.Invalid, "reason", "until", "until")
		for _, p := range []domain.Plan{plan, other} {
			d.attended(t, p, "2026-02-03T09:00:00Z")
		}
		require.Empty(t, d.attended(t, plan, "2026-02-04T09:00:00Z").Vouchers)
		require.Len(t, d.attended(t, other, "2026-02-04T09:00:00Z").Vouchers, 1, "another's")
		d.time.setDate("2026-03-03")
		d.attended(t, plan, "2026-03-02T09:00:00Z")
		require.Len(t, d.attended(t, plan, "2026-03-03T08:00:00Z").Vouchers, 1, "the day is over")
		all, err := d.ApprovalDemands(t.Context(), d.as(domain.Caseworker), e.ID)
		require.NoError(t, err)
		require.Equal(t, "aftalt", all[0].Reason.Reveal())
		d.verified(t)
	})
}

// Steps are taken in order, each by a person of its own and of its role; a caseworker
// takes a caseworker's step of what others recorded, and rejects at it.
func TestStepsInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		d.limit(t, ApprovalLimitsInput{Steps: domain.ApprovalSteps{{Role: domain.Caseworker}, {Role: domain.TeamLeader}}})
		plan, _ := d.join(t, "P-1", d.steep(t, "5000", "1"))
		a := d.attended(t, plan, "2026-02-03T09:00:00Z").Awards[0]
		other := d.as(domain.Caseworker)
		other.Person, other.TokenID = "kollega@varde.dk", store.NewID()
		leader := d.as(domain.TeamLeader)
		_, err := d.Approve(t.Context(), leader, Key{}, a.ID, 0)
		because(t, err, "not_your_step")
		_, err = d.Approve(t.Context(), d.as(domain.Caseworker), Key{}, a.ID, 0)
		because(t, err, "own_record")
		require.Empty(t, d.queue(t, leader))
		require.Empty(t, d.queue(t, d.as(domain.Caseworker)), "own record")
		require.Len(t, d.queue(t, other), 1)
		first, err := d.Approve(t.Context(), other, keyed("1", ""), a.ID, a.Version)
		require.NoError(t, err)
		require.Equal(t, domain.Wanted{Number: 2, Of: 2, Role: domain.TeamLeader}, first.Value.Needs)
		again, err := d.Approve(t.Context(), other, keyed("1", ""), a.ID, a.Version)
		require.NoError(t, err)
		require.True(t, again.Replayed)
		_, err = d.Reject(t.Context(), other, Key{}, a.ID, "nej")
		because(t, err, "not_your_step")
		require.Len(t, d.queue(t, leader), 1)
		done, err := d.Approve(t.Context(), leader, Key{}, a.ID, 0)
		require.NoError(t, err)
		require.NotNil(t, done.Value.Voucher)
		list, err := d.AwardApprovals(t.Context(), leader, a.ID)
		require.NoError(t, err)
		require.Equal(t, []int{1, 2}, []int{list.List[0].Number, list.List[1].Number})
		d.verified(t)
	})
}

// A leader of another unit decides as a deputy, in their own name and on behalf of
// who is away: not before the first day nor after the last, not what either may not,
// not a second time for the same person, and no more once either is withdrawn.
func TestDeputy(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		elsewhere := d.elsewhere(t).UnitID
		away, deputy := d.leaderIn(t, "ferie", d.unit.ID), d.leaderIn(t, "vikar", elsewhere)
		plan, _ := d.join(t, "P-1", d.steep(t, "150000", "1"))
		a := d.attended(t, plan, "2026-02-03T09:00:00Z").Awards[0]
		_, err := d.Approve(t.Context(), deputy, Key{}, a.ID, 0)
		require.Equal(t, domain.NotFound, domain.KindOf(err))
		refused(t, second(d.CreateDeputy(t.Context(), away, DeputyInput{Deputy: "ingen@varde.dk", FirstDay: date("2026-03-01"), LastDay: date("2026-02-01")})), domain.Invalid, "deputy", "first_day", "last_day")
		named(t, second(d.CreateDeputy(t.Context(), away, DeputyInput{Deputy: "FERIE@varde.dk", FirstDay: date("2026-03-03"), LastDay: date("2026-03-05")})), "deputy", "yourself")
		named, err := d.CreateDeputy(t.Context(), away, DeputyInput{Deputy: "Vikar@varde.dk", FirstDay: date("2026-03-03"), LastDay: date("2026-03-05")})
		require.NoError(t, err)
		again := func(first, last string) error {
			return second(d.CreateDeputy(t.Context(), away, DeputyInput{Deputy: "vikar@varde.dk", FirstDay: date(first), LastDay: date(last)}))
		}
		refused(t, again("2026-03-05", "2026-03-09"), domain.Invalid, "deputy")
		refused(t, again("2026-03-02", "2026-03-03"), domain.Invalid, "deputy")
		require.NoError(t, again("2026-03-06", "2026-03-06"), "a day after the last is no overlap")
		require.Empty(t, d.queue(t, deputy), "tomorrow")
		d.time.setDate("2026-03-03")
		require.Len(t, d.queue(t, deputy), 1)
		_, err = d.Award(t.Context(), deputy, a.ID)
		require.NoError(t, err)
		_, err = d.CreatePlan(t.Context(), deputy, PlanInput{CitizenID: plan.CitizenID})
		require.Error(t, err, "for approval only")
		first, err := d.Approve(t.Context(), deputy, Key{}, a.ID, 0)
		require.NoError(t, err)
		require.Equal(t, 2, first.Value.Needs.Number)
		_, err = d.Approve(t.Context(), away, Key{}, a.ID, 0)
		because(t, err, "already_approved")
		list, err := d.AwardApprovals(t.Context(), away, a.ID)
		require.NoError(t, err)
		require.Equal(t, []string{"vikar@varde.dk", "ferie@varde.dk"}, list.List[0].People())

		b := d.attended(t, plan, "2026-02-04T09:00:00Z")
		_, err = d.Correct(t.Context(), away, Key{}, Correction{AttendanceID: b.Attendance.AttendanceID, OccurredAt: instant("2026-02-04T10:00:00Z"), Reason: "senere"})
		require.NoError(t, err)
		_, err = d.Approve(t.Context(), deputy, Key{}, b.Awards[0].ID, 0)
		because(t, err, "own_record")
		require.Contains(t, err.Error(), "ferie@varde.dk")
		require.Empty(t, d.queue(t, deputy), "neither of them waits for the deputy")

		c := d.attended(t, plan, "2026-02-05T09:00:00Z").Awards[0]
		require.Len(t, d.queue(t, deputy), 1)
		_, err = d.WithdrawDeputy(t.Context(), deputy, named.ID)
		require.NoError(t, err)
		_, err = d.WithdrawDeputy(t.Context(), away, named.ID)
		because(t, err, "already_withdrawn")
		_, err = d.Approve(t.Context(), deputy, Key{}, c.ID, 0)
		require.Equal(t, domain.NotFound, domain.KindOf(err))
		d.verified(t)
	})
}

// Two people withhold an award that nobody has used; nothing issues it again. One
// that was used cannot be, nor can who proposed it decide.
func TestWithhold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker, leader := d.as(domain.Caseworker), d.as(domain.TeamLeader)
		plan, _ := d.join(t, "P-1", d.move)
		first := d.attended(t, plan, "2026-02-03T09:00:00Z")
		earned := d.attended(t, plan, "2026-02-04T09:00:00Z")
		a, v := earned.Awards[0], earned.Vouchers[0]
		in := WithholdingInput{AwardID: a.ID, Reason: "en andens besøg", Evidence: "SAG-9"}
		w, err := d.ProposeWithholding(t.Context(), leader, keyed("w", ""), in)
		require.NoError(t, err)
		_, err = d.ProposeWithholding(t.Context(), worker, Key{}, in)
		because(t, err, "withholding_waits")
		_, err = d.ApproveWithholding(t.Context(), leader, Key{}, w.Value.ID)
		because(t, err, "own_proposal")
		other := d.leader(1)
		require.Empty(t, d.queue(t, leader))
		require.Len(t, d.queue(t, other), 1)
		done, err := d.ApproveWithholding(t.Context(), other, keyed("a", ""), w.Value.ID)
		require.NoError(t, err)
		require.Equal(t, domain.WithholdingApproved, done.Value.State)
		now := d.award(t, a.ID)
		require.Equal(t, []any{domain.AwardWithheld, int64(0)}, []any{now.State, now.Granted})
		d.stands(t, v, domain.Void, 0)
		require.Equal(t, [4]int64{}, d.balance(t))
		d.correct(t, first, domain.NoShow)
		d.correct(t, first, domain.Attended)
		require.Equal(t, domain.AwardWithheld, d.award(t, a.ID).State)
		require.Equal(t, [4]int64{}, d.balance(t))
		_, err = d.ProposeWithholding(t.Context(), worker, Key{}, in)
		because(t, err, "wrong_state")
		x, err := d.Explanations(t.Context(), worker, a.EnrolmentID)
		require.NoError(t, err)
		require.Equal(t, "Held back. Ask us if you want to know why.", x.Awards[0].Note.EN)

		till := d.till(t, "Kiosk", "groceries")
		spent, secret := d.earn(t, "P-2", d.move)
		d.redeemed(t, till, secret, 1000)
		_, err = d.ProposeWithholding(t.Context(), worker, Key{}, WithholdingInput{AwardID: spent.AwardID, Reason: "x", Evidence: "y"})
		because(t, err, "already_used")

		fresh, code := d.earn(t, "P-3", d.move)
		for _, end := range []func(domain.ID) error{
			func(id domain.ID) error {
				return second(d.RejectWithholding(t.Context(), leader, id, "den er god nok"))
			},
			func(id domain.ID) error { return second(d.WithdrawWithholding(t.Context(), worker, id)) },
		} {
			p, err := d.ProposeWithholding(t.Context(), worker, Key{}, WithholdingInput{AwardID: fresh.AwardID, Reason: "x", Evidence: "y"})
			require.NoError(t, err)
			require.NoError(t, end(p.Value.ID))
			because(t, end(p.Value.ID), "wrong_state")
		}
		p, err := d.ProposeWithholding(t.Context(), worker, Key{}, WithholdingInput{AwardID: fresh.AwardID, Reason: "x", Evidence: "y"})
		require.NoError(t, err)
		d.redeemed(t, till, code, 1000)
		_, err = d.ApproveWithholding(t.Context(), leader, Key{}, p.Value.ID)
		because(t, err, "already_used")
		d.verified(t)
	})
}

// Many awards are decided on one by one: each rule holds for each, and a replay does
// nothing twice.
func TestDecideMany(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		programme := d.steep(t, "90000", "20000")
		plan, _ := d.join(t, "P-1", programme)
		var awards []domain.Award
		for _, day := range []string{"03", "04", "05"} {
			awards = append(awards, d.attended(t, plan, "2026-02-"+day+"T09:00:00Z").Awards[0])
		}
		leader := d.as(domain.TeamLeader)
		in := Decision{Approve: true, Awards: []Deciding{{awards[0].ID, 1}, {awards[1].ID, 0}, {awards[2].ID, 7}, {store.NewID(), 0}}}
		rows, replayed, err := d.DecideMany(t.Context(), leader, keyed("m", ""), in)
		require.NoError(t, err)
		require.False(t, replayed)
		require.NotNil(t, rows[0].Decided.Voucher)
		require.Equal(t, 2, rows[1].Decided.Needs.Number, "1.100 kr.")
		because(t, rows[2].Err, "stale")
		require.Equal(t, domain.NotFound, domain.KindOf(rows[3].Err))
		before := d.balance(t)
		again, replayed, err := d.DecideMany(t.Context(), leader, keyed("m", ""), in)
		require.NoError(t, err)
		require.True(t, replayed)
		require.Equal(t, rows[0].Decided.Voucher.ID, again[0].Decided.Voucher.ID)
		require.NoError(t, again[1].Err)
		require.Equal(t, before, d.balance(t))
		_, _, err = d.DecideMany(t.Context(), leader, keyed("m", "other"), in)
		because(t, err, "idempotency_key_reused")
		refused(t, func() error { _, _, err := d.DecideMany(t.Context(), leader, Key{}, Decision{}); return err }(), domain.Invalid, "awards", "reason")
		rejected, _, err := d.DecideMany(t.Context(), leader, Key{}, Decision{Reason: "nej", Awards: []Deciding{{AwardID: awards[2].ID}}})
		require.NoError(t, err)
		require.Equal(t, domain.AwardRejected, rejected[0].Decided.Award.State)
		d.verified(t)
	})
}

// Several leaders approve the same awards at once: each award is issued once, by as
// many people as its amount takes.
func TestRaceDecideMany(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		var in Decision
		in.Approve = true
		total := int64(0)
		for n, amount := range []string{"90000", "150000"} {
			programme := d.variant(t, "steep"+fmt.Sprint(n), "mode: automatic", "mode: proposes", everySecond, "requirement: {met: 1}", constant, "{constant: "+amount+"}")
			for i := range 3 {
				plan, _ := d.join(t, fmt.Sprint("P-", n, i), programme)
				a := d.attended(t, plan, "2026-02-03T09:00:00Z").Awards[0]
				in.Awards, total = append(in.Awards, Deciding{AwardID: a.ID}), total+a.Amount
			}
		}
		var vouchers atomic.Int64
		atOnce(times(2, func(n int) {
			rows, _, err := d.DecideMany(t.Context(), d.leader(n), keyed(fmt.Sprint(n), ""), in)
			require.NoError(t, err)
			for _, row := range rows {
				if row.Decided.Voucher != nil {
					vouchers.Add(1)
				}
			}
		})...)
		require.Equal(t, int64(6), vouchers.Load())
		require.Equal(t, total, d.balance(t)[0])
		d.verified(t)
	})
}
