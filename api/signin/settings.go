// Package signin is how staff sign in by OpenID Connect: what the operator says
// of each municipality's provider, the flow to it and back, and what its claims
// say of a person. It calls no use case and shows no page.
package signin

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/fasthold/fasthold/domain"
)

// Settings say how the staff of one municipality sign in.
type Settings struct {
	Municipality string    `yaml:"municipality"` // its name or ID
	Name         string    `yaml:"name"`         // of the provider, as people know it: it is on the button
	Issuer       string    `yaml:"issuer"`
	ClientID     string    `yaml:"client_id"`
	SecretFile   string    `yaml:"client_secret_file"`     // the file that holds the client's secret
	SecretFrom   string    `yaml:"client_secret_variable"` // or the environment variable that does
	Scopes       []string  `yaml:"scopes"`                 // besides openid
	Person       Claim     `yaml:"person"`                 // says who it is: the same for ever, and nobody else's
	Require      []Require `yaml:"require"`
	Roles        Roles     `yaml:"roles"`
	Whole        string    `yaml:"whole_municipality"` // the organisation that stands for all units; "": none does
	Assurance    Assurance `yaml:"assurance"`

	secret string
}

// Claim is the way to a claim: the names of the objects it is in, and its own. In
// the file it is a name, or a list of names.
type Claim []string

// UnmarshalYAML reads a name or a list of names.
func (c *Claim) UnmarshalYAML(node ast.Node) error {
	var one string
	if yaml.NodeToValue(node, &one) == nil {
		*c = Claim{one}
		return nil
	}
	var list []string
	err := yaml.NodeToValue(node, &list)
	*c = list
	return err
}

// String writes the way with dots between.
func (c Claim) String() string { return strings.Join(c, ".") }

// Require is a claim that must have this value: where several municipalities
// share a provider, the one that says whose employee it is.
type Require struct {
	Claim Claim  `yaml:"claim"`
	Value string `yaml:"value"`
}

// Roles say where the claims list a person's roles. An entry is an object with a
// role and, as its data delimitation, one or more organisations; or a string, the
// role alone.
type Roles struct {
	Claim        Claim            `yaml:"claim"`
	Role         string           `yaml:"role"`         // the name of an entry's role; "role" if not said
	Organisation string           `yaml:"organisation"` // the name of its organisation or list of them; "organisation" if not said
	Prefix       string           `yaml:"prefix"`       // entries that begin otherwise are other systems' and are passed over; "": there are none
	Map          map[string]Grant `yaml:"map"`          // the provider's role → ours
}

// Grant is what a role of the provider's is here. In the file it is our role, or
// an object where the role names its organisation too.
type Grant struct {
	Role         domain.Role `yaml:"role"`
	Organisation string      `yaml:"organisation"` // for entries that name none; "": they must, where the role needs one
}

// UnmarshalYAML reads a role, or an object.
func (g *Grant) UnmarshalYAML(node ast.Node) error {
	if yaml.NodeToValue(node, &g.Role) == nil {
		return nil
	}
	type plain Grant
	return yaml.NodeToValue(node, (*plain)(g), yaml.Strict())
}

// Assurance is how sure the provider must be of who it is (acr).
type Assurance struct {
	Levels  []string `yaml:"levels"`   // the acr values, the weakest first
	AtLeast string   `yaml:"at_least"` // one of them
	None    bool     `yaml:"none"`     // any will do, also none
}

// accepted are the levels that will do, the weakest first.
func (a Assurance) accepted() []string {
	return a.Levels[max(0, slices.Index(a.Levels, a.AtLeast)):]
}

// granted are the roles that a municipality's provider can give: not a shop's and
// not the host's.
var granted = []domain.Role{domain.Caseworker, domain.TeamLeader, domain.Finance, domain.Auditor, domain.Administrator}

// Outside is where secrets come from: the environment and files.
type Outside struct {
	Getenv   func(string) string
	ReadFile func(string) ([]byte, error)
}

// ParseSettings reads the sign-in file. Its errors name the line and the key, and
// repeat no secret.
func ParseSettings(text []byte, from Outside) ([]Settings, error) {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, located(err)
	}
	var document struct {
		Providers []Settings `yaml:"providers"`
	}
	if err := yaml.UnmarshalWithOptions(text, &document, yaml.Strict()); err != nil {
		return nil, located(err)
	}
	if len(document.Providers) == 0 {
		return nil, fmt.Errorf("providers: name at least one")
	}
	for i := range document.Providers {
		check := checker{file: file, at: fmt.Sprintf("$.providers[%d]", i)}
		check.settings(&document.Providers[i], from)
		check.among(document.Providers[:i], document.Providers[i])
		if check.err != nil {
			return nil, check.err
		}
	}
	return document.Providers, nil
}

// located is a reader's error as a line and a sentence, without the piece of the
// file that it would show.
func located(err error) error {
	if e, ok := err.(yaml.Error); ok { //nolint:errorlint // the reader gives it bare
		if token := e.GetToken(); token != nil && token.Position != nil {
			return fmt.Errorf("line %d: %s", token.Position.Line, e.GetMessage())
		}
	}
	return fmt.Errorf("it cannot be read as YAML")
}

// checker keeps the first thing that is wrong.
type checker struct {
	file *ast.File
	at   string // the path of what is checked
	err  error
}

// that notes a sentence about a key unless ok.
func (c *checker) that(ok bool, key, sentence string, args ...any) {
	if c.err != nil || ok {
		return
	}
	line := 1
	for path := c.at + "." + key; path != "$"; path = path[:max(1, strings.LastIndexAny(path, ".["))] {
		if p, err := yaml.PathString(path); err == nil {
			if node, err := p.FilterFile(c.file); err == nil && node != nil && node.GetToken() != nil {
				line = node.GetToken().Position.Line
				break
			}
		}
	}
	c.err = fmt.Errorf("line %d: %s.%s %s", line, strings.TrimPrefix(c.at, "$."), key, fmt.Sprintf(sentence, args...))
}

func (c *checker) settings(s *Settings, from Outside) {
	c.that(s.Municipality != "", "municipality", "must be a municipality's name or ID")
	c.that(s.Name != "", "name", "must be the provider's name, as people know it")
	c.that(secure(s.Issuer), "issuer", "must be the provider's address, beginning with https://, without a query")
	c.that(s.ClientID != "", "client_id", "must be what the provider knows Fasthold as")
	c.secret(s, from)
	for i, scope := range s.Scopes {
		c.that(scope != "" && !strings.ContainsAny(scope, " \t\n\"\\"), fmt.Sprintf("scopes[%d]", i), "must be one scope, without spaces")
	}
	c.claim(s.Person, "person")
	for i, r := range s.Require {
		c.claim(r.Claim, fmt.Sprintf("require[%d].claim", i))
		c.that(r.Value != "", fmt.Sprintf("require[%d].value", i), "must be the value that the claim has")
	}
	c.roles(&s.Roles)
	c.assurance(s.Assurance)
}

func (c *checker) claim(claim Claim, key string) {
	c.that(len(claim) > 0 && !slices.Contains(claim, ""), key, "must be the name of a claim, or the list of names that leads to it")
}

func (c *checker) secret(s *Settings, from Outside) {
	c.that((s.SecretFile == "") != (s.SecretFrom == ""), "client_secret_file", "or client_secret_variable must say where the client's secret is: one of them")
	if c.err != nil {
		return
	}
	if s.SecretFrom != "" {
		s.secret = strings.TrimSpace(from.Getenv(s.SecretFrom))
		c.that(s.secret != "", "client_secret_variable", "names %s, which is not set", s.SecretFrom)
		return
	}
	content, err := from.ReadFile(s.SecretFile)
	c.that(err == nil, "client_secret_file", "cannot be read: %v", err)
	s.secret = strings.TrimSpace(string(content))
	c.that(s.secret != "", "client_secret_file", "is empty")
}

func (c *checker) roles(r *Roles) {
	c.claim(r.Claim, "roles.claim")
	if r.Role == "" {
		r.Role = "role"
	}
	if r.Organisation == "" {
		r.Organisation = "organisation"
	}
	c.that(len(r.Map) > 0, "roles.map", "must say what the provider's roles are here")
	for theirs, g := range r.Map {
		c.that(slices.Contains(granted, g.Role), "roles.map", "%q: %q is none of %v", theirs, g.Role, granted)
		c.that(strings.HasPrefix(theirs, r.Prefix), "roles.map", "%q does not begin with the prefix", theirs)
	}
}

func (c *checker) assurance(a Assurance) {
	if a.None {
		c.that(len(a.Levels) == 0 && a.AtLeast == "", "assurance", "says none and also which")
		return
	}
	c.that(len(a.Levels) > 0, "assurance.levels", "must be the acr values, the weakest first; where the provider gives none, write assurance: {none: true}")
	for i, level := range a.Levels {
		c.that(level != "" && !strings.ContainsAny(level, " \t\n"), fmt.Sprintf("assurance.levels[%d]", i), "must be an acr value, without spaces")
		c.that(slices.Index(a.Levels, level) == i, fmt.Sprintf("assurance.levels[%d]", i), "is there twice")
	}
	c.that(slices.Contains(a.Levels, a.AtLeast), "assurance.at_least", "must be one of the levels")
}

// among checks a provider beside those before it.
func (c *checker) among(before []Settings, s Settings) {
	for _, other := range before {
		c.that(other.Municipality != s.Municipality, "municipality", "has a provider already")
		c.that(other.Issuer != s.Issuer || apart(other, s), "require", "must tell the municipalities that share a provider apart: a claim, with another value for each of them")
	}
}

// apart reports whether nobody can be an employee of both by what they require.
func apart(a, b Settings) bool {
	return slices.ContainsFunc(a.Require, func(r Require) bool {
		return slices.ContainsFunc(b.Require, func(other Require) bool { return slices.Equal(r.Claim, other.Claim) && r.Value != other.Value })
	})
}

// secure reports whether an address is https, or http on the machine itself.
func secure(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback())
}
