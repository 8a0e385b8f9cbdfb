package main

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/fasthold/fasthold/api"
	"github.com/fasthold/fasthold/api/signin"
	"github.com/fasthold/fasthold/vouchers"
	"github.com/fasthold/fasthold/vouchers/code"
	"github.com/fasthold/fasthold/vouchers/keys"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// config is what the environment says. config.go is the only reader of it, and
// docs/operations.md has it as a table, which a test compares with variables.
type config struct {
	DatabaseURL    string
	OwnerURL       string
	Listen         string
	CodeKeys       string
	CodeKeysFile   string
	DataKeys       string
	DataKeysFile   string
	TrustedProxies string
	PublicURL      string
	SignInFile     string
	Metrics        string
	Rate           string
	SignInIdle     string
	SignInMost     string
	SMTPURL        string
	SMTPURLFile    string
	MailFrom       string

	getenv func(string) string // for the secrets that the sign-in file says are there
}

// variable is one environment variable.
type variable struct {
	name     string
	fallback string // what it is when it is not set
	into     *string
}

// variables are all that the program reads, in the order of the docs.
func (c *config) variables() []variable {
	return []variable{
		{"FASTHOLD_DATABASE_URL", "sqlite:fasthold.db", &c.DatabaseURL},
		{ownerVariable, "", &c.OwnerURL},
		{"FASTHOLD_LISTEN", "127.0.0.1:8080", &c.Listen},
		{code.Variable, "", &c.CodeKeys},
		{code.Variable + "_FILE", "", &c.CodeKeysFile},
		{vault.Variable, "", &c.DataKeys},
		{vault.Variable + "_FILE", "", &c.DataKeysFile},
		{"FASTHOLD_TRUSTED_PROXIES", "", &c.TrustedProxies},
		{publicVariable, "", &c.PublicURL},
		{signInVariable, "", &c.SignInFile},
		{metricsVariable, "", &c.Metrics},
		{rateVariable, strconv.Itoa(api.DefaultRate), &c.Rate},
		{idleVariable, "30m", &c.SignInIdle},
		{mostVariable, "10h", &c.SignInMost},
		{mailVariable, "", &c.SMTPURL},
		{mailVariable + "_FILE", "", &c.SMTPURLFile},
		{"FASTHOLD_MAIL_FROM", "", &c.MailFrom},
	}
}

// rateVariable says how many requests a second one credential may send.
const rateVariable = "FASTHOLD_REQUEST_RATE"

// publicVariable names the address that people use.
const publicVariable = "FASTHOLD_PUBLIC_URL"

// ownerVariable names the database once more, for who owns its tables.
const ownerVariable = "FASTHOLD_OWNER_URL"

// loadConfig reads the environment. What is wrong with a value is told by who
// needs it, so that no command fails for a variable that it does not use.
func loadConfig(getenv func(string) string) (c config) {
	c.getenv = getenv
	for _, v := range c.variables() {
		*v.into = cmp.Or(strings.TrimSpace(getenv(v.name)), v.fallback)
	}
	return c
}

// secrets are the keys that a command works with; both nil for one that needs none.
type secrets struct {
	codes *code.KeyRing
	data  *vault.Keys
}

// secrets reads the keys. Weak ones, and one that serves both purposes, are
// refused: what it protects would not be.
func (c config) secrets() (s secrets, err error) {
	codes, err := readKeys(code.Variable, c.CodeKeys, c.CodeKeysFile, "it holds the secret keys that voucher codes are made with. Make one and keep it safe, for without it no voucher can be spent", "fasthold.keys")
	if err != nil {
		return s, err
	}
	data, err := readKeys(vault.Variable, c.DataKeys, c.DataKeysFile, "it holds the secret keys that personal data is sealed under. Make one and keep it safe, for without it nobody can read a name again", "fasthold-data.keys")
	if err != nil {
		return s, err
	}
	if keys.Shared(codes, data) {
		return s, fmt.Errorf("%s and %s have a key in common: each needs its own", code.Variable, vault.Variable)
	}
	if s.codes, err = code.ParseKeyRing(codes); err == nil {
		s.data, err = vault.Parse(data)
	}
	return s, err
}

// readKeys gives the text of a variable, or of the file that it names, once it
// has strong keys in it.
func readKeys(variable, text, file, what, example string) (string, error) {
	switch {
	case text != "" && file != "":
		return "", fmt.Errorf("%s and %[1]s_FILE are both set: keep one", variable)
	case file != "":
		content, err := readPrivate(variable+"_FILE", file)
		if err != nil {
			return "", err
		}
		text = strings.TrimSpace(string(content))
	case text == "":
		return "", fmt.Errorf(`%s is not set: %s:
  fasthold keys new > %s && chmod 600 %[3]s
  export %[1]s_FILE=$PWD/%[3]s`, variable, what, example)
	}
	return text, keys.Strong(variable, text)
}

// proxies gives the networks of the reverse proxies whose X-Forwarded-For is
// believed.
func (c config) proxies() (networks []*net.IPNet, err error) {
	for _, text := range strings.FieldsFunc(c.TrustedProxies, func(r rune) bool { return r == ',' || r == ' ' }) {
		if address, err := netip.ParseAddr(text); err == nil {
			text = fmt.Sprintf("%s/%d", text, address.BitLen())
		}
		_, network, err := net.ParseCIDR(text)
		if err != nil {
			return nil, fmt.Errorf("FASTHOLD_TRUSTED_PROXIES: %q is no network: write addresses or networks with commas between, like 10.0.0.0/8,192.0.2.7", text)
		}
		networks = append(networks, network)
	}
	return networks, nil
}

// front is how the world reaches a server.
type front struct {
	proxies []*net.IPNet      // whose X-Forwarded-For is believed
	public  *url.URL          // the address that people use; nil: not said
	metrics *api.Metrics      // nil: nothing is counted
	rate    float64           // requests a second that one credential may send; 0: api.DefaultRate
	signIn  *signin.Providers // nil: nobody signs in by OpenID Connect
	post    vouchers.Post     // what sends mail; nil: nothing does
	demo    *api.DemoDoor     // how people get into the demo; nil: this is no demo
}

// front reads how the world reaches the server.
func (c config) front() (f front, err error) {
	if f.proxies, err = c.proxies(); err == nil && c.PublicURL != "" {
		f.public, err = publicURL(c.PublicURL)
	}
	if err == nil {
		f.rate, err = strconv.ParseFloat(c.Rate, 64)
		if err != nil || !(f.rate >= 1 && f.rate <= 1e9) {
			err = fmt.Errorf("%s must be a number of requests a second, 1 or more", rateVariable)
		}
	}
	if err == nil {
		f.post, err = c.mail(f.public)
	}
	return f, err
}

// publicURL reads the address that people use: https, for what a page and a
// cookie hold is for nobody on the way, or http on the machine itself.
func publicURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Path != "" && u.Path != "/" {
		return nil, fmt.Errorf("%s must be an address without a path, like https://fasthold.varde.dk", publicVariable)
	}
	if host := u.Hostname(); u.Scheme == "http" && host != "localhost" && !net.ParseIP(host).IsLoopback() {
		return nil, fmt.Errorf("%s must begin with https://: only localhost may go without", publicVariable)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}
