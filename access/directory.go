package access

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

const directoryPage = 100

// Directory lists all municipalities, oldest first: whoever wants to sign in
// chooses theirs, so that it asks for no permission.
func (s *Service) Directory(ctx context.Context) (all []domain.Municipality, err error) {
	page := store.Page{Limit: directoryPage}
	for {
		rows, more, err := s.store.Municipalities(ctx, page)
		if err != nil {
			return nil, err
		}
		for _, m := range rows {
			all = append([]domain.Municipality{m}, all...)
			page.After = m.MunicipalityID
		}
		if !more {
			return all, nil
		}
	}
}

// Organisations gives the units of a municipality that have said which of the
// provider's organisations they are, by that.
func (s *Service) Organisations(ctx context.Context, municipality domain.ID) (map[string]domain.ID, error) {
	units := map[string]domain.ID{}
	err := s.store.Read(ctx, municipality, func(tx *store.Tx) error {
		all, err := store.All[domain.Unit](tx, "id")
		for _, unit := range all {
			if unit.Organisation != "" {
				units[unit.Organisation] = unit.ID
			}
		}
		return err
	})
	return units, err
}

// SetOrganisation says which of the provider's organisations a unit is, by the
// provider's own ID for it; "" takes it back. The roles that the provider's claims
// bind to that organisation are then roles in the unit. Stale unless version is the
// one last read; Conflict if another unit is that organisation.
func (s *Service) SetOrganisation(ctx context.Context, actor domain.Actor, id domain.ID, version int64, organisation string) (unit domain.Unit, err error) {
	err = s.write(ctx, actor, "setUnitOrganisation", func(tx *store.Tx) error {
		var f domain.Fields
		organisation = f.Clean("organisation_id", organisation, 200, true)
		if err := f.Err(); err != nil {
			return err
		}
		if unit, err = store.Get[domain.Unit](tx, id); err != nil {
			return err
		}
		if err := store.Set[domain.Unit](tx, id, version, map[string]any{"organisation": organisation}); err != nil {
			return err
		}
		unit.Organisation, unit.Version = organisation, version+1
		return tx.Audit("setUnitOrganisation", "unit", id, s.now(), domain.Detail(map[string]any{"organisation": organisation}))
	})
	return unit, err
}
