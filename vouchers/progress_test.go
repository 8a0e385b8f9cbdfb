package vouchers

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// Visit by visit: what is reached, what is next and how far away, what is left.
func TestProgress(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		plan, e := d.join(t, "P-1", d.move)
		for n := 0; n <= 12; n++ {
			p, err := d.Progress(t.Context(), worker, e.ID)
			require.NoError(t, err)
			require.Equal(t, "DKK", p.Currency)
			require.Equal(t, []int64{int64(n/2) * 20000, int64(n/2) * 20000, 0}, []int64{p.Progress.Earned, p.Received, p.Waiting})
			require.Equal(t, 6-n/2, *p.Progress.LeftCount)
			require.Equal(t, n == 12, p.Progress.Finished)
			if n < 12 {
				require.Equal(t, []string{"2 fremmøder mere til 200 kr.", "1 fremmøde mere til 200 kr."}[n%2], p.Progress.Text.DA)
				require.Equal(t, []string{"2 more sessions to 200 kr.", "1 more session to 200 kr."}[n%2], p.Progress.Text.EN)
			}
			ms, err := d.Milestones(t.Context(), worker, e.ID)
			require.NoError(t, err)
			require.Len(t, ms, min(n/2+1, 6))
			for i, m := range ms {
				require.Equal(t, i+1, m.Number)
				require.Equal(t, int64(20000), m.Amount)
				require.Equal(t, i < n/2, m.Reached)
				require.Equal(t, i < n/2, m.Award != nil && m.Award.Milestone == i+1)
				require.Equal(t, i < n/2, !m.ReachedOn.IsZero())
				if !m.Reached {
					require.Equal(t, 2-n%2, m.Missing)
				}
			}
			d.attended(t, plan, fmt.Sprintf("2026-02-%02dT09:00:00Z", 3+n))
		}
	})
}

// Two programmes on one plan have each their own progress, and a citizen without
// a visit has one too.
func TestProgressOfNone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		_, e := d.join(t, "P-1", d.move)
		p, err := d.Progress(t.Context(), d.as(domain.TeamLeader), e.ID)
		require.NoError(t, err)
		require.Equal(t, e.ID, p.EnrolmentID)
		require.Equal(t, d.move.ID, p.ProgrammeID)
		require.Equal(t, 2, p.Progress.NeededForNext)
		_, err = d.Progress(t.Context(), d.as(domain.Caseworker), store.NewID())
		require.Equal(t, domain.NotFound, domain.KindOf(err))
		_, err = d.Progress(t.Context(), d.as(domain.Finance), e.ID)
		require.Equal(t, domain.Forbidden, domain.KindOf(err), "treatment facts are not finance's")
	})
}
