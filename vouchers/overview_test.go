package vouchers

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// TestOverview: what was told of a session and what was not, what is ahead, what
// was earned and what waits; of one plan, and never of another unit's.
func TestOverview(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, ctx := newStory(t, s), t.Context()
		worker := d.as(domain.Caseworker)
		plan, enrolment := d.join(t, "P1", d.move)
		citizen := plan.CitizenID
		sessions := must(d.PlanSessions(ctx, worker, plan.ID, SessionsInput{StartsAt: instant("2026-02-16T09:00:00Z"), Kind: "group", Repeat: &Repeat{Every: "week", Count: 4}}))
		must(d.Attend(ctx, worker, Key{}, Visit{PlanID: plan.ID, SessionID: sessions[0].ID, Outcome: domain.Attended}))
		must(d.Attend(ctx, worker, Key{}, Visit{PlanID: plan.ID, SessionID: sessions[3].ID, Outcome: domain.Excused}))
		d.attended(t, plan, "2026-02-18T09:00:00Z")
		grant := must(d.ProposeGrant(ctx, worker, Key{}, GrantInput{EnrolmentID: enrolment.ID, Amount: 5000, Grounds: "Hjalp til.", Evidence: "SAG-1"})).Value.Award

		o := must(d.Overview(ctx, worker, citizen, domain.ID{}))
		told := func(o Overview) (list []string) {
			for _, x := range o.Past {
				outcome := "missing"
				if x.Attendance != nil {
					outcome = x.Attendance.Outcome
				}
				list = append(list, x.At.Format("02-01 ")+outcome)
			}
			return list
		}
		require.Equal(t, []string{"16-02 attended", "18-02 attended", "23-02 missing", "09-03 excused"}, told(o))
		require.Equal(t, []domain.ID{sessions[2].ID}, ids(o.Ahead, func(x domain.Session) domain.ID { return x.ID }), "the last one was called off")
		require.Equal(t, 1, o.Courses[0].Standing.Progress.Milestones)
		require.NotNil(t, o.Courses[0].Next)
		require.Len(t, o.Live, 1)
		require.Equal(t, []domain.ID{grant.ID}, ids(o.Waiting, func(a domain.Award) domain.ID { return a.ID }))
		require.Equal(t, "Hjalp til.", o.Waiting[0].Grounds.Reveal())

		_, err := d.Overview(ctx, d.elsewhere(t), citizen, domain.ID{})
		require.Equal(t, domain.NotFound, domain.KindOf(err))
		_, err = d.Overview(ctx, worker, citizen, store.NewID())
		require.Equal(t, domain.NotFound, domain.KindOf(err), "a plan of nobody's")
		_, err = d.Timeline(ctx, d.elsewhere(t), plan.ID, ten)
		require.Equal(t, domain.NotFound, domain.KindOf(err))

		var all []domain.ID
		page := store.Page{Limit: 2}
		for more := true; more; {
			l := must(d.Timeline(ctx, worker, plan.ID, page))
			for _, x := range l.Rows {
				all = append(all, x.ID)
			}
			more, page.After = l.More, all[len(all)-1]
		}
		whole := must(d.Timeline(ctx, worker, plan.ID, store.Page{Limit: 99}))
		require.False(t, whole.More)
		require.Equal(t, ids(whole.Rows, func(x Happening) domain.ID { return x.ID }), all, "page by page it is the same")
		require.Len(t, all, 7, "three visits, an enrolment, an award and its voucher, and what was proposed")
	})
}

// yearsOf makes a plan with so many weeks of visits behind it and sessions ahead.
func yearsOf(b testing.TB, s *store.Store, weeks int) (desk, domain.ID) {
	d := newStory(b, s)
	worker := d.as(domain.Caseworker)
	plan, _ := d.join(b, "P1", d.move)
	for week := range weeks {
		at := instant("2026-02-03T09:00:00Z").AddDate(0, 0, 7*week)
		d.time.set(at.Add(time.Hour))
		_, err := d.Attend(b.Context(), worker, Key{}, Visit{PlanID: plan.ID, OccurredAt: at, Kind: "individual", Outcome: domain.Attended})
		require.NoError(b, err)
	}
	must(d.PlanSessions(b.Context(), worker, plan.ID, SessionsInput{StartsAt: d.time.now().AddDate(0, 0, 2), Kind: "individual", Repeat: &Repeat{Every: "week", Count: 10}}))
	return d.desk, plan.CitizenID
}

// BenchmarkOverview reads a citizen on their second week and after five years of
// two visits a week: docs/performance.md has what it cost.
func BenchmarkOverview(b *testing.B) {
	for _, weeks := range []int{2, 520} {
		b.Run(fmt.Sprint(weeks), func(b *testing.B) {
			d, citizen := yearsOf(b, storetest.Open(b, storetest.SQLite(b)), weeks)
			for b.Loop() {
				must(d.Overview(b.Context(), d.as(domain.Caseworker), citizen, domain.ID{}))
			}
		})
	}
}
