package api

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/webaudio"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// whole makes voucher 90, of a programme whose vouchers must be spent at once.
func (w *world) whole() {
	ctx, leader := w.t.Context(), w.as(domain.TeamLeader)
	text := strings.NewReplacer("move-2026", "whole-2026", "partial: true", "partial: false").Replace(string(ok(rules.Preset("move-2026"))))
	programme := ok(w.service.CreateProgramme(ctx, leader, vouchers.ProgrammeInput{Slug: "whole-2026", Title: rules.Text{DA: "w", EN: "w"}}))
	draft := ok(w.service.DraftVersion(ctx, w.as(domain.Administrator), programme.ID, []byte(text)))
	first := domain.Date{Year: 2026, Month: 1, Day: 1}
	w.is("ver", 90, ok(w.service.AdoptVersion(ctx, leader, draft.ID, 0, vouchers.Adoption{AdoptedBy: "Byrådet", AdoptedOn: first, InForceFrom: first})).ID)
	plan, _ := w.plan(90, 90)
	w.is("vch", 90, w.visits(plan, 2)[1].Vouchers[0].ID)
}

// A voucher that must be spent at once asks for no amount. Who wants no sounds hears
// none.
func TestTillTakesAllOfIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newUnsettledWorld(t, s)
		w.whole()
		till := w.newTill("Kasse ved døren")
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, browser, actions...) }
		chromedp.ListenTarget(browser, func(event any) {
			if _, ok := event.(*webaudio.EventNodesConnected); ok {
				t.Error("a sound, though they are off")
			}
		})
		var pressed, focus string
		run(webaudio.Enable(), takes(till, address), chromedp.Navigate(address+tillPath), browsertest.Heading("Kassen"), browsertest.Press("Slå lyden fra"), chromedp.Reload(), browsertest.Heading("Kassen"),
			chromedp.Evaluate(`document.querySelector("[data-mute]").getAttribute("aria-pressed")`, &pressed))
		require.Equal(t, "true", pressed, "it is remembered")
		run(browsertest.Fill("code", w.code(90)), browsertest.Press("Se, om det gælder"), browsertest.Heading("Gyldigt"), onPage("200,00 kr."), chromedp.WaitNotPresent("#amount", chromedp.ByQuery),
			chromedp.Evaluate(`document.activeElement.textContent`, &focus))
		require.Contains(t, ok(browsertest.Said(browser, "Gyldigt")), focus)
		browsertest.Look(t, browser, "till-whole")
		run(browsertest.Press("Træk 200,00 kr."), browsertest.Heading("Betalt"))
		require.Equal(t, int64(20000), w.paidWith(90)[0].Amount)
		verified(t, w)
	})
}
