package api

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/signin"
	"github.com/fasthold/fasthold/store/storetest"
)

// A flow ends once, in the browser and at the provider where it began, within its
// time.
func TestOIDCFlow(t *testing.T) {
	o := newOffice(t, storetest.Open(t, storetest.SQLite(t)))
	answered := func(b *http.Client) string { // what the provider sends the browser back with
		back := o.open(stays(b, comingBack), o.start())
		require.Contains(t, back.at.Path, "/callback")
		return back.at.RequestURI()
	}
	b := o.newBrowser()
	answer := answered(b)
	stranger := o.newBrowser()
	o.refusedWith(stranger, o.open(stranger, answer), 403, "sign_in_over")
	own := answered(stranger)
	o.refusedWith(stranger, o.open(stranger, answer), 403, "sign_in_mixed_up")
	require.Equal(t, 200, o.open(stranger, own).status, "what another sent did not end it")

	flow := o.cookie(b, flowCookie)
	require.Equal(t, 200, o.open(b, answer).status)
	o.in(b)
	o.refusedWith(o.newBrowser(), o.open(o.newBrowser(), answer), 403, "sign_in_over")
	replay := o.newBrowser()
	replay.Jar.SetCookies(ok(url.Parse(o.server.URL)), []*http.Cookie{{Name: flowCookie, Value: flow, Secure: true, Path: "/"}})
	o.refusedWith(replay, o.open(replay, answer), 403, "sign_in_over")

	late := o.newBrowser()
	answer = answered(late)
	o.later.Store(int64(signin.FlowFor + time.Second))
	o.refusedWith(late, o.open(late, answer), 403, "sign_in_over")
	o.later.Store(0)

	forged := o.newBrowser()
	answered(forged)
	forged.Jar.SetCookies(ok(url.Parse(o.server.URL)), []*http.Cookie{{Name: flowCookie, Value: o.cookie(forged, flowCookie) + "A", Secure: true, Path: "/"}})
	o.refusedWith(forged, o.open(forged, answer), 403, "sign_in_over")
}

// What one municipality's provider answers ends no flow that began at another's.
func TestOIDCMixUp(t *testing.T) {
	o := newOffice(t, storetest.Open(t, storetest.SQLite(t)))
	o.issuer.employee.claims["fasthold"] = map[string]any{"roles": []any{"oekonom"}}
	esbjerg := signin.Path(o.esbjerg)
	b := o.newBrowser()
	back := o.open(stays(b, comingBack), o.start())
	o.refusedWith(b, o.open(b, esbjerg+"/callback?"+back.at.RawQuery), 403, "sign_in_mixed_up")
	o.refusedWith(b, o.open(b, esbjerg+"/oidc"), 403, "other_municipality")

	// The code of another client, brought by another flow.
	b = o.newBrowser()
	theirs := o.open(stays(b, comingBack), esbjerg+"/oidc").at.Query().Get("code")
	ours := o.open(stays(b, comingBack), o.start()).at.Query()
	ours.Set("code", theirs)
	o.refusedWith(b, o.open(b, signin.Path(o.varde)+"/callback?"+ours.Encode()), 403, "provider_refused")

	// The code of another browser's flow, at the same client: PKCE.
	one, two := o.newBrowser(), o.newBrowser()
	stolen := o.open(stays(one, comingBack), o.start()).at.Query().Get("code")
	ours = o.open(stays(two, comingBack), o.start()).at.Query()
	ours.Set("code", stolen)
	o.refusedWith(two, o.open(two, signin.Path(o.varde)+"/callback?"+ours.Encode()), 403, "provider_refused")

	// Who it is from, where the provider says (RFC 9207).
	b = o.newBrowser()
	ours = o.open(stays(b, comingBack), o.start()).at.Query()
	ours.Set("iss", "https://login.elsewhere.dk")
	o.refusedWith(b, o.open(b, signin.Path(o.varde)+"/callback?"+ours.Encode()), 403, "sign_in_mixed_up")

	// What the provider refuses.
	b = o.newBrowser()
	ours = o.open(stays(b, comingBack), o.start()).at.Query()
	o.refusedWith(b, o.open(b, signin.Path(o.varde)+"/callback?"+url.Values{"error": {"access_denied"}, "error_description": {"<script>"}, "state": ours["state"]}.Encode()), 403, "provider_refused")
	for _, path := range []string{"/signin/mun_x/oidc", "/signin/" + example("mun", 1) + "/oidc", "/signin/" + example("mun", 1), "/signin/logout/callback"} {
		require.Equal(t, 404, o.open(b, path).status, path)
	}
}

// Forged tokens let nobody in.
func TestOIDCForged(t *testing.T) {
	o := newOffice(t, storetest.Open(t, storetest.SQLite(t)))
	other := newIssuer(t)
	claims := func(token map[string]any) map[string]any {
		var c map[string]any
		parts := strings.Split(token["id_token"].(string), ".")
		require.NoError(t, json64(parts[1], &c))
		return c
	}
	resigned := func(change func(c map[string]any)) func(map[string]any) {
		return func(token map[string]any) {
			c := claims(token)
			change(c)
			token["id_token"] = o.issuer.token(c)
		}
	}
	for name, tamper := range map[string]func(map[string]any){
		"no token":      func(token map[string]any) { delete(token, "id_token") },
		"no words":      func(token map[string]any) { token["id_token"] = "x.y.z" },
		"a number":      func(token map[string]any) { token["id_token"] = 7 },
		"another's key": func(token map[string]any) { token["id_token"] = other.token(claims(token)) },
		"no signature":  func(token map[string]any) { token["id_token"] = cut(token["id_token"].(string)) },
		"no algorithm":  func(token map[string]any) { token["id_token"] = unsigned(claims(token)) },
		"our secret":    func(token map[string]any) { token["id_token"] = hmacSigned(claims(token), "secret-of-varde") },
		"changed": func(token map[string]any) {
			token["id_token"] = spliced(token["id_token"].(string), claims(token), "sub", "bo")
		},
		"another nonce":    resigned(func(c map[string]any) { c["nonce"] = "x" }),
		"no nonce":         resigned(func(c map[string]any) { delete(c, "nonce") }),
		"for another":      resigned(func(c map[string]any) { c["aud"] = []string{"esbjerg"}; c["azp"] = "esbjerg" }),
		"by another party": resigned(func(c map[string]any) { c["aud"] = []string{"varde", "esbjerg"}; c["azp"] = "esbjerg" }),
		"by nobody":        resigned(func(c map[string]any) { c["aud"] = []string{"varde", "esbjerg"}; delete(c, "azp") }),
		"from another":     resigned(func(c map[string]any) { c["iss"] = other.http.URL }),
		"expired":          resigned(func(c map[string]any) { c["exp"] = time.Now().Add(-time.Second).Unix() }),
		"never expiring":   resigned(func(c map[string]any) { delete(c, "exp") }),
		"from tomorrow":    resigned(func(c map[string]any) { c["iat"] = time.Now().Add(time.Hour).Unix() }),
		"not yet":          resigned(func(c map[string]any) { c["nbf"] = time.Now().Add(time.Hour).Unix() }),
	} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			o.issuer.set(func() { o.issuer.tamper = tamper })
			b := o.newBrowser()
			o.refusedWith(b, o.open(b, o.start()), 403, "provider_refused")
		})
	}
	o.issuer.set(func() { o.issuer.tamper = resigned(func(map[string]any) {}) })
	require.Equal(t, 200, o.open(o.newBrowser(), o.start()).status, "signed again unchanged it holds")
}

// Whoever is told where to go after signing in goes nowhere else than here.
func TestOIDCReturn(t *testing.T) {
	o := newOffice(t, storetest.Open(t, storetest.SQLite(t)))
	first := o.open(stays(o.newBrowser(), "/signin"), "/?lang=en")
	require.Equal(t, "/signin?return=%2F%3Flang%3Den", first.at.RequestURI())
	for back, want := range map[string]string{
		"/healthz": "/healthz", "/v1/units?limit=2": "/v1/units?limit=2",
		"": "/", "https://evil.example": "/", "//evil.example": "/", "/\\evil.example": "/", "\\\\evil.example": "/", "javascript:alert(1)": "/",
		"/ok\r\nSet-Cookie: a=b": "/", "/ok#x": "/", "evil": "/", "/\tx": "/", "/" + strings.Repeat("x", 600): "/", "/ø": "/",
	} {
		b := o.newBrowser()
		callback := o.open(stays(b, comingBack), o.start()+"?"+url.Values{"return": {back}}.Encode())
		last := o.open(stays(b, ""), callback.at.RequestURI())
		require.Equal(t, http.StatusSeeOther, last.status)
		require.Equal(t, want, last.header.Get("Location"), back)
		require.NotRegexp(t, `href="/signin/[^"]*evil`, o.open(b, "/signin?"+url.Values{"return": {back}}.Encode()).text)
	}
}
