// Package access is who gets in: tokens and tills, and who they act for. Its use
// cases check the permission table and tell their story in one transaction, as
// those of vouchers do.
package access

import (
	"context"
	"strings"
	"time"

	"github.com/fasthold/fasthold/access/means"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Service holds what the use cases need. Make it with New.
type Service struct {
	store   *store.Store
	clock   func() time.Time
	limits  Limits
	local   local
	pins    *means.Hasher // few at a time, whoever sends them
	guesses Guesses       // of terminals' codes
}

// Limits are how long a person's sign-in lasts.
type Limits struct {
	Idle time.Duration // unused for so long it ends; in whole minutes, > 0
	Most time.Duration // so long after it began it ends, used or not; > 0
}

// DefaultLimits end a sign-in after half an hour of rest and a working day.
var DefaultLimits = Limits{Idle: 30 * time.Minute, Most: 10 * time.Hour}

// Option changes what New makes.
type Option func(*Service)

// WithLimits sets how long a person's sign-in lasts.
func WithLimits(l Limits) Option { return func(s *Service) { s.limits = l } }

// New makes the use cases over a migrated store; the clock is what the service
// takes for now.
func New(s *store.Store, clock func() time.Time, options ...Option) *Service {
	made := &Service{store: s, clock: clock, limits: DefaultLimits, local: local{hasher: means.NewHasher(hashesAtOnce)}, pins: means.NewHasher(hashesAtOnce)}
	for _, option := range options {
		option(made)
	}
	return made
}

// now is the time that is stored: UTC, to the microsecond.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// Authenticate gives the actor whom this secret lets in: that of an API token, a
// sign-in, a till or a citizen's visit. Whatever is wrong with it, the answer is
// the same; a text that cannot be one costs no query.
func (s *Service) Authenticate(ctx context.Context, text string) (domain.Actor, error) {
	municipality, hash, ok := readSecret(text)
	if !ok {
		return domain.Actor{}, unknown(text)
	}
	now := s.now()
	actor, err := s.store.Known(ctx, municipality, hash, now)
	if domain.KindOf(err) == domain.NotFound {
		return domain.Actor{}, unknown(text)
	}
	actor.Fresh = !actor.ProvedAt.IsZero() && now.Before(actor.ProvedAt.Add(domain.FreshFor))
	return actor, err
}

// unknown is Unauthenticated, in a till's words to who sends a till's key. It goes
// by what the text says it is, so that it tells nobody whether there ever was one.
func unknown(text string) error {
	if strings.HasPrefix(text, prefixes[domain.ByTerminal]) {
		return domain.Errorf(domain.Unauthenticated, "unauthenticated", "that till's key is unknown or revoked: ask the municipality's administrator for a new code, and enrol the till with it")
	}
	return Unauthenticated()
}

// Unauthenticated is the answer to a secret that lets nobody in.
func Unauthenticated() error {
	return domain.Errorf(domain.Unauthenticated, "unauthenticated", "that is unknown, revoked or has ended: sign in again, or send a token that holds in the Authorization header")
}

// call is an actor asking for an action now.
func (s *Service) call(actor domain.Actor, action domain.Action) store.Call {
	return store.Call{Actor: actor, Action: action, At: s.now()}
}

// read runs fn for an actor who may do action, and leaves in the access log whose
// data was read.
func (s *Service) read(ctx context.Context, actor domain.Actor, action domain.Action, fn func(tx *store.Tx) error) error {
	return s.store.Look(ctx, s.call(actor, action), fn)
}

// write runs fn in a transaction for an actor who may do action.
func (s *Service) write(ctx context.Context, actor domain.Actor, action domain.Action, fn func(tx *store.Tx) error) error {
	return s.store.Perform(ctx, s.call(actor, action), fn)
}
