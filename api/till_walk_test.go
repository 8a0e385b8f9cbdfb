package api

import (
	"bytes"
	"image/png"
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/webaudio"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// newTill enrols one more till of shop 1, and gives the cookie with its key.
func (w *world) newTill(label string) *http.Cookie {
	in := ok(w.access.CreateTerminal(w.t.Context(), w.as(domain.Administrator), w.find("prt", 1), access.TerminalInput{Label: label}))
	return tillCookie(ok(w.access.EnrolTerminal(w.t.Context(), access.Device{}, in.Code)).Key)
}

// takes makes a browser that till.
func takes(cookie *http.Cookie, address string) chromedp.Action {
	return network.SetCookie(auth.TillCookie, cookie.Value).WithURL(address).WithPath("/").WithSecure(true).WithHTTPOnly(true)
}

// held is voucher n in front of a camera.
func (w *world) held(n int) chromedp.ExecAllocatorOption {
	_, secret, err := w.service.Reveal(w.t.Context(), w.as(domain.Caseworker), "getVoucherCode", w.find("vch", n))
	require.NoError(w.t, err)
	return browsertest.Camera(w.t, ok(png.Decode(bytes.NewReader(ok(secret.PNG(260))))))
}

// paidWith are the redemptions of voucher n, the newest first.
func (w *world) paidWith(n int) []vouchers.RedemptionRecord {
	return ok(w.service.Redemptions(w.t.Context(), w.as(domain.Finance), store.Page{Limit: 9}, vouchers.RedemptionFilter{VoucherID: w.find("vch", n)})).Rows
}

// A shop's day: the camera reads a real voucher, some of it is paid, undone, and all
// of it paid; the till says what it took today. What is stored is what was shown.
func TestTillDayInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		till := w.newTill("Kasse ved døren")
		address, browser := w.serves(t), browsertest.Open(t, walk(s), w.held(5))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		looks := looker(t, browser)
		heard := 0
		chromedp.ListenTarget(browser, func(event any) {
			if _, ok := event.(*webaudio.EventNodesConnected); ok {
				heard++ // twice a tone
			}
		})
		run(webaudio.Enable(), takes(till, address), chromedp.Navigate(address+tillPath), browsertest.Heading("Kassen"), onPage("Ingen betalinger endnu."))
		looks("till-day")
		run(browsertest.Press("Scan gavekort"), browsertest.Heading("Gyldigt"), onPage("Op til 200,00 kr."))
		looks("till-valid")
		var at, focus string
		run(chromedp.Location(&at), chromedp.Evaluate(`document.activeElement.id`, &focus), browsertest.Fill("amount", "125,5"), browsertest.Press("Træk 125,5 kr."),
			browsertest.Heading("Betalt"), onPage("125,50 kr."))
		require.Equal(t, []string{address + tillPath, "amount"}, []string{at, focus}, "the code is in no address, and typing begins at the amount")
		require.Equal(t, 8, heard, "that it is valid, and that it is paid")
		looks("till-paid")
		require.Len(t, w.paidWith(5), 1)
		require.Equal(t, int64(12550), w.paidWith(5)[0].Amount)

		run(chromedp.Location(&at), chromedp.Reload(), browsertest.Heading("Betalt"))
		require.Equal(t, address+tillPath+"/redemptions/"+show("rdm", w.paidWith(5)[0].ID), at)
		require.Len(t, w.paidWith(5), 1, "a reload shows it, and does nothing")
		run(browsertest.Press("Fortryd 125,50 kr."), browsertest.Heading("Fortrudt"))
		looks("till-undone")
		require.NotNil(t, w.paidWith(5)[0].Reversal)

		run(browsertest.Press("Næste gavekort"), browsertest.Heading("Kassen"), onPage("Ingen betalinger endnu."),
			browsertest.Press("Scan gavekort"), browsertest.Heading("Gyldigt"), browsertest.Press("Det hele · 200,00 kr."), browsertest.PressTwice("Træk 200,00 kr."),
			browsertest.Heading("Betalt"), browsertest.Press("Næste gavekort"), browsertest.Heading("Kassen"), onPage("1 betaling"), browsertest.Click(`main .things a`), browsertest.Heading("Betalt"),
			browsertest.Press("Næste gavekort"), browsertest.Heading("Kassen"))
		looks("till-day-after")
		require.Len(t, w.paidWith(5), 2, "a double click pays once")
		run(browsertest.Press("Scan gavekort"), browsertest.Heading("Kan ikke bruges"), onPage("Gavekortet er brugt op."))
		looks("till-used")
		w.now = w.now.Add(25 * time.Hour)
		run(chromedp.Navigate(address+tillPath+"/redemptions/"+show("rdm", w.paidWith(5)[0].ID)), browsertest.Heading("Betalt"), chromedp.WaitNotPresent("form", chromedp.ByQuery))
		looks("till-too-late")
		verified(t, w)
	})
}

// What is wrong is told, and what is right goes on, where the code is typed; how long
// it can be undone is counted down.
func TestTillMistakes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		minutes := 5
		home := ok(w.service.Municipality(t.Context(), w.as(domain.Administrator)))
		ok(w.service.UpdateMunicipality(t.Context(), w.as(domain.Administrator), home.Version, vouchers.MunicipalityChange{ReversalMinutes: &minutes}))
		till := w.newTill("Kasse ved døren")
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		looks := looker(t, browser)
		types := func(id, text string) chromedp.Action {
			return chromedp.Tasks{browsertest.Fill(id, text), chromedp.KeyEvent(kb.Enter)}
		}
		run(takes(till, address), chromedp.Navigate(address+tillPath), browsertest.Heading("Kassen"), types("code", "wrong"), browsertest.Heading("Kan ikke bruges"), onPage(browsertest.Either(browser, danish("till.why_invalid"), "No voucher has this code: scan it again, or type it again with care.")))
		looks("till-wrong")
		run(types("code", w.code(6)), browsertest.Heading("Gyldigt"), onPage("Op til 200,00 kr."), types("amount", "300"), browsertest.Heading("Ikke betalt"), sees(browsertest.Either(browser, danish("till.why_insufficient_balance"), "Only 200,00 kr. is left: redeem that or less.")))
		looks("till-too-much")
		require.Empty(t, w.paidWith(6))
		run(types("amount", "50"), browsertest.Heading("Betalt"), onPage(browsertest.Either(browser, "Kl. 11.00 · 150,00 kr. tilbage på gavekortet", "At 11:00 · 150,00 kr. left on the voucher")))
		require.Equal(t, int64(5000), w.paidWith(6)[0].Amount)
		var left string
		run(chromedp.Text("[data-left]", &left, chromedp.ByQuery))
		require.Regexp(t, "^[45]:[0-5][0-9]$", left, "it is counted down")
		run(browsertest.Press("Fortryd 50,00 kr."), browsertest.Heading("Fortrudt"))
		require.NotNil(t, w.paidWith(6)[0].Reversal)
		verified(t, w)
	})
}
