package browsertest_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/api/web"
)

// shown opens a page of its own.
func shown(html string) chromedp.Action {
	return chromedp.Navigate("data:text/html," + url.PathEscape("<!doctype html><main><h1>Gavekort</h1>"+html+"</main>"))
}

const form = `<style>:focus { outline: 2px solid }</style><a href="#x">Log ud</a><input type="date" id="from"><input type="time" id="time" value="09:00"><select id="unit"><option value="a">A<option value="b">B<option value="c">C</select>
<input id="name" value="before"><textarea id="why">before</textarea><input type="checkbox" id="sure"><label for="sure">x</label><details id="more"><summary>Vis</summary><button onclick="this.textContent='done'">Gem</button></details>`

// Both hands fill in every kind of field, forwards and back, and press what is folded.
func TestHands(t *testing.T) {
	for _, walk := range []browsertest.Walk{browsertest.Phone, {Lang: web.Danish, Width: 1280, Height: 900, Keyboard: true}} {
		ctx := browsertest.Open(t, walk)
		var got string
		browsertest.Run(t, ctx, shown(form), browsertest.Heading("Gavekort"), browsertest.Fill("why", "Æblegrød"), browsertest.Fill("unit", "c"), browsertest.Fill("from", "2026-02-21"), browsertest.Fill("time", "14:05"), browsertest.Fill("name", "Bo"), browsertest.Tick("sure"),
			browsertest.Fill("unit", "b"), browsertest.Unfold("Vis"), browsertest.PressIn("#more", "Gem"), browsertest.Has("", "button", browsertest.Name("done")),
			chromedp.Evaluate(`["why", "unit", "from", "time", "name"].map((id) => document.getElementById(id).value).concat(sure.checked).join()`, &got))
		require.Equal(t, "Æblegrød,b,2026-02-21,14:05,Bo,true", got)
	}
}

// The keyboard does not pass by what does not show its focus, nor reach what it cannot;
// the pointer does not press what is covered.
func TestHandsRefuse(t *testing.T) {
	soon := func(ctx context.Context, action chromedp.Action) error {
		timed, enough := context.WithTimeout(ctx, time.Second)
		defer enough()
		return chromedp.Run(timed, action)
	}
	desk, phone := browsertest.Open(t, browsertest.Desk), browsertest.Open(t, browsertest.Phone)
	browsertest.Run(t, desk, shown(`<style>#dim:focus { outline: 0; box-shadow: 0 0 9px red }</style><button id="dim">Log ud</button><button>Save</button>`))
	require.ErrorContains(t, soon(desk, browsertest.Press("Gem")), "the focus does not show at")
	browsertest.Run(t, desk, shown(`<button tabindex="-1">Save</button>`))
	require.ErrorContains(t, soon(desk, browsertest.Press("Gem")), "the tabulator does not lead to")
	browsertest.Run(t, phone, shown(`<button>Gem</button><div style="position: fixed; inset: 0">over it</div>`))
	require.ErrorContains(t, soon(phone, browsertest.Press("Gem")), "is covered by")
}

// What is told in Danish is sought in the language of the walk.
func TestSaid(t *testing.T) {
	desk, phone := browsertest.Open(t, browsertest.Desk), browsertest.Open(t, browsertest.Phone)
	for danish, english := range map[string]string{
		"Medarbejdere": "Staff", "Fortryd 125,50 kr.": "Undo 125,50 kr.", "Lukket til og med 20-11-2026": "Closed through 20 November 2026", browsertest.Name("Anna Nielsen"): "Anna Nielsen", "30,00 kr.": "30,00 kr.", "21-11-2026": "21 November 2026", "Bankerne har lukket søndag 22-11-2026. Den næste bankdag er mandag 23-11-2026.": "Banks are closed on Sunday 22 November 2026. The next day on which they pay is Monday 23 November 2026.",
	} {
		there, err := browsertest.Said(desk, danish)
		require.NoError(t, err)
		here, err := browsertest.Said(phone, danish)
		require.NoError(t, err)
		require.Equal(t, [][]string{{english}, {strings.TrimPrefix(danish, "\u2060")}}, [][]string{there, here})
	}
	for _, walk := range []context.Context{desk, phone} { // a mistake is told at once, whatever the language
		require.ErrorContains(t, chromedp.Run(walk, browsertest.Press("Fortyd 125,50 kr.")), "the catalogue has no »Fortyd 125,50 kr.«")
		require.ErrorContains(t, chromedp.Run(walk, browsertest.Reads("main", "Anna Nielsen")), "the catalogue has no »Anna Nielsen«")
	}
}
