package vouchers

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// began adds people whose courses began in a unit on a day, and gives their plans.
func (d desk) began(t testing.TB, unit domain.ID, people int, start string) (plans []domain.Plan) {
	t.Helper()
	leader := d.as(domain.TeamLeader)
	for range people {
		name := store.NewID().String()
		c := must(d.CreateCitizen(t.Context(), leader, CitizenInput{UnitID: unit, Reference: "C-" + name, BirthDate: date("1990-01-01")}))
		p := must(d.CreatePlan(t.Context(), leader, PlanInput{CitizenID: c.ID, Reference: "P-" + name, AssessmentDate: date("2026-01-05"), AssessmentReference: "SAG", StartDate: date(start)}))
		plans = append(plans, p)
	}
	return plans
}

// came records visits of the same day of a plan, one a kind of outcome.
func (d desk) came(t testing.TB, p domain.Plan, at string, outcomes ...string) {
	t.Helper()
	for i, outcome := range outcomes {
		_, err := d.Attend(t.Context(), d.as(domain.TeamLeader), Key{}, visitAt(p, fmt.Sprintf("%sT%02d:00:00Z", at, 9+i), outcome))
		require.NoError(t, err)
	}
}

// The figures of a unit are what plainly adding up gives; a small group is hidden, and
// as much beside it as it takes that nobody can work it out.
func TestUnitFigures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		leader := d.as(domain.TeamLeader)
		north, west := must(d.CreateUnit(t.Context(), d.as(domain.Administrator), "Nord")), must(d.CreateUnit(t.Context(), d.as(domain.Administrator), "Vest"))
		of := map[string][]domain.Plan{"Varde": d.began(t, d.unit.ID, 8, "2026-01-05"), "Nord": d.began(t, north.ID, 3, "2026-01-05"), "Vest": d.began(t, west.ID, 6, "2026-01-12")}
		for _, plans := range of {
			for _, p := range plans {
				d.came(t, p, "2026-02-03", domain.Attended, domain.NoShow, domain.Excused, domain.Cancelled)
			}
		}
		d.began(t, north.ID, 4, "2026-06-01") // who have not begun yet hide nobody
		for i, reason := range []string{"dropped_out", "completed"} {
			p, on := of["Varde"][i], date("2026-01-19").AddDays(7*i)
			_, err := d.UpdatePlan(t.Context(), leader, p.ID, p.Version, PlanChange{EndDate: &on, EndReason: &reason})
			require.NoError(t, err)
		}
		ask := func(actor domain.Actor, q FiguresAsked) UnitFigures {
			t.Helper()
			f, err := d.UnitFigures(t.Context(), actor, q)
			require.NoError(t, err)
			return f
		}
		all := ask(leader, FiguresAsked{})
		require.Equal(t, []int{2026, 17, 1, 1}, []int{all.Year, all.Courses.Began, all.Courses.Left, all.Courses.Through})
		require.Equal(t, map[string]int64{domain.Attended: 17, domain.NoShow: 17, domain.Excused: 17, domain.Cancelled: 17}, all.Visits.Outcomes)
		came, possible := all.Visits.Came()
		require.Equal(t, []int64{17, 51}, []int64{came, possible})
		shown := map[string]bool{}
		for _, g := range all.Groups {
			shown[g.Name] = !g.Hidden
		}
		require.Equal(t, map[string]bool{"Nord": false, "Vest": false, d.unit.Name: true}, shown, "with only the three of Nord hidden, all less the other two would tell of them")
		require.True(t, all.Vouchers.Hidden, "nobody had one")

		own := leader
		own.UnitID = d.unit.ID
		for _, f := range []UnitFigures{ask(leader, FiguresAsked{UnitID: d.unit.ID}), ask(own, FiguresAsked{}), ask(own, FiguresAsked{Year: 2026})} {
			require.Equal(t, 8, f.Courses.Began)
			require.Len(t, f.Courses.Remaining, 9, "to today, 56 days")
			require.Equal(t, []any{1.0, 8}, []any{f.Courses.Remaining[1].Share, f.Courses.Remaining[1].AtRisk})
			require.InDelta(t, 7.0/8, f.Courses.Remaining[8].Share, 1e-9, "one dropped out after two weeks; who came through takes nothing off")
			require.Equal(t, 6, f.Courses.Remaining[8].AtRisk)
		}
		for _, unit := range []domain.ID{north.ID, west.ID} {
			hidden := ask(leader, FiguresAsked{UnitID: unit})
			require.True(t, hidden.Courses.Hidden && hidden.Visits.Hidden && hidden.Vouchers.Hidden)
			require.Empty(t, hidden.Courses.Remaining)
			require.Empty(t, hidden.Visits.Outcomes)
		}
		require.True(t, ask(leader, FiguresAsked{Year: 2025}).Courses.Hidden)
		_, err := d.UnitFigures(t.Context(), own, FiguresAsked{UnitID: north.ID})
		require.Equal(t, domain.NotFound, domain.KindOf(err))
		refused(t, second(d.UnitFigures(t.Context(), leader, FiguresAsked{Year: 2027})), domain.Invalid, "year")
		_, err = d.UnitFigures(t.Context(), d.as(domain.Finance), FiguresAsked{})
		require.Equal(t, domain.Forbidden, domain.KindOf(err))
	})
}

// What a unit's figures say of vouchers is how soon they were there and how many
// lapsed, under the programme that is asked for.
func TestUnitFiguresOfVouchers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		leader := d.as(domain.TeamLeader)
		other := d.variant(t, "andet-2026")
		for i, plan := range d.began(t, d.unit.ID, 11, "2026-02-02") {
			programme := d.move.ID
			if i >= 6 {
				programme = other.ID
			}
			_, err := d.Enrol(t.Context(), leader, Key{}, Enrol{PlanID: plan.ID, ProgrammeID: programme})
			require.NoError(t, err)
			d.came(t, plan, "2026-02-27", domain.Attended)
			d.came(t, plan, []string{"2026-03-02", "2026-03-01", "2026-02-28"}[i%3], domain.Attended)
		}
		f, err := d.UnitFigures(t.Context(), leader, FiguresAsked{})
		require.NoError(t, err)
		require.Equal(t, HandoutFigures{Vouchers: 11, Earned: 11, Days: 1, SameDay: 4}, f.Vouchers)
		require.Equal(t, 11, f.Courses.Began)
		require.Len(t, f.Groups, 2)
		require.False(t, f.Groups[0].Hidden || f.Groups[1].Hidden)
		first, err := d.UnitFigures(t.Context(), leader, FiguresAsked{ProgrammeID: d.move.ID})
		require.NoError(t, err)
		require.Equal(t, HandoutFigures{Vouchers: 6, Earned: 6, Days: 1, SameDay: 2}, first.Vouchers)
		require.Equal(t, 6, first.Courses.Began)
		require.Equal(t, int64(12), first.Visits.Outcomes[domain.Attended])
		d.time.setDate("2027-03-05")
		_, err = d.Expire(t.Context(), d.home.MunicipalityID)
		require.NoError(t, err)
		f, err = d.UnitFigures(t.Context(), leader, FiguresAsked{Year: 2026})
		require.NoError(t, err)
		require.Equal(t, []int64{11, 11 * 20000}, []int64{f.Vouchers.Lapsed, f.Vouchers.LapsedAmount})
	})
}
