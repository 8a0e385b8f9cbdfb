package api

import (
	"context"
	"testing"

	history "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// A device that opens the address of a code becomes the till with one tap; the
// code is in no address afterwards, and the page says which till it is.
func TestTillInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		in := ok(w.access.CreateTerminal(t.Context(), w.as(domain.Administrator), w.find("prt", 1), access.TerminalInput{Label: "Kasse ved døren"}))
		var at, typed string
		var fits bool
		browsertest.Run(t, browser, chromedp.Navigate(address+tillPath+"#"+in.Code), browsertest.Heading("Kassen"),
			chromedp.WaitVisible("#code", chromedp.ByQuery), chromedp.Location(&at), chromedp.Value("#code", &typed, chromedp.ByQuery),
			chromedp.Evaluate(`document.documentElement.scrollWidth <= innerWidth`, &fits))
		require.Equal(t, []any{address + tillPath, in.Code, true}, []any{at, typed, fits})
		browsertest.Look(t, browser, "till-code")
		browsertest.Run(t, browser, browsertest.Press("Gør enheden til kasse"), onPage("Denne enhed er nu kassen »Kasse ved døren« hos Butik 12345674."), chromedp.Location(&at))
		require.Equal(t, address+tillPath+"/device", at)
		browsertest.Look(t, browser, "till")
		next := ok(w.access.CreateTerminal(t.Context(), w.as(domain.Administrator), w.find("prt", 1), access.TerminalInput{Label: "Kasse i gården"}))
		browsertest.Run(t, browser, chromedp.Navigate(address+tillPath+"#"+next.Code), chromedp.WaitVisible(`form[action="/till"]`, chromedp.ByQuery),
			chromedp.Value("#code", &typed, chromedp.ByQuery), chromedp.Location(&at))
		require.Equal(t, []string{next.Code, address + tillPath + "/device"}, []string{typed, at}, "a till takes it as another till's, and not as a voucher's")
		browsertest.Run(t, browser, chromedp.Navigate(address+tillPath+"/device?again#%E0%A4"), chromedp.WaitVisible(`form[action="/till"]`, chromedp.ByQuery), chromedp.Value("#code", &typed, chromedp.ByQuery))
		require.Empty(t, typed)
		browsertest.Run(t, browser, chromedp.ActionFunc(func(ctx context.Context) error {
			_, visited, err := history.GetNavigationHistory().Do(ctx)
			for _, entry := range visited {
				require.NotContains(t, entry.URL, in.Code, "nor in the history")
				require.NotContains(t, entry.URL, next.Code)
			}
			return err
		}))
	})
}
