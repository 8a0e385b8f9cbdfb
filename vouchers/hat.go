package vouchers

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// HatInput describes a group session at which names are drawn.
type HatInput struct {
	ProgrammeID domain.ID
	UnitID      domain.ID
	HeldAt      time.Time
	Title       string // 1–200 letters; no names of people
}

// Hat is a hat with who is in it. Its seed is told once it is drawn.
type Hat struct {
	domain.Hat
	Revealed string // the seed, once drawn; "" before
	Entries  []domain.HatEntry
	Awards   []domain.Award   // changed by drawing it just now
	Vouchers []domain.Voucher // issued by drawing it just now
}

// CreateHat makes a group's hat and publishes the commitment to its seed. Invalid
// unless the version in force on that day has a hat.
func (s *Service) CreateHat(ctx context.Context, actor domain.Actor, key Key, in HatInput) (Answer[Hat], error) {
	return once(ctx, s, actor, "createHat", key, func(tx *store.Tx) (Hat, error) {
		unit, err := store.Get[domain.Unit](tx, in.UnitID)
		if err == nil && !tx.Actor().Reaches(unit.ID) {
			err = domain.OutOfReach()
		}
		if err != nil {
			return Hat{}, err
		}
		hat, err := s.newHat(tx, in)
		if err != nil {
			return Hat{}, err
		}
		if err := store.Insert(tx, &hat); err != nil {
			return Hat{}, err
		}
		return revealed(hat), tx.Audit("createHat", "hat", hat.ID, hat.CreatedAt, domain.Detail(map[string]any{"commitment": hat.Commitment}))
	})
}

// newHat makes a hat with a seed of its own. How many can win, the rules say that
// are in force on its day.
func (s *Service) newHat(tx *store.Tx, in HatInput) (domain.Hat, error) {
	var f domain.Fields
	title := f.Clean("title", in.Title, 200, false)
	f.Check(!in.HeldAt.IsZero(), "held_at", "required", "say when the group meets")
	if err := f.Err(); err != nil {
		return domain.Hat{}, err
	}
	loc, err := tx.Zone()
	if err != nil {
		return domain.Hat{}, err
	}
	version, doc, err := s.versionFor(tx, Enrol{ProgrammeID: in.ProgrammeID, StartDate: domain.DateOf(in.HeldAt, loc)})
	if err != nil {
		return domain.Hat{}, err
	}
	rule := doc.Hat()
	if rule == nil {
		return domain.Hat{}, domain.InvalidField("programme_id", "no_hat", "the version in force on that day, number %d, has no hat to draw names from", version.Number)
	}
	now := s.now()
	seed, commitment, err := randomSeed()
	return domain.Hat{
		MunicipalityID: tx.Actor().MunicipalityID, ID: store.NewID(), ProgrammeID: in.ProgrammeID, UnitID: in.UnitID, Title: title,
		HeldAt: in.HeldAt.UTC().Truncate(time.Microsecond), Names: rule.Names, Seed: seed, Commitment: commitment, CreatedBy: tx.Actor().Person, CreatedAt: now,
	}, err
}

// lockHat reads a hat within reach and makes others who enter names in it, or
// draw it, wait. Lock a hat before any plan.
func lockHat(tx *store.Tx, id domain.ID) (domain.Hat, error) {
	hat, err := store.GetLocked[domain.Hat](tx, id)
	if err == nil && !tx.Actor().Reaches(hat.UnitID) {
		err = domain.OutOfReach()
	}
	return hat, err
}

// enter puts a visit's name into the hat that it names, which is locked; there is
// none when hat is nil. Conflict once the hat is drawn; Invalid unless the plan is
// in the hat's programme.
func (s *Service) enter(tx *store.Tx, hat *domain.Hat, a domain.Attendance) error {
	if hat == nil {
		return nil
	}
	there, err := store.First[domain.HatEntry](tx, store.Is("attendance_id", a.AttendanceID))
	switch {
	case err == nil && there.HatID == hat.ID:
		return nil
	case err == nil:
		return domain.InvalidField("hat_id", "other_hat", "the visit's name is in another hat: cancel the attendance and record it again")
	case domain.KindOf(err) != domain.NotFound:
		return err
	case hat.DrawnAt != nil:
		return domain.Errorf(domain.Conflict, "hat_drawn", "the hat was drawn at %s: no name can be put in it any more", hat.DrawnAt.Format(time.RFC3339))
	}
	enrolments, err := store.All[domain.Enrolment](tx, "programme_id, id", store.Is("plan_id", a.PlanID), store.Is("programme_id", hat.ProgrammeID))
	if err != nil {
		return err
	}
	if len(enrolments) == 0 || a.UnitID != hat.UnitID {
		return domain.InvalidField("hat_id", "other_programme", "the plan is not enrolled in the hat's programme at the hat's unit")
	}
	entry := domain.HatEntry{MunicipalityID: hat.MunicipalityID, HatID: hat.ID, AttendanceID: a.AttendanceID, CreatedBy: tx.Actor().Person, CreatedAt: s.now()}
	for i, e := range enrolments {
		if i == 0 || !a.LocalDate.Before(e.StartDate) { // the newest that has begun
			entry.EnrolmentID = e.ID
		}
	}
	return store.Insert(tx, &entry)
}

// hatNamed locks the hat that a visit names, before its plan; nil when it names none.
func hatNamed(tx *store.Tx, id domain.ID) (*domain.Hat, error) {
	if id == (domain.ID{}) {
		return nil, nil
	}
	hat, err := lockHat(tx, id)
	return &hat, err
}

// entered demands that a visit that is already recorded has its name in the hat.
func entered(tx *store.Tx, hat *domain.Hat, a domain.Attendance) error {
	if hat == nil {
		return nil
	}
	_, err := store.First[domain.HatEntry](tx, store.Is("attendance_id", a.AttendanceID), store.Is("hat_id", hat.ID))
	if domain.KindOf(err) == domain.NotFound {
		return domain.Errorf(domain.Conflict, "already_recorded", "this visit is already recorded without that hat: correct attendance %s instead", attendanceRef(a.AttendanceID))
	}
	return err
}

// names gives visits that a drawn hat has the hat's seed, and whether they won.
func names(tx *store.Tx, e domain.Enrolment, visits []rules.Opportunity) error {
	entries, err := store.All[domain.HatEntry](tx, "", store.Is("enrolment_id", e.ID))
	if err != nil || len(entries) == 0 {
		return err
	}
	ids := make([]domain.ID, len(entries))
	for i, entry := range entries {
		ids[i] = entry.HatID
	}
	hats, err := store.All[domain.Hat](tx, "", store.In("id", ids))
	if err != nil {
		return err
	}
	seeds := map[domain.ID]string{}
	for _, hat := range hats {
		if hat.DrawnAt != nil {
			seeds[hat.ID] = hat.Seed
		}
	}
	drawn := map[string]domain.HatEntry{}
	for _, entry := range entries {
		if seeds[entry.HatID] != "" {
			drawn[entry.AttendanceID.String()] = entry
		}
	}
	for i := range visits {
		if entry, there := drawn[visits[i].ID]; there && visits[i].Seed == "" {
			visits[i].Seed, visits[i].Won = seeds[entry.HatID], min(*entry.Place, 1)
		}
	}
	return nil
}

// GetHat gives a hat with who is in it.
func (s *Service) GetHat(ctx context.Context, actor domain.Actor, id domain.ID) (shown Hat, err error) {
	err = s.read(ctx, actor, "getHat", func(tx *store.Tx) error {
		hat, err := store.Get[domain.Hat](tx, id)
		if err == nil && !actor.Reaches(hat.UnitID) {
			err = domain.OutOfReach()
		}
		if err == nil {
			shown, err = showHat(tx, hat)
		}
		return err
	})
	return shown, err
}

// HatFilter narrows a list of hats; zero fields narrow nothing.
type HatFilter struct{ ProgrammeID, UnitID domain.ID }

// Hats lists hats within the actor's reach, newest first, without their entries.
func (s *Service) Hats(ctx context.Context, actor domain.Actor, page store.Page, f HatFilter) (l Listed[Hat], err error) {
	hats, err := list[domain.Hat](ctx, s, actor, "listHats", page, store.Eq("unit_id", actor.UnitID), store.Eq("programme_id", f.ProgrammeID), store.Eq("unit_id", f.UnitID))
	for _, hat := range hats.Rows {
		l.Rows = append(l.Rows, revealed(hat))
	}
	l.More = hats.More
	return l, err
}

// revealed tells a hat's seed if it is drawn.
func revealed(hat domain.Hat) Hat {
	shown := Hat{Hat: hat}
	if shown.Seed = ""; hat.DrawnAt != nil {
		shown.Revealed = hat.Seed
	}
	return shown
}

// showHat reads who is in a hat.
func showHat(tx *store.Tx, hat domain.Hat) (shown Hat, err error) {
	shown = revealed(hat)
	shown.Entries, err = store.All[domain.HatEntry](tx, "hat_id, attendance_id", store.Is("hat_id", hat.ID))
	return shown, err
}
