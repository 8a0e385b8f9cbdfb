package vouchers

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// pause waits, unless ctx ends before.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// patiently tries again what failed because somebody else was at it at that
// moment, each time after a longer pause.
func patiently(ctx context.Context, wait time.Duration, try func() error) error {
	err := try()
	for n := 0; n < importRetries && passing(err); n++ {
		if paused := pause(ctx, wait<<n); paused != nil {
			return paused
		}
		err = try()
	}
	return err
}

// passing reports whether err is nobody's fault and may be gone the next time.
func passing(err error) bool {
	return slices.Contains([]domain.Kind{domain.Conflict, domain.Stale, domain.Unavailable}, domain.KindOf(err))
}

// told is what people are told of err, without what the database said to it.
func told(err error) string {
	if e, ok := errors.AsType[*domain.Error](err); ok {
		return e.Error()
	}
	return "something went wrong on our side"
}
