package main

import (
	"context"
	"fmt"
	"net/url"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api"
)

type accountCommands struct {
	Invite accountInviteCommand `cmd:"" help:"Print a link with which a person chooses how to sign in, once."`
}

type accountInviteCommand struct {
	Person       string `required:"" help:"Who it is, the same as everywhere: an e-mail address."`
	Municipality string `help:"Name or ID; not needed where there is only one."`
}

// Help is what --help adds.
func (accountInviteCommand) Help() string {
	return "The link holds for three days and for one use; invite again for another. It gives no role: see fasthold assign. Administrators invite over the API. Example:\n\n" +
		"  fasthold account invite --person anne@varde.dk"
}

// Run prints the link; its path alone when it is not said at which address people
// use the service.
func (c accountInviteCommand) Run(ctx context.Context, p *program) (err error) {
	var address *url.URL
	if p.config.PublicURL != "" {
		if address, err = publicURL(p.config.PublicURL); err != nil {
			return err
		}
	}
	s, err := p.open(ctx, secrets{})
	if err != nil {
		return err
	}
	defer s.close(&err)
	m, err := s.municipality(ctx, c.Municipality)
	if err != nil {
		return err
	}
	var invited access.Invited
	if invited, err = s.access.Invite(ctx, system(m.MunicipalityID, "account"), c.Person); err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, api.InvitationLink(address, invited.Text))
	if address == nil {
		fmt.Fprintf(p.stderr, "This is the path only: %s says at which address people use the service.\n", publicVariable)
	}
	return nil
}
