package main

import (
	"context"
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
	Role         string `required:"" enum:"caseworker,team_leader,finance,auditor,partner,administrator,operator" help:"What it may do: one of ${enum}."`
	Person       string `required:"" help:"Who will use it, the same on all of a person's tokens: an e-mail address."`
	Unit         string `help:"The unit a caseworker belongs to, by name or ID; a team leader may have one."`
	Partner      string `help:"The shop a partner's token is for, by name or ID. A till gets its own token over the API."`
	Municipality string `help:"Name or ID; not needed where there is only one."`
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
	actor := system(m.MunicipalityID, "token")
	in := access.TokenInput{Person: c.Person, Role: domain.Role(c.Role)}
	if in.UnitID, err = named(c.Unit, "--unit", func(page store.Page) (vouchers.Listed[domain.Unit], error) {
		return s.Units(ctx, actor, page)
	}, func(u domain.Unit) (domain.ID, string, string) { return u.ID, api.UnitID(u.ID).String(), u.Name }); err != nil {
		return err
	}
	if in.PartnerID, err = named(c.Partner, "--partner", func(page store.Page) (vouchers.Listed[domain.Partner], error) {
		return s.Partners(ctx, actor, page, vouchers.PartnerFilter{})
	}, func(p domain.Partner) (domain.ID, string, string) {
		return p.ID, api.PartnerID(p.ID).String(), p.Name
	}); err != nil {
		return err
	}
	_, text, err := s.access.CreateToken(ctx, actor, in)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, text)
	return nil
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
