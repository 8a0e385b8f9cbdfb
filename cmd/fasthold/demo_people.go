package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
)

// demoPeople are the roles in which somebody can sign in to the demo with a
// browser: the persons behind the tokens of the same roles.
var demoPeople = []domain.Role{domain.Caseworker, domain.TeamLeader, domain.Finance, domain.Auditor, domain.Administrator}

// demoSite is the address of the demo for browsers on this machine, by name: a
// passkey is bound to one, and an address of digits has none.
func demoSite(a net.Addr) *url.URL {
	at := reachable(a)
	if host, port, err := net.SplitHostPort(at); err == nil && net.ParseIP(host).IsLoopback() {
		at = net.JoinHostPort("localhost", port)
	}
	return &url.URL{Scheme: "http", Host: at}
}

// doors prints for each role a link that signs in as its person, once, and opens
// the page that they begin with.
func (g demoGuide) doors(ctx context.Context, out io.Writer) error {
	fmt.Fprintf(out, "\nTo see the pages, open a role's link in a browser (each works once; the next start prints new ones):\n\n")
	for _, role := range demoPeople {
		if err := g.opens(ctx, out, string(role), g.tokens[role], role); err != nil {
			return err
		}
		if role == domain.Finance {
			if err := g.opens(ctx, out, "finance_2", g.finance2, role); err != nil {
				return err
			}
		}
	}
	return nil
}

// opens prints the link of the person behind a token.
func (g demoGuide) opens(ctx context.Context, out io.Writer, name, token string, role domain.Role) error {
	actor, err := g.access.Authenticate(ctx, token)
	if err != nil {
		return fmt.Errorf("the demo's token: %w: start over with --fresh", err)
	}
	if _, err := g.access.Assign(ctx, system(actor.MunicipalityID, "demo"), access.AssignmentInput{Person: actor.Person, Role: role, UnitID: actor.UnitID}); !done(err) {
		return err
	}
	fmt.Fprintf(out, "  %-14s %s\n", name, g.door.Link(g.public, actor.MunicipalityID, actor.Person))
	return nil
}

// done reports whether something was done, now or at an earlier start.
func done(err error) bool {
	var refused *domain.Error
	return err == nil || errors.As(err, &refused) && refused.Code == "already_exists"
}
