package api

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// browser opens a browser in which the person of a role is signed in, at the
// address where the world is served.
func (w *world) browser(t testing.TB, address string, role domain.Role) context.Context {
	t.Helper()
	browser := browsertest.Open(t, walk(w.store))
	browsertest.Run(t, browser, chromedp.ActionFunc(func(ctx context.Context) error {
		return network.SetCookie(auth.StaffCookie, w.signedIn(role)).WithURL(address + "/").WithPath("/").WithSecure(true).WithHTTPOnly(true).WithSameSite(network.CookieSameSiteLax).Do(ctx)
	}))
	return browser
}

// walk is how the pages are gone through: on one database by somebody with a phone, in
// Danish, on the other at a desk, in English and with the keyboard alone.
func walk(s *store.Store) browsertest.Walk {
	if s.Dialect() == "postgres" {
		return browsertest.Phone
	}
	return browsertest.Desk
}

// sees waits until the page shows this text, or one that it is a part of.
func sees(text string) chromedp.Action { return browsertest.Reads("main", text) }

// onPage waits until something on the page has exactly this text.
func onPage(text string) chromedp.Action { return browsertest.Has("main", "*", text) }

// looker looks at a browser's pages.
func looker(t *testing.T, browser context.Context) func(name string) {
	return func(name string) {
		t.Helper()
		browsertest.Look(t, browser, name)
	}
}

// look looks at the page (browsertest.Look).
func look(t testing.TB, name string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		browsertest.Look(t, ctx, name)
		return nil
	})
}

// Everybody reads how far the pages can be used by everybody, and who is signed in
// where they stand.
func TestFrameInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newUnsettledWorld(t, s)
		address := w.serves(t)
		browsertest.Run(t, w.browser(t, address, domain.Administrator), chromedp.Navigate(address+"/accessibility"), browsertest.Heading("Tilgængelighed"), chromedp.WaitVisible("nav.menu", chromedp.ByQuery), look(t, "accessibility"),
			chromedp.Navigate(address+"/you"), browsertest.Heading("Din rolle"), look(t, "you"))
	})
}
