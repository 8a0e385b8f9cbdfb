package api

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	paper "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// sameWindow makes what would open in another window open in this one.
var sameWindow = chromedp.Evaluate(`for (const e of document.querySelectorAll("[target]")) e.removeAttribute("target")`, nil)

// prints demands that a page comes out on so many sheets of A4, without colours behind
// the text: with these texts, nothing that can only be pressed, and nothing cut off.
func prints(t *testing.T, browser context.Context, name string, sheets int, texts ...string) {
	t.Helper()
	var shown string
	var wrong []string
	var pdf []byte
	browsertest.Run(t, browser, chromedp.EmulateViewport(718, 1000), emulation.SetEmulatedMedia().WithMedia("print"), chromedp.Text("body", &shown, chromedp.ByQuery),
		chromedp.Evaluate(`[...document.querySelectorAll("header.top, nav, footer.bottom, button, input:not([type=hidden]), select, textarea, a.button")].filter((e) => e.checkVisibility()).concat(
			[...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() && getComputedStyle(e).overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1)).map((e) => e.outerHTML.slice(0, 200))`, &wrong),
		emulation.SetEmulatedMedia(), chromedp.ActionFunc(func(ctx context.Context) (err error) {
			pdf, _, err = paper.PrintToPDF().WithPaperWidth(8.27).WithPaperHeight(11.69).Do(ctx)
			return err
		}))
	require.Empty(t, wrong, "%s: what cannot be pressed on paper, or is cut off", name)
	for _, text := range texts {
		require.Contains(t, shown, text, name)
	}
	if folder := os.Getenv("FASTHOLD_TEST_PICTURES"); folder != "" {
		require.NoError(t, os.WriteFile(filepath.Join(folder, "print-"+name+".pdf"), pdf, 0o600))
	}
	require.Len(t, regexp.MustCompile(`/Type */Page\b`).FindAll(pdf, -1), sheets, "%s: sheets of paper", name)
}

// All that is handed over on paper prints as it should: a card, a sheet of them, the
// letter with a link, what a citizen has and why, a receipt, and a shop's statement.
func TestPrintedPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		till := w.newTill("Kasse 2")
		address, browser := w.serves(t), browsertest.Open(t, browsertest.Phone)
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		citizen := address + "/citizens/" + show("cit", w.find("cit", 31))
		run(w.enters(domain.Caseworker, address), chromedp.Navigate(address+"/v1/vouchers/"+show("vch", w.find("vch", 31))+"/card"))
		prints(t, browser, "card", 1, w.code(31), "200,00 kr.")
		run(chromedp.Navigate(citizen), sameWindow, browsertest.Press("Print de valgte kort"), chromedp.WaitReady("section.card", chromedp.ByQuery))
		prints(t, browser, "cards", 1, w.code(31), w.code(32))
		run(chromedp.Navigate(citizen+"/letter"), sameWindow, browsertest.Click("main form .button"), chromedp.WaitReady(".ways svg", chromedp.ByQuery))
		prints(t, browser, "letter", 1, "Dine gavekort")
		run(chromedp.Navigate(citizen + "/paper"))
		prints(t, browser, "paper", 2, "Dine gavekort", "Her kan du bruge det", "Næste gang")
		run(chromedp.Navigate(address + "/v1/enrolments/" + show("enr", w.find("enr", 31)) + "/explanations/page"))
		prints(t, browser, "explanations", 1, "Det har du fået", "Næste gang")
		run(takes(till, address), chromedp.Navigate(address+tillPath), browsertest.Fill("code", w.code(5)), chromedp.KeyEvent(kb.Enter), browsertest.Heading("Gyldigt"), browsertest.Fill("amount", "30"), chromedp.KeyEvent(kb.Enter), browsertest.Heading("Betalt"))
		prints(t, browser, "receipt", 1, "30,00 kr.", "Butik 12345674", "21-11-2026")
		paid := ok(w.settlement.Settlement(t.Context(), w.as(domain.Finance), w.find("stl", 1)))
		run(chromedp.Navigate(address + tillPath + "/statements/" + show("stl", paid.ID)))
		prints(t, browser, "statement", 1, paid.Number, domain.FormatMoney(paid.Total, "DKK"))
		run(chromedp.Navigate(w.opens(address)), browsertest.Heading("Dine gavekort"))
		prints(t, browser, "own", 2, "200,00 kr.")
	})
}
