package vouchers

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// At the very instant a voucher's validity ends it lapses, not a microsecond
// before; whatever is left on it, blocked or not.
func TestExpire(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker, shop := d.as(domain.Caseworker), d.till(t, "Kiosk", "groceries")
		whole, secret := d.earn(t, "P-1", d.move)
		part, partSecret := d.earn(t, "P-2", d.move)
		blocked, _ := d.earn(t, "P-3", d.move)
		used, usedSecret := d.earn(t, "P-4", d.move)
		d.redeemed(t, shop, partSecret, 5000)
		d.redeemed(t, shop, usedSecret, 0)
		_, err := d.Block(t.Context(), worker, blocked.ID, "tabt")
		require.NoError(t, err)
		d.time.add(24 * time.Hour)
		younger, _ := d.earn(t, "P-5", d.move)
		expire := func() int {
			n, err := d.Expire(t.Context(), d.home.MunicipalityID)
			require.NoError(t, err)
			return n
		}
		require.Equal(t, instant("2027-03-02T23:00:00Z"), whole.ValidTo, "midnight at the site, 365 days later")
		d.time.set(whole.ValidTo.Add(-time.Microsecond))
		require.Zero(t, expire())
		_, err = d.Check(t.Context(), shop, secret)
		require.NoError(t, err)
		d.time.set(whole.ValidTo)
		_, err = d.Check(t.Context(), shop, secret)
		because(t, err, "expired")
		require.Equal(t, 3, expire())
		require.Zero(t, expire())
		for _, v := range []domain.Voucher{whole, part, blocked} {
			d.stands(t, v, domain.Expired, 0)
		}
		d.stands(t, used, domain.Redeemed, 0)
		d.stands(t, younger, domain.Issued, 20000)
		require.Equal(t, [4]int64{100000, -20000, -25000, -55000}, d.balance(t))
		_, err = d.Check(t.Context(), shop, secret)
		because(t, err, "expired")
		_, err = d.Reissue(t.Context(), worker, Key{}, whole.ID, "x")
		because(t, err, "wrong_state")
		_, err = d.Unblock(t.Context(), worker, blocked.ID, "x")
		because(t, err, "wrong_state")

		entries, err := d.AuditEntries(t.Context(), d.as(domain.Auditor), ten, AuditFilter{ObjectID: part.ID, Action: "expireVoucher"})
		require.NoError(t, err)
		require.Len(t, entries.Rows, 1)
		require.Equal(t, "system:expire", entries.Rows[0].Person)
	})
}

// Another municipality's vouchers wait for its own job, and a day has 23 or 25
// hours when the clock changes.
func TestExpireElsewhere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, other := newStory(t, s), newDesk(t, s)
		v, _ := d.earn(t, "P-1", d.variant(t, "short", "valid_days: 365", "valid_days: 27"))
		require.Equal(t, instant("2026-03-29T22:00:00Z"), v.ValidTo, "to the end of 29 March, in summer time")
		d.time.set(v.ValidTo)
		other.time.set(v.ValidTo)
		n, err := other.Expire(t.Context(), other.home.MunicipalityID)
		require.NoError(t, err)
		require.Zero(t, n)
		d.stands(t, v, domain.Issued, 20000)
	})
}
