package api

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/store/storetest/leaks"
)

// A link of the demo signs in, once; a press proves who it is when that is stale.
// A server that is no demo has no such door.
func TestDemoInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newUnsettledWorld(t, s)
		closed := httptest.NewRecorder()
		w.server.ServeHTTP(closed, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/demo", strings.NewReader(url.Values{"code": {"x"}}.Encode())))
		require.Equal(t, http.StatusNotFound, closed.Code)

		w.now = time.Now() // which is what the browser goes by
		door := NewDemoDoor()
		w.server = searched(ok(New(Options{Service: w.service, Access: w.access, Settlement: w.settlement, Demo: door, Log: slog.New(slog.NewJSONHandler(leaks.Log, nil))})))
		address := w.serves(t)
		link := door.Link(ok(url.Parse(address)), w.home, w.as(domain.Administrator).Person)
		browser := browsertest.Open(t, walk(s))
		var at string
		browsertest.Run(t, browser, chromedp.Navigate(link), browsertest.Heading("Medarbejdere"), chromedp.Location(&at))
		require.NotContains(t, at, link[len(link)-8:])
		w.now = w.now.Add(domain.FreshFor)
		browsertest.Run(t, browser, chromedp.Navigate(address+"/prove?return=%2Fyou"), browsertest.Press("Bekræft (kun i prøven)"), browsertest.Heading("Din rolle"))

		browsertest.Run(t, browser, browsertest.Press("Log ud"), browsertest.Heading("Du er logget ud"), chromedp.Navigate(address+"/you"), browsertest.Heading("Log ind"), sees("Det her er en prøve."))

		other := browsertest.Open(t, walk(s))
		browsertest.Run(t, other, chromedp.Navigate(link), browsertest.Heading("Prøv Fasthold"), chromedp.WaitVisible("main .alert", chromedp.ByQuery))
		browsertest.Look(t, other, "demo-ended")
	})
}
