package api

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/signin"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// Signing out ends the sign-in here first, whatever the provider does then, and
// leads on to where it ends there too.
func TestSignOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		require.Equal(t, 200, o.open(o.browser, o.start()).status)
		secret := o.cookie(o.browser, auth.StaffCookie)
		page := o.press(o.browser, "/signin/logout", "")
		require.Equal(t, 200, page.status)
		require.Equal(t, signin.Path(o.varde)+"/ended?at=provider", page.at.RequestURI(), "loading it again sends nothing again")
		require.Contains(t, page.text, danish("signedout.on", "Vardes login"))
		require.Empty(t, o.cookie(o.browser, auth.StaffCookie))
		_, err := o.access.Authenticate(t.Context(), secret)
		require.Equal(t, domain.Unauthenticated, domain.KindOf(err))
		next, found := strings.CutPrefix(page.header.Get("Refresh"), "1; url=")
		require.True(t, found)
		require.Contains(t, page.text, `href="`+strings.ReplaceAll(next, "&", "&amp;")+`"`)
		back := o.open(o.browser, next)
		require.Equal(t, signin.Path(o.varde), back.at.Path, "the provider sends them back to where they can sign in")
		require.Equal(t, url.Values{"client_id": {"varde"}, "post_logout_redirect_uri": {o.server.URL + signin.Path(o.varde)}}, o.issuer.ended[0])
		require.Equal(t, 401, o.press(o.browser, "/signin/logout", "").status)
	})
}

// A provider that is away keeps nobody signed in.
func TestSignOutProviderAway(t *testing.T) {
	o := newOffice(t, storetest.Open(t, storetest.SQLite(t)))
	require.Equal(t, 200, o.open(o.browser, o.start()).status)
	o.issuer.set(func() { o.issuer.away = true })
	page := o.press(o.browser, "/signin/logout", "")
	require.Equal(t, 200, page.status)
	o.out(o.browser)
}

// Signing out everywhere ends one's sign-ins in all browsers, and nobody else's.
func TestSignOutEverywhere(t *testing.T) {
	o := newOffice(t, storetest.Open(t, storetest.SQLite(t)))
	other, bo := o.newBrowser(), o.newBrowser()
	for _, b := range []*http.Client{o.browser, other} {
		require.Equal(t, 200, o.open(b, o.start()).status)
	}
	o.issuer.employee.subject, o.issuer.employee.claims["email"] = "subject-bo", "bo@varde.dk"
	require.Equal(t, 200, o.open(bo, o.start()).status)
	require.Equal(t, 200, o.press(o.browser, "/signin/logout-everywhere", "").status)
	o.out(o.browser)
	o.out(other)
	o.in(bo)
}

// A person sees where they are signed in and ends one of them; nobody else's.
func TestSignOutElsewhere(t *testing.T) {
	o := newOffice(t, storetest.Open(t, storetest.SQLite(t)))
	left, bo := o.newBrowser(), o.newBrowser()
	for _, b := range []*http.Client{o.browser, left} {
		require.Equal(t, 200, o.open(b, o.start()).status)
	}
	o.issuer.employee.subject, o.issuer.employee.claims["email"] = "subject-bo", "bo@varde.dk"
	require.Equal(t, 200, o.open(bo, o.start()).status)
	there, here, others := show("sgn", o.in(left).TokenID), show("sgn", o.in(o.browser).TokenID), show("sgn", o.in(bo).TokenID)
	page := o.open(o.browser, "/account").text
	require.Contains(t, page, there)
	require.NotContains(t, page, here, "one signs out of this browser otherwise")
	require.NotContains(t, page, others)
	for _, id := range []string{others, "x", ""} {
		require.Equal(t, 404, o.press(o.browser, "/account/sign-ins/end", "sign_in="+id).status, id)
	}
	for range 2 {
		done := o.press(o.browser, "/account/sign-ins/end", "sign_in="+there)
		require.Equal(t, "/account", done.at.Path, done.text)
	}
	o.out(left)
	o.in(o.browser)
	o.in(bo)
}

// Whoever signs in in a browser takes the place of who was signed in there: the
// earlier secret, which somebody may have copied, lets nobody in any more.
func TestSignInEndsTheEarlierOne(t *testing.T) {
	o := newOffice(t, storetest.Open(t, storetest.SQLite(t)))
	require.Equal(t, 200, o.open(o.browser, o.start()).status)
	earlier := o.cookie(o.browser, auth.StaffCookie)
	require.Equal(t, 200, o.open(o.browser, o.start()).status)
	require.NotEqual(t, earlier, o.cookie(o.browser, auth.StaffCookie))
	_, err := o.access.Authenticate(t.Context(), earlier)
	require.Equal(t, domain.Unauthenticated, domain.KindOf(err))
	o.in(o.browser)
}

// Who has no role any more at the provider is out as soon as it says so, in every
// browser and with every token.
func TestRolesGoneAtTheProvider(t *testing.T) {
	o := newOffice(t, storetest.Open(t, storetest.SQLite(t)))
	require.Equal(t, 200, o.open(o.browser, o.start()).status)
	_, text, err := o.access.CreateToken(t.Context(), o.in(o.browser), access.TokenInput{})
	require.NoError(t, err)
	o.issuer.set(func() { o.issuer.employee.claims["fasthold"] = map[string]any{"roles": []any{}} })
	b := o.newBrowser()
	o.refusedWith(b, o.open(b, o.start()), 403, "no_role")
	o.out(o.browser)
	_, err = o.access.Authenticate(t.Context(), text)
	require.Equal(t, domain.Unauthenticated, domain.KindOf(err))
	o.issuer.set(func() { o.issuer.employee = mette() })
	require.Equal(t, 200, o.open(o.browser, o.start()).status, "and comes back with a role")
}

// No page of another site signs anybody out.
func TestSignOutFromElsewhere(t *testing.T) {
	o := newOffice(t, storetest.Open(t, storetest.SQLite(t)))
	require.Equal(t, 200, o.open(o.browser, o.start()).status)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.server.URL+"/signin/logout", nil)
	require.NoError(t, err)
	r.Header.Set("Origin", "https://evil.example")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	answer, err := o.browser.Do(r)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, 403, answer.StatusCode)
	o.in(o.browser)
}

// What the provider signs and tells over the back channel ends the sign-ins of
// that session or that subject; what it did not sign, sent to another or told
// before ends none.
func TestBackChannel(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		enter := func(subject, session string) *http.Client {
			who := mette()
			who.subject, who.claims["email"], who.claims["sid"] = subject, subject+"@varde.dk", session
			o.issuer.set(func() { o.issuer.employee = who })
			b := o.newBrowser()
			require.Equal(t, 200, o.open(b, o.start()).status)
			return b
		}
		told := 0
		claims := func(subject, session string, change ...func(*oidc.LogoutTokenClaims)) *oidc.LogoutTokenClaims {
			told++
			c := oidc.NewLogoutTokenClaims(o.issuer.http.URL, subject, oidc.Audience{"varde"}, time.Now().Add(time.Minute), "message-"+string(rune('a'+told)), session, 0)
			for _, fn := range change {
				fn(c)
			}
			return c
		}
		tell := func(token string) seen {
			return o.press(o.server.Client(), signin.Path(o.varde)+"/backchannel", url.Values{"logout_token": {token}}.Encode())
		}
		one, two, bo := enter("mette", "s1"), enter("mette", "s2"), enter("bo", "s3")
		first := o.issuer.token(claims("mette", "s1"))
		answer := tell(first)
		require.Equal(t, 200, answer.status, answer.text)
		require.Equal(t, "no-store", answer.header.Get("Cache-Control"))
		o.out(one)
		o.in(two)
		o.in(bo)

		one = enter("mette", "s1")
		elsewhere := newIssuer(t)
		for name, token := range map[string]string{
			"told before":   first,
			"nothing":       "",
			"another's key": elsewhere.token(claims("mette", "")),
			"no signature":  cut(o.issuer.token(claims("mette", ""))),
			"for another":   o.issuer.token(claims("mette", "", func(c *oidc.LogoutTokenClaims) { c.Audience = oidc.Audience{"esbjerg"} })),
			"from another":  o.issuer.token(claims("mette", "", func(c *oidc.LogoutTokenClaims) { c.Issuer = elsewhere.http.URL })),
			"expired":       o.issuer.token(claims("mette", "", func(c *oidc.LogoutTokenClaims) { c.Expiration = oidc.FromTime(time.Now().Add(-time.Second)) })),
			"old":           o.issuer.token(claims("mette", "", func(c *oidc.LogoutTokenClaims) { c.IssuedAt = oidc.FromTime(time.Now().Add(-time.Hour)) })),
			"from tomorrow": o.issuer.token(claims("mette", "", func(c *oidc.LogoutTokenClaims) { c.IssuedAt = oidc.FromTime(time.Now().Add(time.Hour)) })),
			"without an ID": o.issuer.token(claims("mette", "", func(c *oidc.LogoutTokenClaims) { c.JWTID = "" })),
			"no event":      o.issuer.token(claims("mette", "", func(c *oidc.LogoutTokenClaims) { c.Events = nil })),
			"another event": o.issuer.token(claims("mette", "", func(c *oidc.LogoutTokenClaims) { c.Events = map[string]any{"x": map[string]any{}} })),
			"an event of text": o.issuer.token(claims("mette", "", func(c *oidc.LogoutTokenClaims) {
				c.Events = map[string]any{"http://schemas.openid.net/event/backchannel-logout": "x"}
			})),
			"of nobody":   o.issuer.token(claims("", "")),
			"an ID token": o.issuer.token(claims("mette", "", func(c *oidc.LogoutTokenClaims) { c.Claims = map[string]any{"nonce": "n"} })),
		} {
			answer := tell(token)
			require.Equal(t, 400, answer.status, name)
			require.Contains(t, answer.text, "invalid_request", name)
			o.in(one)
			o.in(two)
		}
		require.Equal(t, 200, tell(o.issuer.token(claims("", "s3"))).status)
		o.out(bo)
		require.Equal(t, 200, tell(o.issuer.token(claims("mette", ""))).status)
		o.out(one)
		o.out(two)
		require.Equal(t, 404, o.press(o.server.Client(), signin.Path(o.unit.ID)+"/backchannel", "").status)
		require.Equal(t, 413, o.press(o.server.Client(), signin.Path(o.varde)+"/backchannel", "logout_token="+strings.Repeat("x", longestLogoutToken)).status)
	})
}

// A provider's messages are counted, so that nobody drowns the server in them.
func TestBackChannelFlood(t *testing.T) {
	o := newOffice(t, storetest.Open(t, storetest.SQLite(t)))
	status := 0
	for range mostMessages + 1 {
		status = o.press(o.server.Client(), signin.Path(o.varde)+"/backchannel", "logout_token=x").status
	}
	require.Equal(t, 429, status)
}
