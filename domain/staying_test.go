package domain_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain"
)

// The remissions of 21 patients with leukaemia under 6-mercaptopurine, in weeks
// (Freireich et al., Blood 21, 1963), the textbook example, and its estimate with
// log-log intervals as statistical programs print it.
func TestRemainingAsPublished(t *testing.T) {
	var stays []domain.Stay
	for _, week := range []int{6, 6, 6, 7, 10, 13, 16, 22, 23} {
		stays = append(stays, domain.Stay{Days: 7 * week, Left: true})
	}
	for _, week := range []int{6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35} {
		stays = append(stays, domain.Stay{Days: 7 * week})
	}
	list := domain.RemainingByWeek(stays, 40, 1)
	require.Len(t, list, 36, "until nobody is followed")
	for _, want := range []struct {
		week             int
		share, low, high float64
		atRisk           int
	}{
		{6, 0.8571, 0.6197, 0.9516, 21},
		{7, 0.8067, 0.5631, 0.9228, 17},
		{10, 0.7529, 0.5032, 0.8894, 15},
		{13, 0.6902, 0.4316, 0.8491, 12},
		{16, 0.6275, 0.3675, 0.8049, 11},
		{22, 0.5378, 0.2678, 0.7468, 7},
		{23, 0.4482, 0.1881, 0.6801, 6},
	} {
		got := list[want.week]
		require.Equal(t, want.week, got.Week)
		require.Equal(t, want.atRisk, got.AtRisk, "at risk in week %d", want.week)
		for i, pair := range [][2]float64{{want.share, got.Share}, {want.low, got.Low}, {want.high, got.High}} {
			require.InDelta(t, pair[0], pair[1], 0.00006, "number %d of week %d", i, want.week)
		}
	}
	require.Equal(t, list[23].Share, list[35].Share)
	require.Empty(t, domain.RemainingByWeek(stays, 40, 22), "fewer than may be shown")
	require.Len(t, domain.RemainingByWeek(stays, 40, 6), 24, "the week in which the sixth of those left is followed last")
	require.Empty(t, domain.RemainingByWeek(nil, 9, 1))
}

// Whoever they are: the share never rises, is within its interval, does not depend on
// the order, and is the plain share where everybody is followed to the end.
func TestRemainingLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stays := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) domain.Stay {
			return domain.Stay{Days: rapid.IntRange(0, 100).Draw(t, "days"), Left: rapid.Bool().Draw(t, "left")}
		}), 1, 40).Draw(t, "stays")
		list := domain.RemainingByWeek(stays, 16, 1)
		before := 1.0
		for i, r := range list {
			require.Equal(t, i, r.Week)
			require.LessOrEqual(t, r.Share, before)
			require.True(t, 0 <= r.Low && r.Low <= r.Share && r.Share <= r.High && r.High <= 1, "%+v", r)
			before = r.Share
		}
		turned := slices.Clone(stays)
		slices.Reverse(turned)
		require.Equal(t, list, domain.RemainingByWeek(turned, 16, 1))
		for i := range turned {
			turned[i].Left = true
		}
		for _, r := range domain.RemainingByWeek(turned, 16, 1) {
			there := 0
			for _, s := range turned {
				if s.Days > 7*r.Week {
					there++
				}
			}
			require.InDelta(t, float64(there)/float64(len(turned)), r.Share, 1e-9)
		}
		twice := domain.RemainingByWeek(append(slices.Clone(stays), stays...), 16, 1)
		for i, r := range list {
			require.InDelta(t, r.Share, twice[i].Share, 1e-9)
			require.LessOrEqual(t, twice[i].High-twice[i].Low, r.High-r.Low+1e-9, "more people say it more closely")
		}
		require.False(t, slices.ContainsFunc(list, func(r domain.Remaining) bool { return math.IsNaN(r.Share + r.Low + r.High) }))
	})
}
