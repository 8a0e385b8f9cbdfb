package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// A server whose clock is far from the database's is told so; SQLite has none.
func TestInTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		now := time.Now()
		for _, near := range []time.Duration{0, 4 * time.Minute, -4 * time.Minute} {
			require.NoError(t, s.InTime(t.Context(), now.Add(near)))
		}
		for says, far := range map[string]time.Duration{"ahead of the database's": 365 * 24 * time.Hour, "behind the database's": -24 * time.Hour} {
			if err := s.InTime(t.Context(), now.Add(far)); s.Dialect() == "sqlite" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, says)
			}
		}
	})
}
