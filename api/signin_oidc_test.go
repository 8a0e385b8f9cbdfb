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
	"github.com/fasthold/fasthold/store/storetest"
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

func TestOIDCSignIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		choose := o.open(o.browser, "/")
		require.Equal(t, "/signin", choose.at.Path)
		require.Contains(t, choose.text, `href="`+signin.Path(o.varde)+`"`)
		page := o.open(o.browser, signin.Path(o.varde))
		require.Contains(t, page.text, danish("signin.with", "Vardes login"))
		require.Contains(t, page.text, `href="`+o.start()+`"`)

		home := o.open(o.browser, o.start())
		require.Equal(t, 200, home.status, home.text)
		require.Equal(t, "/", home.at.Path)
		for _, told := range []string{"mette@varde.dk", "Varde", "Behandler, Rusmiddelcenter Syd"} {
			require.Contains(t, home.text, told)
		}
		actor := o.in(o.browser)
		require.Equal(t, "mette@varde.dk", actor.Person)
		require.Equal(t, domain.Caseworker, actor.Role)
		require.Equal(t, o.unit.ID, actor.UnitID)
		require.Equal(t, "oidc", actor.Method)
		require.True(t, actor.Fresh)
		require.Empty(t, o.cookie(o.browser, flowCookie), "the flow is over")

		asked := o.issuer.asked[0]
		require.Equal(t, "S256", asked.Get("code_challenge_method"))
		require.Equal(t, "code", asked.Get("response_type"))
		require.Equal(t, "openid email", asked.Get("scope"))
		require.Equal(t, substantial+" "+high, asked.Get("acr_values"))
		require.Equal(t, o.server.URL+signin.Path(o.varde)+"/callback", asked.Get("redirect_uri"))
		require.Greater(t, len(asked.Get("state")), 20)
		require.Greater(t, len(asked.Get("nonce")), 20)

		secret := o.cookie(o.browser, auth.StaffCookie)
		require.Equal(t, "/", o.open(o.browser, o.start()).at.Path)
		require.NotEqual(t, secret, o.cookie(o.browser, auth.StaffCookie), "every sign-in has a secret of its own")
		_, err := o.access.Authenticate(t.Context(), secret)
		require.Equal(t, domain.Unauthenticated, domain.KindOf(err), "the one before is over")
		require.NotEqual(t, asked.Get("state"), o.issuer.asked[1].Get("state"))
		require.NotContains(t, o.log.take(), "mette")
	})
}

// The roles that a provider lists, in each way of writing them.
func TestOIDCRoles(t *testing.T) {
	o := newOffice(t, storetest.Open(t, storetest.SQLite(t)))
	list := func(entries ...any) []any { return entries }
	entry := func(role string, organisation any) map[string]any {
		return map[string]any{"role": role, "organisation": organisation}
	}
	for name, c := range map[string]struct {
		roles any
		role  domain.Role
		unit  domain.ID
	}{
		"an organisation":              {list(entry("behandler", "syd")), domain.Caseworker, o.unit.ID},
		"a list of organisations":      {list(entry("leder", list("syd"))), domain.TeamLeader, o.unit.ID},
		"the whole municipality":       {list(entry("leder", "varde")), domain.TeamLeader, domain.ID{}},
		"a role that is for the whole": {list(entry("oekonom", "varde")), domain.Finance, domain.ID{}},
		"no organisation needed":       {list("oekonom"), domain.Finance, domain.ID{}},
		"one text":                     {"it", domain.Administrator, domain.ID{}},
		"JSON in a text":               {`[{"role": "oekonom"}]`, domain.Finance, domain.ID{}},
		"a role that names its unit":   {list("behandler-syd"), domain.Caseworker, o.unit.ID},
		"two that go together":         {list(entry("behandler", "syd"), entry("leder", "syd"), entry("leder", "syd")), domain.Caseworker, o.unit.ID},
	} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			who := mette()
			who.subject, who.claims["email"] = name, strings.ReplaceAll(name, " ", "-")+"@varde.dk"
			who.claims["fasthold"] = map[string]any{"roles": c.roles}
			o.issuer.set(func() { o.issuer.employee = who })
			b := o.newBrowser()
			require.Equal(t, 200, o.open(b, o.start()).status)
			require.Equal(t, c.role, o.in(b).Role)
			require.Equal(t, c.unit, o.in(b).UnitID)
		})
	}
}

// What the claims lack or get wrong lets nobody in. A page says why in plain
// words, and the log names the claim; neither says what the claim says.
func TestOIDCRefuses(t *testing.T) {
	o := newOffice(t, storetest.Open(t, storetest.SQLite(t)))
	roles := func(entries ...any) func(*employee) {
		return func(e *employee) { e.claims["fasthold"] = map[string]any{"roles": append([]any{}, entries...)} }
	}
	claim := func(name string, value any) func(*employee) {
		return func(e *employee) {
			if e.claims[name] = value; value == nil {
				delete(e.claims, name)
			}
		}
	}
	entry := func(role string, organisation any) map[string]any {
		return map[string]any{"role": role, "organisation": organisation}
	}
	for name, c := range map[string]struct {
		change func(*employee)
		status int
		code   string
		claim  string // that the log names
	}{
		"no person":                     {claim("email", nil), 403, "claim_missing", "email"},
		"a person who is a number":      {claim("email", 7), 403, "claim_missing", "email"},
		"an unverified address":         {claim("email_verified", false), 403, "person_malformed", "email"},
		"a person with a space":         {claim("email", "hemmelig person@varde.dk"), 403, "person_malformed", "email"},
		"a system's person":             {claim("email", "system:hemmelig"), 403, "person_malformed", "email"},
		"a citizen's person":            {claim("email", "citizen:hemmelig"), 403, "person_malformed", "email"},
		"an endless person":             {claim("email", strings.Repeat("hemmelig", 20)), 403, "person_malformed", "email"},
		"no roles":                      {claim("fasthold", nil), 403, "claim_missing", "fasthold.roles"},
		"roles that are no list":        {claim("fasthold", map[string]any{"roles": 7}), 403, "claim_missing", "fasthold.roles"},
		"an empty list":                 {roles(), 403, "no_role", "fasthold.roles"},
		"an unknown role":               {roles(entry("hemmelig", "syd")), 403, "role_unknown", "fasthold.roles"},
		"a role without a name":         {roles(map[string]any{"organisation": "syd"}), 403, "role_unknown", "fasthold.roles"},
		"a role of one known":           {roles(entry("behandler", "syd"), "hemmelig"), 403, "role_unknown", "fasthold.roles"},
		"an unknown unit":               {roles(entry("behandler", "hemmelig")), 403, "organisation_unknown", "fasthold.roles"},
		"a unit that is a number":       {roles(entry("behandler", 7)), 403, "organisation_unknown", "fasthold.roles"},
		"a caseworker of none":          {roles("behandler"), 403, "organisation_missing", "fasthold.roles"},
		"a leader of none":              {roles("leder"), 403, "organisation_missing", "fasthold.roles"},
		"a caseworker of all":           {roles(entry("behandler", "varde")), 403, "organisation_missing", "fasthold.roles"},
		"finance of a unit":             {roles(entry("oekonom", "syd")), 403, "organisation_too_narrow", "fasthold.roles"},
		"an empty delimitation":         {roles(entry("leder", []any{})), 403, "no_role", "fasthold.roles"},
		"roles that exclude each other": {roles(entry("behandler", "syd"), "oekonom"), 409, "incompatible_roles", ""},
		"no assurance":                  {func(e *employee) { e.acr = "" }, 403, "assurance_too_low", "acr"},
		"little assurance":              {func(e *employee) { e.acr = low }, 403, "assurance_too_low", "acr"},
		"unheard of assurance":          {func(e *employee) { e.acr = "hemmelig" }, 403, "assurance_too_low", "acr"},
		"another municipality":          {claim("cvr", "29189803"), 403, "other_municipality", "cvr"},
		"no municipality":               {claim("cvr", nil), 403, "other_municipality", "cvr"},
		"a list of municipalities":      {claim("cvr", []any{"29189811"}), 403, "other_municipality", "cvr"},
		"an endless list": {func(e *employee) {
			many := make([]any, 101)
			for i := range many {
				many[i] = entry("behandler", "syd")
			}
			roles(many...)(e)
		}, 403, "role_unknown", "fasthold.roles"},
		"endless claims":     {claim("much", strings.Repeat("hemmelig", 64<<10)), 503, "provider_away", ""},
		"an endless subject": {func(e *employee) { e.subject = strings.Repeat("hemmelig", 40) }, 403, "claim_missing", "sub"},
	} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			who := mette()
			who.subject, who.claims["email"] = name, strings.ReplaceAll(name, " ", "-")+"@varde.dk"
			c.change(&who)
			o.issuer.set(func() { o.issuer.employee = who })
			o.log.take()
			b := o.newBrowser()
			page := o.open(b, o.start())
			o.refusedWith(b, page, c.status, c.code)
			log := o.log.take()
			require.Contains(t, log, `"code":"`+c.code+`"`)
			require.Contains(t, log, c.claim)
			require.NotContains(t, strings.ToLower(page.text+log), "hemmelig", "what it says is for nobody")
			require.NotContains(t, log, "@varde.dk")
		})
	}
}

// Roles that were granted here count with those of the claims.
func TestOIDCRolesBesideGranted(t *testing.T) {
	o := newOffice(t, storetest.Open(t, storetest.SQLite(t)))
	ok(o.access.Assign(t.Context(), o.system(o.varde), access.AssignmentInput{Person: "mette@varde.dk", Role: domain.Finance}))
	b := o.newBrowser()
	o.refusedWith(b, o.open(b, o.start()), 409, "incompatible_roles")
}

// Somebody who has several roles acts in one at a time.
func TestOIDCSwitch(t *testing.T) {
	o := newOffice(t, storetest.Open(t, storetest.SQLite(t)))
	o.issuer.employee.claims["fasthold"] = map[string]any{"roles": []any{map[string]any{"role": "behandler", "organisation": "syd"}, map[string]any{"role": "leder", "organisation": "varde"}}}
	home := o.open(o.browser, o.start())
	require.Contains(t, home.text, danish("home.switch"))
	id := between(home.text, `name="assignment" value="`, `"`)
	home = o.press(o.browser, "/signin/assignment", "assignment="+id)
	require.Equal(t, "/", home.at.Path)
	require.Equal(t, domain.TeamLeader, o.in(o.browser).Role)
	require.Contains(t, home.text, "Teamleder")
	for _, other := range []string{"", "asg_x", "asg_01920000000070008000000000000001"} {
		require.Equal(t, 404, o.press(o.browser, "/signin/assignment", "assignment="+other).status)
	}
	stranger := o.newBrowser()
	require.Equal(t, 401, o.press(stranger, "/signin/assignment", "assignment="+id).status)
}

// between gives what stands between two texts.
func between(text, before, after string) string {
	_, text, _ = strings.Cut(text, before)
	text, _, _ = strings.Cut(text, after)
	return text
}

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
	require.Contains(t, o.log.take(), "provider away")
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
