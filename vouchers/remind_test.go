package vouchers

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// The leaders of a unit are told after the days that the limits say, once until they
// have seen it; 0 days is never.
func TestRemind(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		d.proposal(t, "P-1", d.proposes(t))
		remind := func(want int) {
			t.Helper()
			n, err := d.Remind(t.Context(), d.home.MunicipalityID)
			require.NoError(t, err)
			require.Equal(t, want, n)
		}
		d.time.setDate("2026-03-08")
		remind(0)
		d.time.setDate("2026-03-09")
		remind(1)
		remind(0)
		leader := d.as(domain.TeamLeader)
		l, err := d.Notices(t.Context(), leader, ten, true)
		require.NoError(t, err)
		require.Equal(t, domain.LongWaiting, l.Rows[0].Kind)
		_, err = d.MarkNoticeSeen(t.Context(), leader, l.Rows[0].ID)
		require.NoError(t, err)
		remind(1)
		d.limit(t, ApprovalLimitsInput{Steps: leaders(1)})
		_, err = d.MarkNoticeSeen(t.Context(), leader, must(d.Notices(t.Context(), leader, ten, true)).Rows[0].ID)
		require.NoError(t, err)
		remind(0)
	})
}

// Of any number of servers that remind at once, one tells.
func TestRaceRemind(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		d.proposal(t, "P-1", d.proposes(t))
		d.time.setDate("2026-03-09")
		var wait sync.WaitGroup
		var told [8]int
		for n := range told {
			wait.Go(func() { told[n] = must(d.Remind(t.Context(), d.home.MunicipalityID)) })
		}
		wait.Wait()
		sum := 0
		for _, n := range told {
			sum += n
		}
		require.Equal(t, 1, sum)
		require.Len(t, must(d.Notices(t.Context(), d.as(domain.TeamLeader), ten, true)).Rows, 1)
	})
}
