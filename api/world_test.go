package api

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest/leaks"
	"github.com/fasthold/fasthold/vouchers"
	"github.com/fasthold/fasthold/vouchers/code"
	"github.com/fasthold/fasthold/vouchers/keys"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// world is a municipality with everything that the examples of openapi.yaml
// name (its opening comment), made through the use cases. It is Saturday 21
// November 2026, 11:00 at the site.
type world struct {
	t          testing.TB
	store      *store.Store
	service    *vouchers.Service
	access     *access.Service
	settlement *settlement.Service
	server     http.Handler
	metrics    *Metrics
	load       *load
	home       domain.ID
	staff      map[domain.Role]domain.Actor
	tokens     map[domain.Role]string
	signIns    map[domain.Role]string
	names      []string // what the examples say, and what it is here: pairs for a strings.Replacer
	now        time.Time

	visitsOf map[int]access.Visit // the sign-ins of citizens, by their number in the examples
}

var worldTime = time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)

// newWorld makes the world that the examples are of.
func newWorld(t testing.TB, s *store.Store) *world {
	t.Helper()
	w := newUnsettledWorld(t, s)
	w.approvals()
	w.bank(s)
	w.settlements()
	return w
}

// newUnsettledWorld makes one in which nothing is approved in steps, and nothing
// redeemed for the sake of settling it: tests of figures count on that.
func newUnsettledWorld(t testing.TB, s *store.Store) *world {
	t.Helper()
	ring, err := code.ParseKeyRing(code.GenerateKey())
	require.NoError(t, err)
	w := &world{t: t, store: s, now: worldTime, staff: map[domain.Role]domain.Actor{}, tokens: map[domain.Role]string{}, signIns: map[domain.Role]string{}, load: newLoad(1e6)}
	w.visitsOf = map[int]access.Visit{}
	data, err := vault.Parse(keys.Generate(1))
	require.NoError(t, err)
	w.service = vouchers.New(s, ring, data, func() time.Time { return w.now })
	w.access = access.New(s, func() time.Time { return w.now })
	w.metrics = NewMetrics(w.service.Figures, s.Pool)
	t.Cleanup(func() { leaks.Page(counted(w.metrics)) })
	w.settlement = settlement.New(s, func() time.Time { return w.now })
	w.server = searched(ok(New(Options{load: w.load, Service: w.service, Access: w.access, Settlement: w.settlement, Public: &url.URL{Scheme: "https", Host: "gavekort.eksempel.dk"}, Metrics: w.metrics, Log: slog.New(slog.NewJSONHandler(leaks.Log, nil))})))
	home := ok(w.service.Found(t.Context(), "Eksempel Kommune", ""))
	w.home = home.MunicipalityID
	w.is("mun", 1, w.home)
	w.people()
	w.programmes()
	w.plans()
	w.moves()
	w.hats()
	w.vouchers()
	w.shops()
	w.payments()
	w.citizens()
	w.emergencies()
	w.budgets()
	w.records()
	w.reports()
	w.accounts(s)
	return w
}

// ok gives a use case's result, which must be there.
func ok[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func example(prefix string, n int) string {
	return fmt.Sprintf("%s_01920000000070008000%012d", prefix, n)
}

// is says which thing here the examples call prefix …n.
func (w *world) is(prefix string, n int, id domain.ID) {
	w.names = append(w.names, example(prefix, n), show(prefix, id))
}

func (w *world) as(role domain.Role) domain.Actor { return w.staff[role] }

// here puts what the examples say into the words of this world.
func (w *world) here(text string) string { return strings.NewReplacer(w.names...).Replace(text) }

// find gives the thing here that the examples call prefix …n.
func (w *world) find(prefix string, n int) domain.ID {
	i, there := parse(prefix, w.here(example(prefix, n)))
	require.True(w.t, there)
	return i
}

// programmes makes versions 1 adopted, 2 and 3 drafts, 4 and 5 adopted, the
// last of which proposes.
func (w *world) programmes() {
	ctx, leader, text := w.t.Context(), w.as(domain.TeamLeader), string(ok(rules.Preset("move-2026")))
	for n, slug := range []string{"move-2026", "draft-2026", "ending-2026", "proposes-2026"} {
		w.is("prg", n+1, ok(w.service.CreateProgramme(ctx, leader, vouchers.ProgrammeInput{Slug: slug, Title: rules.Text{DA: slug, EN: slug}})).ID)
	}
	proposes := strings.Replace(text, "mode: automatic", "mode: proposes", 1)
	require.NotEqual(w.t, text, proposes)
	for n, v := range []struct {
		programme int
		slug      string
		text      string
		adopted   bool
	}{{1, "move-2026", text, true}, {1, "move-2026", text, false}, {2, "draft-2026", text, false}, {3, "ending-2026", text, true}, {4, "proposes-2026", proposes, true}} {
		draft := ok(w.service.DraftVersion(ctx, w.as(domain.Administrator), w.find("prg", v.programme), []byte(strings.Replace(v.text, "move-2026", v.slug, 1))))
		w.is("ver", n+1, draft.ID)
		if v.adopted {
			ok(w.service.AdoptVersion(ctx, leader, draft.ID, 0, vouchers.Adoption{
				AdoptedBy: "Byrådet", AdoptedOn: domain.Date{Year: 2025, Month: 12, Day: 10}, InForceFrom: domain.Date{Year: 2026, Month: 1, Day: 1},
			}))
		}
	}
}

// plan makes plan n, enrolled in a version unless that is 0. The first is that of
// citizen 1, the others have citizens of their own.
func (w *world) plan(n, version int) (plan domain.ID, enrolment domain.ID) {
	ctx, worker, citizen := w.t.Context(), w.as(domain.Caseworker), w.find("cit", 1)
	if n > 1 {
		citizen = ok(w.service.CreateCitizen(ctx, worker, vouchers.CitizenInput{
			UnitID: w.find("unt", 1), Reference: fmt.Sprintf("C-%d", n), BirthDate: domain.Date{Year: 1999, Month: 2, Day: 28},
		})).ID
	}
	p := ok(w.service.CreatePlan(ctx, worker, vouchers.PlanInput{
		CitizenID: citizen, Reference: fmt.Sprintf("P-%d", 1000+n), AssessmentDate: domain.Date{Year: 2026, Month: 9, Day: 28},
		AssessmentReference: "SAG-1", StartDate: domain.Date{Year: 2026, Month: 10, Day: 1},
	}))
	w.is("pln", n, p.ID)
	if version > 0 {
		enrolment = ok(w.service.Enrol(ctx, worker, vouchers.Key{}, vouchers.Enrol{PlanID: p.ID, VersionID: w.find("ver", version)})).Value.Enrolment.ID
	}
	return p.ID, enrolment
}

// visits records that n visits of a plan took place, one a day.
func (w *world) visits(plan domain.ID, n int) (results []vouchers.Attended) {
	for day := range n {
		results = append(results, ok(w.service.Attend(w.t.Context(), w.as(domain.Caseworker), vouchers.Key{}, vouchers.Visit{
			PlanID: plan, OccurredAt: time.Date(2026, 10, 5+day, 9, 0, 0, 0, time.UTC), Kind: "individual", Outcome: domain.Attended,
		})).Value)
	}
	return results
}

func (w *world) plans() {
	ctx, worker := w.t.Context(), w.as(domain.Caseworker)
	first, enrolment := w.plan(1, 1)
	w.is("enr", 1, enrolment)
	for n := range 2 {
		w.is("gol", n+1, ok(w.service.CreateGoal(ctx, worker, first, vouchers.GoalInput{Wording: "Jeg møder op."})).ID)
	}
	for n, at := range []time.Time{worldTime.AddDate(0, 0, -7), worldTime.Add(-time.Hour), worldTime.AddDate(0, 0, 7)} {
		w.is("ses", n+1, ok(w.service.PlanSessions(ctx, worker, first, vouchers.SessionsInput{StartsAt: at, Kind: "individual"}))[0].ID)
	}
	attended := ok(w.service.Attend(ctx, worker, vouchers.Key{}, vouchers.Visit{PlanID: first, SessionID: w.find("ses", 1), Outcome: domain.Attended}))
	w.is("att", 1, attended.Value.Attendance.AttendanceID)
	second, _ := w.plan(2, 1)
	for n, visit := range w.visits(second, 2) {
		w.is("att", n+2, visit.Attendance.AttendanceID)
	}
	w.plan(3, 0)
	resting, _ := w.plan(9, 0)
	for n, in := range []vouchers.PauseInput{
		{Reason: domain.Closure, FirstDay: domain.Date{Year: 2026, Month: 10, Day: 5}, LastDay: domain.Date{Year: 2026, Month: 10, Day: 11}},
		{Reason: domain.ResidentialCare, FirstDay: domain.Date{Year: 2026, Month: 11, Day: 2}},
	} {
		w.is("pau", n+1, ok(w.service.CreatePause(ctx, worker, vouchers.Key{}, resting, in)).Value.Pause.ID)
	}
	w.plan(4, 0)
	_, enrolment = w.plan(5, 1)
	w.is("enr", 2, enrolment)
	proposed, _ := w.plan(6, 5)
	n := 2
	for _, visit := range w.visits(proposed, 4) {
		for _, a := range visit.Awards {
			w.is("awd", n, a.ID)
			n++
		}
	}
	for n := range 2 {
		_, enrolment = w.plan(13+n, 1)
		w.is("enr", 5+n, enrolment)
	}
	w.is("awd", 4, ok(w.service.ProposeGrant(ctx, w.as(domain.TeamLeader), vouchers.Key{}, vouchers.GrantInput{
		EnrolmentID: w.find("enr", 6), Amount: 10000, Grounds: "Mødte op alligevel.", Evidence: "SAG-2",
	})).Value.Award.ID)
}

// moves makes a programme with a version for October and one from November on,
// and two enrolments in the first.
func (w *world) moves() {
	ctx, leader, text := w.t.Context(), w.as(domain.TeamLeader), strings.Replace(string(ok(rules.Preset("move-2026"))), "move-2026", "moving-2026", 1)
	programme := ok(w.service.CreateProgramme(ctx, leader, vouchers.ProgrammeInput{Slug: "moving-2026", Title: rules.Text{DA: "m", EN: "m"}})).ID
	w.is("prg", 11, programme)
	november := domain.Date{Year: 2026, Month: 11, Day: 1}
	for n, adoption := range []vouchers.Adoption{{InForceFrom: domain.Date{Year: 2026, Month: 1, Day: 1}, InForceTo: november.AddDays(-1)}, {InForceFrom: november}} {
		adoption.AdoptedBy, adoption.AdoptedOn = "Byrådet", domain.Date{Year: 2025, Month: 12, Day: 10}
		draft := ok(w.service.DraftVersion(ctx, w.as(domain.Administrator), programme, []byte(strings.Replace(text, "constant: 20000", fmt.Sprint("constant: ", 20000+5000*n), 1))))
		w.is("ver", 11+n, ok(w.service.AdoptVersion(ctx, leader, draft.ID, 0, adoption)).ID)
	}
	for n := range 2 {
		plan, enrolment := w.plan(11+n, 11)
		w.is("enr", 11+n, enrolment)
		w.visits(plan, 1)
	}
}

// vouchers makes vouchers 1 to 8: the first six of one plan, and two for shops
// to redeem.
func (w *world) vouchers() {
	var made []domain.Voucher
	for n, visits := range []int{12, 4} {
		plan, enrolment := w.plan(7+n, 1)
		w.is("enr", 3+n, enrolment)
		for _, result := range w.visits(plan, visits) {
			made = append(made, result.Vouchers...)
		}
	}
	require.Len(w.t, made, 8)
	w.is("awd", 1, made[0].AwardID)
	for n, v := range made {
		w.is("vch", n+1, v.ID)
	}
	ok(w.service.Block(w.t.Context(), w.as(domain.Caseworker), w.find("vch", 3), "Tabt."))
	w.names = append(w.names, "7AAA-AAAA-AAAA-AAAA-AAA1", w.code(1), "7AAA-AAAA-AAAA-AAAA-AAA6", w.code(6), "2026-7K3QX-M4T9B", made[0].Serial)
}

// code gives the secret of voucher n.
func (w *world) code(n int) string {
	_, secret, err := w.service.Reveal(w.t.Context(), w.as(domain.Caseworker), "getVoucherCode", w.find("vch", n))
	require.NoError(w.t, err)
	return secret.Reveal()
}

// inBrowsers are the paths of what only a browser can ask for.
var inBrowsers = map[string]bool{"DELETE /v1/sign-in": true, "POST /v1/sign-in/assignment": true}

// send sends a request to the world as a role; "" is nobody. What only a browser
// can ask for goes with the cookie of a sign-in, if the role has a person.
func (w *world) send(role domain.Role, r *http.Request) *httptest.ResponseRecorder {
	switch {
	case role == "":
	case role == domain.CitizenRole:
		r.AddCookie(w.ownCookie(r))
	case inBrowsers[r.Method+" "+r.URL.Path] && role != domain.PartnerRole:
		r.AddCookie(auth.Cookie(auth.StaffCookie, w.signedIn(role), time.Time{}))
	default:
		r.Header.Set("Authorization", "Bearer "+w.tokens[role])
	}
	answer := httptest.NewRecorder()
	w.server.ServeHTTP(answer, r)
	return answer
}

// newest is the newest audit entry: it differs when anything was changed.
func (w *world) newest() domain.ID {
	l, err := w.service.AuditEntries(context.WithoutCancel(w.t.Context()), w.as(domain.Auditor), store.Page{Limit: 1}, vouchers.AuditFilter{})
	require.NoError(w.t, err)
	return l.Rows[0].ID
}

// body makes a request's body of text; "" is none.
func body(text string) io.Reader {
	if text == "" {
		return nil
	}
	return strings.NewReader(text)
}
