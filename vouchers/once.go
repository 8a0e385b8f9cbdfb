package vouchers

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Key is a caller's Idempotency-Key with a hash of what was asked for, so that
// the same request sent twice does its work once. The zero Key, which jobs and
// imports use, remembers nothing.
type Key struct {
	Value string
	Hash  [sha256.Size]byte // of the operation and the body
}

// Answer is a use case's result, and whether it is the remembered answer to an
// earlier request with the same Key.
type Answer[T any] struct {
	Value    T
	Replayed bool
}

// once runs fn in a transaction and remembers its result under key in that same
// transaction. When the key is already there, or fn fails because the first
// request has done the work, the first answer is given again. A second request
// that arrives while the first is at work waits for the row they share and then
// finds the answer.
func once[T any](ctx context.Context, s *Service, actor domain.Actor, action domain.Action, key Key, fn func(tx *store.Tx) (T, error)) (Answer[T], error) {
	var value T
	var whose []domain.Subject
	err := s.write(ctx, actor, action, func(tx *store.Tx) (err error) {
		defer func() { whose = tx.Concerned() }()
		if value, err = fn(tx); err != nil {
			return err
		}
		if err := s.open(tx, &value); err != nil || key.Value == "" {
			return err
		}
		return s.remember(tx, key, value)
	})
	if err == nil || key.Value == "" || domain.KindOf(err) == domain.Forbidden {
		return Answer[T]{Value: value}, err
	}
	if earlier, found, recallErr := recall[T](ctx, s, actor, action, key, whose); found || recallErr != nil {
		return Answer[T]{Value: earlier, Replayed: true}, recallErr
	}
	return Answer[T]{}, err
}

func (s *Service) remember(tx *store.Tx, key Key, value any) error {
	result, err := json.Marshal(value)
	if err != nil {
		return err
	}
	actor := tx.Actor()
	return tx.Append(&domain.Idempotency{
		MunicipalityID: actor.MunicipalityID, Caller: actor.CallerID().String(), Key: key.Value,
		BodyHash: key.Hash[:], Result: result, CreatedAt: s.now(),
	})
}

// recall gives the answer remembered under a key, if there is one. The access log
// has whose data it is.
func recall[T any](ctx context.Context, s *Service, actor domain.Actor, action domain.Action, key Key, whose []domain.Subject) (value T, found bool, err error) {
	err = s.read(ctx, actor, action, func(tx *store.Tx) error {
		kept, err := store.First[domain.Idempotency](tx, store.Is("caller", actor.CallerID().String()), store.Is("key", key.Value))
		if domain.KindOf(err) == domain.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		if !slices.Equal(kept.BodyHash, key.Hash[:]) {
			return domain.Errorf(domain.Invalid, "idempotency_key_reused", "this Idempotency-Key was used for another request: send a new one")
		}
		found = true
		tx.Concern(whose...)
		if err := json.Unmarshal(kept.Result, &value); err != nil {
			return err
		}
		return s.open(tx, &value)
	})
	return value, found, err
}
