package vouchers

import (
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// Nobody decides on awards of their own caseload, above the limit; and nobody
// takes a plan out of it to get round that.
func TestOwnCaseload(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		leader, worker := d.as(domain.TeamLeader), d.as(domain.Caseworker)
		plan, _, earned := d.proposal(t, "P-1", d.proposes(t))
		award := earned.Awards[0].ID
		require.Equal(t, worker.Person, plan.Caseworker)
		_, err := d.UpdatePlan(t.Context(), worker, plan.ID, plan.Version, PlanChange{Caseworker: &leader.Person})
		because(t, err, "forbidden")
		named(t, second(d.UpdatePlan(t.Context(), leader, plan.ID, plan.Version, PlanChange{Caseworker: new(" ")})), "caseworker", "required")
		changed, err := d.UpdatePlan(t.Context(), leader, plan.ID, plan.Version, PlanChange{Caseworker: new("Team_Leader@varde.dk")})
		require.NoError(t, err)
		require.Equal(t, leader.Person, changed.Caseworker)
		_, err = d.Approve(t.Context(), leader, Key{}, award, 0)
		because(t, err, "own_caseload")
		_, err = d.Reject(t.Context(), leader, Key{}, award, "nej")
		because(t, err, "own_caseload")
		_, err = d.UpdatePlan(t.Context(), leader, plan.ID, changed.Version, PlanChange{Caseworker: &worker.Person})
		because(t, err, "own_caseload")

		_, err = d.UpdateApprovalLimits(t.Context(), d.as(domain.Finance), 1, ApprovalLimitsInput{Steps: leaders(50000), OwnCaseload: 19999})
		require.NoError(t, err)
		_, err = d.Approve(t.Context(), leader, Key{}, award, 0)
		because(t, err, "own_caseload")
		_, err = d.UpdateApprovalLimits(t.Context(), d.as(domain.Finance), 2, ApprovalLimitsInput{Steps: leaders(50000), OwnCaseload: 20000})
		require.NoError(t, err)
		_, err = d.Approve(t.Context(), leader, Key{}, award, 0)
		require.NoError(t, err, "the limits hold at once")

		p, err := d.CreatePlan(t.Context(), leader, PlanInput{CitizenID: plan.CitizenID, Reference: "P-2", AssessmentDate: date("2026-01-30"), AssessmentReference: "SAG-2", StartDate: date("2026-02-02")})
		require.NoError(t, err)
		require.Empty(t, p.Caseworker)
	})
}

// A second approval counts only while the first would still be given: who has got
// the plan into their caseload since, or may not approve so much any more, does not.
func TestFirstApprovalHolds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, _ := d.join(t, "P-1", d.steep(t, "200000", "1"))
		a := d.attended(t, plan, "2026-02-03T09:00:00Z").Awards[0]
		one, two := d.leader(1), d.leader(2)
		_, err := d.Approve(t.Context(), one, Key{}, a.ID, 0)
		require.NoError(t, err)
		_, err = d.UpdatePlan(t.Context(), two, plan.ID, plan.Version, PlanChange{Caseworker: &one.Person})
		require.NoError(t, err)
		needs, err := d.Approve(t.Context(), two, Key{}, a.ID, 0)
		require.NoError(t, err)
		require.Equal(t, 2, needs.Value.Needs.Number)
		_, err = d.UpdateApprovalLimits(t.Context(), d.as(domain.Finance), 1, ApprovalLimitsInput{Steps: leaders(1000), LeaderMost: new(int64(199999))})
		require.NoError(t, err)
		_, err = d.Approve(t.Context(), d.leader(3), Key{}, a.ID, 0)
		because(t, err, "over_limit")
		_, err = d.UpdateApprovalLimits(t.Context(), d.as(domain.Finance), 2, ApprovalLimitsInput{Steps: leaders(1000), LeaderMost: new(int64(200000))})
		require.NoError(t, err)
		done, err := d.Approve(t.Context(), d.leader(3), Key{}, a.ID, 0)
		require.NoError(t, err)
		require.NotNil(t, done.Value.Voucher)
	})
}

// When the limits are raised while an award waits for a second person, one of those
// who approved it may end it, and so may anybody else; but never who proposed it.
func TestLimitsRaisedMeanwhile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, e := d.join(t, "P-1", d.steep(t, "200000", "1"))
		a := d.attended(t, plan, "2026-02-03T09:00:00Z").Awards[0]
		b := d.attended(t, plan, "2026-02-04T09:00:00Z").Awards[0]
		proposer := d.leader(9)
		g := d.granted(t, proposer, e.ID, 150000).Award
		for _, award := range []domain.ID{a.ID, b.ID, g.ID} {
			_, err := d.Approve(t.Context(), d.leader(1), Key{}, award, 0)
			require.NoError(t, err)
			_, err = d.Approve(t.Context(), d.leader(1), Key{}, award, 0)
			because(t, err, "already_approved")
		}
		_, err := d.UpdateApprovalLimits(t.Context(), d.as(domain.Finance), 1, ApprovalLimitsInput{Steps: leaders(300000)})
		require.NoError(t, err)
		_, err = d.Approve(t.Context(), proposer, Key{}, g.ID, 0)
		because(t, err, "own_proposal")
		list, err := d.AwardApprovals(t.Context(), proposer, a.ID)
		require.NoError(t, err)
		require.Equal(t, 1, list.Needs.Number, "somebody must still say so")
		for award, by := range map[domain.ID]domain.Actor{a.ID: d.leader(1), b.ID: d.leader(2), g.ID: d.leader(1)} {
			done, err := d.Approve(t.Context(), by, Key{}, award, 0)
			require.NoError(t, err)
			require.NotNil(t, done.Value.Voucher)
			require.Empty(t, done.Value.Needs)
			list, err := d.AwardApprovals(t.Context(), by, award)
			require.NoError(t, err)
			require.Empty(t, list.Needs)
		}
		d.verified(t)
	})
}

// Two approvals of which the first did not count when the second was given issue the
// award once both do, whoever of the two says so.
func TestBothApprovalsCountAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, _ := d.join(t, "P-1", d.steep(t, "200000", "1"))
		a := d.attended(t, plan, "2026-02-03T09:00:00Z").Awards[0]
		one, two := d.leader(1), d.leader(2)
		_, err := d.Approve(t.Context(), one, Key{}, a.ID, 0)
		require.NoError(t, err)
		changed, err := d.UpdatePlan(t.Context(), two, plan.ID, plan.Version, PlanChange{Caseworker: &one.Person})
		require.NoError(t, err)
		waits, err := d.Approve(t.Context(), two, Key{}, a.ID, 0)
		require.NoError(t, err)
		require.Equal(t, 2, waits.Value.Needs.Number)
		_, err = d.UpdatePlan(t.Context(), two, plan.ID, changed.Version, PlanChange{Caseworker: new("caseworker@varde.dk")})
		require.NoError(t, err)
		done, err := d.Approve(t.Context(), two, Key{}, a.ID, 0)
		require.NoError(t, err)
		require.NotNil(t, done.Value.Voucher)
		d.verified(t)
	})
}

// Jobs and the command line approve nothing, nor does who signed in too long ago;
// what an import brings waits like anything else.
func TestOnlyPeopleApprove(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		_, _, earned := d.proposal(t, "P-1", d.proposes(t))
		award := earned.Awards[0].ID
		job := domain.Actor{MunicipalityID: d.home.MunicipalityID, Person: domain.SystemPerson + "import", Role: domain.System}
		_, err := d.Approve(t.Context(), job, Key{}, award, 0)
		because(t, err, "not_a_person")
		_, err = d.Reject(t.Context(), job, Key{}, award, "nej")
		because(t, err, "not_a_person")
		_, err = d.ProposeGrant(t.Context(), job, Key{}, GrantInput{EnrolmentID: earned.Awards[0].EnrolmentID, Amount: 100, Grounds: "x", Evidence: "y"})
		because(t, err, "not_a_person")
		browser := d.as(domain.TeamLeader)
		browser.Kind = domain.BySignIn
		_, err = d.Approve(t.Context(), browser, Key{}, award, 0)
		because(t, err, "step_up_required")
		require.Equal(t, [4]int64{}, d.balance(t))
	})
}

// Only finance sets the limits, each time knowing those before; every change is
// kept.
func TestApprovalLimits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		finance := d.as(domain.Finance)
		l, err := d.ApprovalLimits(t.Context(), d.as(domain.Caseworker), domain.ID{})
		require.NoError(t, err)
		require.Equal(t, domain.FirstApprovalLimits(d.home.MunicipalityID), l)
		in := ApprovalLimitsInput{Steps: leaders(50000), LeaderMost: new(int64(500000)), LeaderGrant: 10000, CaseworkerGrant: 5000, OwnCaseload: 1000}
		set, err := d.UpdateApprovalLimits(t.Context(), finance, 1, in)
		require.NoError(t, err)
		require.Equal(t, 2, set.Number)
		_, err = d.UpdateApprovalLimits(t.Context(), finance, 1, in)
		because(t, err, "stale")
		refused(t, second(d.UpdateApprovalLimits(t.Context(), finance, 2, ApprovalLimitsInput{Steps: leaders(-1), AutomaticMost: new(int64(-1)), LeaderMost: new(int64(maxLimit + 1)), RemindDays: 400, LeaderGrant: -1, CaseworkerGrant: -1, OwnCaseload: -1})),
			domain.Invalid, "automatic_most", "leader_most", "leader_grant", "caseworker_grant", "own_caseload", "remind_days", "steps[1].above")
		refused(t, second(d.UpdateApprovalLimits(t.Context(), finance, 2, ApprovalLimitsInput{})), domain.Invalid, "steps")
		refused(t, second(d.UpdateApprovalLimits(t.Context(), finance, 2, ApprovalLimitsInput{Steps: domain.ApprovalSteps{{Role: domain.Finance, Above: 1}, {Role: domain.TeamLeader, Above: maxLimit + 1}}})),
			domain.Invalid, "steps[0].role", "steps[0].above", "steps[1].above")
		var won atomic.Int64
		atOnce(times(4, func(int) {
			if _, err := d.UpdateApprovalLimits(t.Context(), finance, 2, in); err == nil {
				won.Add(1)
			} else {
				because(t, err, "stale")
			}
		})...)
		require.Equal(t, int64(1), won.Load())
		now, err := d.ApprovalLimits(t.Context(), d.as(domain.Auditor), domain.ID{})
		require.NoError(t, err)
		require.Equal(t, []any{3, finance.Person}, []any{now.Number, now.ChangedBy})
		forbidden(t, d.desk, map[domain.Action]func(domain.Actor) error{
			"getApprovalLimits": func(a domain.Actor) error { return second(d.ApprovalLimits(t.Context(), a, domain.ID{})) },
			"updateApprovalLimits": func(a domain.Actor) error {
				return second(d.UpdateApprovalLimits(t.Context(), a, 0, ApprovalLimitsInput{}))
			},
			"deleteApprovalLimits": func(a domain.Actor) error {
				return second(d.DeleteApprovalLimits(t.Context(), a, d.move.ID))
			},
			"proposeGrant":  func(a domain.Actor) error { return second(d.ProposeGrant(t.Context(), a, Key{}, GrantInput{})) },
			"withdrawGrant": func(a domain.Actor) error { return second(d.WithdrawGrant(t.Context(), a, store.NewID())) },
		})
	})
}
