package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// EmergencyAccesses lists emergency accesses, newest first: the actor's own; a
// leader's also those taken from units within reach, or to their citizens; an
// auditor's all, without what was written.
func (s *Service) EmergencyAccesses(ctx context.Context, actor domain.Actor, page store.Page) (Listed[domain.EmergencyAccess], error) {
	l, err := list[domain.EmergencyAccess](ctx, s, actor, "listEmergencyAccesses", page, store.EmergenciesOf(actor))
	for i, e := range l.Rows {
		l.Rows[i] = concealed(actor, e)
	}
	return l, err
}

// concealed takes out whom it was about, unless the actor leads that citizen's
// unit or is an auditor. Whoever took it, or leads only their unit, so never
// learns here whether there is such a citizen.
func concealed(actor domain.Actor, e domain.EmergencyAccess) domain.EmergencyAccess {
	leads := actor.Role == domain.TeamLeader && e.Person != actor.Person && e.CitizenUnitID != nil && actor.Reaches(*e.CitizenUnitID)
	if actor.Role != domain.Auditor && !leads {
		e.CitizenID, e.CitizenUnitID = domain.ID{}, nil
	}
	return e
}

// RevokeEmergencyAccess ends an emergency access at once. Conflict when it has
// ended.
func (s *Service) RevokeEmergencyAccess(ctx context.Context, actor domain.Actor, id domain.ID) (domain.EmergencyAccess, error) {
	return s.oversee(ctx, actor, "revokeEmergencyAccess", id, func(tx *store.Tx, e *domain.EmergencyAccess) error {
		now := s.now()
		if !e.Open(now) {
			return domain.Errorf(domain.Conflict, "emergency_over", "this emergency access has ended already")
		}
		e.RevokedAt, e.RevokedBy = &now, actor.Person
		return store.Change[domain.EmergencyAccess](tx, map[string]any{"revoked_at": now, "revoked_by": actor.Person}, store.Is("id", id), store.None("revoked_at"))
	})
}

// ReviewEmergencyAccess notes what a leader says of an emergency access, and
// tells who took it. Forbidden to that person; Conflict when it is reviewed.
func (s *Service) ReviewEmergencyAccess(ctx context.Context, actor domain.Actor, id domain.ID, comment string) (domain.EmergencyAccess, error) {
	return s.oversee(ctx, actor, "reviewEmergencyAccess", id, func(tx *store.Tx, e *domain.EmergencyAccess) error {
		var f domain.Fields
		comment = f.Clean("comment", comment, 1000, false)
		if err := f.Err(); err != nil {
			return err
		}
		switch {
		case e.Person == actor.Person:
			return domain.Errorf(domain.Forbidden, "own_record", "you took this emergency access yourself: somebody else must review it")
		case e.ReviewedAt != nil:
			return domain.Errorf(domain.Conflict, "wrong_state", "%s has reviewed this emergency access already", e.ReviewedBy)
		}
		now := s.now()
		e.ReviewedAt, e.ReviewedBy, e.Comment = &now, actor.Person, domain.NewPrivate(comment)
		if err := s.seal(tx, e.CitizenID, e); domain.CodeOf(err) == "erased" {
			e.Comment = domain.Private{} // nothing more is written about somebody who was erased
		} else if err != nil {
			return err
		}
		err := store.Change[domain.EmergencyAccess](tx, map[string]any{"reviewed_at": now, "reviewed_by": actor.Person, "comment": e.Comment}, store.Is("id", id), store.None("reviewed_at"))
		if err != nil {
			return err
		}
		return s.notify(tx, domain.Notice{Kind: domain.EmergencyReviewed, Person: e.Person, Object: "emergency_access", ObjectID: id})
	})
}

// oversee runs fn on an emergency access that the actor may know of.
func (s *Service) oversee(ctx context.Context, actor domain.Actor, action domain.Action, id domain.ID, fn func(*store.Tx, *domain.EmergencyAccess) error) (e domain.EmergencyAccess, err error) {
	err = s.write(ctx, actor, action, func(tx *store.Tx) error {
		if e, err = store.First[domain.EmergencyAccess](tx, store.Is("id", id), store.EmergenciesOf(actor)); err != nil {
			return err
		}
		if err := s.open(tx, &e); err != nil {
			return err
		}
		if err := fn(tx, &e); err != nil {
			return err
		}
		return tx.Audit(action, "emergency_access", id, s.now(), nil)
	})
	return concealed(actor, e), err
}
