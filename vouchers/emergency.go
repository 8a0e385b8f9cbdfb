package vouchers

import (
	"context"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

const (
	// EmergencyLasts is how long an emergency access opens the citizen's record:
	// a working day. To change it, change it here; what was taken before stays as
	// long as it was.
	EmergencyLasts = 8 * time.Hour
	// EmergenciesADay is how many one person may take on one day of the site, so
	// that nobody can browse.
	EmergenciesADay = 10
	fewestWords     = 4 // of a reason
	shortestReason  = 20
)

// EmergencyInput says whose record is needed, by one of ID, reference and CPR
// number, and why.
type EmergencyInput struct {
	CitizenID domain.ID
	Reference string
	CPR       string
	Reason    string // a sentence
	Key       Key    // under which it is taken once, however often it is asked for; zero: each time
}

// TakeEmergencyAccess opens one citizen's record, of whatever unit, to the actor
// for EmergencyLasts, and tells the leaders of the citizen's unit and of the
// actor's own. Who is not known is taken access to all the same: the answer, the
// log, the limit and the notice to the actor's own leaders do not say whether
// there is such a citizen. TooMany above EmergenciesADay.
func (s *Service) TakeEmergencyAccess(ctx context.Context, actor domain.Actor, in EmergencyInput) (e domain.EmergencyAccess, err error) {
	call := s.call(actor, "createEmergencyAccess")
	call.Key = in.Key
	taken, err := store.Once(ctx, s.store, call, nil, func(tx *store.Tx) (domain.ID, error) {
		cpr, err := checkEmergency(&in)
		if err != nil {
			return e.ID, err
		}
		if e, err = s.newEmergency(tx, in.Reason); err != nil {
			return e.ID, err
		}
		if err := s.address(tx, &e, in, cpr); err != nil {
			return e.ID, err
		}
		if err := store.Insert(tx, &e); err != nil {
			return e.ID, err
		}
		tx.UnderEmergency(e.ID)
		if err := s.tellLeaders(tx, e); err != nil {
			return e.ID, err
		}
		return e.ID, tx.Audit("createEmergencyAccess", "emergency_access", e.ID, e.CreatedAt, domain.Detail(map[string]any{"number": e.Number}))
	})
	if err == nil && taken.Replayed {
		e, err = get[domain.EmergencyAccess](ctx, s, actor, "listEmergencyAccesses", taken.Value, func(e domain.EmergencyAccess) bool { return e.Person == actor.Person })
	}
	if domain.CodeOf(err) == "already_exists" { // at the same moment
		err = tooManyEmergencies()
	}
	return concealed(actor, e), err
}

// checkEmergency cleans what is said; it gives the CPR number, if it is by that.
func checkEmergency(in *EmergencyInput) (cpr domain.CPR, err error) {
	var f domain.Fields
	in.Reference, in.CPR = strings.TrimSpace(in.Reference), strings.TrimSpace(in.CPR)
	by := 0
	for _, given := range []bool{in.CitizenID != domain.ID{}, in.Reference != "", in.CPR != ""} {
		if given {
			by++
		}
	}
	f.Check(by == 1, "citizen_id", "one_of", "must be there, or reference, or cpr: one of them")
	if in.CPR != "" {
		if cpr, err = domain.ParseCPR(in.CPR); err != nil {
			f.Add("cpr", "invalid", "%s", err)
		}
	}
	in.Reason = f.Clean("reason", in.Reason, 1000, false)
	f.Check(len(strings.Fields(in.Reason)) >= fewestWords && len(in.Reason) >= shortestReason, "reason", "too_short", "must be a sentence: what has happened, and what the record is needed for")
	return cpr, f.Err()
}

// newEmergency makes the row, still of nobody. TooMany when it is the actor's one
// too many today.
func (s *Service) newEmergency(tx *store.Tx, reason string) (e domain.EmergencyAccess, err error) {
	day, err := s.today(tx)
	if err != nil {
		return e, err
	}
	actor, now := tx.Actor(), s.now()
	taken, err := store.Count[domain.EmergencyAccess](tx, store.Is("person", actor.Person), store.Is("day", day))
	if err == nil && taken >= EmergenciesADay {
		err = tooManyEmergencies()
	}
	e = domain.EmergencyAccess{
		MunicipalityID: actor.MunicipalityID, ID: store.NewID(), Person: actor.Person, Role: actor.Role, Reason: domain.NewPrivate(reason),
		Day: day, Number: int(taken) + 1, CreatedAt: now, ExpiresAt: now.Add(EmergencyLasts),
	}
	if actor.Restricted() {
		e.UnitID = &actor.UnitID
	}
	return e, err
}

func tooManyEmergencies() error {
	return domain.Errorf(domain.TooMany, "rate_limited", "a person may take %d emergency accesses a day, one at a time: ask a leader of the citizen's unit", EmergenciesADay)
}

// address says whose record it is, and seals the reason under that citizen's key.
// For somebody who is not known, or erased, it is a citizen who does not exist,
// with a key of their own.
func (s *Service) address(tx *store.Tx, e *domain.EmergencyAccess, in EmergencyInput, cpr domain.CPR) error {
	c, err := s.named(tx, in, cpr)
	if err == nil {
		e.CitizenID, e.CitizenUnitID = c.ID, &c.UnitID
		err = s.seal(tx, c.ID, e)
	}
	if domain.KindOf(err) == domain.NotFound || domain.CodeOf(err) == "erased" {
		e.CitizenID, e.CitizenUnitID = store.NewID(), nil
		err = s.seal(tx, e.CitizenID, e)
	}
	return err
}

// named finds the citizen of any unit who is meant.
func (s *Service) named(tx *store.Tx, in EmergencyInput, cpr domain.CPR) (domain.Citizen, error) {
	switch {
	case in.CPR != "":
		hash, err := s.hashCPR(tx, cpr)
		if err != nil {
			return domain.Citizen{}, err
		}
		return store.First[domain.Citizen](tx, store.Is("cpr_hash", hash))
	case in.Reference != "":
		return store.First[domain.Citizen](tx, store.Is("reference", in.Reference))
	default:
		return store.Get[domain.Citizen](tx, in.CitizenID)
	}
}

// tellLeaders leaves a notice for the leaders of the citizen's unit and for those
// of the person's own.
func (s *Service) tellLeaders(tx *store.Tx, e domain.EmergencyAccess) error {
	units := []*domain.ID{e.UnitID}
	if e.CitizenUnitID != nil && (e.UnitID == nil || *e.UnitID != *e.CitizenUnitID) {
		units = append(units, e.CitizenUnitID)
	}
	for _, unit := range units {
		if err := s.notify(tx, domain.Notice{Kind: domain.EmergencyUsed, Role: domain.TeamLeader, UnitID: unit, Object: "emergency_access", ObjectID: e.ID}); err != nil {
			return err
		}
	}
	return nil
}

// EmergencyRecord gives the record that an emergency access of the actor's opens:
// what is needed to help, and not the CPR number, what was written about awards
// and vouchers, or where they were spent. Each reading is in the log, marked, also
// when there turns out to be no such citizen: then it is NotFound. Conflict once
// the access has ended.
func (s *Service) EmergencyRecord(ctx context.Context, actor domain.Actor, id domain.ID) (d Dossier, err error) {
	var citizen domain.ID
	err = s.write(ctx, actor, "getEmergencyRecord", func(tx *store.Tx) error {
		e, err := store.Get[domain.EmergencyAccess](tx, id)
		if err == nil && e.Person != actor.Person {
			err = domain.OutOfReach()
		}
		if err != nil {
			return err
		}
		if !e.Open(s.now()) {
			return domain.Errorf(domain.Conflict, "emergency_over", "this emergency access has ended or was revoked: ask the citizen's unit, or take a new one")
		}
		citizen = e.CitizenID
		tx.UnderEmergency(id)
		return tx.Audit("getEmergencyRecord", "emergency_access", id, s.now(), nil)
	})
	if err != nil {
		return d, err
	}
	err = s.store.Snapshot(ctx, actor.MunicipalityID, func(tx *store.Tx) error {
		d, err = s.dossier(tx, citizen)
		return err
	})
	if domain.KindOf(err) == domain.NotFound {
		err = domain.Errorf(domain.NotFound, "not_found", "nobody is recorded by what was given")
	}
	return d.helpful(), err
}

// helpful leaves out what nobody needs to help.
func (d Dossier) helpful() Dossier {
	d.Citizen.CPR = domain.Private{}
	d.Moves, d.Awards, d.Redemptions, d.Received = nil, nil, nil, nil
	for i := range d.Vouchers {
		d.Vouchers[i].Reason = domain.Private{}
	}
	for i := range d.Events {
		d.Events[i].Reason = domain.Private{}
	}
	for i := range d.Pauses {
		d.Pauses[i].ChangedBecause = domain.Private{}
	}
	return d
}
