package vouchers

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// Each test is an item of DOMAIN.md §5, "How schedules go wrong in practice",
// that the service, not the rule engine alone, can get wrong. The engine's are in
// domain/rules, those of the API in api/practice_test.go.

// One visit, told by two desks, by a check-in that is sent again and by a file
// that is imported twice: one reward.
func TestPractice_oneVisitPaidTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := importer(t, s)
		each := d.inForce(t, "each", "2025-01-01", "{met: 2}", "{met: 1}")
		plan, _ := d.join(t, "P1", each)
		visit := visitAt(plan, "2026-02-03T09:00:00Z", domain.Attended)
		first, err := d.Attend(t.Context(), d.as(domain.Caseworker), keyed("check-in", "a"), visit)
		require.NoError(t, err)
		require.Len(t, first.Value.Vouchers, 1)

		again, err := d.Attend(t.Context(), d.as(domain.Caseworker), keyed("check-in", "a"), visit)
		require.NoError(t, err)
		require.True(t, again.Replayed, "a replayed check-in gives the first answer")
		other, err := d.Attend(t.Context(), d.as(domain.TeamLeader), Key{}, visit)
		require.NoError(t, err)
		require.Empty(t, other.Value.Vouchers, "another desk")
		sessions, err := d.PlanSessions(t.Context(), d.as(domain.Caseworker), plan.ID, SessionsInput{StartsAt: visit.OccurredAt, Kind: "group"})
		require.NoError(t, err)
		other, err = d.Attend(t.Context(), d.as(domain.TeamLeader), Key{}, Visit{PlanID: plan.ID, SessionID: sessions[0].ID, Outcome: domain.Attended})
		require.NoError(t, err)
		require.Empty(t, other.Value.Vouchers, "another desk, from the list of sessions")
		file := []byte(visitHeading + visitLine("a", 1, "P1", "03-02-2026 10:00", "mødt"))
		for range 2 {
			done, _ := d.taken(t, d.started(t, d.as(domain.TeamLeader), nil, file))
			require.Zero(t, done.Vouchers, "a file that tells it too")
		}
		require.Equal(t, [4]int64{20000, -20000, 0, 0}, d.balance(t))
	})
}

// A new version, adopted with other amounts, changes nothing for those enrolled:
// neither what they earn next nor what a correction of the past makes due.
func TestPractice_aProtocolChangedUnderEnrolledPeople(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		leader := d.as(domain.TeamLeader)
		each := d.variant(t, "each", "{met: 2}", "{met: 1}")
		plan, enrolment := d.join(t, "P-1", each)
		missed := d.visit(t, plan, "2026-02-03T09:00:00Z", domain.NoShow)
		require.Equal(t, int64(20000), d.attended(t, plan, "2026-02-04T09:00:00Z").Awards[0].Amount)

		versions, err := d.Versions(t.Context(), leader, each.ID, ten, "adopted")
		require.NoError(t, err)
		_, err = d.EndVersion(t.Context(), leader, versions.Rows[0].ID, date("2026-03-01"))
		require.NoError(t, err)
		adopted := d.adopted(t, each, "2026-03-02", "{met: 2}", "{met: 1}", "constant: 20000", "constant: 5000")
		require.Equal(t, int64(20000), d.attended(t, plan, "2026-03-02T08:00:00Z").Awards[0].Amount, "what is next")
		require.Equal(t, int64(20000), d.correct(t, missed, domain.Attended).Awards[0].Amount, "what was missed")
		now, err := d.Enrolment(t.Context(), leader, enrolment.ID)
		require.NoError(t, err)
		require.Equal(t, versions.Rows[0].ID, now.VersionID)

		newcomer := d.plan(t, "P-2", "2026-03-02")
		joined, err := d.Enrol(t.Context(), d.as(domain.Caseworker), Key{}, Enrol{PlanID: newcomer.ID, ProgrammeID: each.ID})
		require.NoError(t, err)
		require.Equal(t, adopted.ID, joined.Value.Enrolment.VersionID)
		require.Equal(t, int64(5000), d.attended(t, newcomer, "2026-03-02T08:00:00Z").Awards[0].Amount, "who comes after it")
	})
}

// A session past its time stays on a list until its outcome is told.
func TestPractice_aVisitWithNoRecordedOutcomePassingSilently(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		plan, _ := d.join(t, "P-1", d.move)
		daily, err := d.PlanSessions(t.Context(), worker, plan.ID, SessionsInput{StartsAt: instant("2026-02-27T08:00:00Z"), Kind: "group", Repeat: &Repeat{Every: "day", Count: 6}})
		require.NoError(t, err)
		silent := func(want ...domain.Session) {
			t.Helper()
			l, err := d.Sessions(t.Context(), worker, ten, SessionFilter{PlanID: plan.ID, Outcome: "missing"})
			require.NoError(t, err)
			require.Len(t, l.Rows, len(want))
			for i := range want {
				require.Equal(t, want[len(want)-1-i].ID, l.Rows[i].ID)
			}
		}
		silent(daily[:4]...)
		_, err = d.UpdateSession(t.Context(), worker, daily[0].ID, 1, SessionChange{State: new(sessionWithdrawn)})
		require.NoError(t, err)
		told, err := d.Attend(t.Context(), worker, Key{}, Visit{PlanID: plan.ID, SessionID: daily[1].ID, Outcome: domain.NoShow})
		require.NoError(t, err)
		silent(daily[2:4]...)
		_, err = d.CancelAttendance(t.Context(), worker, Key{}, told.Value.Attendance.AttendanceID, "forkert person")
		require.NoError(t, err)
		silent(daily[1:4]...)
		d.correct(t, told.Value, domain.Cancelled)
		d.time.add(24 * time.Hour)
		silent(daily[2:5]...)
		recorded, err := d.Sessions(t.Context(), worker, ten, SessionFilter{PlanID: plan.ID, Outcome: "recorded"})
		require.NoError(t, err)
		require.Equal(t, daily[1].ID, recorded.Rows[0].ID)
		require.Len(t, recorded.Rows, 1)
		_, err = d.Attend(t.Context(), worker, Key{}, Visit{PlanID: plan.ID, SessionID: daily[3].ID, Outcome: rules.Pending})
		require.NoError(t, err)
		silent(daily[2:5]...)
		_, err = d.Sessions(t.Context(), worker, ten, SessionFilter{Outcome: "unknown"})
		named(t, err, "outcome", "unknown")
		elsewhere, err := d.Sessions(t.Context(), d.elsewhere(t), ten, SessionFilter{Outcome: "missing"})
		require.NoError(t, err)
		require.Empty(t, elsewhere.Rows)
	})
}

// The voucher is there when the visit is recorded; where somebody approves, at
// the moment of approval. How late each programme is, is measured.
func TestPractice_rewardsHandedOverDaysLate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		v, secret := d.earn(t, "P-1", d.move) // recorded on 2 March, twenty days after the second visit
		require.NotEmpty(t, secret)
		require.Equal(t, d.time.now(), v.CreatedAt.UTC())
		_, err := d.Reissue(t.Context(), d.as(domain.Caseworker), Key{}, v.ID, "tabt")
		require.NoError(t, err)
		plan, _ := d.join(t, "P-3", d.move)
		d.attended(t, plan, "2026-02-24T09:00:00Z")
		require.Len(t, d.attended(t, plan, "2026-03-02T08:00:00Z").Vouchers, 1, "on the day")
		d.attended(t, plan, "2026-02-25T09:00:00Z")
		require.Len(t, d.attended(t, plan, "2026-02-26T09:00:00Z").Vouchers, 1, "within a week")

		_, _, proposed := d.proposal(t, "P-2", d.proposes(t))
		d.time.add(48 * time.Hour)
		approved, err := d.Approve(t.Context(), d.as(domain.TeamLeader), Key{}, proposed.Awards[0].ID, 0)
		require.NoError(t, err)
		require.Equal(t, d.time.now(), approved.Value.Voucher.CreatedAt.UTC())

		measured := func(f IssuedFilter) []Immediacy {
			t.Helper()
			all, err := d.Immediacy(t.Context(), d.as(domain.TeamLeader), f)
			require.NoError(t, err)
			for i := range all {
				all[i].ProgrammeID = ""
			}
			return all
		}
		all := measured(IssuedFilter{})
		require.ElementsMatch(t, []Immediacy{
			{Programme: "move-2026", Vouchers: 3, AtOnce: 3, SameDay: 1, WithinWeek: 2, LongestDays: 20},
			{Programme: "proposes", Vouchers: 1, LongestWait: 48 * time.Hour, LongestDays: 22},
		}, all)
		require.Len(t, measured(IssuedFilter{To: date("2026-03-03")}), 1)
		require.Len(t, measured(IssuedFilter{From: date("2026-03-04"), UnitID: d.unit.ID}), 1)
		require.Len(t, measured(IssuedFilter{ProgrammeID: d.move.ID}), 1)
		require.Empty(t, measured(IssuedFilter{UnitID: store.NewID()}))
		other := d.elsewhere(t)
		other.Role = domain.TeamLeader
		theirs, err := d.Immediacy(t.Context(), other, IssuedFilter{})
		require.NoError(t, err)
		require.Empty(t, theirs)
	})
}

// A missed visit is made up for once; and when it turns out not to have been
// missed, the visit itself counts and what made up for it does not.
func TestPractice_aMakeUpVisitCountedTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		each := d.variant(t, "each", "requirement: {met: 2}", "make_up: {of: [no_show, excused], within_days: 7}")
		plan, enrolment := d.join(t, "P-1", each)
		missed := d.visit(t, plan, "2026-02-03T09:00:00Z", domain.NoShow)
		madeUp := func(at string) Attended {
			t.Helper()
			v := visitAt(plan, at, domain.Attended)
			v.MakesUp = &missed.Attendance.AttendanceID
			a, err := d.Attend(t.Context(), d.as(domain.Caseworker), Key{}, v)
			require.NoError(t, err)
			return a.Value
		}
		earned := func(want int64) {
			t.Helper()
			p, err := d.Progress(t.Context(), d.as(domain.Caseworker), enrolment.ID)
			require.NoError(t, err)
			require.Equal(t, want, p.Progress.Earned)
		}
		require.Len(t, madeUp("2026-02-05T09:00:00Z").Vouchers, 1)
		require.Empty(t, madeUp("2026-02-06T09:00:00Z").Vouchers, "a second time")
		require.Empty(t, madeUp("2026-02-04T09:00:00Z").Vouchers, "a third, before the others")
		earned(20000)
		require.Empty(t, d.correct(t, missed, domain.Attended).Vouchers, "its reward is there already")
		earned(20000)
		require.Len(t, d.attended(t, plan, "2026-02-07T09:00:00Z").Vouchers, 1, "a visit of its own")
		earned(40000)
	})
}
