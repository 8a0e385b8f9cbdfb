package browsertest

import (
	"context"
	_ "embed" // axe-core
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed axe.min.js
var axe string

// finding is something that axe-core holds against a page.
type finding struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// Accessible fails the test for whatever axe-core finds on the page as it is
// shown, by WCAG 2.1 A and AA and by best practice, and when it is wider than the
// window.
func Accessible(t testing.TB, ctx context.Context, what string) {
	t.Helper()
	examine(t, ctx, what, `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]`)
	fits(t, ctx, what)
	spaced(t, ctx, what)
}

// spaced demands that there is a space before what is kept on one line (keepWhole): where
// parts are laid out in a row each, a text's own at its end is lost.
func spaced(t testing.TB, ctx context.Context, what string) {
	t.Helper()
	var lost []string
	Run(t, ctx, chromedp.Evaluate(`[...document.querySelectorAll("span.whole")].filter((e) => getComputedStyle(e.parentElement).display.includes("flex") && getComputedStyle(e).display !== "contents" &&
		[e.previousSibling, e.nextSibling].some((n) => n?.nodeType === Node.TEXT_NODE && n.data.trim())).map((e) => e.parentElement.outerHTML.slice(0, 300))`, &lost))
	for _, part := range lost {
		t.Errorf("%s: a space is lost in %s", what, part)
	}
}

// examine lets axe-core try rules.
func examine(t testing.TB, ctx context.Context, what, rules string) {
	t.Helper()
	var there bool
	Run(t, ctx, chromedp.Evaluate(`"axe" in window`, &there))
	if !there {
		Run(t, ctx, chromedp.Evaluate(axe+";0", nil))
	}
	var found []finding
	Run(t, ctx, chromedp.Evaluate(`axe.run(document, {runOnly: `+rules+`, resultTypes: ["violations"]}).then((r) => r.violations)`, &found,
		func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	for _, f := range found {
		for _, node := range f.Nodes {
			t.Errorf("%s: axe-core: %s: %s\n%s\n%s", what, f.ID, f.Help, node.HTML, node.Summary)
		}
	}
}

// fits demands that the page is not wider than the window.
func fits(t testing.TB, ctx context.Context, what string) {
	t.Helper()
	var wide string
	Run(t, ctx, chromedp.Evaluate(`document.documentElement.scrollWidth <= document.documentElement.clientWidth ? "" : [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map((e) => e.outerHTML.slice(0, 120)).slice(0, 3).join("\n")+"."`, &wide))
	if wide != "" {
		t.Errorf("%s is wider than the window:\n%s", what, wide)
	}
}

// Look demands that the page is accessible as the walk has it: on a phone in the light,
// at a desk in forced colours, where nothing moves. It also fits at 200 %, and can be
// read in the dark. Pictures land where FASTHOLD_TEST_PICTURES names a folder.
func Look(t testing.TB, ctx context.Context, name string) {
	t.Helper()
	walk := Walked(ctx)
	name += "-" + string(walk.Lang)
	Accessible(t, ctx, name)
	if walk.Keyboard {
		still(t, ctx, name)
		photograph(t, ctx, name+"-forced")
		Run(t, ctx, colours("dark"))
		examine(t, ctx, name+" in the dark", `{type: "rule", values: ["color-contrast"]}`)
		photograph(t, ctx, name+"-dark")
	} else {
		photograph(t, ctx, name)
		Run(t, ctx, chromedp.EmulateViewport(640, walk.Height))
		fits(t, ctx, name+" at 200 %")
	}
	Run(t, ctx, walk.sees())
}

// colours makes the browser one that wants the light or the dark, and no forced colours.
func colours(scheme string) chromedp.Action {
	return emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}})
}

// still demands that nothing moves.
func still(t testing.TB, ctx context.Context, what string) {
	t.Helper()
	var moving []string
	Run(t, ctx, chromedp.Evaluate(`document.getAnimations().filter((a) => a.playState === "running" && a.effect.getComputedTiming().duration > 1).map((a) => a.effect.target.outerHTML.slice(0, 200))`, &moving))
	for _, part := range moving {
		t.Errorf("%s moves, though that is not wanted: %s", what, part)
	}
}

// photograph keeps a picture of the whole page.
func photograph(t testing.TB, ctx context.Context, name string) {
	t.Helper()
	folder := os.Getenv("FASTHOLD_TEST_PICTURES")
	if folder == "" {
		return
	}
	var picture []byte
	Run(t, ctx, chromedp.FullScreenshot(&picture, 100))
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600); err != nil { //nolint:gosec // a folder that the developer names
		t.Fatal(err)
	}
}
