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
		waits := func(needs string, steps int) {
			t.Helper()
			list, err := d.AwardApprovals(t.Context(), leader, a.ID)
			require.NoError(t, err)
			require.Equal(t, needs, list.Needs)
			require.Len(t, list.List, steps)
			require.Equal(t, [4]int64{}, d.balance(t))
		}
		waits(domain.FirstApproval, 0)
		first, err := d.Approve(t.Context(), leader, keyed("1", ""), a.ID, a.Version)
		require.NoError(t, err)
		require.Nil(t, first.Value.Voucher)
		require.Equal(t, []string{domain.SecondApproval, domain.AwardProposed}, []string{first.Value.Needs, first.Value.Award.State})
		waits(domain.SecondApproval, 1)

		again, err := d.Approve(t.Context(), leader, keyed("1", ""), a.ID, a.Version)
		require.NoError(t, err)
		require.True(t, again.Replayed)
		require.Equal(t, domain.SecondApproval, again.Value.Needs)
		same := leader
		same.Person, same.TokenID = "Team_Leader@varde.dk", store.NewID()
		_, err = d.Approve(t.Context(), same, Key{}, a.ID, 0)
		because(t, err, "already_approved")
		_, err = d.Approve(t.Context(), other, Key{}, a.ID, a.Version+1)
		because(t, err, "stale")
		waits(domain.SecondApproval, 1)

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
		require.Equal(t, domain.FirstApproval, list.Needs)

		second, err := d.Approve(t.Context(), d.leader(2), Key{}, a.ID, 0)
		require.NoError(t, err)
		require.Equal(t, domain.SecondApproval, second.Value.Needs, "the first has lapsed")
		_, err = d.Correct(t.Context(), d.leader(2), Key{}, Correction{AttendanceID: missed.Attendance.AttendanceID, Outcome: domain.Attended, Reason: "var der"})
		require.NoError(t, err)
		require.Equal(t, int64(300000), d.award(t, a.ID).Amount)
		_, err = d.Approve(t.Context(), d.leader(2), Key{}, a.ID, 0)
		because(t, err, "own_record")
		third, err := d.Approve(t.Context(), d.leader(1), Key{}, a.ID, 0)
		require.NoError(t, err)
		require.Equal(t, domain.SecondApproval, third.Value.Needs)
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
			require.Equal(t, domain.SecondApproval, first.Value.Needs, "1.100 kr. in all")
			second, err := d.Approve(t.Context(), d.leader(2), Key{}, a.ID, 0)
			require.NoError(t, err)
			require.Equal(t, []int64{20000, 110000}, []int64{second.Value.Voucher.Amount, second.Value.Award.Granted})
			require.Equal(t, before+110000, d.balance(t)[0])
		}
	})
}

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

		_, err = d.UpdateApprovalLimits(t.Context(), d.as(domain.Finance), 1, ApprovalLimitsInput{LeaderAlone: 50000, OwnCaseload: 19999})
		require.NoError(t, err)
		_, err = d.Approve(t.Context(), leader, Key{}, award, 0)
		because(t, err, "own_caseload")
		_, err = d.UpdateApprovalLimits(t.Context(), d.as(domain.Finance), 2, ApprovalLimitsInput{LeaderAlone: 50000, OwnCaseload: 20000})
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
		require.Equal(t, domain.SecondApproval, needs.Value.Needs)
		_, err = d.UpdateApprovalLimits(t.Context(), d.as(domain.Finance), 1, ApprovalLimitsInput{LeaderAlone: 1000, LeaderMost: new(int64(199999))})
		require.NoError(t, err)
		_, err = d.Approve(t.Context(), d.leader(3), Key{}, a.ID, 0)
		because(t, err, "over_limit")
		_, err = d.UpdateApprovalLimits(t.Context(), d.as(domain.Finance), 2, ApprovalLimitsInput{LeaderAlone: 1000, LeaderMost: new(int64(200000))})
		require.NoError(t, err)
		done, err := d.Approve(t.Context(), d.leader(3), Key{}, a.ID, 0)
		require.NoError(t, err)
		require.NotNil(t, done.Value.Voucher)
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
		l, err := d.ApprovalLimits(t.Context(), d.as(domain.Caseworker))
		require.NoError(t, err)
		require.Equal(t, domain.FirstApprovalLimits(d.home.MunicipalityID), l)
		in := ApprovalLimitsInput{LeaderAlone: 50000, LeaderMost: new(int64(500000)), LeaderGrant: 10000, CaseworkerGrant: 5000, OwnCaseload: 1000}
		set, err := d.UpdateApprovalLimits(t.Context(), finance, 1, in)
		require.NoError(t, err)
		require.Equal(t, 2, set.Number)
		_, err = d.UpdateApprovalLimits(t.Context(), finance, 1, in)
		because(t, err, "stale")
		refused(t, second(d.UpdateApprovalLimits(t.Context(), finance, 2, ApprovalLimitsInput{LeaderAlone: -1, LeaderMost: new(int64(maxLimit + 1)), LeaderGrant: -1, CaseworkerGrant: -1, OwnCaseload: -1})),
			domain.Invalid, "leader_alone", "leader_most", "leader_grant", "caseworker_grant", "own_caseload")
		named(t, second(d.UpdateApprovalLimits(t.Context(), finance, 2, ApprovalLimitsInput{LeaderAlone: 2, LeaderMost: new(int64(1))})), "leader_most", "below_alone")
		var won atomic.Int64
		atOnce(times(4, func(int) {
			if _, err := d.UpdateApprovalLimits(t.Context(), finance, 2, in); err == nil {
				won.Add(1)
			} else {
				because(t, err, "stale")
			}
		})...)
		require.Equal(t, int64(1), won.Load())
		now, err := d.ApprovalLimits(t.Context(), d.as(domain.Auditor))
		require.NoError(t, err)
		require.Equal(t, []any{3, finance.Person}, []any{now.Number, now.ChangedBy})
		forbidden(t, d.desk, map[domain.Action]func(domain.Actor) error{
			"getApprovalLimits": func(a domain.Actor) error { return second(d.ApprovalLimits(t.Context(), a)) },
			"updateApprovalLimits": func(a domain.Actor) error {
				return second(d.UpdateApprovalLimits(t.Context(), a, 0, ApprovalLimitsInput{}))
			},
			"proposeGrant":  func(a domain.Actor) error { return second(d.ProposeGrant(t.Context(), a, Key{}, GrantInput{})) },
			"withdrawGrant": func(a domain.Actor) error { return second(d.WithdrawGrant(t.Context(), a, store.NewID())) },
		})
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
