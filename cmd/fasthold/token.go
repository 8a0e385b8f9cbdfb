package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

type tokenCommands struct {
	Create tokenCreateCommand `cmd:"" help:"Make a token and print it, once."`
}

type tokenCreateCommand struct {
	Role         string   `required:"" enum:"caseworker,team_leader,finance,auditor,partner,administrator,operator" help:"What it may do: one of ${enum}."`
	Person       string   `required:"" help:"Who will use it, the same on all of a person's tokens: an e-mail address."`
	Unit         string   `help:"The unit a caseworker belongs to, by name or ID; a team leader may have one."`
	Partner      string   `help:"The shop a partner's token is for, by name or ID. A till gets its own token over the API."`
	Municipality string   `help:"Name or ID; not needed where there is only one."`
	ExpiresDays  int      `default:"90" help:"How many days it holds, at most 365."`
	Scope        []string `help:"All that it is for, an operation of the API like getReport; repeat it for more. Whatever the role may, when left out."`
}

// Help is what --help adds.
func (tokenCreateCommand) Help() string {
	return "Only a hash of the token is kept: it cannot be shown again. Example:\n\n" +
		"  fasthold token create --role caseworker --unit \"Rusmiddelcenter Nord\" --person mette@varde.dk"
}

// Run makes the token.
func (c tokenCreateCommand) Run(ctx context.Context, p *program) (err error) {
	s, err := p.open(ctx, secrets{})
	if err != nil {
		return err
	}
	defer s.close(&err)
	m, err := s.municipality(ctx, c.Municipality)
	if err != nil {
		return err
	}
	if c.ExpiresDays < 1 { // 0 would be taken for the usual time
		return fmt.Errorf("--expires-days %d: a token holds a day at least", c.ExpiresDays)
	}
	actor := system(m.MunicipalityID, "token")
	in := access.TokenInput{Person: c.Person, Role: domain.Role(c.Role), Days: c.ExpiresDays}
	for _, scope := range c.Scope {
		in.Scopes = append(in.Scopes, domain.Action(scope))
	}
	if in.UnitID, in.PartnerID, err = s.place(ctx, actor, in.Role, c.Unit, c.Partner); err != nil {
		return err
	}
	_, text, err := s.access.CreateToken(ctx, actor, in)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, text)
	return nil
}

// place finds the unit and the partner that the flags name; zero IDs for those
// that were not given. It names the flag that a role cannot do without.
func (s *site) place(ctx context.Context, actor domain.Actor, role domain.Role, unit, partner string) (unitID, partnerID domain.ID, err error) {
	switch {
	case role == domain.Caseworker && unit == "":
		return unitID, partnerID, errors.New("--unit is missing: a caseworker belongs to a unit, which an administrator makes (POST /v1/units)")
	case role == domain.PartnerRole && partner == "":
		return unitID, partnerID, errors.New("--partner is missing: that role belongs to a shop, which an administrator makes (POST /v1/partners)")
	}
	if unitID, err = named(unit, "--unit", func(page store.Page) (vouchers.Listed[domain.Unit], error) {
		return s.Units(ctx, actor, page)
	}, func(u domain.Unit) (domain.ID, string, string) { return u.ID, api.UnitID(u.ID).String(), u.Name }); err != nil {
		return unitID, partnerID, err
	}
	partnerID, err = named(partner, "--partner", func(page store.Page) (vouchers.Listed[domain.Partner], error) {
		return s.Partners(ctx, actor, page, vouchers.PartnerFilter{})
	}, func(p domain.Partner) (domain.ID, string, string) {
		return p.ID, api.PartnerID(p.ID).String(), p.Name
	})
	return unitID, partnerID, err
}

// named finds the row that flag names by name or ID; the zero ID when the flag
// was not given.
func named[T any](wanted, flag string, list func(store.Page) (vouchers.Listed[T], error), known func(T) (domain.ID, string, string)) (domain.ID, error) {
	var names []string
	page := store.Page{Limit: pageSize}
	for more := wanted != ""; more; {
		l, err := list(page)
		if err != nil {
			return domain.ID{}, err
		}
		for _, row := range l.Rows {
			id, shown, name := known(row)
			if strings.EqualFold(name, wanted) || shown == wanted {
				return id, nil
			}
			names, page.After = append(names, name), id
		}
		more = l.More
	}
	if wanted == "" {
		return domain.ID{}, nil
	}
	return domain.ID{}, fmt.Errorf("%s %q is not there: it takes a name or an ID, and there are %s", flag, wanted, orNone(names))
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
