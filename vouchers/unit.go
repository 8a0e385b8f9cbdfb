package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers/mail"
)

// CreateUnit adds a treatment provider. Conflict if the name is taken.
func (s *Service) CreateUnit(ctx context.Context, actor domain.Actor, name string) (unit domain.Unit, err error) {
	err = s.write(ctx, actor, "createUnit", func(tx *store.Tx) error {
		var f domain.Fields
		name = f.Clean("name", name, 200, false)
		if err := f.Err(); err != nil {
			return err
		}
		unit = domain.Unit{MunicipalityID: actor.MunicipalityID, ID: store.NewID(), Name: name, Version: 1, CreatedAt: s.now()}
		if err := store.Insert(tx, &unit); err != nil {
			return err
		}
		return tx.Audit("createUnit", "unit", unit.ID, unit.CreatedAt, nil)
	})
	return unit, err
}

// UnitChange says what to change; nil stays as it is.
type UnitChange struct {
	Name        *string
	NotifyEmail *string // "" takes it away
}

// UpdateUnit changes a unit. Stale unless version is the one last read.
func (s *Service) UpdateUnit(ctx context.Context, actor domain.Actor, id domain.ID, version int64, change UnitChange) (unit domain.Unit, err error) {
	err = s.write(ctx, actor, "updateUnit", func(tx *store.Tx) error {
		if unit, err = store.Get[domain.Unit](tx, id); err != nil {
			return err
		}
		domain.Set(&unit.Name, change.Name)
		domain.Set(&unit.NotifyEmail, change.NotifyEmail)
		var f domain.Fields
		unit.Name = f.Clean("name", unit.Name, 200, false)
		if unit.NotifyEmail = f.Clean("notify_email", unit.NotifyEmail, 254, true); unit.NotifyEmail != "" {
			if wrong := mail.Check(unit.NotifyEmail); wrong != nil {
				f.Add("notify_email", "invalid", "%s", wrong)
			}
		}
		if err := f.Err(); err != nil {
			return err
		}
		if err := store.Set[domain.Unit](tx, id, version, map[string]any{"name": unit.Name, "notify_email": unit.NotifyEmail}); err != nil {
			return err
		}
		unit.Version = version + 1
		return tx.Audit("updateUnit", "unit", id, s.now(), nil)
	})
	return unit, err
}

// Unit gives one unit; NotFound for another unit than a bound actor's own.
func (s *Service) Unit(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Unit, error) {
	return get(ctx, s, actor, "getUnit", id, func(u domain.Unit) bool { return actor.Reaches(u.ID) })
}

// Units lists the units within the actor's reach.
func (s *Service) Units(ctx context.Context, actor domain.Actor, page store.Page) (Listed[domain.Unit], error) {
	return list[domain.Unit](ctx, s, actor, "listUnits", page, store.Eq("id", actor.UnitID))
}
