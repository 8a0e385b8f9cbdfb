package vouchers

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// life is one person in several programmes, to whom anything may happen in any
// order: visits early and late, corrections, moves, ends and returns.
type life struct {
	desk
	plans    []domain.Plan
	versions [][2]domain.ProgrammeVersion
	visits   []domain.ID
}

const otherKinds = "attend: [individual, group]"

// newLife makes programmes with two versions each, and a plan for each.
func newLife(t *testing.T, d desk, n int, limit string) *life {
	t.Helper()
	l := &life{desk: d}
	for i, what := range []string{"phone", "group"} {
		slug := fmt.Sprintf("life-%d-%d", n, i)
		common := []string{otherKinds, "attend: [" + what + "]", everySecond, "requirement: {met: 1}", sixAtMost, limit, "caps:", "funder: staten\ncaps:"}
		strict := append([]string{"mode: automatic", "mode: automatic\nclaw_back: unspent\nreadmission: {within_days: 10, clock: runs, level: keep, streak: keep, later: new_episode}"}, common...)
		programme, versions := d.editions(t, slug, strict, append([]string{constant, "{table: [5000, 15000, 30000, 1000, 25000]}"}, strict...))
		reference := fmt.Sprintf("P-%d-%d", n, i)
		var plan domain.Plan
		if i == 0 {
			plan, _ = d.join(t, reference, programme)
		} else {
			plan = d.beside(t, l.plans[0], reference, programme)
		}
		l.plans, l.versions = append(l.plans, plan), append(l.versions, versions)
	}
	return l
}

// steps are what can happen.
func (l *life) steps() map[string]func(*rapid.T) {
	worker := l.as(domain.Caseworker)
	pick := func(r *rapid.T) int { return rapid.IntRange(0, 1).Draw(r, "plan") }
	day := func(r *rapid.T) int { return rapid.IntRange(0, 27).Draw(r, "day") }
	outcome := rapid.SampledFrom([]string{domain.Attended, domain.Attended, domain.NoShow})
	visit := func(r *rapid.T) {
		i := pick(r)
		at := time.Date(2026, 2, 2+day(r), 9+rapid.IntRange(0, 3).Draw(r, "hour"), 0, 0, 0, time.UTC)
		a, err := l.Attend(r.Context(), worker, Key{}, Visit{PlanID: l.plans[i].ID, OccurredAt: at, Kind: []string{"phone", "group"}[i], Outcome: outcome.Draw(r, "outcome")})
		if l.happened(r, err) {
			l.visits = append(l.visits, a.Value.Attendance.AttendanceID)
		}
	}
	return map[string]func(*rapid.T){
		"visit": visit, "visit again": visit, "another visit": visit,
		"correct": func(r *rapid.T) {
			if len(l.visits) > 0 {
				_, err := l.Correct(r.Context(), worker, Key{}, Correction{AttendanceID: rapid.SampledFrom(l.visits).Draw(r, "visit"), Outcome: outcome.Draw(r, "outcome"), Reason: "fejl"})
				l.happened(r, err)
			}
		},
		"move": func(r *rapid.T) {
			if e, ok := l.newest(r, pick(r)); ok {
				_, err := l.Move(r.Context(), worker, Key{}, e.ID, Move{VersionID: l.versions[rapid.IntRange(0, 1).Draw(r, "p")][rapid.IntRange(0, 1).Draw(r, "v")].ID, On: date("2026-02-02").AddDays(day(r)), Reason: "nyt"})
				l.happened(r, err)
			}
		},
		"end": func(r *rapid.T) {
			if e, ok := l.newest(r, pick(r)); ok {
				_, err := l.EndEnrolment(r.Context(), worker, e.ID, date("2026-02-02").AddDays(day(r)))
				l.happened(r, err)
			}
		},
		"return": func(r *rapid.T) {
			if e, ok := l.newest(r, pick(r)); ok && e.State == "ended" {
				_, err := l.Enrol(r.Context(), worker, Key{}, Enrol{PlanID: e.PlanID, ProgrammeID: e.ProgrammeID, StartDate: date("2026-02-02").AddDays(day(r))})
				l.happened(r, err)
			}
		},
	}
}

// newest is a plan's newest enrolment.
func (l *life) newest(r *rapid.T, i int) (domain.Enrolment, bool) {
	list, err := l.Enrolments(r.Context(), l.as(domain.Caseworker), ten, EnrolmentFilter{PlanID: l.plans[i].ID})
	require.NoError(r, err)
	return list.Rows[0], len(list.Rows) > 0
}

// happened reports whether it did; if not it was refused with a reason.
func (l *life) happened(r *rapid.T, err error) bool {
	if err != nil {
		require.Contains(r, []domain.Kind{domain.Invalid, domain.Conflict}, domain.KindOf(err), "%v", err)
		require.NotEqual(r, "unknown_reference", domain.CodeOf(err), "%v", err)
	}
	return err == nil
}

// Whatever happens to a person, all that is stored follows from it, and what is
// owed in all never passes the cap that the programmes share.
func TestStories(t *testing.T) {
	for name, limit := range map[string]string{"earned": fiveHundred, "issued": fiveIssued, "lifetime": "{amount: 50000, period: lifetime, basis: earned, at_limit: deny}"} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				n := 0
				rapid.Check(t, func(r *rapid.T) {
					if rapid.IntRange(0, 9).Draw(r, "played when 0") > 0 {
						return // as in TestLawsOfAnyHistory
					}
					n++
					l := newLife(t, newDesk(t, s), n, limit)
					steps := l.steps()
					for range rapid.IntRange(5, 25).Draw(r, "steps") {
						steps[rapid.SampledFrom([]string{"visit", "visit again", "another visit", "correct", "move", "end", "return"}).Draw(r, "step")](r)
						l.within(r, name)
					}
					v, err := l.Verify(r.Context(), l.home.MunicipalityID)
					require.NoError(r, err)
					require.Empty(r, v.Differences)
				})
			})
		})
	}
}

// within demands that the person is owed no more than the cap allows.
func (l *life) within(r *rapid.T, basis string) {
	list, err := l.Awards(r.Context(), l.as(domain.TeamLeader), store.Page{Limit: 100}, AwardFilter{})
	require.NoError(r, err)
	owed := map[domain.ID]int64{}
	for _, a := range list.Rows {
		key := domain.ID{}
		if basis == "lifetime" { // of each programme by itself
			key = a.ProgrammeID
		}
		owed[key] += a.Amount
	}
	for _, sum := range owed {
		require.LessOrEqual(r, sum, int64(50000))
	}
}
