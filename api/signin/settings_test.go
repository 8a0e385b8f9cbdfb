package signin

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
)

const good = `providers:
  - municipality: Varde Kommune
    name: Vardes login
    issuer: https://login.varde.dk/realms/ansatte
    client_id: fasthold
    client_secret_file: /etc/fasthold/varde
    scopes: [email]
    person: email
    roles:
      claim: [fasthold, roles]
      map:
        behandler: caseworker
        leder-syd: {role: team_leader, organisation: syd}
    assurance:
      levels: [low, substantial]
      at_least: substantial
`

// outside has a secret in a file and one in a variable.
var outside = Outside{
	Getenv: func(name string) string { return map[string]string{"VARDE_SECRET": "hemmelig"}[name] },
	ReadFile: func(name string) ([]byte, error) {
		if name == "/etc/fasthold/empty" {
			return []byte("\n"), nil
		}
		if name != "/etc/fasthold/varde" {
			return nil, errors.New("no such file")
		}
		return []byte("hemmelig\n"), nil
	},
}

func TestParseSettings(t *testing.T) {
	t.Parallel()
	all, err := ParseSettings([]byte(good), outside)
	require.NoError(t, err)
	require.Len(t, all, 1)
	s := all[0]
	require.Equal(t, "hemmelig", s.secret)
	require.Equal(t, Claim{"email"}, s.Person)
	require.Equal(t, Claim{"fasthold", "roles"}, s.Roles.Claim)
	require.Equal(t, map[string]Grant{"behandler": {Role: domain.Caseworker}, "leder-syd": {domain.TeamLeader, "syd"}}, s.Roles.Map)
	require.Equal(t, "role", s.Roles.Role)
	require.Equal(t, "organisation", s.Roles.Organisation)
	require.Equal(t, []string{"substantial"}, s.Assurance.accepted())
	all, err = ParseSettings([]byte(strings.Replace(good, "client_secret_file: /etc/fasthold/varde", "client_secret_variable: VARDE_SECRET", 1)), outside)
	require.NoError(t, err)
	require.Equal(t, "hemmelig", all[0].secret)
}

// What is wrong with the file is told by its line and key, and no secret is
// repeated.
func TestParseSettingsRefuses(t *testing.T) {
	t.Parallel()
	second := strings.Replace(strings.TrimPrefix(good, "providers:\n"), "Varde Kommune", "Esbjerg Kommune", 1)
	for name, c := range map[string]struct{ old, new, says string }{
		"nothing":                  {good, "", "providers"},
		"no YAML":                  {good, "providers: [", "line 1"},
		"an unknown key":           {"name:", "nome:", `line 3: unknown field "nome"`},
		"a secret in the file":     {"client_secret_file: /etc/fasthold/varde", "client_secret: hemmelig", `line 6: unknown field "client_secret"`},
		"a key twice":              {"    person: email\n", "    person: email\n    person: upn\n", "line 9"},
		"a list for a text":        {"name: Vardes login", "name: [a]", "line 3"},
		"an unknown key deep":      {"claim: [fasthold, roles]", "claims: roles", "line 10"},
		"no municipality":          {"municipality: Varde Kommune", `municipality: ""`, "line 2: providers[0].municipality must be"},
		"no name":                  {"name: Vardes login", `name: ""`, "line 3: providers[0].name must be"},
		"http":                     {"https://login", "http://login", "line 4: providers[0].issuer must be"},
		"no address":               {"https://login.varde.dk/realms/ansatte", "login.varde.dk", "line 4: providers[0].issuer must be"},
		"a query":                  {"realms/ansatte", "realms?x=1", "line 4: providers[0].issuer must be"},
		"no client":                {"client_id: fasthold", `client_id: ""`, "line 5: providers[0].client_id must be"},
		"no secret":                {"    client_secret_file: /etc/fasthold/varde\n", "", "providers[0].client_secret_file or client_secret_variable"},
		"two secrets":              {"    scopes", "    client_secret_variable: VARDE_SECRET\n    scopes", "line 6: providers[0].client_secret_file or client_secret_variable"},
		"a file that is not there": {"/etc/fasthold/varde", "/etc/fasthold/none", "line 6: providers[0].client_secret_file cannot be read: no such file"},
		"an empty file":            {"/etc/fasthold/varde", "/etc/fasthold/empty", "line 6: providers[0].client_secret_file is empty"},
		"an unset variable":        {"client_secret_file: /etc/fasthold/varde", "client_secret_variable: OTHER", "line 6: providers[0].client_secret_variable names OTHER, which is not set"},
		"two scopes in one":        {"[email]", `["email profile"]`, "line 7: providers[0].scopes[0] must be one scope"},
		"no person":                {"person: email", "person: []", "line 8: providers[0].person must be"},
		"a person of nothing":      {"person: email", `person: [a, ""]`, "line 8: providers[0].person must be"},
		"no roles":                 {"[fasthold, roles]", "[]", "line 10: providers[0].roles.claim must be"},
		"an unknown role":          {"behandler: caseworker", "behandler: boss", `roles.map "behandler": "boss" is none of`},
		"a shop":                   {"behandler: caseworker", "behandler: partner", `roles.map "behandler": "partner" is none of`},
		"the host":                 {"behandler: caseworker", "behandler: operator", `roles.map "behandler": "operator" is none of`},
		"a key of a role":          {"{role: team_leader, organisation: syd}", "{role: team_leader, unit: syd}", "line 13"},
		"no map":                   {"      map:\n        behandler: caseworker\n        leder-syd: {role: team_leader, organisation: syd}\n", "      map: {}\n", "line 11: providers[0].roles.map must say"},
		"another's role":           {"      map:", "      prefix: leder\n      map:", `roles.map "behandler" does not begin with the prefix`},
		"no assurance":             {"    assurance:\n      levels: [low, substantial]\n      at_least: substantial\n", "", "providers[0].assurance.levels must be the acr values"},
		"another level":            {"at_least: substantial", "at_least: high", "line 16: providers[0].assurance.at_least must be one of the levels"},
		"a level twice":            {"[low, substantial]", "[low, low]", "line 15: providers[0].assurance.levels[1] is there twice"},
		"a level with a space":     {"[low, substantial]", `["lo w", substantial]`, "line 15: providers[0].assurance.levels[0] must be"},
		"none and which":           {"at_least: substantial", "at_least: substantial\n      none: true", "line 15: providers[0].assurance says none and also which"},
		"a requirement of nothing": {"    person: email", "    require: [{claim: cvr}]\n    person: email", "line 8: providers[0].require[0].value must be"},
		"twice":                    {good, good + strings.Replace(second, "Esbjerg", "Varde", 1), "line 17: providers[1].municipality has a provider already"},
		"shared":                   {good, good + second, "providers[1].require must tell"},
	} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(good, c.old, c.new, 1)
			require.NotEqual(t, good, text)
			_, err := ParseSettings([]byte(text), outside)
			require.ErrorContains(t, err, c.says)
			require.NotContains(t, err.Error(), "hemmelig")
			require.NotContains(t, err.Error(), "\n", "a sentence")
		})
	}
}

// Municipalities may share a provider when a claim tells them apart.
func TestSharedProvider(t *testing.T) {
	t.Parallel()
	first := strings.Replace(good, "    person: email", "    require: [{claim: [org, cvr], value: \"29189811\"}]\n    person: email", 1)
	second := strings.Replace(strings.TrimPrefix(first, "providers:\n"), "Varde Kommune", "Esbjerg Kommune", 1)
	_, err := ParseSettings([]byte(first+second), outside)
	require.ErrorContains(t, err, "must tell")
	_, err = ParseSettings([]byte(first+strings.Replace(second, "29189811", "29189803", 1)), outside)
	require.NoError(t, err)
}

// The example in docs/operations.md holds.
func TestExampleInDocs(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/operations.md")
	require.NoError(t, err)
	example := regexp.MustCompile("(?s)## Signing in by OpenID Connect\n.*?```yaml\n(.*?)```").FindSubmatch(text)
	require.NotNil(t, example)
	all, err := ParseSettings(example[1], Outside{ReadFile: func(string) ([]byte, error) { return []byte("x"), nil }, Getenv: func(string) string { return "x" }})
	require.NoError(t, err)
	require.Len(t, all, 2)
}

func TestProviders(t *testing.T) {
	t.Parallel()
	var none *Providers
	_, ok := none.Of(domain.ID{})
	require.False(t, ok)
	settings, err := ParseSettings([]byte(good), outside)
	require.NoError(t, err)
	varde := domain.Municipality{MunicipalityID: domain.ID{1}, Name: "Varde Kommune"}
	for _, name := range []string{"Varde Kommune", varde.MunicipalityID.String(), "mun_01000000000000000000000000000000"} {
		settings[0].Municipality = name
		all, err := New(settings, []domain.Municipality{varde}, public, nil, time.Now)
		require.NoError(t, err, name)
		p, ok := all.Of(varde.MunicipalityID)
		require.True(t, ok)
		require.Equal(t, "https://fasthold.varde.dk/signin/mun_01000000000000000000000000000000/callback", p.callback)
	}
	_, err = New(append(settings, settings...), []domain.Municipality{varde}, public, nil, time.Now)
	require.ErrorContains(t, err, "two providers")
	settings[0].Municipality = "Varde"
	_, err = New(settings, []domain.Municipality{varde}, public, nil, time.Now)
	require.ErrorContains(t, err, `no municipality "Varde"`)
}
