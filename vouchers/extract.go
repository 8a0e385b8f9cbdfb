package vouchers

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// CitizenExtract is a dossier, and the moment that it shows.
type CitizenExtract struct {
	Dossier
	TakenAt time.Time
}

// Extract gives a citizen all that is kept about them, with a statement of what
// was received in each year (GDPR art. 15).
func (s *Service) Extract(ctx context.Context, actor domain.Actor, citizen domain.ID) (x CitizenExtract, err error) {
	call := s.call(actor, "exportCitizen")
	err = s.store.LookMoment(ctx, call, func(tx *store.Tx) error {
		if x.Dossier, err = s.dossier(tx, citizen); err == nil && !actor.Reaches(x.Citizen.UnitID) {
			err = domain.OutOfReach()
		}
		return err
	})
	if err != nil {
		return CitizenExtract{}, err
	}
	x.TakenAt = call.At
	return x, nil
}
