package browsertest

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Zoomed demands that a page can be used at 400 % on a screen of 1280 by 1024: in a
// window that has room for little but its scrollbar the page is not wider than it, and
// whatever gets the focus is seen, and under nothing that stays where it is.
func Zoomed(t testing.TB, ctx context.Context, what string) {
	t.Helper()
	var hidden []string
	Run(t, ctx, chromedp.EmulateViewport(320, 256), emulation.SetScrollbarsHidden(false), emulation.SetFocusEmulationEnabled(true), chromedp.ActionFunc(func(ctx context.Context) error { return ask(ctx, &hidden, "hidden") }))
	fits(t, ctx, what+" at 400 %")
	for _, part := range hidden {
		t.Errorf("%s at 400 %%: has the focus and is not seen: %s", what, part)
	}
	Run(t, ctx, emulation.SetScrollbarsHidden(true), Walked(ctx).sees())
}
