package store

import (
	"context"
	"sync"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// rememberCaller is how long it is remembered who a token is, so that a busy
// till does not cost a query a request. A token revoked here is forgotten at
// once; one revoked by another server is refused after this long at most, and at
// once when it redeems, because the redemption's own statement asks again.
const rememberCaller = time.Second

// noteUse is how often a token's use is noted.
const noteUse = time.Minute

// longestNote bounds how long noting a use may wait for its turn.
const longestNote = 30 * time.Second

// maxCallers bounds what is remembered.
const maxCallers = 10_000

// callers remembers who recently used tokens are, by the token's hash.
type callers struct {
	mu      sync.Mutex
	by      map[string]known
	forgets int                // how often all were forgotten: what was asked before does not count after
	noting  map[domain.ID]bool // tokens whose use is being noted
	notes   sync.WaitGroup
}

type known struct {
	caller
	until time.Time // by the machine's clock
}

// find gives a caller who is remembered and whose token still holds.
func (c *callers) find(hash []byte, at time.Time) (actor domain.Actor, forgets int, found bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.by[string(hash)]
	return k.actor, c.forgets, ok && time.Now().Before(k.until) && k.holds(at) && at.Before(k.used.Add(noteUse))
}

// remember keeps a caller, unless all were forgotten since it was looked for.
func (c *callers) remember(hash []byte, found caller, forgets int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.forgets != forgets {
		return
	}
	if c.by == nil || len(c.by) >= maxCallers {
		c.by = map[string]known{}
	}
	c.by[string(hash)] = known{found, time.Now().Add(rememberCaller)}
}

// forget makes the next request of every token ask the database.
func (c *callers) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.by = nil
	c.forgets++
}

// note runs fn beside the request, unless one for that token is running.
func (c *callers) note(token domain.ID, fn func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.noting[token] {
		return
	}
	if c.noting == nil {
		c.noting = map[domain.ID]bool{}
	}
	c.noting[token] = true
	c.notes.Go(func() {
		fn()
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.noting, token)
	})
}

// Known is Caller, remembered for a second. It notes, once a minute for a token,
// that it was used; that is done beside the request, and again later if it fails.
func (s *Store) Known(ctx context.Context, municipality domain.ID, hash []byte, at time.Time) (domain.Actor, error) {
	actor, forgets, ok := s.callers.find(hash, at)
	if ok {
		return actor, nil
	}
	found, err := s.caller(ctx, municipality, hash, at)
	if err != nil {
		return domain.Actor{}, err
	}
	if found.unnoted || !at.Before(found.used.Add(noteUse)) {
		s.callers.note(found.actor.TokenID, func() {
			ctx, enough := context.WithTimeout(context.WithoutCancel(ctx), longestNote)
			defer enough()
			_ = s.Used(ctx, municipality, found.actor.TokenID, at) // the next request after a minute tries again
		})
		found.used = at
	}
	s.callers.remember(hash, found, forgets)
	return found.actor, nil
}

// Forget makes the next request of every token ask the database.
func (s *Store) Forget() { s.callers.forget() }

// Settle waits until every use of a token so far is noted.
func (s *Store) Settle() { s.callers.notes.Wait() }
