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

// funded is a programme of the funder "staten" for one kind of session, 200 kr. at
// each visit, under a cap.
func (d desk) funded(t testing.TB, slug, kind, limit string, more ...string) domain.Programme {
	t.Helper()
	return d.variant(t, slug, append(more, "attend: [individual, group]", "attend: ["+kind+"]", everySecond, "requirement: {met: 1}", sixAtMost, limit, "caps:", "funder: staten\ncaps:")...)
}

const (
	fiveHundred = "{amount: 50000, period: calendar_year, across: funder, basis: earned, at_limit: pay_rest}"
	fiveIssued  = "{amount: 50000, period: calendar_year, across: funder, basis: issued, at_limit: pay_rest}"
)

// beside gives the citizen of a plan another plan, which began on 2 February too,
// in another programme.
func (d desk) beside(t testing.TB, of domain.Plan, reference string, programme domain.Programme) domain.Plan {
	t.Helper()
	plan, _, err := d.again(t, of, reference, "2026-02-02", programme)
	require.NoError(t, err)
	return plan
}

func kind(v Visit, kind string) Visit {
	v.Kind = kind
	return v
}

func (d desk) attends(t testing.TB, plan domain.Plan, at, what string) Attended {
	t.Helper()
	a, err := d.Attend(t.Context(), d.as(domain.Caseworker), Key{}, kind(visitAt(plan, at, domain.Attended), what))
	require.NoError(t, err)
	return a.Value
}

// A cap across a funder's programmes holds for the person; when one enrolment
// sinks, the other is paid what it was denied.
func TestCapAcross(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		calls, groups := d.funded(t, "calls", "phone", fiveHundred), d.funded(t, "groups", "group", fiveHundred)
		first, _ := d.join(t, "P-1", calls)
		second := d.beside(t, first, "P-2", groups)
		one := d.attends(t, first, "2026-02-03T09:00:00Z", "phone")
		require.Equal(t, int64(20000), one.Awards[0].Amount)
		require.Equal(t, int64(20000), d.attends(t, second, "2026-02-04T09:00:00Z", "group").Awards[0].Amount)
		rest := d.attends(t, second, "2026-02-05T09:00:00Z", "group")
		require.Equal(t, int64(10000), rest.Awards[0].Amount, "what is left")
		denied := d.attends(t, first, "2026-02-06T09:00:00Z", "phone")
		require.Zero(t, denied.Awards[0].Amount)
		require.Equal(t, int64(50000), d.balance(t)[0])
		next, err := d.NextVisit(t.Context(), d.as(domain.Caseworker), denied.Awards[0].EnrolmentID, time.Time{})
		require.NoError(t, err)
		require.Zero(t, next.Ahead.IfMet, "the next visit is worth nothing while the cap is used up elsewhere")

		other, _ := d.join(t, "P-3", calls) // another person has all of it
		require.Equal(t, int64(20000), d.attends(t, other, "2026-02-03T09:00:00Z", "phone").Awards[0].Amount)

		require.Empty(t, d.correct(t, one, domain.NoShow).Vouchers, "the visit of 6 February takes its place")
		sunk := d.correct(t, denied, domain.NoShow)
		require.Len(t, sunk.Vouchers, 1, "and now the other enrolment gets the rest of its second")
		require.Equal(t, []any{int64(10000), rest.Awards[0].ID}, []any{sunk.Vouchers[0].Amount, sunk.Vouchers[0].AwardID})
		require.Equal(t, int64(80000), d.balance(t)[0])
	})
}

// A lifetime cap counts what was earned before in the programme, also by who has
// come back.
func TestLifetimeCap(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		programme := d.variant(t, "once", everySecond, "requirement: {met: 1}", sixAtMost, "{count: 2, period: lifetime, at_limit: deny}")
		plan, e := d.join(t, "P-1", programme)
		d.attended(t, plan, "2026-02-03T09:00:00Z")
		d.ended(t, e, "2026-02-04")
		back, again, err := d.again(t, plan, "P-2", "2026-02-05", programme)
		require.NoError(t, err)
		require.Equal(t, NewEpisode, again.Episode)
		require.Len(t, d.attended(t, back, "2026-02-06T09:00:00Z").Vouchers, 1)
		require.Empty(t, d.attended(t, back, "2026-02-07T09:00:00Z").Vouchers)
		require.Equal(t, int64(40000), d.balance(t)[0])
	})
}

// Caps by what is issued count vouchers: what is rejected or voided leaves room.
func TestCapIssued(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		leader := d.as(domain.TeamLeader)
		groups := d.funded(t, "groups", "group", fiveIssued, "mode: automatic", "mode: proposes")
		plan, _ := d.join(t, "P-1", groups)
		var awards []domain.Award
		for i := range 3 {
			awards = append(awards, d.attends(t, plan, fmt.Sprintf("2026-02-0%dT09:00:00Z", 3+i), "group").Awards[0])
		}
		require.Equal(t, []int64{20000, 20000, 10000}, []int64{awards[0].Amount, awards[1].Amount, awards[2].Amount})
		approved, err := d.Approve(t.Context(), leader, Key{}, awards[0].ID, 0)
		require.NoError(t, err)
		_, err = d.Reject(t.Context(), leader, Key{}, awards[1].ID, "aftalt")
		require.NoError(t, err)
		third, err := d.Award(t.Context(), leader, awards[2].ID)
		require.NoError(t, err)
		require.Equal(t, int64(20000), third.Amount, "the second is never issued")
		_, err = d.Approve(t.Context(), leader, Key{}, awards[2].ID, 0)
		require.NoError(t, err)
		require.Equal(t, int64(10000), d.attends(t, plan, "2026-02-06T09:00:00Z", "group").Awards[0].Amount)
		_, err = d.Void(t.Context(), leader, Key{}, approved.Value.Voucher.ID, "forkert")
		require.NoError(t, err)
		list, err := d.Awards(t.Context(), leader, ten, AwardFilter{State: domain.AwardProposed})
		require.NoError(t, err)
		require.Equal(t, int64(20000), list.Rows[0].Amount, "the voided voucher leaves room")
	})
}

// A year that begins does not pay what the year before had no room for.
func TestCapIssuedOverNewYear(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		d.time.setDate("2025-12-30")
		groups := d.inForce(t, "groups", "2025-11-01", "attend: [individual, group]", "attend: [group]", everySecond, "requirement: {met: 1}", sixAtMost, fiveIssued, "caps:", "funder: staten\ncaps:")
		plan := d.plan(t, "P-1", "2025-12-01")
		_, err := d.Enrol(t.Context(), d.as(domain.Caseworker), Key{}, Enrol{PlanID: plan.ID, ProgrammeID: groups.ID})
		require.NoError(t, err)
		for i := range 4 {
			d.attended(t, plan, fmt.Sprintf("2025-12-0%dT09:00:00Z", 2+i))
		}
		require.Equal(t, int64(50000), d.balance(t)[0])
		d.time.setDate("2026-01-05")
		require.Len(t, d.attended(t, plan, "2026-01-04T09:00:00Z").Vouchers, 1)
		require.Equal(t, int64(70000), d.balance(t)[0])
		late := d.attended(t, plan, "2025-12-20T09:00:00Z") // issued now: this year's
		require.Len(t, late.Vouchers, 1)
		d.attended(t, plan, "2026-01-05T08:00:00Z")
		d.attended(t, plan, "2026-01-05T08:30:00Z")
		require.Equal(t, int64(100000), d.balance(t)[0])
	})
}

// Two enrolments of a person that earn at the same moment never pass their cap,
// and nobody waits for ever.
func TestRaceCapAcross(t *testing.T) {
	for name, limit := range map[string]string{"earned": fiveHundred, "issued": fiveIssued} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				d := newStory(t, s)
				first, e := d.join(t, "P-1", d.funded(t, "calls", "phone", limit))
				second := d.beside(t, first, "P-2", d.funded(t, "groups", "group", limit))
				slip := d.attends(t, first, "2026-02-02T09:00:00Z", "phone")
				var failed atomic.Pointer[error]
				note := func(err error) {
					if err != nil && domain.KindOf(err) != domain.Stale {
						failed.Store(&err)
					}
				}
				attend := func(plan domain.Plan, what string) []func() {
					return times(crowd/2, func(i int) {
						_, err := d.Attend(t.Context(), d.as(domain.Caseworker), Key{}, kind(visitAt(plan, fmt.Sprintf("2026-02-1%dT09:00:00Z", i), domain.Attended), what))
						note(err)
					})
				}
				atOnce(append(append(attend(first, "phone"), attend(second, "group")...), func() {
					_, err := d.Correct(t.Context(), d.as(domain.Caseworker), Key{}, Correction{AttendanceID: slip.Attendance.AttendanceID, Outcome: domain.NoShow, Reason: "fejl"})
					note(err)
				})...)
				if err := failed.Load(); err != nil {
					require.NoError(t, *err)
				}
				p, err := d.Progress(t.Context(), d.as(domain.Caseworker), e.ID)
				require.NoError(t, err)
				require.LessOrEqual(t, d.balance(t)[0], int64(70000), "500, and the slip's 200 that stay")
				require.LessOrEqual(t, p.Progress.Earned, int64(50000))
			})
		})
	}
}
