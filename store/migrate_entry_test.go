package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// beforeEntry is the step before 00010_entry.
const beforeEntry = 9

// Tokens from before step 10 hold for 90 days more and do what they did; a till's
// does not end. Taken back, the step keeps them, and nothing that it cannot say.
func TestTokensFromBefore(t *testing.T) {
	storetest.EachAs(t, storetest.Superuser, func(t *testing.T, s *store.Store) {
		w := settled(t, s)
		ctx := t.Context()
		for {
			steps, err := s.Migrations(ctx)
			require.NoError(t, err)
			if !steps[beforeEntry].Applied {
				break
			}
			require.NoError(t, s.MigrateDown(ctx))
		}
		require.Equal(t, []string{"kl"}, column(t, s, "SELECT person FROM tokens"), "the till's is kept, the sign-in is not")
		statement := "INSERT INTO tokens (municipality_id, id, hash, person, role, created_at) VALUES ($1, $2, $3, 'fi', 'finance', $4)"
		_, err := s.SQL().ExecContext(ctx, statement, w.id().String(), store.NewID().String(), []byte("old"), noon)
		require.NoError(t, err)
		before := time.Now()
		require.NoError(t, s.Migrate(ctx))
		require.NoError(t, s.Read(ctx, w.id(), func(tx *store.Tx) error {
			old, err := store.First[domain.Token](tx, store.Is("person", "fi"))
			require.NoError(t, err)
			require.Equal(t, domain.ByToken, old.Kind)
			require.WithinDuration(t, before.AddDate(0, 0, 90), *old.ExpiresAt, time.Minute)
			require.Empty(t, old.Scopes)
			till, err := store.First[domain.Token](tx, store.Is("terminal_id", w.terminal.ID))
			require.NoError(t, err)
			require.Equal(t, domain.ByTerminal, till.Kind)
			require.Nil(t, till.ExpiresAt)
			return nil
		}))
		found, err := s.Caller(ctx, w.id(), []byte("old"), before.AddDate(0, 0, 89))
		require.NoError(t, err)
		require.Equal(t, domain.Finance, found.Role)
		_, err = s.Caller(ctx, w.id(), []byte("old"), before.AddDate(0, 0, 91))
		require.Equal(t, domain.NotFound, domain.KindOf(err))
	})
}
