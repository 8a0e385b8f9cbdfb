package access

import (
	"context"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Colleague is a person of the staff with what they have here.
type Colleague struct {
	Person  string
	Account *domain.Account     // nil: they sign in at a provider, or cannot yet
	Roles   []domain.Assignment // that they hold, oldest first
}

// Places are what roles can be bound to, and the site's clocks.
type Places struct {
	Units, Partners map[string]string // names by the text of the ID
	Site            *time.Location
}

// Of gives the name of the unit or the partner that a role is bound to; "" for
// none.
func (p Places) Of(unit, partner *domain.ID) string {
	switch {
	case unit != nil:
		return p.Units[unit.String()]
	case partner != nil:
		return p.Partners[partner.String()]
	}
	return ""
}

func readPlaces(tx *store.Tx) (p Places, err error) {
	if p.Units, err = store.Names[domain.Unit](tx, "name"); err != nil {
		return p, err
	}
	if p.Partners, err = store.Names[domain.Partner](tx, "name"); err != nil {
		return p, err
	}
	p.Site, err = tx.Zone()
	return p, err
}

// Places gives what roles can be bound to.
func (s *Service) Places(ctx context.Context, actor domain.Actor) (p Places, err error) {
	err = s.read(ctx, actor, "listAssignments", func(tx *store.Tx) error {
		p, err = readPlaces(tx)
		return err
	})
	return p, err
}

// People is a page of the staff.
type People struct {
	Places
	Rows []Colleague
	More bool
}

// peoplePage is how many people a page holds.
const peoplePage = 50

// People lists who holds a role or has an account, by name, after one name; text
// narrows it to names that have it in them.
func (s *Service) People(ctx context.Context, actor domain.Actor, after, text string) (p People, err error) {
	err = s.read(ctx, actor, "listAccounts", func(tx *store.Tx) error {
		if p.Places, err = readPlaces(tx); err != nil {
			return err
		}
		names, err := tx.People(strings.ToLower(after), strings.ToLower(strings.TrimSpace(text)), peoplePage+1)
		if err != nil {
			return err
		}
		if p.More = len(names) > peoplePage; p.More {
			names = names[:peoplePage]
		}
		p.Rows, err = colleagues(tx, names)
		return err
	})
	return p, err
}

// colleagues reads what people have.
func colleagues(tx *store.Tx, names []string) ([]Colleague, error) {
	rows, at := make([]Colleague, len(names)), map[string]*Colleague{}
	for i, name := range names {
		rows[i].Person, at[name] = name, &rows[i]
	}
	roles, err := store.All[domain.Assignment](tx, "id", store.In("person", names), store.None("revoked_at"))
	if err != nil {
		return nil, err
	}
	for _, a := range roles {
		at[a.Person].Roles = append(at[a.Person].Roles, a)
	}
	accounts, err := store.All[domain.Account](tx, "id", store.In("person", names))
	for _, a := range accounts {
		at[a.Person].Account = &a
	}
	return rows, err
}

// ColleagueStory is all that an administrator looks after of one person.
type ColleagueStory struct {
	Places
	Colleague
	SignIns  []domain.Token   // that go on, newest first
	Recovery *domain.Recovery // that can still come to something; nil: none
}

// mostSignIns is how many of a person's sign-ins are shown.
const mostSignIns = 20

// ColleagueStory tells of the person whose account this is, or who has or had this
// role.
func (s *Service) ColleagueStory(ctx context.Context, actor domain.Actor, account, assignment domain.ID) (c ColleagueStory, err error) {
	err = s.read(ctx, actor, "getAccount", func(tx *store.Tx) error {
		name, err := nameOf(tx, account, assignment)
		if err != nil {
			return err
		}
		rows, err := colleagues(tx, []string{name})
		if err != nil {
			return err
		}
		c.Colleague = rows[0]
		if c.Places, err = readPlaces(tx); err != nil {
			return err
		}
		now := s.now()
		c.SignIns, _, err = store.List[domain.Token](tx, store.Page{Limit: mostSignIns}, store.Is("person", name), store.Is("kind", domain.BySignIn), store.None("revoked_at"), store.After("expires_at", now))
		if err != nil || c.Account == nil {
			return err
		}
		open, _, err := store.List[domain.Recovery](tx, store.Page{Limit: 1}, store.Is("account_id", c.Account.ID), openRecovery, store.After("expires_at", now))
		if len(open) > 0 {
			c.Recovery = &open[0]
		}
		return err
	})
	return c, err
}

// nameOf gives whose account this is, or role.
func nameOf(tx *store.Tx, account, assignment domain.ID) (string, error) {
	if account != (domain.ID{}) {
		a, err := store.Get[domain.Account](tx, account)
		return a.Person, err
	}
	a, err := store.Get[domain.Assignment](tx, assignment)
	return a.Person, err
}
