package settlement

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// Who approves a draft approves what they read: one does, or another makes it again at
// the same time, never both.
func TestRaceApproveRemake(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		for range 8 {
			o.redeemed(0, 2, 100)
			read := o.drafted()
			o.redeemed(1, 3, 700)
			var approved, remade error
			var both sync.WaitGroup
			both.Go(func() {
				_, approved = o.ApproveRun(t.Context(), o.checker, store.Key{}, read.ID, read.Version)
			})
			both.Go(func() { _, remade = o.RemakeRun(t.Context(), o.maker, store.Key{}, read.ID, november) })
			both.Wait()
			now := must(o.Run(t.Context(), o.maker, read.ID))
			if approved == nil {
				refused(t, remade, "wrong_state")
				require.Equal(t, []int64{read.Sum.Lines, read.Sum.Amount}, []int64{now.Sum.Lines, now.Sum.Amount})
			} else {
				require.NoError(t, remade)
				require.Equal(t, domain.Stale, domain.KindOf(approved), "%v", approved)
				require.Equal(t, domain.RunDraft, now.State)
				require.Equal(t, read.Sum.Lines+1, now.Sum.Lines)
				_, err := o.ApproveRun(t.Context(), o.checker, store.Key{}, read.ID, now.Version)
				require.NoError(t, err)
			}
			require.Empty(t, o.faults())
		}
	})
}
