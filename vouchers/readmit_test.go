package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// comeback is a readmission within 30 days in which the clock stops, and all else
// is kept.
func comeback(later string) []string {
	return []string{"mode: automatic", "mode: automatic\nreadmission: {within_days: 30, clock: stops, level: keep, streak: keep, later: " + later + "}"}
}

// again gives the citizen of a plan another plan and enrols it.
func (d desk) again(t testing.TB, of domain.Plan, reference, start string, programme domain.Programme) (domain.Plan, Enrolled, error) {
	t.Helper()
	plan, err := d.CreatePlan(t.Context(), d.as(domain.Caseworker), PlanInput{
		CitizenID: of.CitizenID, Reference: reference, AssessmentDate: date(start), AssessmentReference: "SAG-" + reference, StartDate: date(start),
	})
	require.NoError(t, err)
	e, err := d.Enrol(t.Context(), d.as(domain.Caseworker), Key{}, Enrol{PlanID: plan.ID, ProgrammeID: programme.ID})
	return plan, e.Value, err
}

func (d desk) ended(t testing.TB, e domain.Enrolment, on string) {
	t.Helper()
	_, err := d.EndEnrolment(t.Context(), d.as(domain.Caseworker), e.ID, date(on))
	require.NoError(t, err)
}

// Who comes back in time goes on where they left: milestones, the met visits
// towards the next and the cap. A correction before the gap is worked out through
// it, and pays nothing twice.
func TestReadmit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		programme := d.variant(t, "comeback", append(comeback("new_episode"), sixAtMost, "{count: 3, period: episode, at_limit: stop}")...)
		plan, e := d.join(t, "P-1", programme)
		first := d.attended(t, plan, "2026-02-03T09:00:00Z")
		d.attended(t, plan, "2026-02-04T09:00:00Z")
		d.attended(t, plan, "2026-02-05T09:00:00Z")
		d.ended(t, e, "2026-02-08")

		back, enrolled, err := d.again(t, plan, "P-2", "2026-02-20", programme)
		require.NoError(t, err)
		require.Equal(t, ContinuedEpisode, enrolled.Episode)
		require.Equal(t, e.ID, *enrolled.Enrolment.ContinuesID)
		require.Equal(t, []int{1, 1}, []int{enrolled.Progress.Progress.Milestones, enrolled.Progress.Progress.MetTowardsNext})
		second := d.attended(t, back, "2026-02-21T09:00:00Z")
		require.Equal(t, []any{2, enrolled.Enrolment.ID}, []any{second.Awards[0].Milestone, second.Awards[0].EnrolmentID})
		d.attended(t, back, "2026-02-22T09:00:00Z")
		require.Len(t, d.attended(t, back, "2026-02-23T09:00:00Z").Vouchers, 1)
		require.Equal(t, int64(60000), d.balance(t)[0])
		p, err := d.Progress(t.Context(), worker, enrolled.Enrolment.ID)
		require.NoError(t, err)
		require.Equal(t, []int64{60000, 60000}, []int64{p.Progress.Earned, p.Received}, "of the whole episode")
		require.True(t, p.Progress.Finished, "three is the cap of the episode")

		corrected := d.correct(t, first, domain.NoShow) // one visit fewer: every milestone is reached one visit later, the third no more
		require.Empty(t, corrected.Vouchers)
		require.Equal(t, int64(60000), d.balance(t)[0])
		require.Len(t, d.attended(t, back, "2026-02-24T09:00:00Z").Awards, 1, "the third again, which is issued already")
		require.Equal(t, int64(60000), d.balance(t)[0])
		d.correct(t, first, domain.Attended)
		require.Equal(t, int64(60000), d.balance(t)[0])
		ms, err := d.Milestones(t.Context(), worker, enrolled.Enrolment.ID)
		require.NoError(t, err)
		require.Len(t, ms, 3)
	})
}

// In the same plan too, and every visit counts once.
func TestReadmitSamePlan(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		programme := d.variant(t, "comeback", comeback("new_episode")...)
		plan, e := d.join(t, "P-1", programme)
		d.attended(t, plan, "2026-02-08T09:00:00Z")
		d.ended(t, e, "2026-02-08")
		d.attended(t, plan, "2026-02-12T09:00:00Z") // in the gap
		in := Enrol{PlanID: plan.ID, ProgrammeID: programme.ID, StartDate: date("2026-02-08")}
		_, err := d.Enrol(t.Context(), d.as(domain.Caseworker), Key{}, in)
		named(t, err, "start_date", "before_end")
		in.StartDate = date("2026-02-16")
		enrolled, err := d.Enrol(t.Context(), d.as(domain.Caseworker), Key{}, in)
		require.NoError(t, err)
		require.Equal(t, ContinuedEpisode, enrolled.Value.Episode)
		require.Equal(t, 1, enrolled.Value.Progress.Progress.MetTowardsNext)
		result := d.attended(t, plan, "2026-02-17T09:00:00Z")
		require.Len(t, result.Vouchers, 1)
		require.Len(t, result.Progress, 2)
		require.Len(t, d.attended(t, plan, "2026-02-07T09:00:00Z").Vouchers, 0, "moves the milestone forward, and one is missing for the next")
		require.Len(t, d.attended(t, plan, "2026-02-18T09:00:00Z").Vouchers, 1)
	})
}

// Who comes back too late begins anew, or not at all; without a word about it in
// the rules everyone begins anew.
func TestReadmitLate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		for slug, c := range map[string]struct {
			programme domain.Programme
			episode   string
		}{
			"anew":   {d.variant(t, "anew", comeback("new_episode")...), NewEpisode},
			"refuse": {d.variant(t, "refuse", comeback("refuse")...), ""},
			"silent": {d.variant(t, "silent"), NewEpisode},
		} {
			plan := d.plan(t, slug, "2026-01-02")
			e, err := d.Enrol(t.Context(), d.as(domain.Caseworker), Key{}, Enrol{PlanID: plan.ID, ProgrammeID: c.programme.ID})
			require.NoError(t, err)
			require.Equal(t, FirstEpisode, e.Value.Episode)
			d.attended(t, plan, "2026-01-02T09:00:00Z")
			d.ended(t, e.Value.Enrolment, "2026-01-03")
			_, enrolled, err := d.again(t, plan, slug+"-2", "2026-02-03", c.programme) // 31 days later
			if c.episode == "" {
				because(t, err, "readmission_refused")
				continue
			}
			require.NoError(t, err)
			require.Equal(t, c.episode, enrolled.Episode)
			require.Nil(t, enrolled.Enrolment.ContinuesID)
			require.Zero(t, enrolled.Progress.Progress.MetTowardsNext)
		}
	})
}

// Who comes back when another version is in force goes on in that one.
func TestReadmitIntoAnotherVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		programme, versions := d.editions(t, "prog", nil, append(comeback("refuse"), constant, "{constant: 30000}"))
		plan, e := d.join(t, "P-1", programme)
		late := d.visit(t, plan, "2026-02-03T09:00:00Z", domain.NoShow)
		d.attended(t, plan, "2026-02-04T09:00:00Z")
		d.ended(t, e, "2026-02-08")
		back, enrolled, err := d.again(t, plan, "P-2", "2026-02-20", programme)
		require.NoError(t, err)
		require.Equal(t, []any{ContinuedEpisode, versions[1].ID, date("2026-02-20")}, []any{enrolled.Episode, enrolled.Enrolment.VersionID, enrolled.Enrolment.MovedOn})
		require.Equal(t, int64(30000), d.attended(t, back, "2026-02-21T09:00:00Z").Vouchers[0].Amount)
		corrected := d.correct(t, late, domain.Attended) // the first milestone is now under the old version
		require.Equal(t, versions[0].ID, corrected.Awards[0].VersionID)
		require.Equal(t, int64(20000), corrected.Awards[0].Amount)
		require.Empty(t, corrected.Vouchers)
		require.Equal(t, int64(30000), d.attended(t, back, "2026-02-22T09:00:00Z").Vouchers[0].Amount)
	})
}

// What is re-dated from one enrolment of an episode into the next draws anew there,
// and each seed shows what was drawn from it.
func TestReadmitWithDraws(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		programme := d.bowls(t, "maal", prizes, append(comeback("new_episode"), targetSessions, "{goal: any}")...)
		plan, e := d.join(t, "P-1", programme)
		goal := d.goal(t, plan, GoalInput{})
		award := d.reached(t, worker, goal, "2026-02-05").Awards[0]
		d.ended(t, e, "2026-02-08")
		back, err := d.Enrol(t.Context(), worker, Key{}, Enrol{PlanID: plan.ID, ProgrammeID: programme.ID, StartDate: date("2026-02-12")})
		require.NoError(t, err)
		again := d.reached(t, worker, goal, "2026-02-20").Awards[0]
		require.Equal(t, award.ID, again.ID)
		require.Empty(t, d.draws(t, e)[0].Slips, "taken back by the correction")
		require.Len(t, d.draws(t, back.Value.Enrolment)[0].Slips, 1)
	})
}
