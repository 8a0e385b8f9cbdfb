package api

import (
	"context"
	"strings"
	"testing"

	device "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// voices stands in for a phone's voices, of which a browser without a window has
// none: two that would send what they read to somebody, and two that live on it.
const voices = `
window.said = [];
class Voices extends EventTarget {
  getVoices() { return ["da-DK", "en-GB"].flatMap((lang) => [{lang, localService: false}, {lang, localService: true}]); }
  speak(what) { window.said.push(what.text); window.away = !what.voice.localService; window.last = what; }
  cancel() { window.said = []; }
}
Object.defineProperty(window, "speechSynthesis", {value: new Voices()});
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };`

// What is read aloud is what the page shows, in its language: what each voucher is
// worth, until when and where, and what comes next. Nothing is read unasked, a
// second press stops it, and where there is no voice there is no button.
func TestOwnPageIsReadAloud(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		ok(w.service.PlanSessions(t.Context(), w.as(domain.Caseworker), w.find("pln", 31), vouchers.SessionsInput{StartsAt: worldTime.AddDate(0, 0, 4), Kind: "individual"}))
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		press, lang := browsertest.Click("[data-speak] button"), walk(s).Lang
		var offered, speaking, away bool
		var said, shown []string
		browsertest.Run(t, browser, chromedp.Navigate(w.opens(address)), browsertest.Heading("Dine gavekort"), chromedp.Evaluate(`!document.querySelector("[data-speak]").hidden`, &offered))
		require.False(t, offered, "this browser has no voice")
		browsertest.Run(t, browser, chromedp.ActionFunc(func(ctx context.Context) error {
			_, err := device.AddScriptToEvaluateOnNewDocument(voices).Do(ctx)
			return err
		}))
		browsertest.Run(t, browser, chromedp.Navigate(address+"/me"), browsertest.Heading("Dine gavekort"), chromedp.WaitVisible("[data-speak] button", chromedp.ByQuery),
			chromedp.Evaluate(`said`, &said))
		require.Empty(t, said, "nothing is read unasked")
		browsertest.Look(t, browser, "me-speak")
		browsertest.Run(t, browser, press, chromedp.Evaluate(`said`, &said), chromedp.Evaluate(`away`, &away),
			chromedp.Evaluate(`[...document.querySelectorAll("[data-say]")].filter((part) => part.checkVisibility()).map((part) => part.innerText)`, &shown))
		require.False(t, away, "by a voice on the phone")
		plain := func(text string) string {
			return strings.Join(strings.Fields(text), " ")
		}
		for i := range shown {
			require.Equal(t, plain(shown[i]), said[i])
		}
		require.Len(t, said, len(shown))
		for _, want := range []string{"200,00 kr.", "2027", web.Text(lang, "me.voucher.shops"), "Butik 12345674", web.Text(lang, "me.next"), "200 kr."} {
			require.Contains(t, strings.Join(said, "\n"), want)
		}
		silent(t, strings.Join(said, "\n"))
		browsertest.Run(t, browser, press, chromedp.Evaluate(`said`, &said), chromedp.Evaluate(`!document.querySelector("[data-speaking=yes]").hidden`, &speaking))
		require.Empty(t, said)
		require.False(t, speaking)
		browsertest.Run(t, browser, press, chromedp.Evaluate(`last.onend()`, nil), chromedp.WaitVisible("[data-speaking=no]", chromedp.ByQuery))
	})
}

// left is what a page notices when one goes to another app.
const left = `Object.defineProperty(document, "hidden", {value: true, configurable: true}); document.dispatchEvent(new Event("visibilitychange"))`

// A code fills the phone once it is tapped, and is hidden again as soon as the page is left.
func TestOwnCodeIsHiddenAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		address, browser := w.serves(t), browsertest.Open(t, walk(s))
		var open bool
		var wide float64
		isOpen := chromedp.Evaluate(`document.querySelector(".code").open`, &open)
		browsertest.Run(t, browser, chromedp.Navigate(w.opens(address)), browsertest.Heading("Dine gavekort"), isOpen)
		require.False(t, open)
		browsertest.Run(t, browser, browsertest.Click(".code summary"), chromedp.WaitVisible(".code[open] .qr", chromedp.ByQuery), chromedp.EmulateViewport(320, 640), chromedp.Evaluate(`document.querySelector(".qr").getBoundingClientRect().width / innerWidth`, &wide))
		require.InDelta(t, 1, wide, .05)
		browsertest.Run(t, browser, chromedp.Evaluate(left, nil), isOpen)
		require.False(t, open)
	})
}
