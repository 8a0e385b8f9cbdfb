package vouchers

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// A purchase is taken back once, whole, by its own partner or finance.
func TestReverse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop, other := d.till(t, "Kiosk", "groceries"), d.till(t, "Tøj", "clothing")
		v, secret := d.earn(t, "P-1", d.move)
		a, b := d.redeemed(t, shop, secret, 5000), d.redeemed(t, shop, secret, 15000)
		_, err := d.Reverse(t.Context(), other, Key{}, a.ID, "min")
		require.Equal(t, domain.NotFound, domain.KindOf(err))
		_, err = d.Reverse(t.Context(), shop, Key{}, a.ID, "")
		named(t, err, "reason", "required")
		_, err = d.Reverse(t.Context(), d.as(domain.Caseworker), Key{}, a.ID, "nej")
		require.Equal(t, domain.Forbidden, domain.KindOf(err))

		first, err := d.Reverse(t.Context(), shop, keyed("r", ""), a.ID, "fortrudt")
		require.NoError(t, err)
		require.Equal(t, v.ID, first.Value.VoucherID)
		d.stands(t, v, domain.PartlyRedeemed, 5000)
		again, err := d.Reverse(t.Context(), shop, keyed("r", ""), a.ID, "fortrudt")
		require.NoError(t, err)
		require.True(t, again.Replayed)
		_, err = d.Reverse(t.Context(), shop, keyed("s", ""), a.ID, "fortrudt")
		because(t, err, "already_reversed")
		_, err = d.Reverse(t.Context(), d.as(domain.Finance), Key{}, b.ID, "forkert bon")
		require.NoError(t, err)
		d.stands(t, v, domain.Issued, 20000)
		require.Equal(t, [4]int64{20000, -20000, 0, 0}, d.balance(t))
		_, err = d.Redeem(t.Context(), shop, Key{}, Redeem{Code: secret, Amount: 5000, ClientRedemptionID: a.ClientRedemptionID})
		require.Equal(t, domain.Conflict, domain.KindOf(err), "a number that was used is used, reversed or not: %v", err)
		d.stands(t, v, domain.Issued, 20000)
	})
}

// The window ends when the municipality says.
func TestReverseWindow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop := d.till(t, "Kiosk", "groceries")
		_, secret := d.earn(t, "P-1", d.move)
		a, b := d.redeemed(t, shop, secret, 100), d.redeemed(t, shop, secret, 100)
		d.time.add(24 * time.Hour)
		_, err := d.Reverse(t.Context(), shop, Key{}, a.ID, "i sidste øjeblik")
		require.NoError(t, err)
		d.time.add(time.Microsecond)
		_, err = d.Reverse(t.Context(), shop, Key{}, b.ID, "for sent")
		because(t, err, "too_late")
		none := 0
		_, err = d.UpdateMunicipality(t.Context(), d.as(domain.Administrator), d.home.Version, MunicipalityChange{ReversalMinutes: &none})
		require.NoError(t, err)
		c := d.redeemed(t, shop, secret, 100)
		d.time.add(time.Microsecond)
		_, err = d.Reverse(t.Context(), shop, Key{}, c.ID, "for sent")
		because(t, err, "too_late")
	})
}

// The money goes to the voucher that is alive, and where its balance went when
// none is.
func TestReverseOntoAnother(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop, worker, leader := d.till(t, "Kiosk", "groceries"), d.as(domain.Caseworker), d.as(domain.TeamLeader)
		reverse := func(r domain.Redemption) domain.Reversal {
			done, err := d.Reverse(t.Context(), shop, Key{}, r.ID, "fortrudt")
			require.NoError(t, err)
			return done.Value
		}

		v, secret := d.earn(t, "P-1", d.move)
		r := d.redeemed(t, shop, secret, 5000)
		once, err := d.Reissue(t.Context(), worker, Key{}, v.ID, "tabt")
		require.NoError(t, err)
		r2 := d.redeemed(t, shop, d.secret(t, once.Value.New), 1000)
		twice, err := d.Reissue(t.Context(), worker, Key{}, once.Value.New.ID, "tabt igen")
		require.NoError(t, err)
		require.Equal(t, twice.Value.New.ID, reverse(r).VoucherID)
		d.stands(t, twice.Value.New, domain.PartlyRedeemed, 19000)
		require.Equal(t, twice.Value.New.ID, reverse(r2).VoucherID)
		d.stands(t, twice.Value.New, domain.Issued, 20000)
		d.stands(t, v, domain.Replaced, 0)

		blocked, secret := d.earn(t, "P-2", d.move)
		r = d.redeemed(t, shop, secret, 5000)
		_, err = d.Block(t.Context(), worker, blocked.ID, "tabt")
		require.NoError(t, err)
		reverse(r)
		d.stands(t, blocked, domain.Blocked, 20000)
		_, err = d.Unblock(t.Context(), worker, blocked.ID, "fundet")
		require.NoError(t, err)
		d.stands(t, blocked, domain.Issued, 20000)

		voided, secret := d.earn(t, "P-3", d.move)
		r = d.redeemed(t, shop, secret, 5000)
		_, err = d.Void(t.Context(), leader, Key{}, voided.ID, "fejl")
		require.NoError(t, err)
		reverse(r)
		d.stands(t, voided, domain.Void, 0)
		require.Equal(t, [4]int64{40000, -40000, 0, 0}, d.balance(t), "the third is back in the budget, whole")

		expired, secret := d.earn(t, "P-4", d.move)
		used, usedUp := d.earn(t, "P-5", d.move)
		d.time.set(expired.ValidTo.Add(-time.Hour))
		r = d.redeemed(t, shop, secret, 5000)
		all := d.redeemed(t, shop, usedUp, 0)
		d.time.set(expired.ValidTo)
		n, err := d.Expire(t.Context(), d.home.MunicipalityID)
		require.NoError(t, err)
		require.Equal(t, 3, n)
		reverse(r)
		d.stands(t, expired, domain.Expired, 0)
		reverse(all)
		d.stands(t, used, domain.Issued, 20000)
		n, err = d.Expire(t.Context(), d.home.MunicipalityID)
		require.NoError(t, err)
		require.Equal(t, 1, n, "money that came back after the last day lapses too")
		require.Equal(t, [4]int64{80000, 0, 0, -80000}, d.balance(t))
	})
}

// A till that repeats a purchase which was taken back must not believe that it
// is paid.
func TestRedeemAgainAfterReversal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop := d.till(t, "Kiosk", "groceries")
		_, secret := d.earn(t, "P-1", d.move)
		in := Redeem{Code: secret, Amount: 20000, ClientRedemptionID: "bon-1"}
		first, err := d.Redeem(t.Context(), shop, keyed("a", ""), in)
		require.NoError(t, err)
		_, err = d.Reverse(t.Context(), shop, Key{}, first.Value.ID, "fortrudt")
		require.NoError(t, err)
		_, err = d.Redeem(t.Context(), shop, keyed("b", ""), in)
		because(t, err, "reversed")
		in.ClientRedemptionID = "bon-2"
		again, err := d.Redeem(t.Context(), shop, keyed("c", ""), in)
		require.NoError(t, err)
		require.False(t, again.Replayed)
	})
}
