package api

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store/storetest"
)

// browser opens a browser in which the person of a role is signed in, at the
// address where the world is served.
func (w *world) browser(t testing.TB, address string, role domain.Role) context.Context {
	t.Helper()
	browser := browsertest.Open(t)
	browsertest.Run(t, browser, chromedp.ActionFunc(func(ctx context.Context) error {
		return network.SetCookie(auth.StaffCookie, w.signedIn(role)).WithURL(address + "/").WithPath("/").WithSecure(true).WithHTTPOnly(true).WithSameSite(network.CookieSameSiteLax).Do(ctx)
	}))
	return browser
}

// in shows a page in one of the two languages.
func in(address, path, language string) chromedp.Action {
	return chromedp.Tasks{chromedp.Navigate(address + "/accessibility?lang=" + language), chromedp.Navigate(address + path)}
}

// Everybody reads how far the pages can be used by everybody, and who is signed in
// where they stand.
func TestFrameInABrowser(t *testing.T) {
	w := newUnsettledWorld(t, storetest.Open(t, storetest.SQLite(t)))
	address := w.serves(t)
	browser := w.browser(t, address, domain.Administrator)
	for language, heading := range map[string][2]string{"da": {"Tilgængelighed", "Din rolle"}, "en": {"Accessibility", "Your role"}} {
		browsertest.Run(t, browser, in(address, "/accessibility", language), browsertest.Heading(heading[0]))
		browsertest.Look(t, browser, "accessibility-"+language)
		browsertest.Run(t, browser, chromedp.Navigate(address+"/you"), browsertest.Heading(heading[1]))
		browsertest.Look(t, browser, "you-"+language)
	}
}
