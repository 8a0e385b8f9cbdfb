package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Accesses lists what the access log has of a citizen, newest first. Who it was
// is told to an auditor only: a citizen may have the dates and the purposes, and
// normally not the names (C-579/21).
func (s *Service) Accesses(ctx context.Context, actor domain.Actor, citizen domain.ID, page store.Page) (l Listed[domain.Access], err error) {
	err = s.accesses(ctx, actor, citizen, func(tx *store.Tx) error {
		l.Rows, l.More, err = store.List[domain.Access](tx, page, store.Is("citizen_id", citizen))
		return err
	})
	return l, unnamed(actor, l.Rows, err)
}

// AllAccesses gives the whole of it, oldest first.
func (s *Service) AllAccesses(ctx context.Context, actor domain.Actor, citizen domain.ID) (all []domain.Access, err error) {
	err = s.accesses(ctx, actor, citizen, func(tx *store.Tx) error {
		all, err = store.All[domain.Access](tx, "id", store.Is("citizen_id", citizen))
		return err
	})
	return all, unnamed(actor, all, err)
}

// accesses runs fn for an actor who may see a citizen's entries. An auditor sees
// those of citizens of whom nothing else is left, too.
func (s *Service) accesses(ctx context.Context, actor domain.Actor, citizen domain.ID, fn func(*store.Tx) error) error {
	return s.read(ctx, actor, "listAccesses", func(tx *store.Tx) error {
		tx.Concern(domain.OfCitizen(citizen))
		if actor.Role == domain.Auditor {
			return fn(tx)
		}
		c, err := store.Get[domain.Citizen](tx, citizen)
		if err == nil && !actor.Reaches(c.UnitID) {
			err = domain.OutOfReach()
		}
		if err != nil {
			return err
		}
		return fn(tx)
	})
}

// unnamed takes out of the rows what would tell who it was, unless the actor is
// an auditor. It gives err back.
func unnamed(actor domain.Actor, rows []domain.Access, err error) error {
	if actor.Role != domain.Auditor {
		for i := range rows {
			rows[i].Person, rows[i].Role, rows[i].Action, rows[i].RequestID = "", "", "", ""
		}
	}
	return err
}
