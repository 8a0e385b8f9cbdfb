package vouchers

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	books "github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// settledNow makes a run of all until today and approves it, and gives its lines.
func (d desk) settledNow(t testing.TB, office *books.Service) int64 {
	t.Helper()
	maker, checker, today := d.as(domain.Finance), d.as(domain.Finance), domain.DateOf(d.time.now(), time.UTC)
	checker.Person = "anden@varde.dk"
	run, err := office.DraftRun(t.Context(), maker, Key{}, books.Period{From: today.AddDays(-30), To: today})
	if domain.CodeOf(err) == "nothing_to_settle" {
		return 0
	}
	require.NoError(t, err)
	run, err = office.ApproveRun(t.Context(), checker, Key{}, run.Value.ID, 0)
	require.NoError(t, err)
	return run.Value.Sum.Lines
}

// A clock that is a year ahead takes nothing of a budget that is not of its year,
// and one that jumps back a day after a run hides no purchase: each is settled, once.
func TestClockJumps(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		office, shop := books.New(s, d.time.now), d.till(t, "Kiosk", "groceries")
		programme := d.variant(t, "every-visit", everySecond, "requirement: {met: 1}")
		b := d.budget(t, programme.ID, 100_000)
		plan, _ := d.join(t, "P-1", programme)
		first := d.attended(t, plan, "2026-02-03T09:00:00Z").Vouchers[0]
		secret := d.secret(t, first)
		right := d.time.now()

		d.time.set(right.AddDate(1, 0, 0).Add(-24 * time.Hour)) // ahead, with the voucher still valid
		waits := d.attended(t, plan, "2026-02-04T09:00:00Z")
		require.Empty(t, waits.Vouchers)
		require.True(t, waits.Awards[0].WaitsForBudget(), "there is no budget of 2027")
		d.redeemed(t, shop, secret, 500)
		d.time.set(right.Add(time.Minute))
		require.Equal(t, [6]int64{0, 19_500, 500, 0, 0, 80_000}, d.stood(t, b, "2027-12-31"))
		d.fundedAll(t, 1)
		require.Equal(t, [6]int64{0, 39_500, 500, 0, 0, 60_000}, d.stood(t, b, "2027-12-31"))

		d.redeemed(t, shop, secret, 700)
		require.Equal(t, int64(1), d.settledNow(t, office), "the one that is dated ahead waits for its day")
		d.time.set(right.Add(-20 * time.Minute)) // back, behind the run and the voucher's own beginning
		_, err := d.Redeem(t.Context(), shop, Key{}, Redeem{Code: secret, Amount: 1, ClientRedemptionID: "early"})
		because(t, err, "not_yet_valid")
		d.time.set(right) // behind the run
		d.redeemed(t, shop, secret, 900)
		d.time.set(right.Add(24 * time.Hour))
		require.Equal(t, int64(1), d.settledNow(t, office), "dated before the run that did not see it")
		d.time.set(right.AddDate(1, 0, 1))
		require.Equal(t, int64(1), d.settledNow(t, office))
		require.Zero(t, d.settledNow(t, office))
	})
}
