// Package access is who gets in: tokens and tills, and who they act for. Its use
// cases check the permission table and tell their story in one transaction, as
// those of vouchers do.
package access

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Service holds what the use cases need. Make it with New.
type Service struct {
	store *store.Store
	clock func() time.Time
}

// New makes the use cases over a migrated store; the clock is what the service
// takes for now.
func New(s *store.Store, clock func() time.Time) *Service { return &Service{s, clock} }

// now is the time that is stored: UTC, to the microsecond.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// Authenticate gives the actor whose token this is. Whatever is wrong with the
// token, the answer is the same; a text that cannot be a token costs no query.
func (s *Service) Authenticate(ctx context.Context, text string) (domain.Actor, error) {
	municipality, hash, ok := readTokenText(text)
	if !ok {
		return domain.Actor{}, Unauthenticated()
	}
	actor, err := s.store.Known(ctx, municipality, hash)
	if domain.KindOf(err) == domain.NotFound {
		return domain.Actor{}, Unauthenticated()
	}
	return actor, err
}

// Unauthenticated is the answer to a token that does not hold.
func Unauthenticated() error {
	return domain.Errorf(domain.Unauthenticated, "unauthenticated", "the token is unknown or revoked: send one that holds in the Authorization header")
}

// read runs fn for an actor who may do action.
func (s *Service) read(ctx context.Context, actor domain.Actor, action domain.Action, fn func(tx *store.Tx) error) error {
	if err := actor.May(action); err != nil {
		return err
	}
	return s.store.Read(ctx, actor.MunicipalityID, fn)
}

// write runs fn in a transaction for an actor who may do action.
func (s *Service) write(ctx context.Context, actor domain.Actor, action domain.Action, fn func(tx *store.Tx) error) error {
	if err := actor.May(action); err != nil {
		return err
	}
	return s.store.Write(ctx, actor, fn)
}

// get reads one row for an actor who may do action and whom reach lets through.
func get[T any](ctx context.Context, s *Service, actor domain.Actor, action domain.Action, id domain.ID, reach func(T) bool) (row T, err error) {
	err = s.read(ctx, actor, action, func(tx *store.Tx) error {
		row, err = store.Get[T](tx, id)
		if err == nil && !reach(row) {
			err = domain.OutOfReach()
		}
		return err
	})
	return row, err
}

// list reads one page for an actor who may do action.
func list[T any](ctx context.Context, s *Service, actor domain.Actor, action domain.Action, page store.Page, conds ...store.Cond) (l store.Listed[T], err error) {
	err = s.read(ctx, actor, action, func(tx *store.Tx) error {
		l.Rows, l.More, err = store.List[T](tx, page, conds...)
		return err
	})
	return l, err
}

// everyone is the reach of rows that no unit owns.
func everyone[T any](T) bool { return true }
