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
	zones     sync.Map // *time.Location by municipality ID: a site's time zone never changes
	figures   figures
	guesses   access.Guesses
	entry     *access.Service // counts what all servers count together
}

// New makes the use cases over a migrated store. The keys may be nil for those
// that need none; the clock is what the service takes for now.
func New(s *store.Store, codes *code.KeyRing, data *vault.Keys, clock func() time.Time) *Service {
	return &Service{store: s, codes: codes, vault: data, clock: clock, entry: access.New(s, clock)}
}

// now is the time that is stored: UTC, to the microsecond.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// zone is the time zone of the transaction's municipality.
func (s *Service) zone(tx *store.Tx) (*time.Location, error) {
	id := tx.Actor().MunicipalityID
	if loc, ok := s.zones.Load(id); ok {
		return loc.(*time.Location), nil
	}
	m, err := store.First[domain.Municipality](tx)
	if err != nil {
		return nil, err
	}
	loc, err := time.LoadLocation(m.TimeZone)
	if err != nil {
		return nil, err
	}
	s.zones.Store(id, loc)
	return loc, nil
}

// Ready gives an error unless the database answers and its schema is current.
func (s *Service) Ready(ctx context.Context) error { return s.store.Ready(ctx) }

// Listed is one page of a list, newest first.
type Listed[T any] = store.Listed[T]

// read runs fn for an actor who may do action, and leaves in the access log whose
// data was read.
func (s *Service) read(ctx context.Context, actor domain.Actor, action domain.Action, fn func(tx *store.Tx) error) error {
	if err := actor.May(action); err != nil {
		return err
	}
	return s.store.Show(ctx, actor, action, s.now(), fn)
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
	if err := actor.May(action); err != nil {
		return err
	}
	return s.store.Write(ctx, actor, func(tx *store.Tx) error {
		tx.For(action)
		return fn(tx)
	})
}

// everyone is the reach of rows that no unit owns.
func everyone[T any](T) bool { return true }
