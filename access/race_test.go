package access

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// However many use a token at that moment, once it is revoked nobody gets in
// with it any more.
func TestRevokedAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		for range 5 {
			token, text, err := g.CreateToken(t.Context(), g.system, TokenInput{Person: "a", Role: domain.Finance})
			require.NoError(t, err)
			var revoked atomic.Bool
			var all sync.WaitGroup
			var let, late atomic.Int64
			for range 50 {
				all.Go(func() {
					for more := 10; more > 0; {
						after := revoked.Load()
						if _, err := g.Authenticate(t.Context(), text); err == nil {
							if let.Add(1); after {
								late.Add(1)
							}
						}
						if after {
							more--
						}
					}
				})
			}
			require.Eventually(t, func() bool { return let.Load() > 50 }, 10*time.Second, time.Microsecond)
			_, err = g.RevokeToken(t.Context(), g.system, token.ID)
			revoked.Store(true)
			require.NoError(t, err)
			all.Wait()
			require.Zero(t, late.Load(), "let in after it was revoked")
			g.keptOut(t, text, "revoked")
		}
	})
}

// Many uses at once are noted once.
func TestUseIsNotedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		token, text, err := g.CreateToken(t.Context(), g.system, TokenInput{Person: "a", Role: domain.Finance})
		require.NoError(t, err)
		for _, later := range []time.Duration{0, 30 * time.Second, time.Minute, 2 * time.Minute} {
			g.time.add(later)
			var all sync.WaitGroup
			for range 20 {
				all.Go(func() {
					_, err := g.Authenticate(t.Context(), text)
					require.NoError(t, err)
				})
			}
			all.Wait()
			g.store.Settle()
		}
		kept, err := g.Token(t.Context(), g.system, token.ID)
		require.NoError(t, err)
		require.Equal(t, g.time.now(), *kept.LastUsedAt)
		require.Equal(t, int64(1), g.audited(t, "createToken"))
	})
}

// What ended long ago is deleted, and nothing else.
func TestSweep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, other := newGate(t, s), newGate(t, s)
		ctx := t.Context()
		g.grant(t, "mette@varde.dk", domain.Caseworker)
		other.grant(t, "mette@varde.dk", domain.Caseworker)
		_, _, err := g.CreateToken(ctx, g.system, TokenInput{Person: "a", Role: domain.Finance, Days: 1})
		require.NoError(t, err)
		g.enrol(t, g.till(t, "Kasse 1").Code)
		require.NoError(t, g.EndSignIn(ctx, g.signIn(t, "mette@varde.dk").Actor))
		g.signIn(t, "mette@varde.dk")
		other.signIn(t, "mette@varde.dk")
		require.NoError(t, g.Attempt(ctx, g.home, "x", 1, time.Hour))
		left := func(t *testing.T) (tokens, windows int64) {
			require.NoError(t, s.Read(ctx, g.home, func(tx *store.Tx) (err error) {
				if tokens, err = store.Count[domain.Token](tx); err == nil {
					windows, err = store.Count[domain.AttemptWindow](tx)
				}
				return err
			}))
			return tokens, windows
		}
		sweep := func(after time.Duration, deleted int, tokens, windows int64) {
			g.time.add(after)
			n, err := g.Sweep(ctx, g.home)
			require.NoError(t, err)
			require.Equal(t, deleted, n)
			gotTokens, gotWindows := left(t)
			require.Equal(t, []int64{tokens, windows}, []int64{gotTokens, gotWindows})
		}
		sweep(time.Hour-time.Microsecond, 0, 4, 1)
		sweep(time.Microsecond, 0, 4, 0)
		sweep(keepEnded-time.Hour, 0, 4, 0)
		sweep(time.Microsecond, 1, 3, 0)
		sweep(10*time.Hour, 1, 2, 0)
		require.Equal(t, int64(2), g.audited(t, "sweep"))
		l, err := other.SignIns(ctx, other.system, ten, "")
		require.NoError(t, err)
		require.Len(t, l.Rows, 1, "another municipality's is its own")
	})
}
