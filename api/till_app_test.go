package api

import (
	"context"
	"encoding/json"
	"image/color"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	installed "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/skip2/go-qrcode"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// promised makes a script's promise be waited for.
func promised(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// The page can be installed. Its worker keeps the page that says that there is no
// network, and nothing that was asked of a voucher; all of it with the camera's
// decoder is small.
func TestTillIsInstalled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		till := w.newTill("Kasse ved døren")
		does, address := w.line(t)
		phone := browsertest.Open(t, browsertest.Phone, w.held(5))
		run := func(actions ...chromedp.Action) { t.Helper(); browsertest.Run(t, phone, actions...) }
		run(takes(till, address), chromedp.Navigate(address+tillPath), browsertest.Heading("Kassen"), chromedp.Evaluate(`navigator.serviceWorker.ready.then((r) => r.scope)`, nil, promised))
		run(chromedp.ActionFunc(func(ctx context.Context) error {
			_, wrong, data, _, err := installed.GetAppManifest().Do(ctx)
			require.NoError(t, err)
			require.Empty(t, wrong)
			var app web.TillApp
			require.NoError(t, json.Unmarshal([]byte(data), &app))
			require.Equal(t, []any{"Kassen", web.Danish, tillPath, tillPath}, []any{app.Name, app.Lang, app.Start, app.Scope})
			silent(t, data)
			missing, err := installed.GetInstallabilityErrors().Do(ctx)
			require.NoError(t, err)
			for _, each := range missing {
				require.Equal(t, "in-incognito", each.ErrorID, "the page can be installed")
			}
			return nil
		}))
		var weight int // of the first visit, when the worker has nothing yet
		run(browsertest.Press("Scan gavekort"), browsertest.Heading("Gyldigt"),
			chromedp.Evaluate(`[...new Map(performance.getEntries().filter((e) => e.encodedBodySize && !e.name.endsWith(".woff2")).reverse().map((e) => [e.name.split("#")[0], e.encodedBodySize])).values()].reduce((sum, size) => sum + size, 0)`, &weight))
		require.Greater(t, weight, 50_000, "with the decoder")
		require.Less(t, weight, 100_000)
		run(browsertest.Fill("amount", "30.00"), browsertest.Press("Træk 30,00 kr."), browsertest.Heading("Betalt"))

		var kept []string
		run(chromedp.Evaluate(`(async () => { const all = []; for (const name of await caches.keys()) for (const r of await (await caches.open(name)).keys()) all.push(new URL(r.url).pathname); return all; })()`, &kept, promised))
		require.Contains(t, kept, tillPath+"/offline")
		for _, path := range kept {
			require.True(t, path == tillPath+"/offline" || strings.HasPrefix(path, "/static/"), path)
		}
		does.Store(lineLosesRequests)
		run(chromedp.Navigate(address+tillPath), browsertest.Heading("Der er intet net"))
		browsertest.Look(t, phone, "till-offline")
		does.Store(lineHolds)
		run(browsertest.Press("Prøv igen"), browsertest.Heading("Kassen"), onPage("1 betaling"), chromedp.Navigate(address+tillPath+"?lang=en"), browsertest.Heading(browsertest.Name("The till")),
			chromedp.PollFunction(`async () => (await (await caches.match("/till/offline")).text()).includes("There is no network")`, nil))
		does.Store(lineLosesRequests)
		run(chromedp.Navigate(address+tillPath), browsertest.Heading(browsertest.Name("There is no network")))
	})
}

// The worker and the manifest come with what browsers want of them.
func TestTillApp(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	worker := w.send("", httptest.NewRequestWithContext(t.Context(), "GET", tillPath+"/worker.js", nil))
	require.Equal(t, []string{"text/javascript; charset=utf-8", tillPath, web.Policy}, []string{worker.Header().Get("Content-Type"), worker.Header().Get("Service-Worker-Allowed"), worker.Header().Get("Content-Security-Policy")})
	for _, lang := range web.Langs {
		app := w.send("", httptest.NewRequestWithContext(t.Context(), "GET", tillPath+"/app.webmanifest?lang="+string(lang), nil))
		require.Equal(t, "application/manifest+json", app.Header().Get("Content-Type"))
		require.Contains(t, app.Body.String(), web.Text(lang, "till.title"))
	}
	for _, icon := range web.NewTillApp(web.Danish, tillPath).Icons {
		drawn := w.send("", httptest.NewRequestWithContext(t.Context(), "GET", icon.Source, nil))
		require.Equal(t, []any{200, "image/png"}, []any{drawn.Code, drawn.Header().Get("Content-Type")}, icon.Source)
	}
}

// A device becomes a till by scanning the code on the administrator's screen. Where
// the browser knows of codes but cannot read them, our decoder does; another code
// than that of a till is told from it.
func TestTillIsEnrolledByCamera(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		in := ok(w.access.CreateTerminal(t.Context(), w.as(domain.Administrator), w.find("prt", 1), access.TerminalInput{Label: "Kasse ved døren"}))
		address := w.serves(t)
		screen := ok(qrcode.New(address+tillPath+"#"+in.Code, qrcode.Medium))
		screen.ForegroundColor, screen.BackgroundColor = color.Black, color.White
		device := browsertest.Open(t, walk(s), browsertest.Camera(t, screen.Image(320)), chromedp.Flag("enable-blink-features", "ShapeDetection,BarcodeDetector"))
		var formats string
		browsertest.Run(t, device, chromedp.Navigate(address+tillPath), browsertest.Heading("Kassen"),
			chromedp.Evaluate(`window.BarcodeDetector ? BarcodeDetector.getSupportedFormats().then(String) : "no detector"`, &formats, promised))
		require.NotContains(t, formats, "qr_code", "this browser reads codes itself: see that its way is tested too")
		t.Log(formats)
		browsertest.Run(t, device, browsertest.Press("Scan koden"), onPage("Denne enhed er nu kassen »Kasse ved døren« hos Butik 12345674."), browsertest.Press("Tag imod gavekort"),
			browsertest.Heading("Kassen"), browsertest.Press("Scan gavekort"), onPage(danish("till.not_voucher")))
		browsertest.Look(t, device, "till-scanning")
		browsertest.Run(t, device, browsertest.Press("Luk kameraet"), chromedp.WaitVisible("[data-open]", chromedp.ByQuery))
	})
}

// Without a camera, or where it is not allowed, the page says so, and the code is typed.
func TestTillWithoutCamera(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		till := w.newTill("Kasse ved døren")
		address, device := w.serves(t), browsertest.Open(t, walk(s))
		browsertest.Run(t, device, takes(till, address), chromedp.Navigate(address+tillPath), browsertest.Heading("Kassen"), browsertest.Press("Scan gavekort"), onPage(danish("till.camera_missing")))
		browsertest.Look(t, device, "till-no-camera")
		other := browsertest.Open(t, walk(s), chromedp.Flag("use-fake-device-for-media-stream", true))
		browsertest.Run(t, other, browser.SetPermission(&browser.PermissionDescriptor{Name: "camera"}, browser.PermissionSettingDenied), takes(till, address), chromedp.Navigate(address+tillPath),
			browsertest.Heading("Kassen"), browsertest.Press("Scan gavekort"), onPage(danish("till.camera_denied")))
	})
}
