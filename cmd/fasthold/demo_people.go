package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api"
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

// invite prints for each role a link behind which its person chooses how to
// sign in, new ones at each start, or that they have chosen.
func (g demoGuide) invite(ctx context.Context, out io.Writer) error {
	fmt.Fprintf(out, "\nTo sign in with a browser, open a role's link and choose how (each works once; the next start prints new ones):\n\n")
	for _, role := range demoPeople {
		actor, err := g.access.Authenticate(ctx, g.tokens[role])
		if err != nil {
			return fmt.Errorf("the demo's token: %w: start over with --fresh", err)
		}
		demo := system(actor.MunicipalityID, "demo")
		if _, err := g.access.Assign(ctx, demo, access.AssignmentInput{Person: actor.Person, Role: role, UnitID: actor.UnitID}); !done(err) {
			return err
		}
		invited, err := g.access.Invite(ctx, demo, actor.Person)
		if !done(err) {
			return err
		}
		says := api.InvitationLink(g.public, invited.Text)
		if err != nil {
			says = g.public.JoinPath("signin").String() + " as " + actor.Person
		}
		fmt.Fprintf(out, "  %-14s %s\n", role, says)
	}
	return nil
}

// done reports whether something was done, now or at an earlier start.
func done(err error) bool {
	var refused *domain.Error
	return err == nil || errors.As(err, &refused) && refused.Code == "already_exists"
}
