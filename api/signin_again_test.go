package api

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/signin"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store/storetest"
)

// A server starts without its provider; then the page says calmly that it is
// away, and goes on when it is back. Keys that change at the provider count here.
func TestOIDCProviderAway(t *testing.T) {
	o := newOffice(t, storetest.Open(t, storetest.SQLite(t)))
	o.issuer.set(func() { o.issuer.away = true })
	for range 2 {
		page := o.open(o.browser, o.start())
		require.Equal(t, 503, page.status)
		require.NotEmpty(t, page.header.Get("Retry-After"))
		require.Contains(t, page.text, danish("signin.away", "Vardes login"))
		require.Contains(t, page.text, danish("signin.retry"))
	}
	log := o.log.take()
	require.Contains(t, log, "provider away")
	require.NotContains(t, log, `"error":null`)
	o.issuer.set(func() { o.issuer.away = false })
	o.later.Store(int64(6 * time.Second))
	require.Equal(t, 200, o.open(o.browser, o.start()).status)

	o.issuer.rotate()
	require.Equal(t, 200, o.open(o.newBrowser(), o.start()).status, "signed with a key that is new")

	b := o.newBrowser()
	callback := o.open(stays(b, comingBack), o.start())
	o.issuer.set(func() { o.issuer.away = true })
	o.refusedWith(b, o.open(b, callback.at.RequestURI()), 503, "provider_away")
	o.later.Store(int64(2 * time.Hour))
	back := o.open(stays(o.newBrowser(), "/authorize"), o.start())
	require.Equal(t, 303, back.status, "known and away: what it said of itself still counts")
}

// An address that changes leaves the person who they are, and one that is given
// to another does not make that one who had it.
func TestOIDCIdentities(t *testing.T) {
	o := newOffice(t, storetest.Open(t, storetest.SQLite(t)))
	require.Equal(t, 200, o.open(o.browser, o.start()).status)
	o.issuer.employee.claims["email"] = "mette.jensen@varde.dk"
	b := o.newBrowser()
	require.Equal(t, 200, o.open(b, o.start()).status)
	require.Equal(t, "mette@varde.dk", o.in(b).Person)
	o.issuer.employee.subject, o.issuer.employee.claims["email"] = "subject-next", "METTE@varde.dk"
	b = o.newBrowser()
	o.refusedWith(b, o.open(b, o.start()), 403, "identity_taken")
}

// Whoever finds a screen unlocked can sign in anew without being asked, where the
// provider remembers its owner: that is no fresh proof.
func TestOIDCRemembered(t *testing.T) {
	o := newOffice(t, storetest.Open(t, storetest.SQLite(t)))
	o.issuer.set(func() { o.issuer.employee.signedIn = time.Now().Add(-time.Hour) })
	require.Equal(t, 200, o.open(o.browser, o.start()).status)
	require.False(t, o.in(o.browser).Fresh)
	require.WithinDuration(t, time.Now().Add(-time.Hour), o.in(o.browser).ProvedAt, time.Minute)
	o.issuer.set(func() { o.issuer.employee.signedIn = time.Now() })
	require.Equal(t, 200, o.open(o.browser, o.start()+"?again=1").status)
	require.True(t, o.in(o.browser).Fresh)
	o.issuer.set(func() { o.issuer.employee.signedIn = time.Unix(0, 0) }) // as if it did not say
	require.Equal(t, 200, o.open(o.browser, o.start()).status)
	require.False(t, o.in(o.browser).Fresh)
	o.issuer.set(func() { o.issuer.employee.signedIn = time.Now().Add(time.Hour) })
	require.Equal(t, 200, o.open(o.browser, o.start()).status)
	require.WithinDuration(t, time.Now(), o.in(o.browser).ProvedAt, time.Minute, "nobody proves anything ahead")
}

// A page that wants a fresh proof leads to it, and back.
func TestStepUpLeadsOn(t *testing.T) {
	t.Parallel()
	e := echo.New()
	shown := func(method, path string, err error) string {
		r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
		r.Header.Set("Accept", "text/html")
		w := httptest.NewRecorder()
		answer(err, e.NewContext(r, w))
		require.Equal(t, 403, w.Code)
		return w.Body.String()
	}
	stale := domain.Actor{Role: domain.TeamLeader, Kind: domain.BySignIn}.May("approveAward")
	require.Contains(t, shown("GET", "/account/password?a=1", stale), `href="/prove?return=%2Faccount%2Fpassword%3Fa%3D1"`)
	require.Contains(t, shown("POST", "/account/password/removal", stale), `href="/prove"`)
	require.NotContains(t, shown("GET", "//elsewhere.example/x", stale), "elsewhere")
	require.NotContains(t, shown("GET", "/account", domain.Errorf(domain.Forbidden, "forbidden", "no")), "/prove")
}

// Proving again asks the provider to ask, wants the same person, and a new secret
// comes of it.
func TestOIDCStepUp(t *testing.T) {
	o := newOffice(t, storetest.Open(t, storetest.SQLite(t)))
	require.Equal(t, 200, o.open(o.browser, o.start()).status)
	before, secret := o.in(o.browser), o.cookie(o.browser, auth.StaffCookie)
	o.later.Store(int64(11 * time.Minute))
	require.False(t, o.in(o.browser).Fresh)
	o.issuer.set(func() { o.issuer.employee.signedIn = time.Now().Add(11 * time.Minute) })
	again := o.start() + "?again=1&return=/healthz"
	done := o.open(o.browser, again)
	require.Equal(t, "/healthz", done.at.Path, done.text)
	asked := o.issuer.asked[len(o.issuer.asked)-1]
	require.Equal(t, "login", asked.Get("prompt"))
	require.Equal(t, "0", asked.Get("max_age"))
	after := o.in(o.browser)
	require.True(t, after.Fresh)
	require.Equal(t, before.TokenID, after.TokenID)
	require.NotEqual(t, secret, o.cookie(o.browser, auth.StaffCookie))

	still := func(page seen, code string) {
		t.Helper()
		require.Equal(t, 403, page.status)
		require.Contains(t, page.text, danish("error."+code+".what"))
		require.Equal(t, after, o.in(o.browser), "who is signed in stays so, as before")
	}
	o.issuer.set(func() { o.issuer.employee.signedIn = time.Now().Add(8 * time.Minute) })
	still(o.open(o.browser, again), "proof_missing")
	o.issuer.set(func() {
		o.issuer.employee.signedIn = time.Now().Add(11 * time.Minute)
		o.issuer.employee.subject, o.issuer.employee.claims["email"] = "subject-bo", "mette@varde.dk"
	})
	still(o.open(o.browser, again), "another_person")
	bo := mette()
	bo.subject, bo.claims["email"], bo.signedIn = "subject-bo", "bo@varde.dk", time.Now().Add(11*time.Minute)
	o.issuer.set(func() { o.issuer.employee = bo })
	others := o.newBrowser()
	require.Equal(t, 200, o.open(others, o.start()).status)
	still(o.open(o.browser, again), "another_person")

	// Begun by one, ended in the browser of another.
	begun := o.open(stays(o.browser, comingBack), again)
	others.Jar.SetCookies(ok(url.Parse(o.server.URL)), []*http.Cookie{{Name: flowCookie, Value: o.cookie(o.browser, flowCookie), Secure: true, Path: "/"}})
	page := o.open(others, begun.at.RequestURI())
	require.Contains(t, page.text, danish("error.another_person.what"))

	stranger := o.newBrowser()
	require.Equal(t, signin.Path(o.varde), o.open(stranger, again).at.Path, "who is not signed in signs in first")
}
