package vouchers

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

var takesBack = []string{"mode: automatic", "mode: automatic\nclaw_back: unspent"}

// Where the rules say claw_back: unspent, a correction takes back vouchers that
// nobody has used, and issues anew what it took too much; one that is spent in
// part stays. Without the word all stay.
func TestClawBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop := d.till(t, "Kiosk", "groceries")
		programme := d.variant(t, "strict", append(takesBack, everySecond, "requirement: {met: 1}", constant, "{table: [10000, 5000, 2000]}",
			sixAtMost, "{count: 3, period: episode, at_limit: stop}")...)
		plan, _ := d.join(t, "P-1", programme)
		first := d.attended(t, plan, "2026-02-03T09:00:00Z")
		second := d.attended(t, plan, "2026-02-04T09:00:00Z")
		third := d.attended(t, plan, "2026-02-05T09:00:00Z")
		require.Equal(t, int64(17000), d.balance(t)[0])

		d.correct(t, third, domain.NoShow)
		d.stands(t, third.Vouchers[0], domain.Void, 0)
		require.NotEmpty(t, d.reread(t, third.Vouchers[0]).Reason)
		require.Equal(t, int64(15000), d.balance(t)[0])
		again := d.correct(t, third, domain.Attended)
		require.Equal(t, int64(2000), again.Vouchers[0].Amount, "earned again, issued again")

		_, err := d.Block(t.Context(), d.as(domain.Caseworker), second.Vouchers[0].ID, "tabt")
		require.NoError(t, err)
		d.redeemed(t, shop, d.secret(t, again.Vouchers[0]), 500)
		d.correct(t, first, domain.NoShow) // two are left: of 100 and 50 kr.
		d.stands(t, again.Vouchers[0], domain.PartlyRedeemed, 1500)
		require.Equal(t, int64(17000), d.balance(t)[0], "a partly spent one stays")
		d.correct(t, second, domain.NoShow) // one is left, of 100 kr.
		d.stands(t, second.Vouchers[0], domain.Void, 0)
		d.stands(t, first.Vouchers[0], domain.Issued, 10000)
		require.Equal(t, int64(12000), d.balance(t)[0])
	})
}

// A clock goes on while a voucher ends: the books and the audit log still have
// it at one time, or verify would differ.
func TestEndings_atOneTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		still := d.clock
		var ticks atomic.Int64
		d.clock = func() time.Time { return still().Add(time.Duration(ticks.Add(1)) * time.Millisecond) }
		programme := d.variant(t, "strict", append(takesBack, everySecond, "requirement: {met: 1}")...)
		plan, _ := d.join(t, "P-1", programme)
		var visits []Attended
		for _, at := range []string{"2026-02-03T09:00:00Z", "2026-02-04T09:00:00Z", "2026-02-05T09:00:00Z", "2026-02-06T09:00:00Z"} {
			visits = append(visits, d.attended(t, plan, at))
		}
		d.correct(t, visits[3], domain.NoShow)
		d.stands(t, visits[3].Vouchers[0], domain.Void, 0)
		worker := d.as(domain.Caseworker)
		_, err := d.Reissue(t.Context(), worker, Key{}, visits[1].Vouchers[0].ID, "tabt")
		require.NoError(t, err)
		_, err = d.Void(t.Context(), d.as(domain.TeamLeader), Key{}, visits[0].Vouchers[0].ID, "fejl")
		require.NoError(t, err)
		d.time.setDate("2028-03-02")
		n, err := d.Expire(t.Context(), d.home.MunicipalityID)
		require.NoError(t, err)
		require.Equal(t, 2, n)
		d.verified(t)
	})
}

// What is due may shrink without vanishing: what was taken too much is issued anew.
func TestClawBackPart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		programme, versions := d.editions(t, "prog", takesBack, append(takesBack, constant, "{constant: 5000}"))
		plan, e := d.join(t, "P-1", programme)
		d.attended(t, plan, "2026-02-17T09:00:00Z")
		earned := d.attended(t, plan, "2026-02-18T09:00:00Z")
		moved := d.moved(t, e, versions[1], "2026-02-16")
		d.stands(t, earned.Vouchers[0], domain.Void, 0)
		require.Equal(t, []int64{5000, 5000}, []int64{moved.Awards[0].Granted, moved.Vouchers[0].Amount})
		require.Equal(t, versions[1].ID, moved.Vouchers[0].VersionID)
		require.Equal(t, int64(5000), d.balance(t)[0])
	})
}
