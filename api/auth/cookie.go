package auth

import (
	"net/http"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// The cookies that let somebody in. A browser takes one with such a name only
// from the host itself, over TLS, for all its paths: no neighbouring site can
// set it (RFC 6265bis, __Host-). Those of citizens and shops do not name the program.
const (
	StaffCookie   = "__Host-fasthold" // a person's sign-in
	CitizenCookie = "__Host-page"     // a citizen's visit to their own page
	TillCookie    = "__Host-till"     // a till's key
)

// carries says which kind of secret counts in which cookie.
var carries = map[string]domain.Credential{StaffCookie: domain.BySignIn, CitizenCookie: domain.ByCitizen, TillCookie: domain.ByTerminal}

// Cookie is the cookie that gives the browser a secret until that time; the zero
// time means until the browser is closed. No script can read it, and another
// site's pages send it only by following a link.
func Cookie(name, text string, until time.Time) *http.Cookie {
	return &http.Cookie{Name: name, Value: text, Path: "/", Expires: until, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// NoCookie is the cookie that takes a secret from the browser.
func NoCookie(name string) *http.Cookie {
	return &http.Cookie{Name: name, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// SetCookie gives the browser a secret until that time.
func SetCookie(w http.ResponseWriter, name, text string, until time.Time) {
	http.SetCookie(w, Cookie(name, text, until))
}

// ClearCookie takes a secret from the browser.
func ClearCookie(w http.ResponseWriter, name string) { http.SetCookie(w, NoCookie(name)) }
