package api

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/signin"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest/leaks"
	"github.com/fasthold/fasthold/vouchers"
	"github.com/fasthold/fasthold/vouchers/code"
	"github.com/fasthold/fasthold/vouchers/keys"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// office is a server over TLS for two municipalities, whose staff sign in at an
// OpenID provider, and a browser at it.
type office struct {
	t       *testing.T
	issuer  *issuer
	access  *access.Service
	service *vouchers.Service
	store   *store.Store
	server  *httptest.Server
	browser *http.Client
	varde   domain.ID
	unit    domain.Unit // Varde's, organisation "syd"
	esbjerg domain.ID
	log     *logged
	later   atomic.Int64 // nanoseconds by which our clock is ahead
}

// logged is a log that a test can read while it is written.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write adds to the log.
func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// take gives what was logged since it was last taken.
func (l *logged) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.text.Reset()
	return l.text.String()
}

const (
	low         = "https://data.gov.dk/concept/core/nsis/loa/Low"
	substantial = "https://data.gov.dk/concept/core/nsis/loa/Substantial"
	high        = "https://data.gov.dk/concept/core/nsis/loa/High"
)

// mette is an employee who may come in as caseworker in Varde's unit.
func mette() employee {
	return employee{subject: "subject-mette", acr: substantial, claims: map[string]any{
		"email": "Mette@varde.dk", "email_verified": true, "sid": "session-mette-1", "cvr": "29189811",
		"fasthold": map[string]any{"roles": []any{map[string]any{"role": "behandler", "organisation": "syd"}}},
	}}
}

// newOffice opens an office over a store.
func newOffice(t *testing.T, s *store.Store) *office {
	t.Helper()
	o := &office{t: t, issuer: newIssuer(t), store: s, log: &logged{}}
	clock := func() time.Time { return time.Now().Add(time.Duration(o.later.Load())) }
	data := ok(vault.Parse(keys.Generate(1)))
	o.access, o.service = access.New(s, clock), vouchers.New(s, ok(code.ParseKeyRing(code.GenerateKey())), data, clock)
	o.varde, o.esbjerg = ok(o.service.Found(t.Context(), "Varde", "")).MunicipalityID, ok(o.service.Found(t.Context(), "Esbjerg", "")).MunicipalityID
	o.unit = ok(o.service.CreateUnit(t.Context(), o.system(o.varde), "Rusmiddelcenter Syd"))
	o.unit = ok(o.access.SetOrganisation(t.Context(), o.system(o.varde), o.unit.ID, o.unit.Version, "syd"))

	var handler http.Handler
	o.server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	o.server.StartTLS()
	t.Cleanup(o.server.Close)
	public := ok(url.Parse(o.server.URL))
	settings := o.settings()
	all := ok(o.access.Directory(t.Context()))
	providers := ok(signin.New(settings, all, public, data, clock))
	handler = searched(ok(New(Options{Service: o.service, Access: o.access, Public: public, SignIn: providers, Log: slog.New(slog.NewJSONHandler(io.MultiWriter(o.log, leaks.Log), nil))})))
	for client, municipality := range map[string]domain.ID{"varde": o.varde, "esbjerg": o.esbjerg} {
		at := o.server.URL + signin.Path(municipality)
		o.issuer.clients[client] = newClient(client, at)
	}
	o.issuer.employee = mette()
	o.browser = o.newBrowser()
	return o
}

func newClient(id, at string) *client {
	return &client{id: id, secret: "secret-of-" + id, redirects: []string{at + "/callback"}, after: []string{at}}
}

// settings are the sign-in file's.
func (o *office) settings() []signin.Settings {
	const file = `
providers:
  - municipality: Varde
    name: Vardes login
    issuer: ISSUER
    client_id: varde
    client_secret_variable: SECRET_varde
    scopes: [email]
    person: email
    require: [{claim: cvr, value: "29189811"}]
    roles:
      claim: [fasthold, roles]
      map: {behandler: caseworker, leder: team_leader, oekonom: finance, it: administrator, behandler-syd: {role: caseworker, organisation: syd}}
    whole_municipality: varde
    assurance: {levels: [LOW, SUBSTANTIAL, HIGH], at_least: SUBSTANTIAL}
  - municipality: Esbjerg
    name: Esbjergs login
    issuer: ISSUER
    client_id: esbjerg
    client_secret_variable: SECRET_esbjerg
    person: email
    require: [{claim: cvr, value: "29189803"}]
    roles: {claim: [fasthold, roles], map: {oekonom: finance}}
    assurance: {none: true}
`
	text := strings.NewReplacer("ISSUER", o.issuer.http.URL, "LOW", low, "SUBSTANTIAL", substantial, "HIGH", high).Replace(file)
	return ok(signin.ParseSettings([]byte(text), signin.Outside{Getenv: func(name string) string { return "secret-of-" + strings.TrimPrefix(name, "SECRET_") }}))
}

func (o *office) system(municipality domain.ID) domain.Actor {
	return domain.Actor{MunicipalityID: municipality, Person: "system:test", Role: domain.System}
}

// newBrowser is a browser that nobody has used.
func (o *office) newBrowser() *http.Client {
	b := *o.server.Client()
	b.Jar = ok(cookiejar.New(nil))
	return &b
}

// seen is a page as a browser shows it.
type seen struct {
	status int
	at     *url.URL // where it ended
	header http.Header
	text   string
}

// comingBack is in the address at which the provider sends a browser back.
const comingBack = "/signin/mun_"

// stays makes a browser stop before it is sent on to an address that has this.
func stays(b *http.Client, before string) *http.Client {
	stopped := *b
	stopped.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.Contains(r.URL.Path, before) {
			return http.ErrUseLastResponse
		}
		return nil
	}
	return &stopped
}

// open opens an address of ours, or any, in a browser.
func (o *office) open(b *http.Client, address string) seen {
	o.t.Helper()
	return o.do(b, http.MethodGet, address, "")
}

// press sends a form.
func (o *office) press(b *http.Client, address, form string) seen {
	o.t.Helper()
	return o.do(b, http.MethodPost, address, form)
}

func (o *office) do(b *http.Client, method, address, form string) seen {
	o.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = o.server.URL + address
	}
	r, err := http.NewRequestWithContext(o.t.Context(), method, address, strings.NewReader(form))
	require.NoError(o.t, err)
	r.Header.Set("Accept", "text/html")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := b.Do(r)
	require.NoError(o.t, err)
	defer func() { require.NoError(o.t, answer.Body.Close()) }()
	text, err := io.ReadAll(answer.Body)
	require.NoError(o.t, err)
	at := answer.Request.URL
	if where := answer.Header.Get("Location"); where != "" && answer.StatusCode < 400 {
		at = ok(at.Parse(where))
	}
	return seen{answer.StatusCode, at, answer.Header, string(text)}
}

// start is where Varde's staff begin.
func (o *office) start() string { return signin.Path(o.varde) + "/oidc" }

// cookie gives what a browser has under that name; "" is nothing.
func (o *office) cookie(b *http.Client, name string) string {
	for _, c := range b.Jar.Cookies(ok(url.Parse(o.server.URL))) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// in gives who is signed in in a browser.
func (o *office) in(b *http.Client) domain.Actor {
	o.t.Helper()
	actor, err := o.access.Authenticate(o.t.Context(), o.cookie(b, auth.StaffCookie))
	require.NoError(o.t, err)
	return actor
}

// out asserts that nobody is signed in in a browser.
func (o *office) out(b *http.Client) {
	o.t.Helper()
	_, err := o.access.Authenticate(o.t.Context(), o.cookie(b, auth.StaffCookie))
	require.Equal(o.t, domain.Unauthenticated, domain.KindOf(err), "%v", err)
}

// refusedWith asserts that a page tells of an error in plain words and nothing
// else, and that nobody was let in.
func (o *office) refusedWith(b *http.Client, s seen, status int, code string) {
	o.t.Helper()
	require.Equal(o.t, status, s.status, s.text)
	require.Contains(o.t, s.text, danish("error."+code+".what"), "want %s", code)
	require.Contains(o.t, s.text, danish("error."+code+".do"))
	o.out(b)
}
