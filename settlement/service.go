// Package settlement is how partners are paid and the books are closed: what they
// redeemed is settled in runs, paid by file, and compared with what the bank says.
// Its use cases check the permission table and tell their story in one
// transaction, as those of vouchers do.
package settlement

import (
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
func New(s *store.Store, clock func() time.Time) *Service { return &Service{store: s, clock: clock} }

// now is the time that is stored: UTC, to the microsecond.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// call is an actor asking for an action now.
func (s *Service) call(actor domain.Actor, action domain.Action) store.Call {
	return store.Call{Actor: actor, Action: action, At: s.now()}
}
