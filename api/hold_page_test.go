package api

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// A purchase in a draft is held out with a reason, so that the draft has to be made
// again; another decides on it; the run is then approved, and reversed before it is paid.
func TestHoldInABrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newUnsettledWorld(t, s)
		w.paidBy(domain.ByBank, "DK5000400440116243")
		buy := w.purse(61, "DKK")
		buy()
		buy()
		today := domain.Date{Year: 2026, Month: 11, Day: 21}
		made := ok(w.settlement.DraftRun(t.Context(), w.as(domain.Finance), vouchers.Key{}, settlement.Period{From: today, To: today})).Value
		row := ok(w.settlement.Settlements(t.Context(), w.as(domain.Finance), store.Page{Limit: 1}, settlement.Filter{RunID: made.ID})).Rows[0]
		address, maker, checker := w.serves(t), browsertest.Open(t, walk(s)), browsertest.Open(t, walk(s))
		first := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, maker, actions...) }
		second := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, checker, actions...) }
		looks, other := looker(t, maker), looker(t, checker)
		run := "/runs/" + show("srn", made.ID)

		first(w.enters(domain.Finance, address), chromedp.Navigate(address+run), browsertest.Press(row.Number), browsertest.Heading("Afregning "+row.Number), browsertest.Click("tbody tr:first-child a"), browsertest.Heading("Køb"))
		looks("finance-purchase")
		first(browsertest.Fill("reason", "Samme bon to gange."), browsertest.Press("Hold ude"), sees("Købet er holdt ude."), sees("Du har selv holdt det ude."))
		looks("finance-purchase-held")
		second(w.joins(address), chromedp.Navigate(address+run), sees("Noget i udkastet er ændret"), chromedp.Navigate(address+"/runs/held"), browsertest.Heading("Holdt ude af afregningen"))
		other("finance-held")
		second(browsertest.Click("main .things a"), browsertest.Heading("Køb"), sees("Skal det betales?"))
		other("finance-purchase-decide")
		second(browsertest.Fill("reason", "Det er to køb."), browsertest.Press("Frigiv"), sees("Købet er frigivet."))
		first(chromedp.Navigate(address+run), browsertest.Press("Lav udkastet om"), browsertest.Heading("Lav udkastet om"))
		looks("finance-run-remake")
		first(browsertest.Press("Lav udkastet på "+domain.FormatMoney(row.Total, "DKK")+" om"), sees("Udkastet er lavet om."))

		second(chromedp.Navigate(address+run), browsertest.Press("Godkend"), browsertest.Heading("Godkend"), browsertest.Press("Godkend "+domain.FormatMoney(row.Total, "DKK")), sees("Kørslen er godkendt."), browsertest.Press("Tilbagefør"), browsertest.Heading("Tilbagefør"), browsertest.Fill("reason", "Forkert periode."))
		other("finance-run-reverse")
		second(browsertest.Press("Tilbagefør "+domain.FormatMoney(row.Total, "DKK")), sees("Kørslen er tilbageført."))
		other("finance-run-reversed")
		require.Equal(t, domain.RunReversed, ok(w.settlement.Run(t.Context(), w.as(domain.Finance), made.ID)).State)
		verified(t, w)
	})
}
