package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"slices"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
	"github.com/fasthold/fasthold/vouchers/code"
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
	if err := g.citizen(ctx, out); err != nil {
		return err
	}
	return g.shop(ctx, out)
}

// citizen prints a link to the page of a citizen who has a voucher to use and
// something to come.
func (g demoGuide) citizen(ctx context.Context, out io.Writer) error {
	caseworker, err := g.access.Authenticate(ctx, g.tokens[domain.Caseworker])
	if err != nil {
		return err
	}
	holder, err := g.holder(ctx, caseworker)
	if err != nil || holder == (domain.ID{}) {
		return err
	}
	made, err := g.access.CreateCitizenLink(ctx, caseworker, "createCitizenLink", holder)
	if err != nil {
		return err
	}
	at := g.public.JoinPath("me")
	at.Fragment = made.Text
	fmt.Fprintf(out, "  %-14s %s\n", domain.CitizenRole, at)
	return nil
}

// holder finds such a citizen, rather one who has used some of a voucher; the zero
// ID when there is none.
func (g demoGuide) holder(ctx context.Context, caseworker domain.Actor) (domain.ID, error) {
	for _, state := range []domain.VoucherState{domain.PartlyRedeemed, domain.Issued} {
		l, err := g.Vouchers(ctx, caseworker, store.Page{Limit: pageSize}, vouchers.VoucherFilter{State: state})
		if err != nil {
			return domain.ID{}, err
		}
		for _, v := range l.Rows {
			story, err := g.VoucherStory(ctx, caseworker, v.ID)
			if err != nil {
				return domain.ID{}, err
			}
			o, err := g.Overview(ctx, caseworker, story.Citizen.ID, domain.ID{})
			if err != nil {
				return domain.ID{}, err
			}
			if o.Today.Before(domain.DateOf(v.ValidTo, o.Site)) && slices.ContainsFunc(o.Courses, func(c vouchers.Course) bool { return c.Next != nil }) {
				return o.Citizen.ID, nil
			}
		}
	}
	return domain.ID{}, nil
}

// shop prints a link that makes a phone a shop's till, and a voucher for it to scan.
func (g demoGuide) shop(ctx context.Context, out io.Writer) error {
	fmt.Fprintf(out, "  %-14s %s\n", domain.PartnerRole, g.door.TillLink(g.public, g.tokens[domain.PartnerRole]))
	secret, err := g.spendable(ctx)
	if err != nil || secret.Reveal() == "" {
		return err
	}
	picture, err := secret.PNG(600)
	if err == nil {
		err = os.WriteFile(g.folder.file(demoScan), picture, 0o600)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nA voucher for the shop's page: %s, or scan it from %s\n", secret.Reveal(), g.folder.file(demoScan))
	return nil
}

// spendable gives the code of a voucher that the till takes; "" when it takes none.
func (g demoGuide) spendable(ctx context.Context) (code.Secret, error) {
	caseworker, err := g.access.Authenticate(ctx, g.tokens[domain.Caseworker])
	if err != nil {
		return "", err
	}
	till, err := g.access.Authenticate(ctx, g.tokens[domain.PartnerRole])
	if err != nil {
		return "", err
	}
	issued, err := g.Vouchers(ctx, caseworker, store.Page{Limit: pageSize}, vouchers.VoucherFilter{State: domain.Issued})
	if err != nil {
		return "", err
	}
	for _, v := range issued.Rows {
		if _, secret, err := g.Reveal(ctx, caseworker, "getVoucherCode", v.ID); err == nil {
			if _, err := g.Check(ctx, till, secret.Reveal()); err == nil {
				return secret, nil
			}
		}
	}
	return "", nil
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
