package browsertest

import (
	"context"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/fasthold/fasthold/api/web"
)

// Walk is how somebody goes through the pages. Tests tell what is done in Danish; in
// another language it is the same, by the words of the pages' catalogue.
type Walk struct {
	Lang          web.Lang
	Width, Height int64
	Keyboard      bool // and nothing else; in forced colours, and without motion
}

// The two ways that every flow is walked in: the one database has the one, the other
// the other.
var (
	Phone = Walk{Lang: web.Danish, Width: 320, Height: 640} // as wide as a desktop's window at 400 %
	Desk  = Walk{Lang: web.English, Width: 1280, Height: 900, Keyboard: true}
)

// walking is where a browser's context keeps its walk.
type walking struct{}

// Walked gives the walk of a browser that Open opened.
func Walked(ctx context.Context) Walk {
	walk, _ := ctx.Value(walking{}).(Walk)
	return walk
}

func (w Walk) locale() string {
	if w.Lang == web.English {
		return "en-GB"
	}
	return "da"
}

// sees makes the window as the walk has it.
func (w Walk) sees() chromedp.Action {
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "light"}}
	if w.Keyboard {
		features = append(features, &emulation.MediaFeature{Name: "forced-colors", Value: "active"}, &emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"})
	}
	return chromedp.Tasks{chromedp.EmulateViewport(w.Width, w.Height), emulation.SetEmulatedMedia().WithFeatures(features)}
}
