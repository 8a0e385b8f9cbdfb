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

// maxCallers bounds what is remembered.
const maxCallers = 10_000

// callers remembers who recently used tokens are, by the token's hash.
type callers struct {
	mu      sync.Mutex
	by      map[string]caller
	forgets int // how often all were forgotten: what was asked before does not count after
}

type caller struct {
	actor domain.Actor
	until time.Time
}

func (c *callers) find(hash []byte) (actor domain.Actor, forgets int, found bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known, ok := c.by[string(hash)]
	return known.actor, c.forgets, ok && time.Now().Before(known.until)
}

// remember keeps an actor, unless all were forgotten since it was looked for.
func (c *callers) remember(hash []byte, actor domain.Actor, forgets int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.forgets != forgets {
		return
	}
	if c.by == nil || len(c.by) >= maxCallers {
		c.by = map[string]caller{}
	}
	c.by[string(hash)] = caller{actor, time.Now().Add(rememberCaller)}
}

// forget makes the next request of every token ask the database.
func (c *callers) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.by = nil
	c.forgets++
}

// Known is Caller, remembered for a second.
func (s *Store) Known(ctx context.Context, municipality domain.ID, hash []byte) (domain.Actor, error) {
	known, forgets, ok := s.callers.find(hash)
	if ok {
		return known, nil
	}
	actor, err := s.Caller(ctx, municipality, hash)
	if err == nil {
		s.callers.remember(hash, actor, forgets)
	}
	return actor, err
}

// Forget makes the next request of every token ask the database.
func (s *Store) Forget() { s.callers.forget() }
