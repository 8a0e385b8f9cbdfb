package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// What a line does to what is sent.
const (
	lineHolds = iota
	lineLosesRequests
	lineLosesAnswers
)

// line is a line to the world that can be cut, or whose proxy answers with a status of
// its own; it gives its address.
func (w *world) line(t *testing.T) (does *atomic.Int32, address string) {
	does = &atomic.Int32{}
	live := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, r *http.Request) {
		switch does.Load() {
		case lineHolds:
			w.server.ServeHTTP(answer, r)
			return
		case lineLosesAnswers:
			w.server.ServeHTTP(httptest.NewRecorder(), r)
		case lineLosesRequests:
		default: // the proxy on the way answers so
			http.Error(answer, "<h1>proxy</h1>", int(does.Load()))
			return
		}
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(live.Close)
	return does, "http://localhost:" + ok(url.Parse(live.URL)).Port()
}

// The answer to a payment is lost, or the payment on its way; the till says that it
// does not know, asks until it does, also after a reload, and pays once.
func TestTillWithoutAnswer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		till := w.newTill("Kasse ved døren")
		does, address := w.line(t)
		browser := browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		begin := func(amount string) chromedp.Action {
			return chromedp.Tasks{chromedp.Navigate(address + tillPath), browsertest.Heading("Kassen"), browsertest.Fill("code", w.code(5)), browsertest.Press("Se, om det gælder"), browsertest.Heading("Gyldigt"), browsertest.Fill("amount", amount)}
		}
		run(takes(till, address), begin("30"))
		does.Store(lineLosesAnswers)
		run(browsertest.Press("Træk 30 kr."), browsertest.Heading("Vi ved det ikke endnu"))
		browsertest.Look(t, browser, "till-unknown")
		require.Len(t, w.paidWith(5), 1, "it was paid")
		does.Store(lineHolds)
		run(browsertest.Press("Spørg nu"), browsertest.Heading("Betalt"), onPage("30,00 kr."))
		require.Len(t, w.paidWith(5), 1, "once")

		run(begin("40"))
		does.Store(lineLosesRequests)
		run(browsertest.Press("Træk 40 kr."), browsertest.Heading("Vi ved det ikke endnu"))
		require.Len(t, w.paidWith(5), 1, "it was not paid")
		does.Store(lineHolds)
		run(chromedp.Navigate(address+tillPath), browsertest.Heading("Betalt"), onPage("40,00 kr.")) // a reload asks again
		require.Len(t, w.paidWith(5), 2)
		var left string
		run(chromedp.Evaluate(`JSON.stringify([localStorage.length, sessionStorage.length])`, &left))
		require.Equal(t, "[0,0]", left, "nothing of it is kept")
		verified(t, w)
	})
}

// A customer who does not wait pays in another way; what the line held back is never
// sent again, and the till says what became of it.
func TestTillGivesUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		till := w.newTill("Kasse ved døren")
		does, address := w.line(t)
		browser := browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		run(takes(till, address), chromedp.Navigate(address+tillPath), browsertest.Fill("code", w.code(5)), browsertest.Press("Se, om det gælder"),
			browsertest.Heading("Gyldigt"), browsertest.Fill("amount", "30"))
		does.Store(lineLosesRequests)
		run(browsertest.Press("Træk 30 kr."), browsertest.Heading("Vi ved det ikke endnu"), browsertest.Press(danish("till.stop")))
		browsertest.Look(t, browser, "till-given-up")
		var kept string
		run(chromedp.Evaluate(`Object.values(sessionStorage).join() + Object.values(localStorage).join()`, &kept))
		require.NotContains(t, kept, w.code(5))
		does.Store(lineHolds)
		run(browsertest.Heading("Ikke betalt"), onPage(danish("till.nothing_taken")))
		browsertest.Look(t, browser, "till-not-paid")
		require.Empty(t, w.paidWith(5))
		verified(t, w)
	})
}

// The network is gone: the page says so at once and what is pressed is not done; it
// goes on when the network is back.
func TestTillOffline(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		till := w.newTill("Kasse ved døren")
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		gone := func(gone bool) chromedp.Action {
			return chromedp.ActionFunc(func(ctx context.Context) error {
				if _, err := network.EmulateNetworkConditionsByRule(gone, []*network.Conditions{{DownloadThroughput: -1, UploadThroughput: -1}}).Do(ctx); err != nil {
					return err
				}
				return network.OverrideNetworkState(gone, 0, -1, -1).Do(ctx)
			})
		}
		run(takes(till, address), chromedp.Navigate(address+tillPath), browsertest.Heading("Kassen"), browsertest.Fill("code", w.code(5)), gone(true), onPage(danish("till.away")))
		browsertest.Look(t, browser, "till-away")
		run(browsertest.Press("Se, om det gælder"), onPage(danish("till.unanswered")), gone(false), browsertest.Press("Se, om det gælder"), browsertest.Heading("Gyldigt"),
			browsertest.Fill("amount", "30"), gone(true), browsertest.Press("Træk 30 kr."), browsertest.Heading("Vi ved det ikke endnu"))
		require.Empty(t, w.paidWith(5))
		run(gone(false), browsertest.Heading("Betalt"))
		require.Len(t, w.paidWith(5), 1)
		verified(t, w)
	})
}
