package store

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// attempt counts one more in the window that is open, or opens a new one.
const attempt = `INSERT INTO attempt_windows (municipality_id, bucket, count, ends_at) VALUES ($1, $2, 1, $4)
ON CONFLICT (municipality_id, bucket) DO UPDATE SET
	count = CASE WHEN attempt_windows.ends_at <= $3 THEN 1 ELSE attempt_windows.count + 1 END,
	ends_at = CASE WHEN attempt_windows.ends_at <= $3 THEN excluded.ends_at ELSE attempt_windows.ends_at END
RETURNING count`

// Attempt counts an attempt and gives how many there were in the window, this
// one with them. A window begins with its first attempt. It is a change of its
// own, without an audit entry, so that what was attempted leaves its count also
// where it fails and is undone.
func (s *Store) Attempt(ctx context.Context, municipality domain.ID, bucket []byte, at time.Time, per time.Duration) (n int, err error) {
	release, err := s.lockWriter(ctx)
	if err != nil {
		return 0, err
	}
	defer release()
	err = s.sql.QueryRowContext(only(municipality).with(ctx), attempt, municipality, bucket, at, at.Add(per)).Scan(&n)
	return n, translate(err)
}
