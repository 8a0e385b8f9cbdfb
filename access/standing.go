package access

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Standing is where somebody who is signed in stands.
type Standing struct {
	Municipality domain.Municipality
	Assignments  []domain.Assignment  // all that they can act under, oldest first
	Places       map[domain.ID]string // what the units and partners in them are called
	Current      domain.ID            // the assignment that they act under
}

// Standing says where who is signed in stands. Conflict "not_signed_in" for who
// uses something else.
func (s *Service) Standing(ctx context.Context, actor domain.Actor) (st Standing, err error) {
	if actor.Kind != domain.BySignIn {
		return st, domain.Errorf(domain.Conflict, "not_signed_in", "this is for who is signed in in a browser")
	}
	st.Places = map[domain.ID]string{}
	err = s.store.Read(ctx, actor.MunicipalityID, func(tx *store.Tx) error {
		if st.Municipality, err = store.First[domain.Municipality](tx); err != nil {
			return err
		}
		if st.Assignments, err = assignments(tx, actor.Person); err != nil {
			return err
		}
		for _, a := range st.Assignments {
			if err := st.name(tx, a); err != nil {
				return err
			}
		}
		token, err := store.Get[domain.Token](tx, actor.TokenID)
		if err == nil && token.AssignmentID != nil {
			st.Current = *token.AssignmentID
		}
		return err
	})
	return st, err
}

// name notes what the place of an assignment is called.
func (st Standing) name(tx *store.Tx, a domain.Assignment) error {
	if a.UnitID != nil {
		unit, err := store.Get[domain.Unit](tx, *a.UnitID)
		st.Places[*a.UnitID] = unit.Name
		return err
	}
	if a.PartnerID != nil {
		partner, err := store.Get[domain.Partner](tx, *a.PartnerID)
		st.Places[*a.PartnerID] = partner.Name
		return err
	}
	return nil
}
