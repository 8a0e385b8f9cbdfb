package vouchers

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// slips are worth so little that no luck of a test reaches the cap.
const slips = "[{slips: 5, label: flot}, {slips: 4, value: 100}, {slips: 1, value: 1000}]"

// bowls adopts a programme that draws from a bowl of these slips: one slip at
// the first visit, one more at each next, at most eight.
func (d desk) bowls(t testing.TB, slug, slips string, changes ...string) domain.Programme {
	t.Helper()
	return d.variant(t, slug, append(changes, "{met: 2}", "{met: 1}", "no_show: hold", "no_show: not_met", "magnitude: {constant: 20000}",
		"draws: {start: 1, step: 1, ceiling: 8, reset: {on: [not_met], to: 1}, with_replacement: true}\n    bowl: "+slips,
		"{count: 6, period: episode, at_limit: stop}", "{amount: 75000, period: episode, basis: earned, at_limit: pay_rest}")...)
}

// draws lists an enrolment's draws.
func (d desk) draws(t testing.TB, e domain.Enrolment) []Draw {
	t.Helper()
	list, err := d.Draws(t.Context(), d.as(domain.Caseworker), e.ID)
	require.NoError(t, err)
	return list
}

// explained is what an award's explanation says was drawn.
func explained(t testing.TB, a domain.Award) rules.Drawn {
	t.Helper()
	var e rules.Explanation
	require.NoError(t, json.Unmarshal(a.Explanation, &e))
	require.NotNil(t, e.Draws)
	return *e.Draws
}

// The commitment is there before the visit; the visit reveals the seed, from
// which anyone can draw again, and the next commitment is there at once.
func TestDraws(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, e := d.join(t, "P-1", d.bowls(t, "skaalen", slips))
		bowl := must(rules.Parse(must(d.Version(t.Context(), d.as(domain.Auditor), e.VersionID)).Document)).Phases[0].Bowl
		for n := range 5 {
			before := d.draws(t, e)
			require.Len(t, before, n+1)
			next := before[n]
			require.Equal(t, n+1, next.Number)
			require.Empty(t, next.Revealed)
			require.Empty(t, next.Seed)
			require.Nil(t, next.AttendanceID)
			p, err := d.Progress(t.Context(), d.as(domain.Caseworker), e.ID)
			require.NoError(t, err)
			require.Equal(t, next.Commitment, p.Commitment)

			d.time.add(60e9)
			a := d.attended(t, plan, fmt.Sprintf("2026-02-%02dT09:00:00Z", 3+n))
			after := d.draws(t, e)
			made := after[n]
			require.Equal(t, next.Commitment, made.Commitment, "what was published is what was used")
			require.Equal(t, next.Commitment, must(rules.Commit(made.Revealed)))
			require.Equal(t, a.Attendance.AttendanceID, *made.AttendanceID)
			require.True(t, made.TakenAt.After(made.CommittedAt))
			require.Equal(t, after[n+1].Commitment, a.Progress[0].Commitment)
			again, err := bowl.Draw(made.Revealed, made.AttendanceID.String(), n+1, true)
			require.NoError(t, err)
			require.Equal(t, again, explained(t, a.Awards[0]))
			require.Len(t, made.Slips, n+1)
			for i, slip := range made.Slips {
				require.Equal(t, Slip{Entry: again.Picks[i], Label: bowl[again.Picks[i]].Label, Value: again.Values[i]}, slip)
			}
		}
	})
}

// A visit keeps its seed through corrections, withdrawal and a late visit before
// it; a late visit takes the next seed, a visit that never draws takes none.
func TestDrawsKeepTheirSeed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, e := d.join(t, "P-1", d.bowls(t, "skaalen", slips))
		first := d.attended(t, plan, "2026-02-03T09:00:00Z")
		third := d.attended(t, plan, "2026-02-10T09:00:00Z")
		drawn := d.draws(t, e)
		require.Equal(t, 2, explained(t, third.Awards[0]).Number)

		missed := d.correct(t, third, domain.NoShow)
		require.Empty(t, missed.Vouchers)
		require.Empty(t, d.draws(t, e)[2].AttendanceID)
		require.Equal(t, drawn[1].Slips, d.draws(t, e)[1].Slips)
		d.correct(t, third, domain.Attended)
		require.Equal(t, drawn, d.draws(t, e), "met again: the same draws")

		_, err := d.CancelAttendance(t.Context(), d.as(domain.Caseworker), Key{}, first.Attendance.AttendanceID, "fejl")
		require.NoError(t, err)
		d.correct(t, first, domain.Attended)
		require.Equal(t, drawn, d.draws(t, e), "withdrawn and restored: the same draws")

		d.visit(t, plan, "2026-02-04T09:00:00Z", domain.Excused)
		late := d.attended(t, plan, "2026-02-05T09:00:00Z")
		now := d.draws(t, e)
		require.Len(t, now, 4)
		require.Equal(t, late.Attendance.AttendanceID, *now[2].AttendanceID, "the late visit has the third seed")
		require.Equal(t, drawn[0], now[0])
		require.Equal(t, drawn[1].Revealed, now[1].Revealed)
		require.Len(t, now[1].Slips, 3, "one slip more, for there was a visit before it")
		require.Len(t, now[2].Slips, 2)
	})
}

// Visits that come together, before the enrolment, take a seed each, in their
// own order; a programme without draws has none.
func TestDrawsOfVisitsTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan := d.plan(t, "P-1", "2026-02-02")
		for _, day := range []string{"05", "03", "04"} {
			d.attended(t, plan, "2026-02-"+day+"T09:00:00Z")
		}
		enrolled, err := d.Enrol(t.Context(), d.as(domain.Caseworker), Key{}, Enrol{PlanID: plan.ID, ProgrammeID: d.bowls(t, "skaalen", slips).ID})
		require.NoError(t, err)
		draws := d.draws(t, enrolled.Value.Enrolment)
		require.Len(t, draws, 4)
		for i := range 3 {
			require.Len(t, draws[i].Slips, i+1)
		}
		require.Equal(t, draws[3].Commitment, enrolled.Value.Progress.Commitment)
		other, none := d.join(t, "P-2", d.move)
		require.Empty(t, d.attended(t, other, "2026-02-03T09:00:00Z").Progress[0].Commitment)
		require.Empty(t, d.draws(t, none))
	})
}

// An award of kind words only is none that a cap has denied.
func TestDrawsWithoutAPrize(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, _ := d.join(t, "P-1", d.bowls(t, "venlig", "[{slips: 100000, label: flot}, {slips: 1, value: 100}]"))
		a := d.attended(t, plan, "2026-02-03T09:00:00Z")
		require.Equal(t, domain.AwardNoPrize, a.Awards[0].State)
		require.Empty(t, a.Vouchers)
		require.Equal(t, "flot", d.draws(t, domain.Enrolment{ID: a.Awards[0].EnrolmentID})[0].Slips[0].Label)

		plan, _ = d.join(t, "P-2", d.bowls(t, "sikker", "[{slips: 2, value: 50000}, {slips: 1, value: 50000}]"))
		states := []string{}
		for day := range 3 {
			states = append(states, d.attended(t, plan, fmt.Sprintf("2026-02-%02dT09:00:00Z", 3+day)).Awards[0].State)
		}
		require.Equal(t, []string{domain.AwardIssued, domain.AwardIssued, domain.AwardDenied}, states, "50000, then 25000 are left, then nothing")
	})
}

// Two desks that record visits of one plan at once never take the same seed, and
// the same visit recorded twice draws once.
func TestRaceDraws(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, e := d.join(t, "P-1", d.bowls(t, "skaalen", slips))
		atOnce(times(crowd, func(i int) {
			_, err := d.Attend(t.Context(), d.as(domain.Caseworker), Key{}, visitAt(plan, fmt.Sprintf("2026-02-%02dT09:00:00Z", 3+i/2), domain.Attended))
			require.NoError(t, err)
		})...)
		draws := d.draws(t, e)
		require.Len(t, draws, crowd/2+1)
		for i, draw := range draws {
			require.Equal(t, i+1, draw.Number)
			require.Equal(t, i == crowd/2, draw.AttendanceID == nil)
		}
	})
}

// No answer, remembered answer, audit entry or error ever holds a seed that is
// not taken.
func TestSeedsStaySecret(t *testing.T) {
	eachBehind(t, func(t *testing.T, s *store.Store, raw *sql.DB) {
		d := newStory(t, s)
		plan, e := d.join(t, "P-1", d.bowls(t, "skaalen", slips))
		a, err := d.Attend(t.Context(), d.as(domain.Caseworker), keyed("a", ""), visitAt(plan, "2026-02-03T09:00:00Z", domain.Attended))
		require.NoError(t, err)
		secret := texts(t, raw, "SELECT seed FROM draw_seeds WHERE attendance_id IS NULL")[0]
		require.Len(t, secret, 64)
		for _, query := range []string{"SELECT result FROM idempotency_keys", "SELECT detail FROM audit_entries WHERE detail IS NOT NULL"} {
			for _, text := range texts(t, raw, query) {
				require.NotContains(t, text, secret)
			}
		}
		for _, answer := range []any{a, d.draws(t, e)} {
			require.NotContains(t, string(must(json.Marshal(answer))), secret)
			require.NotContains(t, fmt.Sprintf("%+v", answer), secret)
		}
	})
}

// Verify notices whatever is done to a seed or to what was drawn from it.
func TestVerifyNoticesDraws(t *testing.T) {
	eachBehind(t, func(t *testing.T, s *store.Store, raw *sql.DB) {
		d := newStory(t, s)
		plan, _ := d.join(t, "P-1", d.bowls(t, "skaalen", slips))
		for day := range 3 {
			d.time.add(60e9)
			d.attended(t, plan, fmt.Sprintf("2026-02-%02dT09:00:00Z", 3+day))
		}
		another := rules.NewSeed([32]byte{1})
		award := texts(t, raw, "SELECT explanation FROM awards WHERE milestone = 2")[0]
		b := busy{story: d, raw: raw}
		for statement, names := range map[string]string{
			"UPDATE draw_seeds SET seed = '" + another + "' WHERE number = 1":                                                     "draw 1",
			"UPDATE draw_seeds SET seed = '" + another + "' WHERE number = 4":                                                     "draw 4",
			"UPDATE draw_seeds SET commitment = '" + must(rules.Commit(another)) + "' WHERE number = 4":                           "draw 4",
			"UPDATE draw_seeds SET committed_at = '2026-03-02 08:00:00+00:00' WHERE number = 4":                                   "draw 4",
			"UPDATE draw_seeds SET taken_at = '2026-03-03 08:00:00+00:00' WHERE number = 1":                                       "draw 2",
			"UPDATE draw_seeds SET attendance_id = '" + store.NewID().String() + "' WHERE number = 1":                             "draw 1",
			"DELETE FROM draw_seeds WHERE number = 2":                                                                             "draw 3",
			"DELETE FROM draw_seeds WHERE number = 4":                                                                             "no commitment",
			"UPDATE awards SET explanation = '" + strings.Replace(award, `"picks":[`, `"picks":[0,`, 1) + "' WHERE milestone = 2": "does not draw what it says",
		} {
			b.alter(t, statement, func() {
				v, err := b.Verify(t.Context(), b.home.MunicipalityID)
				require.NoError(t, err)
				require.Contains(t, fmt.Sprint(v.Differences), names, statement)
			})
		}
	})
}
