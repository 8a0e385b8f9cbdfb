package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	history "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// serves lets a browser reach the world, at the address that it gives.
func (w *world) serves(t *testing.T) string {
	t.Helper()
	live := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, r *http.Request) { w.server.ServeHTTP(answer, r) }))
	t.Cleanup(live.Close)
	return "http://localhost:" + ok(url.Parse(live.URL)).Port()
}

// opens gives a citizen's link as it is opened at an address.
func (w *world) opens(address string) string {
	made := ok(w.access.CreateCitizenLink(w.t.Context(), w.as(domain.Caseworker), "createCitizenLink", w.find("cit", 31)))
	return address + "/me#" + made.Text
}

// A link opens the citizen's page in a real browser, once; its secret is in no
// address afterwards, and going back does not bring it.
func TestOwnPageInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		link := w.opens(address)
		code := w.code(31)
		var at, shown string
		var fits bool
		browsertest.Run(t, browser, chromedp.Navigate(link), browsertest.Heading("Dine gavekort"), chromedp.Location(&at), chromedp.Text("main", &shown, chromedp.ByQuery),
			chromedp.Evaluate(`document.documentElement.scrollWidth <= innerWidth`, &fits))
		require.Equal(t, address+"/me", at)
		require.True(t, fits, "320 pixels are enough")
		require.NotContains(t, shown, code, "hidden until it is tapped")
		browsertest.Look(t, browser, "me")
		browsertest.Run(t, browser, browsertest.Click(".code summary"), chromedp.WaitVisible(".code[open] svg", chromedp.ByQuery), chromedp.Text(".code[open] .typed", &shown, chromedp.ByQuery))
		require.Equal(t, code, shown)
		browsertest.Look(t, browser, "me-code")
		browsertest.Run(t, browser, chromedp.Reload(), browsertest.Heading("Dine gavekort"), chromedp.Location(&at))
		require.Equal(t, address+"/me", at, "a reload works")
		browsertest.Run(t, browser, chromedp.ActionFunc(func(ctx context.Context) error {
			_, visited, err := history.GetNavigationHistory().Do(ctx)
			require.NotEmpty(t, visited)
			for _, entry := range visited {
				require.NotContains(t, entry.URL, "fhl_", "nor in the history")
			}
			return err
		}))

		other := browsertest.Open(t, walk(s))
		browsertest.Run(t, other, chromedp.Navigate(link), browsertest.Heading("Åbn din side"), chromedp.WaitVisible(`[data-problem="link_unusable"]`, chromedp.ByQuery), chromedp.Location(&at))
		require.Equal(t, address+"/me", at, "the secret is gone also when it was refused")
		browsertest.Look(t, other, "me-refused")
		verified(t, w)
	})
}

// With a PIN the link asks for it; the page locks when it is left alone, and a
// lost voucher is blocked.
func TestOwnPINInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		var at string
		browsertest.Run(t, browser, chromedp.Navigate(w.opens(address)), browsertest.Heading("Dine gavekort"),
			browsertest.Click(".own-pin summary"), browsertest.Fill("new", "1234"), browsertest.Press("Vælg PIN-kode"), chromedp.WaitVisible(".own-pin .alert", chromedp.ByQuery),
			chromedp.Poll(`document.activeElement.matches(".own-pin .alert") && ((b) => b.top >= 0 && b.bottom <= innerHeight)(document.activeElement.getBoundingClientRect())`, nil))
		browsertest.Look(t, browser, "me-pin")
		browsertest.Run(t, browser, browsertest.Fill("new", "25804193"), browsertest.Press("Vælg PIN-kode"), chromedp.WaitReady("[data-pin]", chromedp.ByQuery), chromedp.WaitVisible("main > .alert-success", chromedp.ByQuery))

		second := w.opens(address)
		phone := browsertest.Open(t, walk(s))
		browsertest.Run(t, phone, chromedp.Navigate(second), chromedp.WaitVisible("#link-pin-field", chromedp.ByQuery), chromedp.Location(&at))
		require.Equal(t, address+"/me", at)
		browsertest.Look(t, phone, "me-link-pin")
		browsertest.Run(t, phone, browsertest.Fill("link-pin-field", "1111"), browsertest.Click("#link-pin button"), chromedp.WaitVisible(`[data-problem="pin_wrong"]`, chromedp.ByQuery),
			browsertest.Fill("link-pin-field", "25804193"), browsertest.Click("#link-pin button"), browsertest.Heading("Dine gavekort"))

		w.now = w.now.Add(15 * time.Minute)
		browsertest.Run(t, browser, chromedp.Navigate(address+"/me"), browsertest.Heading("Skriv din PIN-kode"))
		browsertest.Look(t, browser, "me-locked")
		browsertest.Run(t, browser, browsertest.Fill("pin", "25804193"), browsertest.Click(`form[action="/me/unlock"] button`), browsertest.Heading("Dine gavekort"),
			browsertest.Click(".lost summary"), browsertest.Press("Ja, spær gavekortet"), chromedp.WaitVisible("main > .alert-success", chromedp.ByQuery))
		browsertest.Look(t, browser, "me-blocked")
		require.Equal(t, domain.Blocked, ok(w.service.Voucher(t.Context(), w.as(domain.Caseworker), w.find("vch", 31))).State)
		browsertest.Run(t, browser, browsertest.Unfold("Log ud"), browsertest.Press("Log ud"), browsertest.Heading("Åbn din side"))
		browsertest.Look(t, browser, "me-enter")
	})
}
