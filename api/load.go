package api

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"golang.org/x/time/rate"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	files "github.com/fasthold/fasthold/vouchers/table"
)

// load keeps one caller from taking the server from all the others. It counts
// by credential, in this process: who has none is for the reverse proxy to bound,
// since behind one all may come from its address.
type load struct {
	requests *middleware.RateLimiterMemoryStore
	places   chan struct{} // one for each expensive request at work
	patience time.Duration // how long one waits for a place
	lock     sync.Mutex
	atWork   map[domain.ID]int // expensive requests by credential
}

// DefaultRate is how many requests a second one credential may send for long. It
// may send burst times as many at once.
const DefaultRate = 50

const (
	burst          = 4
	heavyOfOne     = 2 // expensive requests of one credential at once
	heavyPatience  = 5 * time.Second
	forgetCallerIn = 5 * time.Minute
)

// heavy are the operations that work long, or take much memory, for one request:
// they read whole histories, simulate, or open every name there is.
var heavy = map[string]bool{
	"checkRules": true, "getBalances": true, "getExplanations": true, "getExplanationsPage": true, "getImmediacy": true, "getOwnPage": true, "getReport": true,
	"getVersionAmounts": true, "getVersionCost": true, "getVersionDiff": true, "getVoucherFigures": true, "getYearEnd": true, "lookUpCitizens": true,
	"previewMove": true, "startImport": true,
}

// newLoad lets each credential send perSecond requests a second; DefaultRate
// when that is 0.
func newLoad(perSecond float64) *load {
	if perSecond == 0 {
		perSecond = DefaultRate
	}
	return &load{
		requests: middleware.NewRateLimiterMemoryStoreWithConfig(middleware.RateLimiterMemoryStoreConfig{Rate: rate.Limit(perSecond), Burst: int(burst * perSecond), ExpiresIn: forgetCallerIn}),
		places:   make(chan struct{}, 2*runtime.GOMAXPROCS(0)), patience: heavyPatience, atWork: map[domain.ID]int{},
	}
}

// bound refuses a caller who asks too much, once it is known who that is.
func (l *load) bound(operation string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			caller := auth.Actor(c.Request().Context()).TokenID
			if allowed, err := l.requests.Allow(caller.String()); err != nil || !allowed {
				return tooBusy("that many requests a second are not for one caller: wait, and send them more slowly")
			}
			if format := c.QueryParam("format"); !heavy[operation] && format != files.CSV && format != files.XLSX {
				return next(c)
			}
			leave, err := l.enter(c.Request().Context(), caller)
			if err != nil {
				return err
			}
			defer leave()
			return next(c)
		}
	}
}

// enter waits for a place to do something expensive in; leave gives it back.
func (l *load) enter(ctx context.Context, caller domain.ID) (leave func(), err error) {
	if !l.count(caller) {
		return nil, tooBusy("what was asked for takes long, and this caller has as much of it at work as one may: wait until it is answered")
	}
	patience := time.NewTimer(l.patience)
	defer patience.Stop()
	select {
	case l.places <- struct{}{}:
		return func() { <-l.places; l.uncount(caller) }, nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-patience.C:
		err = domain.Errorf(domain.Unavailable, "unavailable", "the server is busy with much that takes long: try again in a while")
	}
	l.uncount(caller)
	return nil, err
}

// count notes one more expensive request of a caller; false when that is too many.
func (l *load) count(caller domain.ID) bool {
	l.lock.Lock()
	defer l.lock.Unlock()
	if l.atWork[caller] >= heavyOfOne {
		return false
	}
	l.atWork[caller]++
	return true
}

func (l *load) uncount(caller domain.ID) {
	l.lock.Lock()
	defer l.lock.Unlock()
	if l.atWork[caller]--; l.atWork[caller] <= 0 {
		delete(l.atWork, caller)
	}
}

func tooBusy(message string) error {
	return domain.Errorf(domain.TooMany, "rate_limited", "%s", message)
}
