package access

import (
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/fasthold/fasthold/domain"
)

// Guessing is slowed down by counting codes that were wrong: who types a code
// wrong now and then never notices, who tries codes is stopped.
const (
	wrongAtOnce   = 20
	wrongRegainIn = 10 * time.Second
)

// Guesses counts wrong codes by who sent them, a terminal or a network address,
// in this process. The zero Guesses has counted none.
type Guesses struct {
	mu    sync.Mutex
	by    map[string]*guesser
	swept time.Time
	count atomic.Int64
}

// Count is how many wrong codes were sent since the process began.
func (g *Guesses) Count() int64 { return g.count.Load() }

// guesser is who sent wrong codes.
type guesser struct {
	left  *rate.Limiter
	until time.Time // stopped altogether before then
}

// may reports whether one more try is allowed.
func (g *guesser) may(now time.Time) bool { return g.left.TokensAt(now) >= 1 && !now.Before(g.until) }

// Check gives TooMany when one of the senders has no tries left.
func (g *Guesses) Check(now time.Time, senders ...string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, sender := range senders {
		if by := g.by[sender]; by != nil && !by.may(now) {
			return TooManyGuesses()
		}
	}
	return nil
}

// TooManyGuesses is the answer to who has no tries left.
func TooManyGuesses() error {
	return domain.Errorf(domain.TooMany, "rate_limited", "too many codes that do not exist: wait a minute and read the code again")
}

// Wrong takes one try from each sender.
func (g *Guesses) Wrong(now time.Time, senders ...string) {
	g.count.Add(1)
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, sender := range senders {
		g.of(now, sender).left.AllowN(now, 1)
	}
}

// Stop gives a sender no tries until then: it used up those on all servers.
func (g *Guesses) Stop(now time.Time, until time.Time, sender string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.of(now, sender).until = until
}

// of finds a sender, or notes it.
func (g *Guesses) of(now time.Time, sender string) *guesser {
	g.sweep(now)
	if g.by[sender] == nil {
		g.by[sender] = &guesser{left: rate.NewLimiter(rate.Every(wrongRegainIn), wrongAtOnce)}
	}
	return g.by[sender]
}

// sweep forgets, once a minute, senders that have all their tries back, so that
// the map is no larger than the recent senders of wrong codes.
func (g *Guesses) sweep(now time.Time) {
	if g.by == nil {
		g.by = map[string]*guesser{}
	}
	if now.Sub(g.swept) < time.Minute {
		return
	}
	g.swept = now
	for sender, by := range g.by {
		if by.left.TokensAt(now) >= wrongAtOnce && !now.Before(by.until) {
			delete(g.by, sender)
		}
	}
}
