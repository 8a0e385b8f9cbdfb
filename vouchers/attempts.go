package vouchers

import (
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/fasthold/fasthold/domain"
)

// Guessing is slowed down by counting codes that were wrong: a till that types
// a code wrong now and then never notices, one that tries codes is stopped.
const (
	wrongCodesAtOnce   = 20
	wrongCodeRegainsIn = 10 * time.Second
)

// attempts counts wrong codes by who sent them: a terminal or a network address.
type attempts struct {
	mu    sync.Mutex
	by    map[string]*rate.Limiter
	swept time.Time
	wrong atomic.Int64 // since the process began
}

// check gives TooMany when one of the senders has no attempts left.
func (a *attempts) check(now time.Time, senders ...string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, sender := range senders {
		if l := a.by[sender]; l != nil && l.TokensAt(now) < 1 {
			return domain.Errorf(domain.TooMany, "rate_limited", "too many codes that do not exist: wait a minute and read the code again")
		}
	}
	return nil
}

// failed takes one attempt from each sender.
func (a *attempts) failed(now time.Time, senders ...string) {
	a.wrong.Add(1)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.sweep(now)
	for _, sender := range senders {
		if a.by[sender] == nil {
			a.by[sender] = rate.NewLimiter(rate.Every(wrongCodeRegainsIn), wrongCodesAtOnce)
		}
		a.by[sender].AllowN(now, 1)
	}
}

// sweep forgets, once a minute, senders that have all their attempts back, so
// that the map is no larger than the recent senders of wrong codes.
func (a *attempts) sweep(now time.Time) {
	if a.by == nil {
		a.by = map[string]*rate.Limiter{}
	}
	if now.Sub(a.swept) < time.Minute {
		return
	}
	a.swept = now
	for sender, l := range a.by {
		if l.TokensAt(now) >= wrongCodesAtOnce {
			delete(a.by, sender)
		}
	}
}
