package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
)

// tourFolder names the folder that the pictures land in; none are kept without it.
const tourFolder = "FASTHOLD_TOUR"

// stop is a page of the tour, and what is done to get there from the one before.
type stop struct {
	picture string
	do      []chromedp.Action
}

// follow opens the first link that fits.
func follow(selector string) chromedp.Action {
	return opened(`document.querySelector('` + selector + `').href`)
}

// visit opens a page of the same server.
func visit(path string) chromedp.Action { return opened(`location.origin + "` + path + `"`) }

// opened opens the address that a script gives.
func opened(script string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		var address string
		if err := chromedp.Evaluate(script, &address).Do(ctx); err != nil {
			return fmt.Errorf("%s: %w", script, err)
		}
		return chromedp.Tasks{chromedp.Navigate(address), chromedp.WaitReady("#content", chromedp.ByQuery)}.Do(ctx)
	})
}

// earning taps "attended" for somebody whom it earns a voucher.
const earning = `[...document.querySelectorAll(".slot")].find((s) => [...s.querySelectorAll("progress")].some((p) => p.value + 1 === p.max) && s.querySelector(".taps button")).querySelector(".taps button").click()`

// tour is who looks at what; the shop has a voucher with this code before it.
func tour(code string) map[string][]stop {
	return map[string][]stop{
		"caseworker": {
			{"today", []chromedp.Action{chromedp.Evaluate(earning, nil), chromedp.WaitVisible(".earned .hand", chromedp.ByQuery)}},
			{"voucher", []chromedp.Action{follow(`.earned .hand a[href$="/code"]`)}},
			{"citizen", []chromedp.Action{visit("/today"), follow(`.slot .who a`)}},
		},
		"team_leader": {
			{"approvals", nil},
			{"figures", []chromedp.Action{visit("/figures")}},
			{"programme", []chromedp.Action{visit("/programmes"), follow(`main a[href^="/programmes/"]`)}},
		},
		"finance": {
			{"year", nil},
			{"spend", []chromedp.Action{visit("/spend")}},
			{"run", []chromedp.Action{visit("/runs"), follow(`main a[href^="/runs/srn"]`)}},
		},
		"auditor": {
			{"postings", []chromedp.Action{visit("/postings")}},
			{"audit", []chromedp.Action{visit("/audit")}},
		},
		"administrator": {
			{"people", nil},
			{"shop", []chromedp.Action{visit("/partners"), follow(`main a[href^="/partners/prt"]`)}},
		},
		"citizen": {
			{"own", []chromedp.Action{chromedp.Click("details.code summary", chromedp.ByQuery)}},
		},
		"partner": {
			{"till", nil},
			{"till-valid", []chromedp.Action{browsertest.Fill("code", code), browsertest.Press("Se, om det gælder"), chromedp.WaitVisible("#valid", chromedp.ByQuery)}},
		},
	}
}

// heaviest is how many bytes a page may weigh on the wire, without fonts.
const heaviest = 100_000

// weight adds up what a page took: itself and what it loaded, but for fonts.
const weight = `performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource")).filter((e) => !/\.woff2$/.test(e.name)).reduce((n, e) => n + e.encodedBodySize, 0)`

// The demo's links open each role's pages in a browser, from its menu's first to its
// last, and the way through them that docs/tour shows can be walked. Each page is
// accessible, and light enough for an old phone.
func TestTour(t *testing.T) {
	d := startDemo(t, filepath.Join(t.TempDir(), "demo"))
	defer d.stop(t)
	stops := tour(regexp.MustCompile(`A voucher for the shop's page: ([^,]+),`).FindStringSubmatch(d.String())[1])
	for _, link := range regexp.MustCompile(`(?m)^  (\w+) +(http://localhost:\d+/(?:demo|me)#\S+)$`).FindAllStringSubmatch(d.String(), -1) {
		role, width, height := link[1], int64(1280), int64(900)
		if role == "partner" || role == "citizen" {
			width, height = 390, 844
		}
		t.Run(role, func(t *testing.T) {
			ctx := browsertest.Open(t, browsertest.Walk{Lang: web.English, Width: width, Height: height})
			browsertest.Run(t, ctx, network.SetCacheDisabled(true), chromedp.Navigate(link[2]), chromedp.WaitVisible(`//body[not(.//form[@action="/demo"])]//h1`, chromedp.BySearch))
			for _, s := range stops[role] {
				browsertest.Run(t, ctx, s.do...)
				keep(t, ctx, s.picture)
				fits(t, ctx, role+", "+s.picture)
			}
			for _, item := range web.Menu(domain.Role(role), "") {
				browsertest.Run(t, ctx, visit(item.Address))
				fits(t, ctx, role+", "+item.Address)
			}
		})
	}
}

// fits demands that a page is accessible, also at 400 %, and not heavy.
func fits(t *testing.T, ctx context.Context, what string) {
	t.Helper()
	var bytes int
	browsertest.Run(t, ctx, chromedp.Evaluate(weight, &bytes))
	require.Positive(t, bytes, what)
	require.Less(t, bytes, heaviest, what)
	t.Logf("%s: %d bytes", what, bytes)
	browsertest.Accessible(t, ctx, what)
	browsertest.Zoomed(t, ctx, what)
}

// keep puts a picture of what the window shows where the tour is kept.
func keep(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	folder := os.Getenv(tourFolder)
	if folder == "" {
		return
	}
	var picture []byte
	browsertest.Run(t, ctx, chromedp.ActionFunc(func(ctx context.Context) (err error) {
		picture, err = page.CaptureScreenshot().WithFormat(page.CaptureScreenshotFormatWebp).WithQuality(80).Do(ctx)
		return err
	}))
	require.NoError(t, os.WriteFile(filepath.Join(folder, name+".webp"), picture, 0o600))
}
