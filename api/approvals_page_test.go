package api

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// waiting adds a citizen who earned an award so many days ago, which waits for
// approval.
func (w *world) waiting(name string, days int) domain.Award {
	w.t.Helper()
	defer func(now time.Time) { w.now = now }(w.now)
	w.now = w.now.AddDate(0, 0, -days)
	ctx, worker := w.t.Context(), w.as(domain.Caseworker)
	citizen := ok(w.service.CreateCitizen(ctx, worker, vouchers.CitizenInput{UnitID: w.find("unt", 1), Reference: "V-" + name, Name: name, BirthDate: domain.Date{Year: 1990, Month: 1, Day: 1}}))
	plan := ok(w.service.CreatePlan(ctx, worker, vouchers.PlanInput{
		CitizenID: citizen.ID, Reference: "VP-" + name, AssessmentDate: domain.Date{Year: 2026, Month: 9, Day: 28}, AssessmentReference: "SAG-1", StartDate: domain.Date{Year: 2026, Month: 10, Day: 1},
	}))
	ok(w.service.Enrol(ctx, worker, vouchers.Key{}, vouchers.Enrol{PlanID: plan.ID, VersionID: w.find("ver", 5)}))
	return w.visits(plan.ID, 2)[1].Awards[0]
}

// awarded gives an award as it is now.
func (w *world) awarded(id domain.ID) domain.Award {
	return ok(w.service.Award(w.t.Context(), w.as(domain.TeamLeader), id))
}

// The team leader's day in a real browser: what waits is decided one by one and several at once; what cannot be says why beside its row.
func TestApprovalsInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newUnsettledWorld(t, s)
		anna, bo, carl, dina := w.waiting("Anna Nielsen", 9), w.waiting("Bo Jensen", 3), w.waiting("Carl Hansen", 1), w.waiting("Dina Møller", 0)
		issued := w.awarded(w.find("awd", 1))
		held := ok(w.service.ProposeWithholding(t.Context(), w.as(domain.Caseworker), vouchers.Key{}, vouchers.WithholdingInput{AwardID: ok(w.service.Awards(t.Context(), w.as(domain.TeamLeader), store.Page{Limit: 9}, vouchers.AwardFilter{EnrolmentID: issued.EnrolmentID})).Rows[0].ID, Reason: "Besøget var en andens.", Evidence: "SAG-7"})).Value
		address := w.serves(t)
		browser := w.browser(t, address, domain.TeamLeader)
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		looks := looker(t, browser)
		focus := func(a domain.Award) chromedp.Action {
			return chromedp.Poll(`document.activeElement.closest("li")?.id === "`+show("awd", a.ID)+`"`, nil)
		}
		press := func(a domain.Award, text string) chromedp.Action {
			return browsertest.PressIn(rowOf("awd", a.ID), text)
		}
		says := func(a domain.Award, text string) chromedp.Action { return browsertest.Reads(rowOf("awd", a.ID), text) }
		run(chromedp.Navigate(address+"/"), browsertest.Heading("Godkendelser"))
		looks("leader-approvals")

		run(press(anna, "Godkend"), says(anna, "Godkendt. Gavekortet på 200 kr. er udstedt."), focus(bo))
		run(press(bo, "Afvis …"), browsertest.Fill("r-"+show("awd", bo.ID), "Ikke efter ordningen."), press(bo, "Afvis"), says(bo, "Afvist. Der udstedes intet gavekort for den."), focus(carl))
		run(browsertest.PressIn(rowOf("wth", held.ID), "Hold tilbage"), browsertest.Reads(rowOf("wth", held.ID), "Gavekortet kan ikke længere bruges."))
		looks("leader-approvals-decided")

		run(chromedp.Reload(), browsertest.Heading("Godkendelser"))
		_ = ok(w.service.ProposeWithholding(t.Context(), w.as(domain.Caseworker), vouchers.Key{}, vouchers.WithholdingInput{AwardID: dina.ID, Reason: "Skal ses efter.", Evidence: "SAG-8"}))
		run(browsertest.Tick("c-"+show("awd", carl.ID)), browsertest.Tick("c-"+show("awd", dina.ID)), browsertest.Press("Godkend de valgte"),
			onPage("1 af 2 er afgjort"))
		looks("leader-approvals-many")

		require.Equal(t, []string{domain.AwardIssued, domain.AwardRejected, domain.AwardIssued, domain.AwardProposed}, []string{w.awarded(anna.ID).State, w.awarded(bo.ID).State, w.awarded(carl.ID).State, w.awarded(dina.ID).State})
		require.Equal(t, "Ikke efter ordningen.", w.awarded(bo.ID).Reason.Reveal())
		require.Equal(t, domain.AwardWithheld, w.awarded(held.AwardID).State)
		verified(t, w)
	})
}

// A team leader signs in at the sign-in page, has what waits before them, decides on it
// and signs out.
func TestApprovalsFromTheSignIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o, ctx := newHouse(t, s), t.Context()
		unit := ok(o.service.CreateUnit(ctx, o.system, "Rusmiddelcenter Syd"))
		today := domain.DateOf(o.now(), ok(time.LoadLocation("Europe/Copenhagen")))
		citizen := ok(o.service.CreateCitizen(ctx, o.system, vouchers.CitizenInput{UnitID: unit.ID, Reference: "C-1", Name: "Anna Nielsen", BirthDate: domain.Date{Year: 1990, Month: 1, Day: 1}}))
		plan := ok(o.service.CreatePlan(ctx, o.system, vouchers.PlanInput{CitizenID: citizen.ID, Reference: "P-1", AssessmentDate: today.AddDays(-9), AssessmentReference: "SAG-1", StartDate: today.AddDays(-7)}))
		programme := ok(o.service.CreateProgramme(ctx, o.system, vouchers.ProgrammeInput{Slug: "move-2026", Title: rules.Text{DA: "MOVE", EN: "MOVE"}}))
		draft := ok(o.service.DraftVersion(ctx, o.system, programme.ID, ok(rules.Preset("move-2026"))))
		ok(o.service.AdoptVersion(ctx, o.system, draft.ID, 0, vouchers.Adoption{AdoptedBy: "Byrådet", AdoptedOn: today.AddDays(-30), InForceFrom: today.AddDays(-20)}))
		enrolment := ok(o.service.Enrol(ctx, o.system, vouchers.Key{}, vouchers.Enrol{PlanID: plan.ID, VersionID: draft.ID})).Value.Enrolment
		worker := domain.Actor{MunicipalityID: o.system.MunicipalityID, Person: "anne@eksempel.dk", Role: domain.Caseworker, UnitID: unit.ID, TokenID: store.NewID()}
		proposed := ok(o.service.ProposeGrant(ctx, worker, vouchers.Key{}, vouchers.GrantInput{EnrolmentID: enrolment.ID, Amount: 10000, Grounds: "Hjalp de nye.", Evidence: "SAG-2"})).Value.Award

		browser := browsertest.Open(t, walk(s))
		browsertest.Authenticator(t, browser)
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		const leader = "karen@eksempel.dk"
		ok(o.access.Assign(ctx, o.system, access.AssignmentInput{Person: leader, Role: domain.TeamLeader, UnitID: unit.ID}))
		run(chromedp.Navigate(InvitationLink(o.address, ok(o.access.Invite(ctx, o.system, leader)).Text)), browsertest.Heading("Vælg, hvordan du logger ind"), browsertest.Press("Opret passkey"), browsertest.Heading("Godkendelser"))
		run(o.at("/you"), browsertest.Press("Log ud"), browsertest.Heading("Du er logget ud"))
		run(o.at("/approvals"), browsertest.Heading("Log ind"), browsertest.Press("Log ind med passkey"), browsertest.Heading("Godkendelser"))
		run(browsertest.PressIn(rowOf("awd", proposed.ID), "Godkend"), browsertest.Reads(rowOf("awd", proposed.ID), "Godkendt. Gavekortet på 100 kr. er udstedt."))
		require.Equal(t, leader, ok(o.service.Award(ctx, o.system, proposed.ID)).DecidedBy)
		run(chromedp.Reload(), onPage("Intet venter på dig."))
		run(o.at("/you"), browsertest.Press("Log ud"), browsertest.Heading("Du er logget ud"))
	})
}

// Without script a decision comes back to the page. Sent twice it is done once; what
// is refused is told beside the row, with what was typed kept.
func TestApprovalsByForms(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newUnsettledWorld(t, s)
		anna, bo := w.waiting("Anna Nielsen", 9), w.waiting("Bo Jensen", 3)
		path := func(a domain.Award) string { return "/approvals/" + show("awd", a.ID) }
		form := url.Values{"decision": {"approve"}, "version": {"1"}, "key": {"one"}}.Encode()
		for range 2 {
			answer := w.pressed(domain.TeamLeader, path(anna), form)
			require.Equal(t, 303, answer.Code, answer.Body)
			require.Equal(t, "/approvals?said=approvals_approved", answer.Header().Get("Location"))
		}
		require.Len(t, ok(w.service.Vouchers(t.Context(), w.as(domain.TeamLeader), store.Page{Limit: 9}, vouchers.VoucherFilter{AwardID: anna.ID})).Rows, 1)
		require.Contains(t, w.opened(domain.TeamLeader, "/approvals?said=approvals_approved").Body.String(), danish("said.approvals_approved"))

		for _, headers := range [][]string{nil, {"HX-Request", "true"}} {
			answer := w.pressed(domain.TeamLeader, path(bo), url.Values{"decision": {"reject"}, "version": {"1"}, "reason": {" "}, "key": {"two"}}.Encode(), headers...)
			require.Equal(t, 422, answer.Code)
			require.Contains(t, answer.Body.String(), `id="r-`+show("awd", bo.ID)+`-wrong"`)
			answer = w.pressed(domain.TeamLeader, path(bo), url.Values{"decision": {"reject"}, "version": {"7"}, "reason": {"Mangler bilag"}, "key": {"three"}}.Encode(), headers...)
			require.Equal(t, 412, answer.Code)
			require.Contains(t, answer.Body.String(), danish("approvals.why.stale"))
			require.Contains(t, answer.Body.String(), "Mangler bilag", "kept")
			answer = w.pressed(domain.TeamLeader, path(anna), url.Values{"decision": {"approve"}, "version": {"1"}, "key": {"four"}}.Encode(), headers...)
			require.Equal(t, 409, answer.Code)
			require.Contains(t, answer.Body.String(), danish("approvals.why.wrong_state"))
			require.Equal(t, headers == nil, strings.Contains(answer.Body.String(), "<html"), "a part for htmx, a page for who has no script")
		}
		answer := w.pressed(domain.TeamLeader, "/approvals", "decision=approve&key=five")
		require.Equal(t, 422, answer.Code)
		require.Contains(t, answer.Body.String(), danish("approvals.choose_some"))
		own := w.find("awd", 4)
		shown := w.opened(domain.TeamLeader, "/approvals").Body.String()
		require.Contains(t, shown, danish("approvals.why.own_proposal"))
		require.NotContains(t, shown, `action="/approvals/`+show("awd", own), "nobody is offered to approve their own")
		require.Equal(t, 403, w.pressed(domain.TeamLeader, "/approvals/"+show("awd", own), form).Code)
		for _, wrong := range []string{"/approvals/awd_x", "/approvals/x"} {
			require.Equal(t, 404, w.pressed(domain.TeamLeader, wrong, form).Code)
		}
		require.Equal(t, 404, w.opened(domain.TeamLeader, "/approvals?after=x").Code)
		require.Equal(t, 404, w.pressed(domain.TeamLeader, "/approvals", "decision=approve&chosen=x&key=six").Code)
		require.Equal(t, 403, w.opened(domain.Finance, "/approvals").Code)

		old := w.signIn(domain.TeamLeader)
		w.now = w.now.Add(domain.FreshFor)
		answer = w.ask(posted(t, path(bo), url.Values{"decision": {"reject"}, "version": {"1"}, "reason": {"Mangler bilag"}, "key": {"seven"}}), old)
		require.Equal(t, 403, answer.Code)
		require.Contains(t, answer.Body.String(), `href="/prove?return=`)
		require.Contains(t, answer.Body.String(), "Mangler bilag", "kept while one proves who one is")
		answer = w.ask(posted(t, "/approvals", url.Values{"decision": {"approve"}, "key": {"eight"}}), old)
		require.Equal(t, 422, answer.Code)
		require.NotContains(t, answer.Body.String(), `href="/prove?return=`, "nobody is asked to prove who they are for nothing")
		verified(t, w)
	})
}

// A deputy is told for whom they decide, and until when; and the queue goes on where
// its first page ends.
func TestApprovalsOfADeputy(t *testing.T) {
	w := newUnsettledWorld(t, storetest.Open(t, storetest.SQLite(t)))
	for range 51 {
		w.waiting("Borger "+store.NewID().String(), 2)
	}
	const vikar = "vikar@eksempel.dk"
	ok(w.access.Assign(t.Context(), w.system(), access.AssignmentInput{Person: vikar, Role: domain.TeamLeader, UnitID: w.find("unt", 2)}))
	today := domain.Date{Year: 2026, Month: 11, Day: 21}
	ok(w.service.CreateDeputy(t.Context(), w.as(domain.TeamLeader), vouchers.DeputyInput{Deputy: vikar, FirstDay: today, LastDay: today.AddDays(9)}))
	w.signIns[domain.TeamLeader] = ok(w.access.SignIn(t.Context(), w.home, access.Proof{Person: vikar, Method: "passkey"})).Text
	page := w.opened(domain.TeamLeader, "/approvals").Body.String()
	require.True(t, strings.Contains(inLine(page), "for team_leader@eksempel.dk til og med 30-11-2026"), "for whom, and until when")
	require.Equal(t, 50, strings.Count(page, "data-open"))
	_, next, _ := strings.Cut(page, `href="/approvals?after=`)
	next, _, _ = strings.Cut(next, `"`)
	page = w.opened(domain.TeamLeader, "/approvals?after="+next).Body.String()
	require.Equal(t, 3, strings.Count(page, "data-open"), "and two that were there before")
}
