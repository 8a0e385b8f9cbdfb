package vouchers

import (
	"context"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// DeputyInput says who stands in for the actor, and when.
type DeputyInput struct {
	Deputy   string
	FirstDay domain.Date // today or later
	LastDay  domain.Date // within a year of the first
	Key      Key         // under which they are named once, however often that is asked for; zero: each time
}

// maxDeputyDays is how long somebody can stand in at most.
const maxDeputyDays = 366

// CreateDeputy names who stands in for the actor, in the actor's role and unit: from
// the first day to the last they see what waits there and decide on it, in their own
// name and on behalf of the actor. Invalid unless they have the same role.
func (s *Service) CreateDeputy(ctx context.Context, actor domain.Actor, in DeputyInput) (d domain.Deputy, err error) {
	call := s.call(actor, "createDeputy")
	call.Key = in.Key
	named, err := store.Once(ctx, s.store, call, nil, func(tx *store.Tx) (domain.Deputy, error) {
		if !actor.IsPerson() {
			return d, domain.Errorf(domain.Forbidden, "not_a_person", "a person names a deputy, not a job or a till")
		}
		today, err := s.today(tx)
		if err != nil {
			return d, err
		}
		d = domain.Deputy{
			MunicipalityID: actor.MunicipalityID, ID: store.NewID(), Person: domain.Fold(actor.Person), Role: actor.Role, UnitID: unitOf(actor),
			Deputy: domain.Fold(in.Deputy), FirstDay: in.FirstDay, LastDay: in.LastDay, CreatedAt: s.now(),
		}
		if err := s.checkDeputy(tx, d, today); err != nil {
			return d, err
		}
		if err := store.Insert(tx, &d); err != nil {
			return d, err
		}
		if err := s.notify(tx, domain.Notice{Kind: domain.DeputyNamed, Person: d.Deputy, Object: "deputy", ObjectID: d.ID}); err != nil {
			return d, err
		}
		return d, tx.Audit("createDeputy", "deputy", d.ID, d.CreatedAt, domain.Detail(map[string]any{
			"deputy": d.Deputy, "role": d.Role, "unit": d.UnitID, "first_day": d.FirstDay, "last_day": d.LastDay,
		}))
	})
	return named.Value, err
}

// unitOf is the only unit of an actor; nil: all.
func unitOf(actor domain.Actor) *domain.ID {
	if !actor.Restricted() {
		return nil
	}
	return &actor.UnitID
}

// checkDeputy refuses a deputy who cannot stand in.
func (s *Service) checkDeputy(tx *store.Tx, d domain.Deputy, today domain.Date) error {
	there, err := s.holds(tx, d.Deputy, d.Role)
	if err != nil {
		return err
	}
	already, err := store.All[domain.Deputy](tx, "first_day, id", store.Is("deputy", d.Deputy), store.Is("person", d.Person), store.Is("role", d.Role),
		store.From("last_day", d.FirstDay), store.None("withdrawn_at"))
	if err != nil {
		return err
	}
	var f domain.Fields
	switch {
	case d.Deputy == "":
		f.Add("deputy", "required", "must not be empty")
	case d.Deputy == d.Person:
		f.Add("deputy", "yourself", "must be somebody else")
	case len(there) == 0:
		f.Add("deputy", "other_role", "must be somebody who is %s too: ask an administrator to give them the role", d.Role.Words())
	}
	f.Check(!d.FirstDay.Before(today), "first_day", "in_the_past", "must not be before today, %s", today)
	f.Check(!d.LastDay.Before(d.FirstDay), "last_day", "before_first", "must not be before first_day, %s", d.FirstDay)
	for _, same := range already {
		if sameID(same.UnitID, d.UnitID) && !d.LastDay.Before(same.FirstDay) {
			f.Add("deputy", "already_named", "stands in for you from %s to %s already: take other days, or withdraw that first", same.FirstDay, same.LastDay)
			break
		}
	}
	f.Check(d.FirstDay.Days(d.LastDay) < maxDeputyDays, "last_day", "too_long", "must be within a year of first_day: name them again then")
	return f.Err()
}

// holds gives the units in which somebody has a role: nil in it for all units. Who
// has none does not have the role.
func (s *Service) holds(tx *store.Tx, person string, role domain.Role) (units []*domain.ID, err error) {
	assigned, err := store.All[domain.Assignment](tx, "", store.Is("person", person), store.Is("role", role), store.None("revoked_at"))
	if err != nil {
		return nil, err
	}
	for _, a := range assigned {
		units = append(units, a.UnitID)
	}
	tokens, err := store.All[domain.Token](tx, "", store.Is("person", person), store.Is("role", role), store.None("revoked_at"), store.After("expires_at", s.now()))
	for _, t := range tokens {
		units = append(units, t.UnitID)
	}
	return units, err
}

// WithdrawDeputy ends a deputy's standing in. Who named them may, and they themself.
// Conflict when it was withdrawn before.
func (s *Service) WithdrawDeputy(ctx context.Context, actor domain.Actor, id domain.ID) (d domain.Deputy, err error) {
	err = s.write(ctx, actor, "withdrawDeputy", func(tx *store.Tx) error {
		if d, err = store.GetLocked[domain.Deputy](tx, id); err != nil {
			return err
		}
		me := domain.Fold(actor.Person)
		if me != d.Person && me != d.Deputy {
			return domain.OutOfReach()
		}
		if d.WithdrawnAt != nil {
			return domain.Errorf(domain.Conflict, "already_withdrawn", "it was withdrawn already")
		}
		now := s.now()
		d.WithdrawnAt, d.WithdrawnBy = &now, me
		if err := store.Change[domain.Deputy](tx, map[string]any{"withdrawn_at": now, "withdrawn_by": me}, store.Is("id", id), store.None("withdrawn_at")); err != nil {
			return err
		}
		return tx.Audit("withdrawDeputy", "deputy", id, now, nil)
	})
	return d, err
}

// DeputyList is who stands in for whom, newest first, and which day it is.
type DeputyList struct {
	Listed[domain.Deputy]
	Today domain.Date
}

// Deputies lists who stands in for whom: those whom the actor named or stands in for;
// all of them to the auditor.
func (s *Service) Deputies(ctx context.Context, actor domain.Actor, page store.Page) (l DeputyList, err error) {
	mine := store.Either("person", "deputy", domain.Fold(actor.Person))
	if actor.Role == domain.Auditor {
		mine = store.Cond{}
	}
	err = s.read(ctx, actor, "listDeputies", func(tx *store.Tx) error {
		if l.Today, err = s.today(tx); err != nil {
			return err
		}
		l.Rows, l.More, err = store.List[domain.Deputy](tx, page, mine)
		return err
	})
	return l, err
}

// standsIn says for whom the actor reaches a unit's awards as a deputy: for nobody
// when they have the unit themself, else for those away who have it. NotFound when
// there is nobody.
func (s *Service) standsIn(tx *store.Tx, actor domain.Actor, unit domain.ID) (away []string, err error) {
	if actor.Reaches(unit) {
		return nil, nil
	}
	all, err := s.deputyships(tx, actor)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if d.Covers(unit) && !slices.Contains(away, d.Person) {
			away = append(away, d.Person)
		}
	}
	if len(away) == 0 {
		return nil, domain.OutOfReach()
	}
	return away, nil
}

// deputyships are those under which the actor stands in for somebody today, who must
// have the role and unit still.
func (s *Service) deputyships(tx *store.Tx, actor domain.Actor) (list []domain.Deputy, err error) {
	if !slices.Contains(domain.ApprovingRoles, actor.Role) {
		return nil, nil
	}
	today, err := s.today(tx)
	if err != nil {
		return nil, err
	}
	all, err := store.All[domain.Deputy](tx, "last_day, id", store.Is("deputy", domain.Fold(actor.Person)), store.From("last_day", today), store.Is("role", actor.Role), store.None("withdrawn_at"))
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if !d.On(today) {
			continue
		}
		units, err := s.holds(tx, d.Person, d.Role)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(units, func(u *domain.ID) bool { return u == nil || d.UnitID != nil && *u == *d.UnitID }) {
			list = append(list, d)
		}
	}
	return list, nil
}
