package store

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// Call is somebody asking for something: what every use case begins with.
type Call struct {
	Actor  domain.Actor
	Action domain.Action
	At     time.Time // now, as it is stored
	Key    Key       // for Once
}

// Look runs fn for an actor who may do the action, and leaves in the access log
// whose data was read.
func (s *Store) Look(ctx context.Context, c Call, fn func(tx *Tx) error) error {
	if err := c.Actor.May(c.Action); err != nil {
		return err
	}
	return s.Show(ctx, c.Actor, c.Action, c.At, fn)
}

// LookMoment is Look with every query seeing the same moment of the database.
func (s *Store) LookMoment(ctx context.Context, c Call, fn func(tx *Tx) error) error {
	if err := c.Actor.May(c.Action); err != nil {
		return err
	}
	return s.ShowMoment(ctx, c.Actor, c.Action, c.At, fn)
}

// Perform runs fn in a transaction for an actor who may do the action.
func (s *Store) Perform(ctx context.Context, c Call, fn func(tx *Tx) error) error {
	if err := c.Actor.May(c.Action); err != nil {
		return err
	}
	return s.Write(ctx, c.Actor, func(tx *Tx) error {
		tx.For(c.Action)
		return fn(tx)
	})
}

// One reads one row that reach lets through for an actor who may do the action.
func One[T any](ctx context.Context, s *Store, c Call, id domain.ID, reach func(T) bool) (row T, err error) {
	err = s.Look(ctx, c, func(tx *Tx) error {
		row, err = Get[T](tx, id)
		if err == nil && !reach(row) {
			err = domain.OutOfReach()
		}
		return err
	})
	return row, err
}

// Several reads one page of rows for an actor who may do the action.
func Several[T any](ctx context.Context, s *Store, c Call, page Page, conds ...Cond) (l Listed[T], err error) {
	err = s.Look(ctx, c, func(tx *Tx) error {
		l.Rows, l.More, err = List[T](tx, page, conds...)
		return err
	})
	return l, err
}

// Everyone is the reach of rows that no unit owns.
func Everyone[T any](T) bool { return true }

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

// Once performs fn and remembers its result under the call's key in that same
// transaction. When the key is already there, or fn fails because the first
// request has done the work, the first answer is given again. A second request
// that arrives while the first is at work waits for the row they share and then
// finds the answer. What is remembered and given has gone through open, which may
// be nil.
func Once[T any](ctx context.Context, s *Store, c Call, open func(*Tx, *T) error, fn func(tx *Tx) (T, error)) (Answer[T], error) {
	if open == nil {
		open = func(*Tx, *T) error { return nil }
	}
	var value T
	var whose []domain.Subject
	err := s.Perform(ctx, c, func(tx *Tx) (err error) {
		defer func() { whose = tx.Concerned() }()
		if value, err = fn(tx); err != nil {
			return err
		}
		if err := open(tx, &value); err != nil || c.Key.Value == "" {
			return err
		}
		return tx.remember(c, value)
	})
	if err == nil || c.Key.Value == "" || domain.KindOf(err) == domain.Forbidden {
		return Answer[T]{Value: value}, err
	}
	if earlier, found, recallErr := Recall(ctx, s, c, open, whose...); found || recallErr != nil {
		return Answer[T]{Value: earlier, Replayed: true}, recallErr
	}
	return Answer[T]{}, err
}

func (tx *Tx) remember(c Call, value any) error {
	result, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return tx.Append(&domain.Idempotency{
		MunicipalityID: c.Actor.MunicipalityID, Caller: c.Actor.CallerID().String(), Key: c.Key.Value,
		BodyHash: c.Key.Hash[:], Result: result, CreatedAt: c.At,
	})
}

// Recall gives the answer remembered under a call's key, if there is one, gone
// through open. The access log has whose data it is.
func Recall[T any](ctx context.Context, s *Store, c Call, open func(*Tx, *T) error, whose ...domain.Subject) (value T, found bool, err error) {
	err = s.Look(ctx, c, func(tx *Tx) error {
		kept, err := First[domain.Idempotency](tx, Is("caller", c.Actor.CallerID().String()), Is("key", c.Key.Value))
		if domain.KindOf(err) == domain.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		if !slices.Equal(kept.BodyHash, c.Key.Hash[:]) {
			return domain.Errorf(domain.Invalid, "idempotency_key_reused", "this Idempotency-Key was used for another request: send a new one")
		}
		found = true
		tx.Concern(whose...)
		if err := json.Unmarshal(kept.Result, &value); err != nil {
			return err
		}
		return open(tx, &value)
	})
	return value, found, err
}
