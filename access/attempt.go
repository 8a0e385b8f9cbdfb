package access

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// Attempt counts an attempt at something that may be tried only so often, over
// all servers and restarts: at most so many in a window that begins with the
// first. TooMany "rate_limited" when this is one too many; it is counted too, and
// the window ends when it would have. Bucket says what is counted together, like
// "password 192.0.2.1"; only a hash of it is kept.
func (s *Service) Attempt(ctx context.Context, municipality domain.ID, bucket string, most int, per time.Duration) error {
	hash := sha256.Sum256([]byte(municipality.String() + " " + bucket))
	n, err := s.store.Attempt(ctx, municipality, hash[:], s.now(), per)
	if err == nil && n > most {
		return domain.Errorf(domain.TooMany, "rate_limited", "too many attempts: wait a while and try again")
	}
	return err
}
