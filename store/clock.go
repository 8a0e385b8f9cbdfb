package store

import (
	"context"
	"fmt"
	"time"
)

// mostApart is how far the clocks of a server and its database may be apart.
const mostApart = 5 * time.Minute

// InTime gives an error when a server's clock, which says now, and the database's
// are far apart: by a clock that is wrong vouchers would lapse too early and
// purchases be booked in the wrong year. SQLite has no clock but the server's.
func (s *Store) InTime(ctx context.Context, now time.Time) error {
	if s.dialect == "sqlite" {
		return nil
	}
	var there time.Time
	if err := s.sql.QueryRowContext(ctx, "SELECT clock_timestamp()").Scan(&there); err != nil {
		return translate(err)
	}
	apart := now.Sub(there).Round(time.Second)
	if apart.Abs() <= mostApart {
		return nil
	}
	than := "behind"
	if apart > 0 {
		than = "ahead of"
	}
	return fmt.Errorf("this machine's clock is %s %s the database's: set the one that is wrong, and let both be set by NTP", apart.Abs(), than)
}
