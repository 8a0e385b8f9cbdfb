// Package browsertest gives tests a real browser: Chromium, without a window,
// with a device in it that makes and uses passkeys.
//
// FASTHOLD_TEST_CHROMIUM names the program; else it is looked for. A machine that
// has none fails the test and says what to install; nothing is ever skipped.
package browsertest

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// limit is how long one test may use its browser.
const limit = 5 * time.Minute

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

// Open starts a browser of the test's own for a walk, with more options where they
// are given, and fails the test for whatever a page's script or policy complains
// of. It ends with the test.
func Open(t testing.TB, walk Walk, more ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	folder, err := os.MkdirTemp("", "fasthold-browser-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { remove(t, folder) })
	options := append([]chromedp.ExecAllocatorOption{}, chromedp.DefaultExecAllocatorOptions[:]...)
	options = append(options, chromedp.ExecPath(find(t)), chromedp.NoSandbox, chromedp.UserDataDir(folder),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", walk.locale()), chromedp.Flag("accept-lang", walk.locale()))
	options = append(options, more...)
	ctx, enough := context.WithTimeout(context.WithValue(context.WithoutCancel(t.Context()), walking{}, walk), limit) // so that it is closed, not killed
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
		switch event := event.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("a page's script failed: %s", event.ExceptionDetails.Error())
		case *page.EventJavascriptDialogOpening: // to leave a page that is half filled in
			go func() { _ = chromedp.Run(ctx, page.HandleJavaScriptDialog(true)) }()
		}
	})
	if err := chromedp.Run(ctx); err != nil { // not Run: the browser lives as long as the context that starts it
		t.Fatalf("start the browser: %v", err)
	}
	Run(t, ctx, walk.sees())
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

// step is how long each action of a call of Run may take: how many a call has says
// nothing of how slow the machine is.
const step = time.Minute

// Run does something in the browser. Where that fails, it says what the page
// shows.
func Run(t testing.TB, ctx context.Context, actions ...chromedp.Action) {
	t.Helper()
	err := error(nil)
	for i := 0; i < len(actions) && err == nil; i++ {
		timed, enough := context.WithTimeout(ctx, step)
		err = chromedp.Run(timed, actions[i])
		enough()
	}
	if err != nil {
		var address, shown string
		timed, enough := context.WithTimeout(ctx, step)
		defer enough()
		_ = chromedp.Run(timed, chromedp.Location(&address), chromedp.Text("body", &shown, chromedp.ByQuery)) // what is there is told
		t.Fatalf("browser: %v at %s, which shows:\n%s", err, address, shown)
	}
}
