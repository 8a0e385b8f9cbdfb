package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// production refuses what a server in production must not start with: a guessable
// or unencrypted way to a database on another machine, or an open address without
// anything before it that encrypts. Errors name the variable and never a secret.
func (c config) production() error {
	for variable, address := range map[string]string{"FASTHOLD_DATABASE_URL": c.DatabaseURL, ownerVariable: c.OwnerURL} {
		if !strings.HasPrefix(address, "postgres") {
			continue // a file, or not set
		}
		if err := safeDatabase(address); err != nil {
			return fmt.Errorf("%s: %w", variable, err)
		}
	}
	if !loopback(hostOf(c.Listen)) && c.TrustedProxies == "" && !strings.HasPrefix(c.PublicURL, "https://") {
		return fmt.Errorf("FASTHOLD_LISTEN: other machines reach %s, and fasthold does not encrypt: listen on 127.0.0.1, or say by %s=https://… or FASTHOLD_TRUSTED_PROXIES that a reverse proxy with TLS is before it", c.Listen, publicVariable)
	}
	return nil
}

// fewestLetters is how short a database's password may be.
const fewestLetters = 12

// guessable are passwords that everybody tries, and those of examples, in small
// letters and without digits or signs at their end.
var guessable = []string{"", "admin", "changeme", "database", "default", "example", "fasthold", "fasthold_owner", "fasthold_app", "geheim", "hemmelig", "hemmeligt", "kodeord", "letmein", "pass", "passw0rd", "password", "postgres", "postgresql", "qwerty", "qwertyuiop", "root", "secret", "test", "user", "adgangskode", "velkommen", "welcome", "…", "..."}

// safeDatabase refuses a database on another machine that is reached without
// encryption, or with a password that can be guessed. What the environment and
// files of PostgreSQL's own add (PGSSLMODE, .pgpass) counts.
func safeDatabase(address string) error {
	config, err := pgconn.ParseConfig(address)
	if err != nil {
		return err // it leaves passwords out
	}
	hosts := []*pgconn.FallbackConfig{{Host: config.Host, TLSConfig: config.TLSConfig}}
	for _, h := range append(hosts, config.Fallbacks...) {
		if loopback(h.Host) {
			continue
		}
		if h.TLSConfig == nil {
			return fmt.Errorf("%s is another machine, and the connection could go there in the clear: add sslmode=verify-full (or require)", h.Host)
		}
		if certified(h.TLSConfig) && config.Password == "" {
			continue
		}
		if err := strongPassword(config); err != nil {
			return err
		}
	}
	return nil
}

// certified reports whether the server signs in with a certificate.
func certified(c *tls.Config) bool { return len(c.Certificates) > 0 }

// strongPassword refuses a password that is missing, short or known.
func strongPassword(c *pgconn.Config) error {
	bare := strings.TrimRight(strings.ToLower(c.Password), "0123456789!.?-_")
	switch {
	case c.Password == "":
		return fmt.Errorf("there is no password for %s on another machine: give it one of %d letters or more, in the address or in .pgpass", c.User, fewestLetters)
	case slices.Contains(guessable, bare), strings.EqualFold(bare, c.User), strings.EqualFold(bare, c.Database), bare == strings.Repeat(bare[:1], len(bare)):
		return fmt.Errorf("the password of %s is one that everybody tries: make one with openssl rand -hex 24", c.User)
	case len(c.Password) < fewestLetters:
		return fmt.Errorf("the password of %s has fewer than %d letters: make one with openssl rand -hex 24", c.User, fewestLetters)
	}
	return nil
}

// loopback reports whether a host is this machine: a socket's folder, a name or
// an address of its own.
func loopback(host string) bool {
	if strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@") || host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}

// hostOf is the host of an address to listen on; "" is every one there is.
func hostOf(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return host
}

// readPrivate reads a file that holds a secret, which nobody but its owner may
// read.
func readPrivate(variable, file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", variable, err)
	}
	if info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s: others on this machine may read or change %s: chmod 600 %[2]s", variable, file)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", variable, err)
	}
	return content, nil
}
