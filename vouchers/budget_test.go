package vouchers

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// budget makes a programme's budget of 2026, shared by all units.
func (d desk) budget(t testing.TB, programme domain.ID, amount int64) domain.Budget {
	t.Helper()
	b, err := d.CreateBudget(t.Context(), d.as(domain.Finance), Key{}, BudgetInput{ProgrammeID: programme, Year: 2026, Amount: amount, AccountString: "5.38.45.1.001", Reason: "Budget 2026"})
	require.NoError(t, err)
	return b.Value
}

// appropriates changes a budget's appropriation.
func (d desk) appropriates(t testing.TB, b domain.Budget, amount int64) {
	t.Helper()
	_, err := d.ChangeBudget(t.Context(), d.as(domain.Finance), Key{}, b.ID, amount, "tillægsbevilling")
	require.NoError(t, err)
}

// stood is how a budget stood at the end of a day, zero for today: reserved, issued,
// redeemed, settled, lapsed and left.
func (d desk) stood(t testing.TB, b domain.Budget, at string) [6]int64 {
	t.Helper()
	q := BudgetQuery{BudgetFilter: BudgetFilter{ProgrammeID: b.ProgrammeID, Year: b.Year}}
	if at != "" {
		q.At = date(at)
	}
	table, err := d.BudgetFigures(t.Context(), d.as(domain.Auditor), q)
	require.NoError(t, err)
	for _, r := range table.Rows {
		if r.Budget != nil && r.Budget.ID == b.ID {
			return [6]int64{r.Reserved, r.Issued, r.Redeemed, r.Settled, r.Lapsed, r.Left}
		}
	}
	require.Fail(t, "no such budget")
	return [6]int64{}
}

// funded runs the job and demands how many it funded.
func (d desk) fundedAll(t testing.TB, want int) {
	t.Helper()
	n, err := d.Fund(t.Context(), d.home.MunicipalityID)
	require.NoError(t, err)
	require.Equal(t, want, n)
}

// An award reserves, issuing commits, redeeming spends, expiring and voiding
// release; each is shown apart, at any past date.
func TestBudget(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop := d.till(t, "Kiosk", "groceries")
		b := d.budget(t, d.move.ID, 100_000)
		require.Equal(t, [6]int64{0, 0, 0, 0, 0, 100_000}, d.stood(t, b, ""))
		v, secret := d.earn(t, "P-1", d.move)
		require.Equal(t, b.ID, *v.BudgetID)
		require.Equal(t, [6]int64{0, 20_000, 0, 0, 0, 80_000}, d.stood(t, b, ""))
		d.time.setDate("2026-03-03")
		r := d.redeemed(t, shop, secret, 5_000)
		require.Equal(t, [6]int64{0, 15_000, 5_000, 0, 0, 80_000}, d.stood(t, b, ""))
		d.time.setDate("2026-03-04")
		_, err := d.Reverse(t.Context(), shop, Key{}, r.ID, "fortrudt")
		require.NoError(t, err)
		d.redeemed(t, shop, secret, 5_000)
		_, err = d.Reissue(t.Context(), d.as(domain.Caseworker), Key{}, v.ID, "tabt")
		require.NoError(t, err)
		require.Equal(t, [6]int64{0, 15_000, 5_000, 0, 0, 80_000}, d.stood(t, b, ""))
		other, _ := d.earn(t, "P-2", d.move)
		_, err = d.Void(t.Context(), d.as(domain.TeamLeader), Key{}, other.ID, "fejl")
		require.NoError(t, err)
		require.Equal(t, [6]int64{0, 15_000, 5_000, 0, 0, 80_000}, d.stood(t, b, ""))
		d.verified(t)

		d.time.set(v.ValidTo)
		_, err = d.Expire(t.Context(), d.home.MunicipalityID)
		require.NoError(t, err)
		require.Equal(t, [6]int64{0, 0, 5_000, 0, 15_000, 95_000}, d.stood(t, b, ""), "what lapsed is free again, and shown apart")
		require.Equal(t, [6]int64{0, 20_000, 0, 0, 0, 80_000}, d.stood(t, b, "2026-03-02"))
		require.Equal(t, [6]int64{0, 15_000, 5_000, 0, 0, 80_000}, d.stood(t, b, "2026-03-03"))
		require.Equal(t, [6]int64{}, d.stood(t, b, "2026-03-01"))
		d.verified(t)
	})
}

// At the last krone an automatic award waits as a proposal, in the order in which
// it was earned, and is issued when there is money again.
func TestBudgetUsedUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		b := d.budget(t, d.move.ID, 30_000)
		v, _ := d.earn(t, "P-1", d.move)
		var waiting []domain.Award
		for i := range 3 {
			plan, _ := d.join(t, fmt.Sprint("W-", i), d.move)
			d.attended(t, plan, "2026-02-03T09:00:00Z")
			earned := d.attended(t, plan, "2026-02-10T09:00:00Z")
			require.Empty(t, earned.Vouchers)
			require.Equal(t, domain.AwardProposed, earned.Awards[0].State)
			require.True(t, earned.Awards[0].WaitsForBudget())
			waiting = append(waiting, earned.Awards[0])
		}
		require.Equal(t, [6]int64{0, 20_000, 0, 0, 0, 10_000}, d.stood(t, b, ""))
		_, err := d.Approve(t.Context(), d.as(domain.TeamLeader), Key{}, waiting[0].ID, 0)
		because(t, err, "waits_for_budget")
		d.verified(t)
		d.fundedAll(t, 0)

		d.appropriates(t, b, 20_000)
		d.fundedAll(t, 1)
		state := func() (states []string) {
			for _, a := range waiting {
				a, err := d.Award(t.Context(), d.as(domain.Finance), a.ID)
				require.NoError(t, err)
				states = append(states, a.State)
			}
			return states
		}
		require.Equal(t, []string{domain.AwardIssued, domain.AwardProposed, domain.AwardProposed}, state(), "the oldest first")
		_, err = d.Void(t.Context(), d.as(domain.TeamLeader), Key{}, v.ID, "fejl")
		require.NoError(t, err)
		d.fundedAll(t, 1)
		d.time.setDate("2027-01-04")
		d.fundedAll(t, 0)
		_, err = d.CreateBudget(t.Context(), d.as(domain.Finance), Key{}, BudgetInput{ProgrammeID: d.move.ID, UnitID: &d.unit.ID, Year: 2027, Amount: 20_000, Reason: "Budget 2027"})
		require.NoError(t, err)
		d.fundedAll(t, 1)
		require.Equal(t, []string{domain.AwardIssued, domain.AwardIssued, domain.AwardIssued}, state(), "none is lost")
		require.Equal(t, [6]int64{0, 40_000, 0, 0, 0, 10_000}, d.stood(t, b, ""))
		d.verified(t)
	})
}
