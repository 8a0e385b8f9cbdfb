package vouchers

import (
	"context"
	"errors"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// CitizenInput is what is said about a person who comes into treatment.
type CitizenInput struct {
	UnitID    domain.ID
	Reference string // the municipality's own number, unique; never a CPR number
	Name      string // may be empty
	CPR       string // may be empty; unique
	Phone     string // may be empty
	BirthDate domain.Date
}

// CreateCitizen adds a citizen to a unit within reach. Conflict if the
// reference or the CPR number is taken.
func (s *Service) CreateCitizen(ctx context.Context, actor domain.Actor, in CitizenInput) (c domain.Citizen, err error) {
	err = s.write(ctx, actor, "createCitizen", func(tx *store.Tx) error {
		today, err := s.today(tx)
		if err != nil {
			return err
		}
		var f domain.Fields
		var cpr domain.CPR
		if c, cpr, err = s.newCitizen(tx, &f, in, today); err != nil {
			return err
		}
		if err := f.Err(); err != nil {
			return err
		}
		if err := s.identify(tx, &c, cpr); err != nil {
			return err
		}
		return s.addCitizen(tx, "createCitizen", c)
	})
	return c, s.noteTaken(ctx, actor, "createCitizen", err)
}

// newCitizen makes a citizen of what is said and notes what is wrong with it; it
// gives the CPR number, if there is one.
func (s *Service) newCitizen(tx *store.Tx, f *domain.Fields, in CitizenInput, today domain.Date) (c domain.Citizen, cpr domain.CPR, err error) {
	actor := tx.Actor()
	c = domain.Citizen{
		MunicipalityID: actor.MunicipalityID, ID: store.NewID(), UnitID: in.UnitID, Reference: in.Reference, Name: domain.NewPrivate(in.Name),
		CPR: domain.NewPrivate(in.CPR), Phone: domain.NewPrivate(in.Phone), BirthDate: in.BirthDate, ClosedOn: today, Version: 1, CreatedAt: s.now(),
	}
	_, err = store.Refer(tx, "unit_id", in.UnitID, func(u domain.Unit) bool { return actor.Reaches(u.ID) })
	if err := f.Merge(err); err != nil {
		return c, cpr, err
	}
	return c, checkCitizen(f, &c, today), nil
}

// checkCitizen cleans a citizen's fields and notes what is wrong with them; it
// gives the CPR number, if there is one.
func checkCitizen(f *domain.Fields, c *domain.Citizen, today domain.Date) domain.CPR {
	c.Reference = reference(f, "reference", c.Reference)
	cleanPrivate(f, "name", &c.Name, func(text string) (string, error) { return f.Clean("name", text, 200, true), nil })
	cleanPrivate(f, "phone", &c.Phone, func(text string) (string, error) {
		phone, err := domain.ParsePhone(text)
		return phone.Reveal(), err
	})
	var cpr domain.CPR
	cleanPrivate(f, "cpr", &c.CPR, func(text string) (_ string, err error) {
		cpr, err = domain.ParseCPR(text)
		return cpr.Reveal(), err
	})
	switch {
	case c.BirthDate.IsZero():
		f.Add("birth_date", "required", "must not be empty")
	case today.Before(c.BirthDate):
		f.Add("birth_date", "in_the_future", "must not be after today, %s", today)
	case c.BirthDate.YearsUntil(today) > 120:
		f.Add("birth_date", "too_long_ago", "must not be more than 120 years ago")
	case !cpr.IsZero() && cpr.Born() != c.BirthDate:
		f.Add("birth_date", "differs", "must be the day that the CPR number begins with")
	}
	return cpr
}

// cleanPrivate puts a private text into the form in which it is kept. One that is
// kept so already stays sealed as it is.
func cleanPrivate(f *domain.Fields, field string, p *domain.Private, form func(string) (string, error)) {
	text := strings.TrimSpace(p.Reveal())
	if text == "" {
		if p.Unopened() == "" && !p.Erased() {
			*p = domain.Private{}
		}
		return
	}
	kept, err := form(text)
	if err != nil {
		f.Add(field, "invalid", "%s", err)
	} else if kept != p.Reveal() {
		*p = domain.NewPrivate(kept)
	}
}

// identify seals a citizen's private texts and makes the hash that the citizen
// is found by. Conflict when another one has the CPR number.
func (s *Service) identify(tx *store.Tx, c *domain.Citizen, cpr domain.CPR) (err error) {
	if c.CPRHash, err = s.hashCPR(tx, cpr); err != nil {
		return err
	}
	if c.CPRHash != nil {
		other, err := store.First[domain.Citizen](tx, store.Is("cpr_hash", c.CPRHash))
		if err == nil && other.ID != c.ID {
			told := domain.Errorf(domain.Conflict, "already_exists", "another citizen is recorded with this CPR number: look the citizen up, or ask the other units")
			told.Fields = []domain.FieldError{{Field: "cpr", Code: "number_taken", Message: "is another citizen's: look the citizen up, or ask the other units"}}
			return &numberTaken{told, other.ID}
		}
		if err != nil && domain.KindOf(err) != domain.NotFound {
			return err
		}
	}
	return s.seal(tx, c.ID, c)
}

// numberTaken says that a citizen, perhaps of another unit, has the CPR number.
type numberTaken struct {
	error
	by domain.ID
}

// Unwrap gives the error that callers are told.
func (e *numberTaken) Unwrap() error { return e.error }

// noteTaken puts in the audit log that somebody was told of a citizen with a CPR
// number: the refusal says of a person that they are in treatment, as a look-up
// does. It gives err back.
func (s *Service) noteTaken(ctx context.Context, actor domain.Actor, action domain.Action, err error) error {
	taken, is := errors.AsType[*numberTaken](err)
	if !is {
		return err
	}
	noted := s.write(ctx, actor, action, func(tx *store.Tx) error {
		return tx.Audit(action, "citizen", taken.by, s.now(), domain.Detail(map[string]any{"refused": "cpr"}))
	})
	if noted != nil {
		return noted
	}
	return err
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
	CPR       *string // "" takes it away
	Phone     *string // "" takes it away
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
			return domain.OutOfReach()
		}
		if c.Erased() {
			return erasedAlready()
		}
		if err := s.open(tx, &c); err != nil {
			return err
		}
		domain.Set(&c.Reference, change.Reference)
		setPrivate(&c.Name, change.Name)
		setPrivate(&c.CPR, change.CPR)
		setPrivate(&c.Phone, change.Phone)
		domain.Set(&c.BirthDate, change.BirthDate)
		var f domain.Fields
		cpr := checkCitizen(&f, &c, today)
		if change.UnitID != nil && *change.UnitID != c.UnitID {
			if err := moveCitizen(tx, &f, &c, *change.UnitID); err != nil {
				return err
			}
		}
		if err := f.Err(); err != nil {
			return err
		}
		if err := s.identify(tx, &c, cpr); err != nil {
			return err
		}
		c.Version = version + 1
		err = store.Set[domain.Citizen](tx, id, version, map[string]any{
			"unit_id": c.UnitID, "reference": c.Reference, "name": c.Name, "cpr": c.CPR, "cpr_hash": c.CPRHash, "phone": c.Phone, "birth_date": c.BirthDate,
		})
		if err != nil {
			return err
		}
		return tx.Audit("updateCitizen", "citizen", id, s.now(), nil)
	})
	return c, s.noteTaken(ctx, actor, "updateCitizen", err)
}

// setPrivate changes what the input says something else about.
func setPrivate(current *domain.Private, change *string) {
	if change != nil && *change != current.Reveal() {
		*current = domain.NewPrivate(*change)
	}
}

// moveCitizen puts a citizen without a running plan in another unit.
func moveCitizen(tx *store.Tx, f *domain.Fields, c *domain.Citizen, to domain.ID) error {
	if _, err := store.Refer(tx, "unit_id", to, func(u domain.Unit) bool { return tx.Actor().Reaches(u.ID) }); err != nil {
		return f.Merge(err)
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
		store.Eq("unit_id", f.UnitID), store.Eq("reference", f.Reference))
}
