package access

import (
	"context"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Current is what the actor is using and what else they could be here.
type Current struct {
	Token       domain.Token        // what they got in with
	Assignments []domain.Assignment // all that they have, oldest first
}

// Current tells who is asking what they are here.
func (s *Service) Current(ctx context.Context, actor domain.Actor) (now Current, err error) {
	err = s.read(ctx, actor, "getSignIn", func(tx *store.Tx) error {
		if now.Token, err = store.Get[domain.Token](tx, actor.TokenID); err != nil {
			return err
		}
		now.Assignments, err = assignments(tx, actor.Person)
		return err
	})
	return now, err
}

// SignIns lists the sign-ins that neither ended nor expired, newest first: one's
// own, and to an administrator everybody's, or of one person when that is not "".
// Some may have been idle for too long.
func (s *Service) SignIns(ctx context.Context, actor domain.Actor, page store.Page, name string) (store.Listed[domain.Token], error) {
	return store.Several[domain.Token](ctx, s.store, s.call(actor, "listSignIns"), page, own(actor), store.Eq("person", strings.ToLower(name)),
		store.Is("kind", domain.BySignIn), store.None("revoked_at"), store.After("expires_at", s.now()))
}

// Switch lets who is signed in act under another of their assignments, with a
// new secret; the old one lets nobody in any more. NotFound when they have no
// such assignment.
func (s *Service) Switch(ctx context.Context, actor domain.Actor, assignment domain.ID) (text string, err error) {
	if err := actor.May("switchAssignment"); err != nil {
		return "", err
	}
	err = s.change(ctx, actor, func(tx *store.Tx, token domain.Token) error {
		a, err := store.Get[domain.Assignment](tx, assignment)
		if err != nil {
			return err
		}
		if a.Person != actor.Person || a.RevokedAt != nil {
			return domain.OutOfReach()
		}
		actsUnder(&token, a)
		text, token.Hash = newSecret(token.Kind, token.MunicipalityID)
		columns := map[string]any{"hash": token.Hash, "assignment_id": token.AssignmentID, "role": token.Role, "unit_id": token.UnitID, "partner_id": token.PartnerID}
		if err := store.Change[domain.Token](tx, columns, store.Is("id", token.ID)); err != nil {
			return err
		}
		return tx.Audit("switchAssignment", "sign_in", token.ID, s.now(), domain.Detail(map[string]any{"assignment": a.ID, "role": a.Role}))
	})
	if err != nil {
		return "", err
	}
	return text, nil
}

// EndSignIn signs out who is signed in. Conflict "not_signed_in" for who uses
// something else.
func (s *Service) EndSignIn(ctx context.Context, actor domain.Actor) error {
	if err := actor.May("endSignIn"); err != nil {
		return err
	}
	if actor.Kind != domain.BySignIn {
		return domain.Errorf(domain.Conflict, "not_signed_in", "this is for who is signed in in a browser: an API token is revoked")
	}
	err := s.store.Write(ctx, actor, func(tx *store.Tx) error {
		now := s.now()
		if _, err := revokeAll(tx, now, store.Is("id", actor.TokenID)); err != nil {
			return err
		}
		return tx.Audit("endSignIn", "sign_in", actor.TokenID, now, nil)
	})
	s.store.Forget()
	return err
}

// EndOneSignIn ends one sign-in, such as that on a computer that was left open:
// one's own, and for an administrator anybody's. Conflict "already_revoked" when
// it has ended.
func (s *Service) EndOneSignIn(ctx context.Context, actor domain.Actor, id domain.ID) error {
	err := s.write(ctx, actor, "endOneSignIn", func(tx *store.Tx) error {
		token, err := store.GetLocked[domain.Token](tx, id)
		if err != nil {
			return err
		}
		if token.Kind != domain.BySignIn || token.Person != actor.Person && actor.Role != domain.Administrator && actor.Role != domain.System {
			return domain.OutOfReach()
		}
		now := s.now()
		if token.RevokedAt != nil || token.ExpiresAt != nil && !now.Before(*token.ExpiresAt) {
			return domain.Errorf(domain.Conflict, "already_revoked", "the sign-in has ended already")
		}
		if err := store.Change[domain.Token](tx, map[string]any{"revoked_at": now}, store.Is("id", id)); err != nil {
			return err
		}
		return tx.Audit("endOneSignIn", "sign_in", id, now, domain.Detail(map[string]any{"person": token.Person}))
	})
	s.store.Forget()
	return err
}

// EndSignIns signs a person out everywhere and says of how many sign-ins: oneself,
// also as "", and for an administrator anybody. API tokens are not ended by it.
func (s *Service) EndSignIns(ctx context.Context, actor domain.Actor, name string) (ended int, err error) {
	if name == "" {
		name = actor.Person
	}
	var f domain.Fields
	if name = person(&f, name); f.Err() != nil {
		return 0, f.Err()
	}
	err = s.write(ctx, actor, "endSignIns", func(tx *store.Tx) error {
		if name != actor.Person && actor.Role != domain.Administrator && actor.Role != domain.System {
			return domain.Errorf(domain.Forbidden, "forbidden", "only an administrator signs somebody else out")
		}
		now := s.now()
		if ended, err = revokeAll(tx, now, store.Is("person", name), store.Is("kind", domain.BySignIn)); err != nil {
			return err
		}
		return tx.Audit("endSignIns", "person", domain.ID{}, now, domain.Detail(map[string]any{"person": name, "ended": ended}))
	})
	s.store.Forget()
	return ended, err
}
