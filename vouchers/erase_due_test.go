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

// erasesSoon sets the shortest time and lets the notice pass.
func (d desk) erasesSoon(t testing.TB) {
	t.Helper()
	m := d.asksFor(t, domain.FewestMonthsKept)
	require.Equal(t, domain.FewestMonthsKept, m.EraseNextMonths)
	d.time.add(domain.ErasureNotice * 24 * time.Hour)
}

func (d desk) asksFor(t testing.TB, months int) domain.Municipality {
	t.Helper()
	admin := d.as(domain.Administrator)
	m, err := d.Municipality(t.Context(), admin)
	require.NoError(t, err)
	m, err = d.UpdateMunicipality(t.Context(), admin, m.Version, MunicipalityChange{EraseAfterMonths: &months})
	require.NoError(t, err)
	return m
}

// ends ends a plan today.
func (d desk) ends(t testing.TB, plan domain.ID) {
	t.Helper()
	p := must(d.Plan(t.Context(), d.as(domain.Caseworker), plan))
	today := domain.DateOf(d.time.now(), time.UTC)
	must(d.UpdatePlan(t.Context(), d.as(domain.Caseworker), p.ID, p.Version, PlanChange{EndDate: &today, EndReason: new("dropped_out")}))
}

// erases runs the job and says how many it erased.
func (d desk) erases(t testing.TB, want int) {
	t.Helper()
	n, err := d.EraseDue(t.Context(), d.home.MunicipalityID)
	require.NoError(t, err)
	require.Equal(t, want, n)
}

func (d desk) isErased(t testing.TB, citizen domain.ID) (gone bool) {
	t.Helper()
	require.NoError(t, d.store.Read(t.Context(), d.home.MunicipalityID, func(tx *store.Tx) (err error) {
		gone, err = isErased(tx, citizen)
		return err
	}))
	return gone
}

// A citizen whose plans have ended is erased when the time is over, on that very
// day, and not while something of theirs waits or can be spent.
func TestEraseDue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		ctx, worker, leader := t.Context(), d.as(domain.Caseworker), d.leaderOf(d.unit.ID)
		d.time.setDate("2026-08-31")
		quiet := d.plan(t, "P-1", "2026-02-02")
		plan, _ := d.join(t, "P-2", d.move)
		d.attended(t, plan, "2026-02-03T09:00:00Z")
		v := d.attended(t, plan, "2026-02-10T09:00:00Z").Vouchers[0]
		waits, _ := d.join(t, "P-3", d.variant(t, "asks", "mode: automatic", "mode: proposes"))
		d.attended(t, waits, "2026-02-03T09:00:00Z")
		award := d.attended(t, waits, "2026-02-10T09:00:00Z").Awards[0]
		looked, unplanned, runs := d.plan(t, "P-4", "2026-02-02"), d.citizen(t, "B-5"), d.plan(t, "P-6", "2026-02-02")
		emergency := must(d.TakeEmergencyAccess(ctx, d.elsewhere(t), EmergencyInput{CitizenID: looked.CitizenID, Reason: whyNeeded}))
		for _, p := range []domain.Plan{quiet, plan, waits, looked} {
			d.ends(t, p.ID)
		}
		d.erases(t, 0)
		d.erasesSoon(t)
		d.time.setDate("2027-03-30")
		d.erases(t, 0)
		d.time.set(instant("2027-03-30T22:30:00Z")) // the 31st at the site
		d.erases(t, 2)
		require.True(t, d.isErased(t, quiet.CitizenID) && d.isErased(t, unplanned.ID))
		d.erases(t, 0)

		must(d.Void(ctx, d.as(domain.TeamLeader), Key{}, v.ID, "Tabt"))
		d.erases(t, 1)
		require.True(t, d.isErased(t, plan.CitizenID))
		must(d.Reject(ctx, d.as(domain.TeamLeader), Key{}, award.ID, "nej"))
		d.erases(t, 1)
		must(d.ReviewEmergencyAccess(ctx, leader, emergency.ID, "Set."))
		d.erases(t, 1)
		require.False(t, d.isErased(t, runs.CitizenID))
		d.time.setDate("2040-01-01")
		d.erases(t, 0)

		said := must(d.AuditEntries(ctx, d.as(domain.Auditor), ten, AuditFilter{Action: "eraseCitizen", ObjectID: quiet.CitizenID})).Rows
		require.Len(t, said, 1)
		require.Equal(t, "system:erase", said[0].Person)
		require.JSONEq(t, `{"because": "period_over", "months": 7, "closed_on": "2026-08-31"}`, string(said[0].Detail))
		_, err := d.CreatePlan(ctx, worker, PlanInput{CitizenID: quiet.CitizenID, Reference: "P-9", AssessmentDate: date("2027-01-01"), AssessmentReference: "S", StartDate: date("2027-01-02")})
		because(t, err, "erased")
	})
}

// The time counts from when it was said that the last plan ended: a wrong year erases
// nobody. Who comes back is not erased, and it counts anew after that.
func TestEraseDueCountsFromClosing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		ctx, worker := t.Context(), d.as(domain.Caseworker)
		first := d.plan(t, "P-1", "2024-02-02")
		d.erasesSoon(t)
		must(d.UpdatePlan(ctx, worker, first.ID, 1, PlanChange{EndDate: new(date("2024-03-01")), EndReason: new("other")}))
		d.erases(t, 0)
		d.time.setDate("2026-09-01")
		again := must(d.CreatePlan(ctx, worker, PlanInput{CitizenID: first.CitizenID, Reference: "P-2", AssessmentDate: date("2026-09-01"), AssessmentReference: "S", StartDate: date("2026-09-01")}))
		d.time.setDate("2027-09-01")
		d.erases(t, 0)
		d.ends(t, again.ID)
		d.time.setDate("2028-03-31")
		d.erases(t, 0)
		d.time.setDate("2028-04-01")
		d.erases(t, 1)
	})
}

// Somebody is kept for a reason, until and with the day that was said, from the
// setting and from the command line.
func TestKeep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		ctx, leader := t.Context(), d.leaderOf(d.unit.ID)
		plan := d.plan(t, "P-1", "2026-02-02")
		d.ends(t, plan.ID)
		d.erasesSoon(t)
		keep := func(until string) (domain.Citizen, error) {
			c, err := d.Citizen(ctx, leader, plan.CitizenID)
			require.NoError(t, err)
			return d.Keep(ctx, leader, c.ID, c.Version, KeepInput{Until: date(until), Reason: "Klage til Ankestyrelsen"})
		}
		c := must(keep("2027-06-30"))
		require.Equal(t, []any{date("2027-06-30"), leader.Person, "Klage til Ankestyrelsen"}, []any{c.KeptUntil, c.KeptBy, c.KeptBecause.Reveal()})
		d.time.setDate("2027-06-30")
		d.erases(t, 0)
		because(t, d.Erase(ctx, keyJob(d.home.MunicipalityID), plan.CitizenID), "kept")
		_, err := keep("2027-06-29")
		refused(t, err, domain.Invalid, "until")
		_, err = keep("2037-07-01")
		refused(t, err, domain.Invalid, "until")
		_, err = d.Keep(ctx, leader, plan.CitizenID, 1, KeepInput{})
		refused(t, err, domain.Invalid, "reason", "until")
		must(keep("2037-06-30"))
		must(keep("2027-06-30")) // which ends it
		d.erases(t, 0)
		d.time.setDate("2027-07-01")
		d.erases(t, 1)
		require.True(t, must(d.Citizen(ctx, leader, plan.CitizenID)).KeptBecause.Erased())
		_, err = keep("2028-06-30")
		because(t, err, "erased")
		elsewhere := d.leaderOf(d.elsewhere(t).UnitID)
		_, err = d.Keep(ctx, elsewhere, plan.CitizenID, 1, KeepInput{Until: date("2028-06-30"), Reason: "x"})
		refused(t, err, domain.NotFound)
		forbidden(t, d.desk, map[domain.Action]func(domain.Actor) error{
			"keepCitizen": func(a domain.Actor) error {
				return second(d.Keep(ctx, a, plan.CitizenID, 1, KeepInput{Until: date("2028-06-30"), Reason: "x"}))
			},
		})
	})
}

// A shorter time does not surprise: how many it concerns is told before, and it can be
// taken back.
func TestEraseNotice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		ctx, admin := t.Context(), d.as(domain.Administrator)
		for i := range 6 {
			d.ends(t, d.plan(t, fmt.Sprint("P-", i), "2026-02-02").ID)
			d.time.add(24 * time.Hour) // from 2 to 7 March
		}
		d.time.setDate("2026-10-01")
		told := func(want int) {
			t.Helper()
			require.Equal(t, want, must(d.ErasureAhead(ctx, admin)))
		}
		told(0)
		m := d.asksFor(t, 7)
		require.Equal(t, domain.Erasure{EraseAfterMonths: 0, EraseNextMonths: 7, EraseNextFrom: date("2026-10-15")}, m.Erasure)
		told(6)
		d.asksFor(t, 8)
		told(0)
		d.asksFor(t, 7)
		d.time.setDate("2026-10-14")
		d.erases(t, 0)
		require.Equal(t, domain.Erasure{}, d.asksFor(t, 0).Erasure, "taken back")
		d.time.setDate("2026-10-15")
		d.erases(t, 0)
		d.asksFor(t, 12)
		d.time.setDate("2026-11-01")
		require.Equal(t, domain.Erasure{EraseAfterMonths: 12}, must(d.Municipality(ctx, admin)).Erasure)
		require.Equal(t, domain.Erasure{EraseAfterMonths: 24}, d.asksFor(t, 24).Erasure, "what keeps longer holds at once")
		for _, months := range []int{-1, 1, 6, 121} {
			_, err := d.UpdateMunicipality(ctx, admin, must(d.Municipality(ctx, admin)).Version, MunicipalityChange{EraseAfterMonths: &months})
			refused(t, err, domain.Invalid, "erase_after_months")
		}
		d.time.setDate("2028-03-05")
		d.erases(t, 4)
		d.time.setDate("2026-03-01") // the clock is set back
		d.erases(t, 0)
		d.time.setDate("2028-03-07")
		d.erases(t, 2)
		require.Equal(t, domain.Forbidden, domain.KindOf(second(d.ErasureAhead(ctx, d.as(domain.TeamLeader)))))
	})
}

// A turn looks at so many, whether they are held back or not, and the next goes on behind
// them: nobody is left out, and nobody is looked at twice.
func TestEraseDueGoesOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		var want []domain.ID
		for i := range 9 {
			plan := d.plan(t, fmt.Sprint("P-", i), "2026-02-02")
			d.ends(t, plan.ID)
			if i%3 == 0 {
				c := must(d.Citizen(t.Context(), d.as(domain.TeamLeader), plan.CitizenID))
				must(d.Keep(t.Context(), d.as(domain.TeamLeader), c.ID, c.Version, KeepInput{Until: date("2030-01-01"), Reason: "Klage"}))
			} else {
				want = append(want, plan.CitizenID)
			}
			if i%2 == 0 { // two on each day
				d.time.add(24 * time.Hour)
			}
		}
		for _, turn := range []struct{ next, limit, turns int }{{4, 9, 3}, {9, 9, 2}, {10, 9, 1}, {10, 6, 1}, {10, 2, 3}, {1, 1, 10}} {
			var found []domain.ID
			turns := 0
			for after := (store.Closed{}); turns == 0 || after != (store.Closed{}); turns++ {
				require.NoError(t, s.Read(t.Context(), d.home.MunicipalityID, func(tx *store.Tx) error {
					ids, to, err := tx.Erasable(store.Over{Last: date("2026-12-31"), Today: date("2027-08-01")}, after, turn.next, turn.limit)
					found, after = append(found, ids...), to
					return err
				}))
			}
			require.Equal(t, want, found, turn)
			require.Equal(t, turn.turns, turns, turn)
		}
	})
}

// Of somebody who comes back in the very second in which they would be erased, either
// all is there or nothing is begun.
func TestRaceEraseAndReturn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		const people = 6
		var plans []domain.Plan
		for i := range people {
			plans = append(plans, d.plan(t, fmt.Sprint("P-", i), "2026-02-02"))
			d.ends(t, plans[i].ID)
		}
		d.erasesSoon(t)
		d.time.setDate("2026-10-02")
		var begun, refusals, erased atomic.Int64
		job := func(int) {
			n, err := d.EraseDue(t.Context(), d.home.MunicipalityID)
			require.NoError(t, err)
			erased.Add(int64(n))
		}
		returns := func(i int) {
			_, err := d.CreatePlan(t.Context(), d.as(domain.Caseworker), PlanInput{
				CitizenID: plans[i].CitizenID, Reference: fmt.Sprint("Q-", i), AssessmentDate: date("2026-10-01"), AssessmentReference: "S", StartDate: date("2026-10-01"),
			})
			if domain.CodeOf(err) == "erased" {
				refusals.Add(1)
				return
			}
			require.NoError(t, err)
			begun.Add(1)
		}
		atOnce(append(times(people, returns), times(3, job)...)...)
		require.Equal(t, []int64{people, people}, []int64{begun.Load() + refusals.Load(), begun.Load() + erased.Load()})
		for _, p := range plans {
			running := must(d.Plans(t.Context(), d.as(domain.Caseworker), ten, PlanFilter{CitizenID: p.CitizenID, Running: new(true)})).Rows
			require.Equal(t, d.isErased(t, p.CitizenID), len(running) == 0)
		}
	})
}
