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

// sweepAttempts names what it deletes, for only queries take their municipality along.
const sweepAttempts = `DELETE FROM attempt_windows WHERE municipality_id = $1 AND ends_at <= $2 RETURNING count`

// SweepAttempts deletes the counts whose window is over at that time. They count
// nothing any more, so it leaves no audit entry.
func (s *Store) SweepAttempts(ctx context.Context, municipality domain.ID, at time.Time) error {
	release, err := s.lockWriter(ctx)
	if err != nil {
		return err
	}
	defer release()
	rows, err := s.sql.QueryContext(only(municipality).with(ctx), sweepAttempts, municipality, at)
	if err != nil {
		return translate(err)
	}
	defer func() { _ = rows.Close() }() // its error is Err's again
	for rows.Next() {                   // SQLite deletes as it is read
	}
	return translate(rows.Err())
}
