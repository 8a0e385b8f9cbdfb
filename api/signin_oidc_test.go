package api

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/signin"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

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
		require.Equal(t, web.FirstPage(domain.Caseworker), home.at.Path)
		home = o.open(o.browser, "/you")
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
		require.Equal(t, web.FirstPage(domain.Caseworker), o.open(o.browser, o.start()).at.Path)
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
	o.open(o.browser, o.start())
	home := o.open(o.browser, "/you")
	require.Contains(t, home.text, danish("you.switch"))
	id := between(home.text, `name="assignment" value="`, `"`)
	home = o.press(o.browser, "/signin/assignment", "assignment="+id)
	require.Equal(t, web.FirstPage(domain.TeamLeader), home.at.Path)
	require.Equal(t, domain.TeamLeader, o.in(o.browser).Role)
	require.Contains(t, o.open(o.browser, "/you").text, "Teamleder")
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
