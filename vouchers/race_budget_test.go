package vouchers

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// Five hundred who issue at once on the last kroner get exactly what there is; who
// gets nothing waits, and is issued when there is money again.
func TestRaceBudget(t *testing.T) {
	const issuers, amount = 500, 20_000
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		programme := d.variant(t, "every-visit", everySecond, "requirement: {met: 1}")
		plans := make([]domain.Plan, issuers)
		for i := range plans {
			plans[i], _ = d.join(t, fmt.Sprint("P-", i), programme)
		}
		b := d.budget(t, programme.ID, 7*amount+amount/2)
		var issued, waiting, failed atomic.Int64
		atOnce(times(issuers, func(i int) {
			a, err := d.Attend(t.Context(), d.as(domain.Caseworker), Key{}, visitAt(plans[i], "2026-02-03T09:00:00Z", domain.Attended))
			switch {
			case err != nil:
				failed.Add(1)
			case len(a.Value.Vouchers) == 1:
				issued.Add(1)
			case a.Value.Awards[0].WaitsForBudget():
				waiting.Add(1)
			}
		})...)
		require.Zero(t, failed.Load())
		require.Equal(t, []int64{7, issuers - 7}, []int64{issued.Load(), waiting.Load()})
		require.Equal(t, [6]int64{0, 7 * amount, 0, 0, 0, amount / 2}, d.stood(t, b, ""))
		d.verified(t)

		d.appropriates(t, b, 10*amount)
		var funded atomic.Int64
		atOnce(times(crowd, func(int) {
			n, err := d.Fund(t.Context(), d.home.MunicipalityID)
			require.NoError(t, err)
			funded.Add(int64(n))
		})...)
		require.Equal(t, int64(10), funded.Load())
		require.Equal(t, [6]int64{0, 17 * amount, 0, 0, 0, amount / 2}, d.stood(t, b, ""))
		d.verified(t)
	})
}

// Beside those who issue, others void, raise and lower the budget and fund what waits:
// nobody is refused, nothing is issued that is not there, and in the end nothing waits
// that there is money for.
func TestRaceBudgetChanges(t *testing.T) {
	const issuers, amount = 60, 20_000
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		programme := d.variant(t, "every-visit", everySecond, "requirement: {met: 1}")
		plans := make([]domain.Plan, issuers)
		for i := range plans {
			plans[i], _ = d.join(t, fmt.Sprint("P-", i), programme)
		}
		b := d.budget(t, programme.ID, issuers/2*amount)
		may := func(err error, refusals ...domain.Kind) {
			if err != nil && !slices.Contains(refusals, domain.KindOf(err)) {
				t.Errorf("%+v", err)
			}
		}
		issue := times(issuers, func(i int) {
			a, err := d.Attend(t.Context(), d.as(domain.Caseworker), Key{}, visitAt(plans[i], "2026-02-03T09:00:00Z", domain.Attended))
			if may(err); err == nil && len(a.Value.Vouchers) == 1 && i%3 == 0 {
				may(second(d.Void(t.Context(), d.as(domain.TeamLeader), Key{}, a.Value.Vouchers[0].ID, "fejl")))
			}
		})
		change := times(issuers/2, func(i int) {
			may(second(d.ChangeBudget(t.Context(), d.as(domain.Finance), Key{}, b.ID, []int64{2*amount + 7, -3 * amount}[i%2], "budget")), domain.Conflict, domain.Stale)
		})
		fund := times(4, func(int) { may(second(d.Fund(t.Context(), d.home.MunicipalityID))) })
		atOnce(slices.Concat(issue, change, fund)...)
		may(second(d.Fund(t.Context(), d.home.MunicipalityID)))
		waiting, err := d.Awards(t.Context(), d.as(domain.Caseworker), store.Page{Limit: issuers}, AwardFilter{State: domain.AwardProposed})
		require.NoError(t, err)
		if free := d.stood(t, b, "")[5]; len(waiting.Rows) > 0 {
			require.Less(t, free, int64(amount))
		}
		d.verified(t)
	})
}
