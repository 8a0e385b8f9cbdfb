// Package browsertest gives tests a real browser: Chromium, without a window,
// with a device in it that makes and uses passkeys.
//
// FASTHOLD_TEST_CHROMIUM names the program; else it is looked for. A machine that
// has none fails the test and says what to install; nothing is ever skipped.
package browsertest

import (
	"context"
	_ "embed" // axe-core
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// limit is how long one test may use its browser.
const limit = 3 * time.Minute

// programs are looked for in this order.
var programs = []string{"chromium", "chromium-browser", "google-chrome"}

// find gives the path of the browser.
func find(t testing.TB) string {
	t.Helper()
	if named := os.Getenv("FASTHOLD_TEST_CHROMIUM"); named != "" {
		return named
	}
	for _, name := range programs {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("the tests of the pages need a browser: apt-get install chromium, or name one with FASTHOLD_TEST_CHROMIUM")
	return ""
}

// Open starts a browser of the test's own, in Danish, with more options where they
// are given, and fails the test for whatever a page's script or policy complains
// of. It ends with the test.
func Open(t testing.TB, more ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	folder, err := os.MkdirTemp("", "fasthold-browser-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { remove(t, folder) })
	options := append([]chromedp.ExecAllocatorOption{}, chromedp.DefaultExecAllocatorOptions[:]...)
	options = append(options, chromedp.ExecPath(find(t)), chromedp.NoSandbox, chromedp.UserDataDir(folder),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "da"), chromedp.Flag("accept-lang", "da"))
	options = append(options, more...)
	ctx, enough := context.WithTimeout(context.WithoutCancel(t.Context()), limit) // so that it is closed, not killed
	t.Cleanup(enough)
	ctx, ended := chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(ended)
	ctx, closed := chromedp.NewContext(ctx, chromedp.WithErrorf(complain))
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil { // waits until it has ended
			closed()
		}
	})
	chromedp.ListenTarget(ctx, func(event any) {
		if thrown, ok := event.(*runtime.EventExceptionThrown); ok {
			t.Errorf("a page's script failed: %s", thrown.ExceptionDetails.Error())
		}
	})
	if err := chromedp.Run(ctx); err != nil { // not Run: the browser lives as long as the context that starts it
		t.Fatalf("start the browser: %v", err)
	}
	return ctx
}

// complain is chromedp's log, without that it cannot read which kind of node a
// sound is made of: it takes the word for a number.
func complain(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !strings.Contains(text, "cdp.NodeType") {
		log.Print("browser: " + text)
	}
}

// remove removes a browser's folder. Processes of the browser can outlive it for
// a moment and write there still.
func remove(t testing.TB, folder string) {
	t.Helper()
	err := os.RemoveAll(folder)
	for tries := 0; err != nil && tries < 50; tries++ {
		time.Sleep(100 * time.Millisecond)
		err = os.RemoveAll(folder)
	}
	if err != nil {
		t.Errorf("remove the browser's folder: %v", err)
	}
}

// Authenticator puts a device in the browser that makes and uses passkeys and
// makes sure each time who uses it.
func Authenticator(t testing.TB, ctx context.Context) {
	t.Helper()
	Run(t, ctx, webauthn.Enable(), chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := webauthn.AddVirtualAuthenticator(&webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		}).Do(ctx)
		return err
	}))
}

// step is how long the actions of one call of Run may take.
const step = 30 * time.Second

// Run does something in the browser. Where that fails, it says what the page
// shows.
func Run(t testing.TB, ctx context.Context, actions ...chromedp.Action) {
	t.Helper()
	timed, enough := context.WithTimeout(ctx, step)
	defer enough()
	if err := chromedp.Run(timed, actions...); err != nil {
		var address, shown string
		_ = chromedp.Run(ctx, chromedp.Location(&address), chromedp.Text("body", &shown, chromedp.ByQuery)) // what is there is told
		t.Fatalf("browser: %v at %s, which shows:\n%s", err, address, shown)
	}
}

// Heading waits for the page that has this heading.
func Heading(text string) chromedp.Action {
	return chromedp.WaitVisible(`//h1[normalize-space()="`+text+`"]`, chromedp.BySearch)
}

// Press presses the button, or follows the link, that has this text.
func Press(text string) chromedp.Action {
	return chromedp.Click(`//*[self::button or self::a][normalize-space()="`+text+`"]`, chromedp.BySearch, chromedp.NodeVisible)
}

// Fill writes a text into the field with this id, in the place of what is there.
func Fill(id, text string) chromedp.Action {
	return chromedp.Tasks{chromedp.WaitVisible("#"+id, chromedp.ByQuery), chromedp.Evaluate(`document.getElementById("`+id+`").value = ""`, nil), chromedp.SendKeys("#"+id, text, chromedp.ByQuery)}
}

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
	var found []finding
	var fits bool
	Run(t, ctx, chromedp.Evaluate(axe+";0", nil), chromedp.Evaluate(`axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"], resultTypes: ["violations"]}).then((r) => r.violations)`, &found,
		func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }),
		chromedp.Evaluate(`document.documentElement.scrollWidth <= innerWidth`, &fits))
	for _, f := range found {
		for _, node := range f.Nodes {
			t.Errorf("%s: axe-core: %s: %s\n%s\n%s", what, f.ID, f.Help, node.HTML, node.Summary)
		}
	}
	if !fits {
		t.Errorf("%s is wider than the window", what)
	}
}

// Look photographs the page and demands that it is accessible at the width of a
// phone and of a desktop, in the light, in the dark and in forced colours, and at
// four times the size. The pictures land where FASTHOLD_TEST_PICTURES names a
// folder.
func Look(t testing.TB, ctx context.Context, name string) {
	t.Helper()
	for _, each := range []struct {
		suffix string
		pixels int64
		colour string
	}{{"320", 320, "light"}, {"1280", 1280, "light"}, {"1280-dark", 1280, "dark"}, {"320-dark", 320, "dark"}} {
		Run(t, ctx, chromedp.EmulateViewport(each.pixels, 900), emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: each.colour}, {Name: "prefers-reduced-motion", Value: "reduce"}}))
		Accessible(t, ctx, name+" at "+each.suffix)
		photograph(t, ctx, name+"-"+each.suffix)
	}
	Run(t, ctx, emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "forced-colors", Value: "active"}}))
	photograph(t, ctx, name+"-forced")
	Run(t, ctx, emulation.SetEmulatedMedia(), chromedp.EmulateViewport(1280, 900))
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
