package main

import (
	"context"
	"fmt"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api"
	"github.com/fasthold/fasthold/domain"
)

type assignCommand struct {
	Role         string `required:"" enum:"caseworker,team_leader,finance,auditor,partner,administrator,operator" help:"What they may do: one of ${enum}."`
	Person       string `required:"" help:"Who, as they sign in: an e-mail address."`
	Unit         string `help:"The unit a caseworker belongs to, by name or ID; a team leader may have one."`
	Partner      string `help:"The shop that a partner's person is from, by name or ID."`
	Municipality string `help:"Name or ID; not needed where there is only one."`
}

// Help is what --help adds.
func (assignCommand) Help() string {
	return "A person who signs in needs a role. The first administrator gets it here and gives the others theirs. Example:\n\n" +
		"  fasthold assign --role administrator --person it@varde.dk"
}

// Run gives the role.
func (c assignCommand) Run(ctx context.Context, p *program) (err error) {
	s, err := p.open(ctx, secrets{})
	if err != nil {
		return err
	}
	defer s.close(&err)
	m, err := s.municipality(ctx, c.Municipality)
	if err != nil {
		return err
	}
	actor := system(m.MunicipalityID, "assign")
	in := access.AssignmentInput{Person: c.Person, Role: domain.Role(c.Role)}
	if in.UnitID, in.PartnerID, err = s.place(ctx, actor, in.Role, c.Unit, c.Partner); err != nil {
		return err
	}
	a, err := s.access.Assign(ctx, actor, in)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, api.AssignmentID(a.ID), a.Person, a.Role)
	return nil
}
