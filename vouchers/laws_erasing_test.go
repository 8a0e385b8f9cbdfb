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

// Whatever happens in whatever order, the job erases everybody who is due, and nobody
// else.
func TestLawsOfErasing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		rapid.Check(t, func(r *rapid.T) {
			if rapid.IntRange(0, 11).Draw(r, "played when 0") > 0 {
				return
			}
			d := &leavers{story: newStory(t, s), t: t, closed: map[domain.ID]domain.Date{}, kept: map[domain.ID]domain.Date{}, live: map[domain.ID]int{}, gone: map[domain.ID]bool{}}
			r.Repeat(d.verbs())
			require.Empty(r, must(d.Verify(t.Context(), d.home.MunicipalityID)).Differences)
		})
	})
}

// leavers are citizens who come and go, and what a test knows of them.
type leavers struct {
	story
	t            *testing.T
	plans        []domain.Plan // that run
	closed, kept map[domain.ID]domain.Date
	live         map[domain.ID]int // vouchers by citizen
	gone         map[domain.ID]bool
	vouchers     []domain.Voucher
	of           []domain.ID // whose those are
	period       domain.Erasure
	citizens     []domain.ID
	begun        int // plans
}

func (l *leavers) today() domain.Date {
	return domain.DateOf(l.time.now(), must(time.LoadLocation("Europe/Copenhagen")))
}

func (l *leavers) verbs() map[string]func(*rapid.T) {
	ctx, worker := l.t.Context(), l.as(domain.Caseworker)
	pass := func(r *rapid.T) {
		l.time.add(time.Duration(rapid.SampledFrom([]int{1, 20, 100, 200}).Draw(r, "days")) * 24 * time.Hour)
		must(l.Expire(ctx, l.home.MunicipalityID))
		for i, v := range l.vouchers {
			if l.live[l.of[i]] > 0 && l.reread(l.t, v).State == domain.Expired && !l.gone[v.ID] {
				l.gone[v.ID] = true
				l.live[l.of[i]]--
			}
		}
	}
	return map[string]func(*rapid.T){
		"comes": func(r *rapid.T) {
			n := len(l.citizens)
			if n == 8 || n >= 4 && !l.gone[l.citizens[n-4]] {
				r.Skip("enough")
			}
			c := l.citizen(l.t, fmt.Sprint("B-L", n%4)) // the reference of somebody who was erased is free again
			l.citizens = append(l.citizens, c.ID)
			l.closed[c.ID] = l.today()
		},
		"begins": func(r *rapid.T) {
			id := oneOf(r, l.citizens)
			l.begun++
			p, err := l.CreatePlan(ctx, worker, PlanInput{CitizenID: id, Reference: fmt.Sprint("P-L", l.begun), AssessmentDate: l.today(), AssessmentReference: "S", StartDate: l.today()})
			if l.gone[id] {
				require.Equal(r, "erased", domain.CodeOf(err))
				return
			}
			require.NoError(r, err)
			l.plans = append(l.plans, p)
			delete(l.closed, id)
		},
		"earns": func(r *rapid.T) {
			p := oneOf(r, l.plans)
			_, err := l.Enrol(ctx, worker, Key{}, Enrol{PlanID: p.ID, ProgrammeID: l.move.ID, StartDate: p.StartDate})
			if err != nil {
				r.Skip("is in it")
			}
			for i := range 2 {
				a := must(l.Attend(ctx, worker, Key{}, Visit{PlanID: p.ID, OccurredAt: l.time.now().Add(-time.Duration(i+1) * time.Minute), Kind: "group", Outcome: domain.Attended})).Value
				for _, v := range a.Vouchers {
					l.vouchers, l.of = append(l.vouchers, v), append(l.of, p.CitizenID)
					l.live[p.CitizenID]++
				}
			}
		},
		"ends": func(r *rapid.T) {
			i := rapid.IntRange(0, max(0, len(l.plans)-1)).Draw(r, "which")
			if len(l.plans) == 0 {
				r.Skip("none runs")
			}
			p := must(l.Plan(ctx, worker, l.plans[i].ID))
			must(l.UpdatePlan(ctx, worker, p.ID, p.Version, PlanChange{EndDate: new(p.StartDate), EndReason: new("other")}))
			l.plans = append(l.plans[:i:i], l.plans[i+1:]...)
			for _, other := range l.plans {
				if other.CitizenID == p.CitizenID {
					return
				}
			}
			l.closed[p.CitizenID] = l.today()
		},
		"sets": func(r *rapid.T) {
			months := rapid.SampledFrom([]int{0, 7, 9, 12}).Draw(r, "months")
			l.period = l.period.Changed(months, l.today())
			require.Equal(r, l.period, l.asksFor(l.t, months).Erasure)
		},
		"keeps": func(r *rapid.T) {
			id, until := oneOf(r, l.citizens), l.today().AddDays(rapid.IntRange(0, 400).Draw(r, "for"))
			c := must(l.Citizen(ctx, worker, id))
			if err := second(l.Keep(ctx, l.as(domain.TeamLeader), id, c.Version, KeepInput{Until: until, Reason: "x"})); err == nil {
				l.kept[id] = until
			}
		},
		"days pass": pass, "days pass2": pass, "days pass3": pass,
		"": func(r *rapid.T) {
			want := 0
			for id, closed := range l.closed {
				day := l.period.Day(closed)
				if !day.IsZero() && !l.today().Before(day) && l.live[id] == 0 && l.kept[id].Before(l.today()) {
					l.gone[id] = true
					delete(l.closed, id)
					want++
				}
			}
			n, err := l.EraseDue(ctx, l.home.MunicipalityID)
			require.NoError(r, err)
			require.Equal(r, want, n)
			for _, id := range l.citizens {
				c := must(l.Citizen(ctx, worker, id))
				require.Equal(r, []bool{l.gone[id], l.gone[id]}, []bool{l.isErased(l.t, id), c.Erased() && c.Reference == c.Pseudonym()})
			}
		},
	}
}
