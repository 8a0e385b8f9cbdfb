package api

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// courses adds people whose courses began in a unit, a week apart, of whom every
// fourth dropped out, and who came to three sessions of four.
func (w *world) courses(unit domain.ID, people int, start domain.Date) {
	w.t.Helper()
	ctx, leader := w.t.Context(), w.as(domain.TeamLeader)
	for n := range people {
		name, first := fmt.Sprintf("K-%s-%d", unit, n), start.AddDays(7*n)
		citizen := ok(w.service.CreateCitizen(ctx, leader, vouchers.CitizenInput{UnitID: unit, Reference: name, BirthDate: domain.Date{Year: 1990, Month: 1, Day: 1}}))
		plan := ok(w.service.CreatePlan(ctx, leader, vouchers.PlanInput{CitizenID: citizen.ID, Reference: "P" + name, AssessmentDate: first.AddDays(-7), AssessmentReference: "SAG-1", StartDate: first}))
		ok(w.service.Enrol(ctx, leader, vouchers.Key{}, vouchers.Enrol{PlanID: plan.ID, VersionID: w.find("ver", 1)}))
		for i, outcome := range []string{domain.Attended, domain.Attended, domain.NoShow, domain.Attended} {
			at := first.AddDays(7 * i).In(time.UTC).Add(10 * time.Hour)
			ok(w.service.Attend(ctx, leader, vouchers.Key{}, vouchers.Visit{PlanID: plan.ID, OccurredAt: at, Kind: "individual", Outcome: outcome}))
		}
		if n%4 == 1 {
			on, why := first.AddDays(30+4*n), "dropped_out"
			ok(w.service.UpdatePlan(ctx, leader, plan.ID, plan.Version, vouchers.PlanChange{EndDate: &on, EndReason: &why}))
		}
	}
}

// A team leader reads in a real browser how treatment goes, in a picture and in a table
// that says the same; of a small unit nothing is told.
func TestTreatmentInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newUnsettledWorld(t, s)
		w.courses(w.find("unt", 1), 16, domain.Date{Year: 2026, Month: 2, Day: 2})
		w.courses(w.find("unt", 2), 3, domain.Date{Year: 2026, Month: 3, Day: 2})
		w.courses(ok(w.service.CreateUnit(t.Context(), w.system(), "Dagbehandlingen")).ID, 6, domain.Date{Year: 2026, Month: 4, Day: 7})
		address := w.serves(t)
		browser := w.browser(t, address, domain.TeamLeader)
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		looks := looker(t, browser)
		var said, row, page string
		run(chromedp.Navigate(address+"/"), browsertest.Press("Tal"), browsertest.Heading("Tal fra behandlingen"), chromedp.Text("section .font-lead", &said, chromedp.ByQuery))
		require.Regexp(t, `(er|start,) 8`, said, "of all courses, the few that dropped out are missing")
		run(browsertest.Unfold("Vis som tabel"), chromedp.WaitVisible("details[open] table", chromedp.ByQuery), chromedp.Text("details[open] tbody tr:last-child", &row, chromedp.ByQuery))
		cells := strings.Fields(row)
		require.Contains(t, said, cells[0]+map[web.Lang]string{web.Danish: " uger efter start", web.English: " weeks after the start"}[browsertest.Walked(browser).Lang], "the table ends where the sentence does")
		require.Contains(t, said, cells[1])
		run(chromedp.OuterHTML("main", &page, chromedp.ByQuery))
		require.Equal(t, 2, strings.Count(page, ">"+web.Text(walk(s).Lang, "treatment.hidden")+"<"), "a small unit, and one by which it could be worked out")
		looks("leader-figures")
		run(browsertest.Fill("unit", show("unt", w.find("unt", 2))), browsertest.Press("Vis"), onPage(danish("treatment.few")), chromedp.OuterHTML("main", &page, chromedp.ByQuery))
		require.NotContains(t, page, "<svg class=\"chart\"")
		looks("leader-figures-few")
		verified(t, w)
	})
}

// An address that names no year, unit or programme there is leads nowhere, and who
// does not treat anybody has no figures of treatment. To read them is to read of nobody.
func TestTreatmentAsked(t *testing.T) {
	w := newUnsettledWorld(t, storetest.Open(t, storetest.SQLite(t)))
	for path, status := range map[string]int{
		"": 200, "?year=2025": 200, "?year=2026&programme=" + show("prg", w.find("prg", 1)): 200, "?unit=&programme=": 200,
		"?year=x": 404, "?year=0": 404, "?year=2027": 404, "?year=1999": 404, "?unit=x": 404, "?programme=" + show("prg", store.NewID()): 404,
	} {
		require.Equal(t, status, w.opened(domain.TeamLeader, "/figures"+path).Code, path)
	}
	require.Equal(t, 403, w.opened(domain.Finance, "/figures").Code)
	require.Empty(t, w.accesses("listAttendances"))
}
