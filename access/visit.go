package access

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// openFor is how long a citizen's page may be left alone before it asks for the
// PIN, where one is set.
const openFor = 15 * time.Minute

// OnOwnPage runs fn in a transaction for a citizen on their own page who may do action.
// Unauthenticated when the sign-in has just been ended, Forbidden pin_required
// when it was left alone for a quarter of an hour and a PIN is set.
func OnOwnPage(ctx context.Context, s *store.Store, actor domain.Actor, action domain.Action, now time.Time, fn func(tx *store.Tx) error) error {
	if err := actor.May(action); err != nil {
		return err
	}
	return s.Write(ctx, actor, func(tx *store.Tx) error {
		tx.For(action)
		visit, err := visitOf(tx)
		if err != nil {
			return err
		}
		pin, err := pinOf(tx, actor.CitizenID)
		if err != nil {
			return err
		}
		if pin.Hash != "" && (visit.OpenUntil == nil || !now.Before(*visit.OpenUntil)) {
			return pinRequired()
		}
		if visit.OpenUntil == nil || visit.OpenUntil.Before(now.Add(openFor-time.Minute)) { // once a minute is enough
			if err := store.Change[domain.Token](tx, map[string]any{"open_until": now.Add(openFor)}, store.Is("id", visit.ID)); err != nil {
				return err
			}
		}
		return fn(tx)
	})
}

// visitOf gives the citizen's sign-in, locked, as long as it holds: also one that
// another server has just ended.
func visitOf(tx *store.Tx) (domain.Token, error) {
	actor := tx.Actor()
	visit, err := store.GetLocked[domain.Token](tx, actor.TokenID)
	switch {
	case domain.KindOf(err) == domain.NotFound:
		return visit, Unauthenticated()
	case err != nil:
		return visit, err
	case visit.RevokedAt != nil || visit.CitizenID == nil || *visit.CitizenID != actor.CitizenID:
		return domain.Token{}, Unauthenticated()
	}
	return visit, nil
}

func pinRequired() error {
	return domain.Errorf(domain.Forbidden, "pin_required", "this page has a PIN: send it")
}

// LeaveOwnPage signs the citizen out who is signed in, also from a page that wants
// the PIN.
func (s *Service) LeaveOwnPage(ctx context.Context, actor domain.Actor) error {
	err := s.write(ctx, actor, "leaveOwnPage", func(tx *store.Tx) error {
		visit, err := visitOf(tx)
		if err != nil {
			return err
		}
		now := s.now()
		if _, err := revokeAll(tx, now, store.Is("id", visit.ID)); err != nil {
			return err
		}
		return tx.Audit("leaveOwnPage", "citizen", actor.CitizenID, now, nil)
	})
	s.store.Forget()
	return err
}
