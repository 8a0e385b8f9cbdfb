package api

import (
	"net/http"
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

// saves lets weeks pass in which a citizen comes and uses no voucher.
func (w *world) saves(l lived, weeks int) {
	for range weeks {
		for range 2 {
			w.now = w.now.AddDate(0, 0, 3)
			ok(w.service.Attend(w.t.Context(), w.as(domain.Caseworker), vouchers.Key{}, vouchers.Visit{PlanID: l.plan, OccurredAt: w.now.Add(-time.Minute), Kind: "individual", Outcome: domain.Attended}))
		}
	}
}

// After years the page shows on a phone what can be used first, a few at a time, and
// what was had behind plain links, in both languages: a code is still hidden until it
// is tapped, what is shown is read aloud, and a PIN locks all of it. Paper has a year.
func TestOwnYearsInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newUnsettledWorld(t, s)
		lene := w.lives("Lene", w.lastingProgramme(), 30, 22)
		w.saves(lene, 15)
		made := ok(w.access.CreateCitizenLink(t.Context(), w.as(domain.Caseworker), "createCitizenLink", lene.citizen))
		address, browser := w.serves(t), browsertest.Open(t, browsertest.Phone)
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		var n int
		count := func(what string) int {
			t.Helper()
			run(chromedp.Evaluate(`document.querySelectorAll("`+what+`").length`, &n))
			return n
		}
		run(chromedp.Navigate(address+"/me#"+made.Text), browsertest.Heading("Dine gavekort"))
		for _, lang := range []web.Lang{web.Danish, web.English} {
			text := func(key string) string { return browsertest.Name(web.Text(lang, key)) } // whatever the walk
			run(chromedp.Navigate(address+"/me?lang="+string(lang)), browsertest.Heading(text("me.title")))
			require.Equal(t, 6, count(".voucher"))
			require.Zero(t, count("details[open]"))
			run(browsertest.Click(`.voucher .code summary`), chromedp.WaitVisible(".code[open] svg", chromedp.ByQuery))
			run(browsertest.Press(text("me.voucher.more")), chromedp.WaitVisible(".back-link", chromedp.ByQuery))
			require.Equal(t, 6, count(".voucher"))
			require.Zero(t, count("details[open]"))
			run(chromedp.Navigate(address+"/me"), browsertest.Heading(text("me.title")), chromedp.Click(`//summary[contains(., "`+web.Text(lang, "me.had")+`")]`, chromedp.BySearch), chromedp.WaitVisible("ul.had", chromedp.ByQuery))
			require.Equal(t, 6, count("section details > ul.had > li"))
			browsertest.Look(t, browser, "me-years-"+string(lang))
			run(browsertest.Press(text("me.more")), browsertest.Heading(text("me.had")))
			require.Equal(t, 25, count("section > ul.had > li"))
			require.Positive(t, count("section > ul.had [data-say]"))
			browsertest.Look(t, browser, "me-history-"+string(lang))
			run(browsertest.Press(text("me.more")), chromedp.WaitVisible("ul.had .had", chromedp.ByQuery))
			run(browsertest.Press(text("me.title")), browsertest.Heading(text("me.title")), browsertest.Press(text("me.paper")), chromedp.WaitVisible("nav.years strong", chromedp.ByQuery))
			browsertest.Look(t, browser, "me-years-paper-"+string(lang))
			run(browsertest.Press("2026"), chromedp.WaitVisible(`//h2[contains(., "2026")]`, chromedp.BySearch))
			require.Zero(t, count(".held"))
		}
		again := ok(w.access.CreateCitizenLink(t.Context(), w.as(domain.Caseworker), "createCitizenLink", lene.citizen))
		lene.visit = ok(w.access.ExchangeCitizenLink(t.Context(), again.Text, ""))
		for _, path := range []string{"/me", "/me/history", "/me/paper", "/me/paper?year=2026"} {
			answer := w.browses(lene.visit, http.MethodGet, path)
			require.Equal(t, http.StatusOK, answer.Code, answer.Body)
			silent(t, answer.Body.String())
		}
		for _, wrong := range []string{"/me?after=x", "/me/paper?year=x", "/me/history?cursor=x"} {
			require.Contains(t, []int{http.StatusNotFound, http.StatusBadRequest}, w.browses(lene.visit, http.MethodGet, wrong).Code, wrong)
		}
		leadsTo(t, w.browses(lene.visit, http.MethodPost, "/me/pin", "pin", "25804193"), "/me?said=own_pin")
		require.Contains(t, w.browses(lene.visit, http.MethodGet, "/me/history").Body.String(), "data-pin")
		w.now = w.now.Add(15 * time.Minute)
		for _, path := range []string{"/me/history", "/me/paper?year=2026"} {
			leads(t, w.browses(lene.visit, http.MethodGet, path), "pin_required")
		}
		verified(t, w)
	})
}
