// Package vouchers is the programme at work: every use case that reads or
// changes something, one file a verb. A use case checks the permission table,
// then tells its story top to bottom in one transaction. Pages, the JSON API,
// imports and jobs call the same methods, so that they cannot differ.
package vouchers

import (
	"context"
	"sync"
	"time"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers/code"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// Service holds what the use cases need. Make it with New.
type Service struct {
	store     *store.Store
	codes     *code.KeyRing
	vault     *vault.Keys
	clock     func() time.Time
	documents sync.Map // rules.Document by version ID: adopted versions never change
	figures   figures
	guesses   access.Guesses
	erasing   sync.Map        // store.Closed by municipality: how far EraseDue has looked
	entry     *access.Service // counts what all servers count together
}

// New makes the use cases over a migrated store. The keys may be nil for those
// that need none; the clock is what the service takes for now.
func New(s *store.Store, codes *code.KeyRing, data *vault.Keys, clock func() time.Time) *Service {
	return &Service{store: s, codes: codes, vault: data, clock: clock, entry: access.New(s, clock)}
}

// now is the time that is stored: UTC, to the microsecond.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// Ready gives an error unless the database answers and its schema is current.
func (s *Service) Ready(ctx context.Context) error { return s.store.Ready(ctx) }

// Listed is one page of a list, newest first.
type Listed[T any] = store.Listed[T]

// call is an actor asking for an action now.
func (s *Service) call(actor domain.Actor, action domain.Action) store.Call {
	return store.Call{Actor: actor, Action: action, At: s.now()}
}

// read runs fn for an actor who may do action, and leaves in the access log whose
// data was read.
func (s *Service) read(ctx context.Context, actor domain.Actor, action domain.Action, fn func(tx *store.Tx) error) error {
	return s.store.Look(ctx, s.call(actor, action), fn)
}

// get reads one row for an actor who may do action and whom reach lets through.
func get[T any](ctx context.Context, s *Service, actor domain.Actor, action domain.Action, id domain.ID, reach func(T) bool) (row T, err error) {
	err = s.read(ctx, actor, action, func(tx *store.Tx) error {
		row, err = store.Get[T](tx, id)
		if err == nil && !reach(row) {
			err = domain.OutOfReach()
		}
		if err != nil {
			return err
		}
		return s.open(tx, &row)
	})
	return row, err
}

// list reads one page for an actor who may do action.
func list[T any](ctx context.Context, s *Service, actor domain.Actor, action domain.Action, page store.Page, conds ...store.Cond) (l Listed[T], err error) {
	err = s.read(ctx, actor, action, func(tx *store.Tx) error {
		if l.Rows, l.More, err = store.List[T](tx, page, conds...); err != nil {
			return err
		}
		return s.open(tx, pointers(l.Rows)...)
	})
	return l, err
}

// pointers gives pointers to the elements of a list.
func pointers[T any](rows []T) []any {
	list := make([]any, len(rows))
	for i := range rows {
		list[i] = &rows[i]
	}
	return list
}

// write runs fn in a transaction for an actor who may do action.
func (s *Service) write(ctx context.Context, actor domain.Actor, action domain.Action, fn func(tx *store.Tx) error) error {
	return s.store.Perform(ctx, s.call(actor, action), fn)
}

// Key is a caller's Idempotency-Key.
type Key = store.Key

// Answer is a use case's result, and whether it was remembered.
type Answer[T any] = store.Answer[T]

// once runs fn in a transaction, exactly once for a key.
func once[T any](ctx context.Context, s *Service, actor domain.Actor, action domain.Action, key Key, fn func(tx *store.Tx) (T, error)) (Answer[T], error) {
	call := s.call(actor, action)
	call.Key = key
	return store.Once(ctx, s.store, call, opening[T](s), fn)
}

// recalled gives the answer remembered under a key, if there is one.
func recalled[T any](ctx context.Context, s *Service, actor domain.Actor, action domain.Action, key Key) (value T, found bool, err error) {
	call := s.call(actor, action)
	call.Key = key
	return store.Recall(ctx, s.store, call, opening[T](s))
}

// opening opens what is sealed in an answer.
func opening[T any](s *Service) func(*store.Tx, *T) error {
	return func(tx *store.Tx, value *T) error { return s.open(tx, value) }
}
