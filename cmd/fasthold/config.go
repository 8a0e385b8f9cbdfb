package main

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"

	"github.com/fasthold/fasthold/vouchers/code"
)

// config is what the environment says. config.go is the only reader of it, and
// docs/operations.md has it as a table, which a test compares with variables.
type config struct {
	DatabaseURL    string
	Listen         string
	CodeKeys       string
	CodeKeysFile   string
	TrustedProxies string
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
		{"FASTHOLD_LISTEN", "127.0.0.1:8080", &c.Listen},
		{code.Variable, "", &c.CodeKeys},
		{code.Variable + "_FILE", "", &c.CodeKeysFile},
		{"FASTHOLD_TRUSTED_PROXIES", "", &c.TrustedProxies},
	}
}

// loadConfig reads the environment. What is wrong with a value is told by who
// needs it, so that no command fails for a variable that it does not use.
func loadConfig(getenv func(string) string) (c config) {
	for _, v := range c.variables() {
		*v.into = cmp.Or(strings.TrimSpace(getenv(v.name)), v.fallback)
	}
	return c
}

// keyRing gives the keys that voucher codes are made with.
func (c config) keyRing() (*code.KeyRing, error) {
	text := c.CodeKeys
	switch {
	case text != "" && c.CodeKeysFile != "":
		return nil, fmt.Errorf("%s and %[1]s_FILE are both set: keep one", code.Variable)
	case c.CodeKeysFile != "":
		file, err := os.ReadFile(c.CodeKeysFile)
		if err != nil {
			return nil, fmt.Errorf("%s_FILE: %w", code.Variable, err)
		}
		text = strings.TrimSpace(string(file))
	case text == "":
		return nil, errors.New(code.Variable + ` is not set: it holds the secret keys that voucher codes are made with. Make one and keep it safe, for without it no voucher can be spent:
  fasthold keys new > fasthold.keys && chmod 600 fasthold.keys
  export ` + code.Variable + `_FILE=$PWD/fasthold.keys`)
	}
	return code.ParseKeyRing(text)
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
