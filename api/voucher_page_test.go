package api

import (
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// From the day to the voucher: its code, a link to the citizen, a lost card that is
// blocked and replaced; and the visit corrected, with a reason that is asked for.
func TestVoucherInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		anna := w.daily("Anna Nielsen", 1, worldTime)
		require.NoError(t, w.service.Tap(t.Context(), w.as(domain.Caseworker), anna.ID, domain.Attended))
		w.now = w.now.Add(vouchers.UndoWindow)
		earned := ok(w.service.Appointment(t.Context(), w.as(domain.Caseworker), anna.ID)).Appointments[0].Earned[0].Vouchers[0]
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		looks := looker(t, browser)
		var shown, at string
		run(w.enters(domain.Caseworker, address), chromedp.Navigate(address+"/today"), browsertest.Press("Vis QR"), browsertest.Heading("Vis koden"), chromedp.Text(".typed", &shown, chromedp.ByQuery), chromedp.Location(&at))
		_, secret, err := w.service.Reveal(t.Context(), w.as(domain.Caseworker), "getVoucherCode", earned.ID)
		require.NoError(t, err)
		require.Equal(t, secret.Reveal(), shown)
		require.NotContains(t, at, shown)
		looks("caseworker-voucher-code")
		run(browsertest.Press("Gavekort "+earned.Serial), browsertest.Heading("Gavekort "+earned.Serial))
		looks("caseworker-voucher")

		run(browsertest.Press("Send link"), browsertest.Heading("Send link til borgeren"))
		looks("caseworker-voucher-link")
		run(browsertest.Press("Lav et link"), chromedp.WaitVisible(".qr svg", chromedp.ByQuery), chromedp.Location(&at))
		require.Regexp(t, "/citizens/cit_[0-9a-f]+/link$", at, "the secret is in no address")

		run(chromedp.Navigate(address+"/vouchers/"+show("vch", earned.ID)), browsertest.Click("main summary"), browsertest.Fill("reason", "Glemt i bussen."), browsertest.Press("Spær kortet"), onPage("Kortet er spærret."))
		looks("caseworker-voucher-blocked")
		run(browsertest.Click("main summary"), browsertest.Fill("reason", "Det er væk."), browsertest.Press("Lav et nyt kort"), sees("Det nye kort er klar"))
		require.Equal(t, domain.Replaced, ok(w.service.Voucher(t.Context(), w.as(domain.Caseworker), earned.ID)).State)

		run(chromedp.Navigate(address+"/today"), browsertest.Press("Ret"), browsertest.Heading("Ret en registrering"))
		looks("caseworker-correct")
		run(browsertest.Fill("outcome", "no_show"), browsertest.Fill("reason", "Jeg trykkede forkert."), browsertest.Press("Gem rettelsen"), browsertest.Has(rowOf("ses", anna.ID), "p, span", "Udeblevet"),
			onPage("Rettelsen er gemt."))
		looks("caseworker-today-corrected")
		verified(t, w)
	})
}

// A correction without a reason comes back with what was typed; sent twice it is one;
// a visit that never was is withdrawn. Other roles have none of it.
func TestCorrectPage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		visit := w.find("att", 1)
		path := "/attendances/" + show("att", visit) + "/correct"
		form := url.Values{"outcome": {"no_show"}, "reason": {""}, "key": {"k-1"}}
		answer := w.pressed(domain.Caseworker, path, form.Encode())
		require.Equal(t, 422, answer.Code)
		require.Contains(t, answer.Body.String(), `<option value="no_show" selected>`, "what was chosen is kept")
		require.Contains(t, answer.Body.String(), danish("fault.field.required"))
		form.Set("reason", "Forkert.")
		for range 2 {
			answer = w.pressed(domain.Caseworker, path, form.Encode())
			require.Equal(t, 303, answer.Code, answer.Body)
		}
		require.Equal(t, "/today?date=2026-11-14&said=visit_corrected#"+show("ses", w.find("ses", 1)), answer.Header().Get("Location"))
		require.Len(t, ok(w.service.AttendanceEvents(t.Context(), w.as(domain.Caseworker), visit)), 2)
		form = url.Values{"outcome": {"withdrawn"}, "reason": {"Forkert borger."}, "key": {"k-2"}}
		require.Equal(t, 303, w.pressed(domain.Caseworker, path, form.Encode()).Code)
		require.True(t, ok(w.service.Attendance(t.Context(), w.as(domain.Caseworker), visit)).Withdrawn)
		require.Contains(t, w.opened(domain.Caseworker, path).Body.String(), danish("correct.withdrawn"))
		form.Set("outcome", "")
		require.Equal(t, 422, w.pressed(domain.Caseworker, path, form.Encode()).Code)

		voucher := "/vouchers/" + show("vch", w.find("vch", 1))
		for _, page := range []string{path, voucher, voucher + "/link", voucher + "/code"} {
			require.Equal(t, 403, w.opened(domain.Finance, page).Code, page)
		}
		for _, wrong := range []string{"/attendances/x/correct", "/vouchers/x", "/vouchers/x/code", "/vouchers/x/link"} {
			require.Equal(t, 404, w.opened(domain.Caseworker, wrong).Code, wrong)
		}
		verified(t, w)
	})
}

// A voucher's forms say what was wrong where it was, and do nothing twice; only the
// team leader can void.
func TestVoucherPage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		page := "/vouchers/" + show("vch", w.find("vch", 1))
		send := func(role domain.Role, do, reason, key string) (int, string) {
			answer := w.pressed(role, page, url.Values{"do": {do}, "reason": {reason}, "key": {key}}.Encode())
			return answer.Code, answer.Header().Get("Location")
		}
		for what, want := range map[string]int{"block": 422, "reissue": 422, "void": 403, "x": 404} {
			status, _ := send(domain.Caseworker, what, "", "k-"+what)
			require.Equal(t, want, status, what)
		}
		require.NotContains(t, w.opened(domain.Caseworker, page).Body.String(), danish("voucher.void"))
		require.Contains(t, w.opened(domain.TeamLeader, page).Body.String(), danish("voucher.void"))
		_, first := send(domain.Caseworker, "reissue", "Tabt.", "k-1")
		_, second := send(domain.Caseworker, "reissue", "Tabt.", "k-1")
		require.Equal(t, first, second, "one new card")
		status, _ := send(domain.Caseworker, "block", "Tabt.", "k-2")
		require.Equal(t, 409, status, "it is replaced")
		verified(t, w)
	})
}
