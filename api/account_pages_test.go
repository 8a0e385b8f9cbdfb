package api

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/access/means"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/store/storetest/leaks"
)

// browserless is a browser without script: it keeps cookies and sends forms.
type browserless struct {
	o       *house
	cookies map[string]string
	from    string // its network address
}

func (b *browserless) send(method, path string, fields url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(b.o.t.Context(), method, path, strings.NewReader(fields.Encode()))
	r.RemoteAddr = b.from + ":1234"
	r.Header.Set("Accept", "text/html")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	b.o.handler.ServeHTTP(w, r)
	for _, set := range w.Result().Cookies() {
		require.True(b.o.t, set.Secure && set.HttpOnly && set.Path == "/" && set.SameSite == http.SameSiteLaxMode, set.Name)
		b.cookies[set.Name] = set.Value
	}
	return w
}

// ticket is what a form of the page carries.
func ticket(t *testing.T, page string) string {
	_, after, found := strings.Cut(page, `name="ticket" value="`)
	if !found || strings.HasPrefix(after, `"`) {
		_, after, found = strings.Cut(after, `name="ticket" value="`)
	}
	require.True(t, found, page)
	text, _, _ := strings.Cut(after, `"`)
	return text
}

// secretOf reads the code generator's key from a page.
func secretOf(t *testing.T, page string) []byte {
	_, after, found := strings.Cut(page, "<code>")
	require.True(t, found, page)
	text, _, _ := strings.Cut(after, "</code>")
	leaks.Mark(text)
	secret, err := unspaced(text)
	require.NoError(t, err)
	return secret
}

// Without script, a person is invited, chooses a password and a code generator,
// and signs in with them. An attacker on the same network is slowed, and told for
// how long; the person's own device is not.
func TestAccountWithoutScript(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newHouse(t, s)
		b := &browserless{o, map[string]string{}, "192.0.2.1"}
		const anne, password = "anne@eksempel.dk", "lampe gren vindue hest"
		_, text, _ := strings.Cut(o.invite(anne, domain.Administrator), "#")
		require.Contains(t, b.send("GET", "/invitation", nil).Body.String(), "invitation.js")
		wrong := b.send("POST", "/invitation", url.Values{"code": {text + "x"}})
		require.Equal(t, 404, wrong.Code)
		require.NotContains(t, wrong.Body.String(), text)

		page := b.send("POST", "/invitation", url.Values{"code": {text}}).Body.String()
		secret, carried := secretOf(t, page), ticket(t, page)
		choose := func(password, code string) *httptest.ResponseRecorder {
			return b.send("POST", "/setup/password", url.Values{"ticket": {carried}, "password": {password}, "code": {code}})
		}
		refused := choose(password, "000000x")
		require.Equal(t, 422, refused.Code)
		require.Contains(t, refused.Body.String(), "Koden passer ikke")
		require.NotContains(t, refused.Body.String(), password)
		done := choose(password, means.TOTPCode(secret, o.now()))
		require.Equal(t, 303, done.Code, done.Body)
		require.Equal(t, "/", done.Header().Get("Location"))
		require.Equal(t, 200, b.send("GET", "/account", nil).Code)
		require.Less(t, b.send("POST", "/signin/logout", url.Values{}).Code, 400)

		door := "/signin/" + show("mun", o.home)
		knock := func(b *browserless, password string) *httptest.ResponseRecorder {
			return b.send("POST", door+"?return=/account", url.Values{"person": {anne}, "password": {password}, "code": {means.TOTPCode(secret, o.now())}})
		}
		attacker := &browserless{o, map[string]string{}, "192.0.2.1"}
		for range 10 {
			require.Equal(t, 401, knock(attacker, "not her password").Code)
		}
		slowed := knock(attacker, "not her password")
		require.Equal(t, 429, slowed.Code)
		require.Equal(t, seconds(access.RetryAfter), slowed.Header().Get("Retry-After"))
		require.Contains(t, slowed.Body.String(), "Der er prøvet for mange gange")
		o.ahead.Add(int64(30 * time.Second))
		entered := knock(b, password)
		require.Equal(t, 303, entered.Code, entered.Body)
		require.Equal(t, "/account", entered.Header().Get("Location"))

		require.Equal(t, 200, b.send("GET", "/account/password", nil).Code)
		o.ahead.Add(int64(domain.FreshFor))
		require.Equal(t, "/prove?return=%2Faccount%2Fpassword", b.send("GET", "/account/password", nil).Header().Get("Location"))
		require.Equal(t, "/prove?return=%2Faccount", b.send("POST", "/account/password/removal", url.Values{}).Header().Get("Location"))
		proved := b.send("POST", "/prove?return=/account/password", url.Values{"password": {password}, "code": {means.TOTPCode(secret, o.now())}})
		require.Equal(t, "/account/password", proved.Header().Get("Location"), proved.Body)
		require.Equal(t, 409, b.send("POST", "/account/password/removal", url.Values{}).Code, "the last way in")
		require.Equal(t, 413, b.send("POST", "/invitation", url.Values{"code": {strings.Repeat("x", largestAnswer)}}).Code)
	})
}

// A page of another site can send none of the forms.
func TestAccountFormsAreOurs(t *testing.T) {
	t.Parallel()
	o := newHouse(t, storetest.Open(t, storetest.SQLite(t)))
	door := "/signin/" + show("mun", o.home)
	for _, path := range []string{door, door + "/passkey", door + "/passkey/options", door + "/recovery", "/invitation", "/setup/password", "/setup/passkey", "/prove", "/account/password", "/account/passkeys"} {
		r := httptest.NewRequestWithContext(t.Context(), "POST", path, strings.NewReader(""))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		w := httptest.NewRecorder()
		o.handler.ServeHTTP(w, r)
		require.Equal(t, 403, w.Code, path)
	}
}
