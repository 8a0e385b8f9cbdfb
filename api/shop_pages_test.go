package api

import (
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// A shop reads at its till, in a browser, what it was paid and where the payment of
// each purchase is, and gets its statement.
func TestShopStatementsInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		till := w.newTill("Kasse 2")
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		looks := looker(t, browser)
		paid := ok(w.settlement.Settlement(t.Context(), w.as(domain.Finance), w.find("stl", 1)))
		var link string
		run(takes(till, address), chromedp.Navigate(address+tillPath), browsertest.Press("Opgørelser og betalinger"), browsertest.Heading("Opgørelser og betalinger"), sees("Bliver betalt"), sees("Kom retur"))
		looks("till-statements")
		run(browsertest.Press(paid.Number), browsertest.Heading("Opgørelse "+paid.Number), sees("Betalt"), chromedp.AttributeValue(`a[href*="format=pdf"]`, "href", &link, nil, chromedp.ByQuery))
		looks("till-statement")
		r := httptest.NewRequestWithContext(t.Context(), "GET", link, nil)
		r.AddCookie(till)
		require.Equal(t, "%PDF", w.send("", r).Body.String()[:4])
		run(chromedp.Navigate(address+tillPath+"/purchases"), browsertest.Heading(danish("shop.purchases")), sees("Venter hos kommunen"))
		looks("till-purchases")
		verified(t, w)
	})
}

// A shop reads its own alone, nothing of a draft, of who the citizen is or why
// something is held; another device is led to where it becomes a till.
func TestShopPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		till := w.newTill("Kasse 2")
		other := ok(w.access.CreateTerminal(t.Context(), w.as(domain.Administrator), w.find("prt", 2), access.TerminalInput{Label: "Kasse hos en anden"}))
		stranger := tillCookie(ok(w.access.EnrolTerminal(t.Context(), access.Device{}, other.Code)).Key)
		drafts := ok(w.settlement.Settlements(t.Context(), w.as(domain.Finance), store.Page{Limit: 9}, settlement.Filter{RunID: w.find("srn", 5)})).Rows
		own := "/statements/" + show("stl", w.find("stl", 1))
		for _, path := range []string{"/statements", "/purchases", own} {
			answer := w.tills("GET", path, nil, till)
			require.Equal(t, 200, answer.Code, path)
			for _, mark := range []string{"Ella", "cit_", "B-1001", "Samme bon to gange", "Ungeenheden", "move-2026", "eksempel.dk", "Fasthold"} {
				require.NotContains(t, answer.Body.String(), mark, path)
			}
			require.Equal(t, tillPath, w.tills("GET", path, nil, nil).Header().Get("Location"))
		}
		require.Equal(t, 404, w.tills("GET", own, nil, stranger).Code, "another shop's")
		require.Equal(t, 404, w.tills("GET", "/statements/"+show("stl", drafts[0].ID), nil, till).Code, "a draft")
		require.Equal(t, 404, w.tills("GET", "/statements/x", nil, till).Code)
		require.Contains(t, w.tills("GET", "/statements", nil, stranger).Body.String(), danish("shop.no_statements"))
	})
}
