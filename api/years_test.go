package api

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// lived is a citizen with a past.
type lived struct {
	visit    access.Visit
	citizen  domain.ID
	first    domain.ID // the first plan
	plan     domain.ID // that runs
	sessions []domain.Session
	vouchers []domain.Voucher
}

// lastingProgramme is move-2026 for whoever stays for years.
func (w *world) lastingProgramme() domain.ID {
	ctx := w.t.Context()
	text := strings.NewReplacer("move-2026", "aar-2026", "days: 140", "days: 2500", "count: 6", "count: 900").Replace(string(ok(rules.Preset("move-2026"))))
	p := ok(w.service.CreateProgramme(ctx, w.as(domain.TeamLeader), vouchers.ProgrammeInput{Slug: "aar-2026", Title: rules.Text{DA: "aar", EN: "aar"}}))
	v := ok(w.service.DraftVersion(ctx, w.as(domain.Administrator), p.ID, []byte(text)))
	day := domain.DateOf(w.now, time.UTC)
	ok(w.service.AdoptVersion(ctx, w.as(domain.TeamLeader), v.ID, v.Version, vouchers.Adoption{AdoptedBy: "Byrådet", AdoptedOn: day, InForceFrom: day}))
	return v.ID
}

// lives makes a citizen with plans of so many weeks, one after the other, of two
// visits a week. Each second visit earns a voucher, which is used up in three goes;
// the last week's is not. The last plan runs, and time goes on.
func (w *world) lives(reference string, version domain.ID, plans ...int) (l lived) {
	w.t.Helper()
	ctx, worker := w.t.Context(), w.as(domain.Caseworker)
	l.citizen = ok(w.service.CreateCitizen(ctx, worker, vouchers.CitizenInput{
		UnitID: w.find("unt", 1), Reference: reference, Name: "Lene " + reference, BirthDate: domain.Date{Year: 1990, Month: 1, Day: 1},
	})).ID
	for i, weeks := range plans {
		start := domain.DateOf(w.now, time.UTC)
		plan := ok(w.service.CreatePlan(ctx, worker, vouchers.PlanInput{
			CitizenID: l.citizen, Reference: fmt.Sprintf("%s-%d", reference, i), AssessmentDate: start, AssessmentReference: "SAG-1", StartDate: start,
		}))
		ok(w.service.Enrol(ctx, worker, vouchers.Key{}, vouchers.Enrol{PlanID: plan.ID, VersionID: version}))
		for n := range 2 {
			ok(w.service.CreateGoal(ctx, worker, plan.ID, vouchers.GoalInput{Wording: fmt.Sprintf("Mål %d", n)}))
		}
		if l.plan = plan.ID; i == 0 {
			l.first = plan.ID
		}
		for week := 0; week < weeks; week += 100 {
			w.weeks(&l, min(100, weeks-week), i == len(plans)-1 && week+100 >= weeks)
		}
		if i < len(plans)-1 {
			plan = ok(w.service.Plan(ctx, worker, plan.ID))
			day := domain.DateOf(w.now, time.UTC)
			ok(w.service.UpdatePlan(ctx, worker, plan.ID, plan.Version, vouchers.PlanChange{EndDate: &day, EndReason: new("completed")}))
			w.now = w.now.AddDate(0, 0, 7)
		}
	}
	ok(w.service.PlanSessions(ctx, worker, l.plan, vouchers.SessionsInput{StartsAt: w.now.Add(time.Hour), Kind: "individual", Repeat: &vouchers.Repeat{Every: "week", Count: 10}}))
	l.visit = ok(w.access.ExchangeCitizenLink(ctx, ok(w.access.CreateCitizenLink(ctx, worker, "createCitizenLink", l.citizen)).Text, ""))
	return l
}

// weeks lets weeks of the plan pass.
func (w *world) weeks(l *lived, weeks int, last bool) {
	ctx, worker := w.t.Context(), w.as(domain.Caseworker)
	var planned [2][]domain.Session
	for n := range planned {
		planned[n] = ok(w.service.PlanSessions(ctx, worker, l.plan, vouchers.SessionsInput{
			StartsAt: w.now.AddDate(0, 0, 1+2*n), Kind: "individual", Repeat: &vouchers.Repeat{Every: "week", Count: weeks},
		}))
	}
	for week := range weeks {
		for n := range planned {
			session := planned[n][week]
			w.now = session.StartsAt.Add(time.Hour)
			visit := ok(w.service.Attend(ctx, worker, vouchers.Key{}, vouchers.Visit{PlanID: l.plan, SessionID: session.ID, Outcome: domain.Attended})).Value
			l.sessions = append(l.sessions, session)
			for _, v := range visit.Vouchers {
				l.vouchers = append(l.vouchers, v)
				w.spends(v, last && week == weeks-1)
			}
		}
		w.now = w.now.AddDate(0, 0, 4).Truncate(24 * time.Hour).Add(10 * time.Hour)
	}
}

// spends uses a voucher in three goes, or a little of it.
func (w *world) spends(v domain.Voucher, some bool) {
	_, secret, err := w.service.Reveal(w.t.Context(), w.as(domain.Caseworker), "getVoucherCode", v.ID)
	require.NoError(w.t, err)
	for i, amount := range []int64{5000, 7500, 7500} {
		if i > 0 && some {
			return
		}
		ok(w.service.Redeem(w.t.Context(), w.as(domain.PartnerRole), vouchers.Key{}, vouchers.Redeem{Code: secret.Reveal(), Amount: amount, ClientRedemptionID: store.NewID().String()}))
	}
}

// fiveYears are twelve plans of 22 weeks, and one that has just begun.
func fiveYears() []int { return []int{22, 22, 22, 22, 22, 22, 22, 22, 22, 22, 22, 22, 1} }

// ofCitizen are the pages and reads about one citizen, and who asks for them.
func (w *world) ofCitizen(l lived) map[string]func() *httptest.ResponseRecorder {
	citizen, plan := "/citizens/"+show("cit", l.citizen), "?plan="+show("pln", l.plan)
	voucher := "/vouchers/" + show("vch", l.vouchers[len(l.vouchers)-1].ID)
	award := "/records/awards/" + show("awd", l.vouchers[len(l.vouchers)-1].AwardID)
	all := map[string]func() *httptest.ResponseRecorder{}
	for _, path := range []string{"/me", "/me/history", "/me/paper", "/v1/me", "/v1/me/awards", "/v1/me/vouchers"} {
		all[path] = func() *httptest.ResponseRecorder { return w.browses(l.visit, http.MethodGet, path) }
	}
	for name, path := range map[string]string{
		"citizen": citizen, "citizen, plan": citizen + plan, "history": citizen + "/history" + plan, "paper": citizen + "/paper", "visit form": citizen + "/visit",
		"voucher": voucher, "code": voucher + "/code", "link": voucher + "/link", "today": "/today",
	} {
		all[name] = func() *httptest.ResponseRecorder { return w.opened(domain.Caseworker, path) }
	}
	all["record"] = func() *httptest.ResponseRecorder { return w.opened(domain.Finance, award) }
	return all
}

// However long a citizen has been there, and in however many plans, each page of
// theirs asks the database as often as in the first week, and for few rows more than
// a page of what was had needs: what is older is behind a link. Paper has a year.
func TestYearsCostTheSame(t *testing.T) {
	for name, plans := range map[string][]int{"twelve plans": fiveYears(), "one plan": {60}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, line := tapped(t, storetest.Postgres(t))
			w := newUnsettledWorld(t, storetest.Open(t, address))
			version := w.lastingProgramme()
			old, fresh := w.lives("gammel", version, plans...), w.lives("ny", version, 1)
			before := w.ofCitizen(fresh)
			for name, ask := range w.ofCitizen(old) {
				most := int64(150)
				if strings.HasSuffix(name, "paper") {
					most = 300
				}
				trips, rows, size := line.asked(t, ask)
				freshTrips, freshRows, _ := line.asked(t, before[name])
				require.LessOrEqual(t, trips, freshTrips+1, name) // who is signed in may be asked again
				require.LessOrEqual(t, rows, freshRows+most, name)
				require.Less(t, size, 60_000, name)
			}
		})
	}
}

// asked gives what a page asks of the database, and how long it is.
func (w *wire) asked(t *testing.T, ask func() *httptest.ResponseRecorder) (trips, rows int64, size int) {
	t.Helper()
	for range 3 { // statements are prepared, and what is remembered is remembered
		answer := ask()
		require.Equal(t, http.StatusOK, answer.Code, answer.Body)
		size = answer.Body.Len()
	}
	trips, rows = w.during(func() { ask() })
	return trips, rows, size
}

// BenchmarkYears makes the pages of a citizen in the first week, and after five years
// of two visits a week in twelve plans: docs/performance.md has what they cost.
func BenchmarkYears(b *testing.B) {
	for _, dialect := range storetest.Dialects {
		w := newUnsettledWorld(b, storetest.Open(b, dialect.URL(b)))
		version := w.lastingProgramme()
		old, fresh := w.ofCitizen(w.lives("gammel", version, fiveYears()...)), w.ofCitizen(w.lives("ny", version, 1))
		for _, name := range []string{"/me", "/me/history", "/me/paper", "/v1/me", "citizen", "history", "voucher", "today"} {
			for age, pages := range map[string]map[string]func() *httptest.ResponseRecorder{"first week": fresh, "five years": old} {
				b.Run(dialect.Name+"/"+strings.ReplaceAll(strings.Trim(name, "/"), "/", " ")+"/"+age, func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						require.Equal(b, http.StatusOK, pages[name]().Code)
					}
				})
			}
		}
	}
}
