package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Adoption is the decision by which a version comes into force. The council must
// adopt guidelines and amount before they are used (serviceloven § 101 stk. 9).
type Adoption struct {
	AdoptedBy   string      // the council or committee
	AdoptedOn   domain.Date // when it decided
	InForceFrom domain.Date // first day, no earlier than AdoptedOn
	InForceTo   domain.Date // last day; zero: until it is ended
	Succeeds    bool        // the version in force on the day before InForceFrom ends on that day, where it would last longer
}

// AdoptVersion records that a draft is adopted; from then on it never changes.
// Conflict if another version of the programme is in force on any of its days;
// Forbidden to who wrote it last: two people have read what the council adopted.
// Stale unless version is the one last read, so that nobody adopts a document
// that was replaced meanwhile; 0 adopts the document as it is now.
func (s *Service) AdoptVersion(ctx context.Context, actor domain.Actor, id domain.ID, version int64, in Adoption) (v domain.ProgrammeVersion, err error) {
	err = s.write(ctx, actor, "adoptVersion", func(tx *store.Tx) error {
		if err := lockVersion(tx, &v, id); err != nil {
			return err
		}
		ends, err := s.adopting(tx, &v, &in)
		if err != nil {
			return err
		}
		if ends != nil {
			if err := s.endVersionOn(tx, ends, ends.InForceTo); err != nil {
				return err
			}
		}
		if version == 0 {
			version = v.Version
		}
		v.Version = version + 1
		err = store.Set[domain.ProgrammeVersion](tx, id, version, map[string]any{
			"state": v.State, "adopted_by": v.AdoptedBy, "adopted_on": v.AdoptedOn, "in_force_from": v.InForceFrom, "in_force_to": v.InForceTo,
			"recorded_by": v.RecordedBy,
		})
		if err != nil {
			return err
		}
		return tx.Audit("adoptVersion", "programme_version", id, s.now(), domain.Detail(map[string]any{
			"number": v.Number, "adopted_on": v.AdoptedOn, "in_force_from": v.InForceFrom, "in_force_to": v.InForceTo,
		}))
	})
	return v, err
}

// adopting makes a draft what it would be once adopted. It gives the version that
// would end for it, with its last day; nil when none would.
func (s *Service) adopting(tx *store.Tx, v *domain.ProgrammeVersion, in *Adoption) (ends *domain.ProgrammeVersion, err error) {
	actor := tx.Actor()
	if err := forAll(actor); err != nil {
		return nil, err
	}
	if v.State != domain.VersionDraft {
		return nil, domain.Errorf(domain.Conflict, "version_adopted", "version %d is adopted already, by %s on %s", v.Number, v.AdoptedBy, v.AdoptedOn)
	}
	if err := domain.MayAdopt(actor, *v); err != nil {
		return nil, err
	}
	today, err := s.today(tx)
	if err != nil {
		return nil, err
	}
	if err := checkAdoption(in, today); err != nil {
		return nil, err
	}
	v.State, v.AdoptedBy, v.AdoptedOn, v.InForceFrom, v.InForceTo = domain.VersionAdopted, in.AdoptedBy, in.AdoptedOn, in.InForceFrom, in.InForceTo
	v.RecordedBy = actor.Person
	others, err := store.All[domain.ProgrammeVersion](tx, "number", store.Is("programme_id", v.ProgrammeID),
		store.In("state", []string{domain.VersionAdopted, domain.VersionEnded}))
	if err != nil {
		return nil, err
	}
	if in.Succeeds {
		ends = succeeded(others, *v)
	}
	return ends, checkOverlap(others, *v)
}

// succeeded ends, among others, the version in force on the day before v is, and
// gives it; nil when none has to end.
func succeeded(others []domain.ProgrammeVersion, v domain.ProgrammeVersion) *domain.ProgrammeVersion {
	last := v.InForceFrom.AddDays(-1)
	for i := range others {
		if o := &others[i]; o.State == domain.VersionAdopted && o.InForce(last) && !endsBefore(*o, v.InForceFrom) {
			o.InForceTo = last
			return o
		}
	}
	return nil
}

// lockVersion reads a version and makes other changes of its programme's
// versions wait.
func lockVersion(tx *store.Tx, v *domain.ProgrammeVersion, id domain.ID) error {
	found, err := store.Get[domain.ProgrammeVersion](tx, id)
	if err != nil {
		return err
	}
	if _, err := store.GetLocked[domain.Programme](tx, found.ProgrammeID); err != nil {
		return err
	}
	*v, err = store.GetLocked[domain.ProgrammeVersion](tx, id)
	return err
}

func checkAdoption(in *Adoption, today domain.Date) error {
	var f domain.Fields
	in.AdoptedBy = f.Clean("adopted_by", in.AdoptedBy, 200, false)
	switch {
	case in.AdoptedOn.IsZero():
		f.Add("adopted_on", "required", "must not be empty")
	case today.Before(in.AdoptedOn):
		f.Add("adopted_on", "in_the_future", "must not be after today, %s: a version is adopted before it is used", today)
	case in.AdoptedOn.YearsUntil(today) > 20:
		f.Add("adopted_on", "too_long_ago", "must not be more than 20 years ago: check the year")
	}
	switch {
	case in.InForceFrom.IsZero():
		f.Add("in_force_from", "required", "must not be empty")
	case in.InForceFrom.Before(in.AdoptedOn):
		f.Add("in_force_from", "before_adoption", "must not be before adopted_on, %s", in.AdoptedOn)
	}
	f.Check(in.InForceTo.IsZero() || !in.InForceTo.Before(in.InForceFrom), "in_force_to", "before_start", "must not be before in_force_from, %s", in.InForceFrom)
	return f.Err()
}

// checkOverlap gives a Conflict that names the other version in force on a day
// on which v would be.
func checkOverlap(others []domain.ProgrammeVersion, v domain.ProgrammeVersion) error {
	for _, o := range others {
		apart := endsBefore(o, v.InForceFrom) || endsBefore(v, o.InForceFrom)
		if !apart && o.InForceTo.IsZero() {
			return domain.Errorf(domain.Conflict, "version_overlaps", "version %d is in force from %s with no end: end it first", o.Number, o.InForceFrom)
		}
		if !apart {
			return domain.Errorf(domain.Conflict, "version_overlaps", "version %d is in force from %s to %s: choose other dates", o.Number, o.InForceFrom, o.InForceTo)
		}
	}
	return nil
}

func endsBefore(v domain.ProgrammeVersion, d domain.Date) bool {
	return !v.InForceTo.IsZero() && v.InForceTo.Before(d)
}

// EndVersion sets an adopted version's last day, which may be yet to come: after
// it nobody can be enrolled. Those who are keep their version.
func (s *Service) EndVersion(ctx context.Context, actor domain.Actor, id domain.ID, on domain.Date) (v domain.ProgrammeVersion, err error) {
	err = s.write(ctx, actor, "endVersion", func(tx *store.Tx) error {
		if err := forAll(actor); err != nil {
			return err
		}
		if err := lockVersion(tx, &v, id); err != nil {
			return err
		}
		switch v.State {
		case domain.VersionDraft:
			return domain.Errorf(domain.Conflict, "version_draft", "version %d is a draft: only an adopted version can end", v.Number)
		case domain.VersionEnded:
			return domain.Errorf(domain.Conflict, "version_ended", "version %d ends on %s already", v.Number, v.InForceTo)
		}
		var f domain.Fields
		switch {
		case on.IsZero():
			f.Add("in_force_to", "required", "must not be empty")
		case on.Before(v.InForceFrom):
			f.Add("in_force_to", "before_start", "must not be before in_force_from, %s", v.InForceFrom)
		case endsBefore(v, on):
			f.Add("in_force_to", "after_end", "must not be after the end that was adopted, %s", v.InForceTo)
		}
		if err := f.Err(); err != nil {
			return err
		}
		return s.endVersionOn(tx, &v, on)
	})
	return v, err
}

// endVersionOn writes an adopted version's last day.
func (s *Service) endVersionOn(tx *store.Tx, v *domain.ProgrammeVersion, on domain.Date) error {
	if err := store.Set[domain.ProgrammeVersion](tx, v.ID, v.Version, map[string]any{"state": domain.VersionEnded, "in_force_to": on}); err != nil {
		return err
	}
	v.State, v.InForceTo, v.Version = domain.VersionEnded, on, v.Version+1
	return tx.Audit("endVersion", "programme_version", v.ID, s.now(), domain.Detail(map[string]any{"number": v.Number, "in_force_to": on}))
}
