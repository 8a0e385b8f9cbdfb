package api

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/signin"
	"github.com/fasthold/fasthold/api/web"
)

// showFailure answers with the page that says what went wrong, and leads on where
// there is a way: to a sign-in or a fresh proof where that was wanted, and back. What
// was typed into a form of staff's is in it, to be sent again.
func showFailure(c echo.Context, status int, code string) error {
	home, plain := "/", false
	for _, own := range []string{tillPath, "/me"} { // shops and citizens have pages of their own, which do not name the program
		if within(c, own) {
			home, plain = own, true
		}
	}
	sent := c.Request().Method != http.MethodGet
	signedOut := sent && !plain && status == http.StatusUnauthorized
	kept := keptForm(c, status, code)
	switch {
	case signedOut && kept != nil:
		code = "signed_out_kept"
	case signedOut:
		code = "signed_out" // what was typed is in the page before
	}
	failure := web.FailureOf(code, status, c.Response().Header().Get(echo.HeaderXRequestID))
	failure.Home, failure.Kept = home, kept
	if signedOut {
		failure.SignIn = signedInAgain
	}
	if code == "step_up_required" {
		switch {
		case kept != nil:
			failure.Prove = provePath(signedInAgain) // in a new tab
		case sent:
			failure.Prove = provePath("/")
		default:
			failure.Prove = provePath(c.Request().URL.RequestURI())
		}
	}
	return showPage(c, status, "error", web.Page{Title: "error.title", Plain: plain, Unsent: kept != nil, Data: failure})
}

// signedInAgain is the page that a sign-in, or a proof, in a new tab ends at: it says to
// go back to where one was.
const signedInAgain = "/prove/done"

// within reports whether a request is for a path or one below it.
func within(c echo.Context, path string) bool {
	asked := c.Request().URL.Path
	return asked == path || strings.HasPrefix(asked, path+"/")
}

// secretForms are where forms have passwords, codes and PINs, which no answer repeats.
var secretForms = []string{"/signin", "/prove", "/account", "/setup", "/invitation", tillPath, "/me"}

// keptForm gives the form that was sent in vain, where the same form can do better
// later. It is in the answer to who sent it and nowhere else: no address shows it, and
// the next one to sign in there does not meet it. Nil where there is none: files are in
// the browser only.
func keptForm(c echo.Context, status int, code string) *web.KeptForm {
	later := status == http.StatusUnauthorized || status == http.StatusTooManyRequests || status >= http.StatusInternalServerError || code == "step_up_required"
	r := c.Request()
	if !later || r.Method != http.MethodPost || slices.ContainsFunc(secretForms, func(path string) bool { return within(c, path) }) {
		return nil
	}
	r.Body = http.MaxBytesReader(c.Response(), r.Body, longestForm)
	if r.ParseForm() != nil || len(r.PostForm) == 0 {
		return nil
	}
	kept := &web.KeptForm{Action: signin.LocalPath(r.URL.RequestURI())}
	for _, name := range slices.Sorted(maps.Keys(r.PostForm)) {
		for _, value := range r.PostForm[name] {
			kept.Fields = append(kept.Fields, web.KeptField{Name: name, Value: value})
		}
	}
	return kept
}
