package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// CitizenInput is what is said about a person who comes into treatment.
type CitizenInput struct {
	UnitID    domain.ID
	Reference string // the municipality's own number, unique; never a CPR number
	Name      string // may be empty
	BirthDate domain.Date
}

// CreateCitizen adds a citizen to a unit within reach. Conflict if the
// reference is taken.
func (s *Service) CreateCitizen(ctx context.Context, actor domain.Actor, in CitizenInput) (c domain.Citizen, err error) {
	err = s.write(ctx, actor, "createCitizen", func(tx *store.Tx) error {
		today, err := s.today(tx)
		if err != nil {
			return err
		}
		c = domain.Citizen{
			MunicipalityID: actor.MunicipalityID, ID: store.NewID(), UnitID: in.UnitID, Reference: in.Reference, Name: in.Name,
			BirthDate: in.BirthDate, Version: 1, CreatedAt: s.now(),
		}
		var f domain.Fields
		_, err = refer(tx, "unit_id", in.UnitID, func(u domain.Unit) bool { return actor.Reaches(u.ID) })
		if err := merge(&f, err); err != nil {
			return err
		}
		checkCitizen(&f, &c, today)
		if err := f.Err(); err != nil {
			return err
		}
		return s.addCitizen(tx, "createCitizen", c)
	})
	return c, err
}

// checkCitizen cleans a citizen's fields and notes what is wrong with them.
func checkCitizen(f *domain.Fields, c *domain.Citizen, today domain.Date) {
	c.Reference = reference(f, "reference", c.Reference)
	c.Name = clean(f, "name", c.Name, 200, true)
	switch {
	case c.BirthDate.IsZero():
		f.Add("birth_date", "required", "must not be empty")
	case today.Before(c.BirthDate):
		f.Add("birth_date", "in_the_future", "must not be after today, %s", today)
	case c.BirthDate.YearsUntil(today) > 120:
		f.Add("birth_date", "too_long_ago", "must not be more than 120 years ago")
	}
}

// addCitizen stores a citizen that was checked.
func (s *Service) addCitizen(tx *store.Tx, action domain.Action, c domain.Citizen) error {
	if err := store.Insert(tx, &c); err != nil {
		return err
	}
	return tx.Audit(action, "citizen", c.ID, c.CreatedAt, nil)
}

// CitizenChange says what to change; nil stays as it is.
type CitizenChange struct {
	UnitID    *domain.ID // moves to another unit, once no plan runs at this one
	Reference *string
	Name      *string
	BirthDate *domain.Date
}

// UpdateCitizen corrects what is known of a citizen or moves them to another
// unit. Conflict if a plan still runs here: end it first, as moved, for a plan
// belongs to its unit. Stale unless version is the one last read.
func (s *Service) UpdateCitizen(ctx context.Context, actor domain.Actor, id domain.ID, version int64, change CitizenChange) (c domain.Citizen, err error) {
	err = s.write(ctx, actor, "updateCitizen", func(tx *store.Tx) error {
		today, err := s.today(tx)
		if err != nil {
			return err
		}
		if c, err = store.GetLocked[domain.Citizen](tx, id); err != nil {
			return err
		}
		if !actor.Reaches(c.UnitID) {
			return outOfReach()
		}
		set(&c.Reference, change.Reference)
		set(&c.Name, change.Name)
		set(&c.BirthDate, change.BirthDate)
		var f domain.Fields
		checkCitizen(&f, &c, today)
		if change.UnitID != nil && *change.UnitID != c.UnitID {
			if err := moveCitizen(tx, &f, &c, *change.UnitID); err != nil {
				return err
			}
		}
		if err := f.Err(); err != nil {
			return err
		}
		c.Version = version + 1
		err = store.Set[domain.Citizen](tx, id, version, map[string]any{
			"unit_id": c.UnitID, "reference": c.Reference, "name": c.Name, "birth_date": c.BirthDate,
		})
		if err != nil {
			return err
		}
		return tx.Audit("updateCitizen", "citizen", id, s.now(), nil)
	})
	return c, err
}

// moveCitizen puts a citizen without a running plan in another unit.
func moveCitizen(tx *store.Tx, f *domain.Fields, c *domain.Citizen, to domain.ID) error {
	if _, err := refer(tx, "unit_id", to, func(u domain.Unit) bool { return tx.Actor().Reaches(u.ID) }); err != nil {
		return merge(f, err)
	}
	running, err := store.All[domain.Plan](tx, "id", store.Is("citizen_id", c.ID), store.Is("end_reason", ""))
	if err == nil && len(running) > 0 {
		err = domain.Errorf(domain.Conflict, "plan_running", "the plan %s still runs at the citizen's unit: end it first, as moved", running[0].Reference)
	}
	c.UnitID = to
	return err
}

// Citizen gives one citizen of a unit within reach.
func (s *Service) Citizen(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Citizen, error) {
	return get(ctx, s, actor, "getCitizen", id, func(c domain.Citizen) bool { return actor.Reaches(c.UnitID) })
}

// CitizenFilter narrows a list of citizens; zero fields narrow nothing.
type CitizenFilter struct {
	UnitID    domain.ID
	Reference string
}

// Citizens lists the citizens of the units within reach, newest first.
func (s *Service) Citizens(ctx context.Context, actor domain.Actor, page store.Page, f CitizenFilter) (Listed[domain.Citizen], error) {
	return list[domain.Citizen](ctx, s, actor, "listCitizens", page, store.Eq("unit_id", actor.UnitID),
		store.Eq("unit_id", f.UnitID), store.Eq("reference", word(f.Reference)))
}
