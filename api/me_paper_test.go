package api

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// Where and when each krone was used is on the citizen's page and on paper, also
// what was put back; the caseworker prints the same for who has no phone. Nothing
// on it says what the citizen comes for, and no code is on the paper.
func TestOwnPaper(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		code := w.code(31)
		spend := func(key, amount string) string {
			answer := w.do(domain.PartnerRole, "POST", "/redemptions", `{"code": "`+code+`", "amount": `+amount+`, "client_redemption_id": "`+key+`"}`, "Idempotency-Key", key)
			require.Equal(t, 201, answer.Code, answer.Body)
			return regexp.MustCompile(`rdm_[0-9a-f]+`).FindString(answer.Body.String())
		}
		spend("paper-1", "5000")
		back := w.do(domain.PartnerRole, "POST", "/redemptions/"+spend("paper-2", "2500")+"/reversal", `{"reason": "Fejl"}`, "Idempotency-Key", "paper-3")
		require.Less(t, back.Code, 300, back.Body)

		for lang, want := range map[string][]string{
			"da": {"150,00 kr.", "Tilbage af 200,00 kr.", "Butik 12345674", "50,00 kr.", "25,00 kr.", "givet tilbage på kortet", "Næste gang", "Ikke til: ", "Kan bruges til og med", "Her kan du bruge det"},
			"en": {"Left of 200,00 kr.", "put back on the voucher", "Next time", "Not for: ", "Can be used until", "Where you can use it"},
		} {
			page := w.browses(w.visitsOf[31], "GET", "/me?lang="+lang).Body.String()
			own := w.browses(w.visitsOf[31], "GET", "/me/paper?lang="+lang)
			require.Equal(t, http.StatusOK, own.Code, own.Body)
			require.Equal(t, web.ExplanationsPolicy, own.Header().Get("Content-Security-Policy"))
			require.Equal(t, "no-store", own.Header().Get("Cache-Control"))
			for _, text := range want {
				require.Contains(t, inLine(page), text)
				require.Contains(t, own.Body.String(), text)
			}
			silent(t, own.Body.String())
			silent(t, page)
			require.NotContains(t, own.Body.String(), code)
		}
		leads(t, w.browses(w.visitsOf[31], "POST", "/me/sign-out"))
		leads(t, w.browses(w.visitsOf[31], "GET", "/me/paper"), "unauthenticated")

		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		browsertest.Run(t, browser, chromedp.Navigate(w.opens(address)), browsertest.Heading("Dine gavekort"), browsertest.Click("details:has(> .had > .returned) > summary"), chromedp.WaitVisible("details[open] .returned", chromedp.ByQuery))
		browsertest.Look(t, browser, "me-used")
		browsertest.Run(t, browser, browsertest.Press("Det hele på papir"), chromedp.WaitVisible("tr.returned", chromedp.ByQuery))
		browsertest.Look(t, browser, "me-paper")
		verified(t, w)
	})
}

// The caseworker prints it, in either language; nobody else's, and no other role.
func TestPrintPaper(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	at := w.here("/citizens/" + example("cit", 31))
	require.Contains(t, w.opened(domain.Caseworker, at).Body.String(), `href="`+at+`/paper?in=en"`)
	for in, title := range map[string]string{"": "Dine gavekort", "?in=en": "Your gift vouchers"} {
		answer := w.opened(domain.Caseworker, at+"/paper"+in)
		require.Equal(t, http.StatusOK, answer.Code)
		require.Contains(t, answer.Body.String(), "<h1>"+title+"</h1>")
		silent(t, answer.Body.String())
	}
	require.Equal(t, http.StatusNotFound, w.opened(domain.Caseworker, "/citizens/x/paper").Code)
}
