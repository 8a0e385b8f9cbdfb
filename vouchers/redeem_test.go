package vouchers

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// A voucher is spent in parts until nothing is left; a refusal takes nothing.
func TestRedeemInParts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop := d.till(t, "Kiosk", "groceries")
		v, secret := d.earn(t, "P-1", d.move)
		r := d.redeemed(t, shop, secret, 7500)
		require.Equal(t, []int64{7500, 12500}, []int64{r.Amount, r.BalanceAfter})
		require.Equal(t, shop.TerminalID, r.TerminalID)
		require.Equal(t, v.ID, r.VoucherID)
		d.stands(t, v, domain.PartlyRedeemed, 12500)

		_, err := d.Redeem(t.Context(), shop, Key{}, Redeem{Code: secret, Amount: 12501, ClientRedemptionID: "x"})
		because(t, err, "insufficient_balance")
		require.Contains(t, err.Error(), "125,00 kr.")
		d.stands(t, v, domain.PartlyRedeemed, 12500)

		rest := d.redeemed(t, shop, secret, 0)
		require.Equal(t, []int64{12500, 0}, []int64{rest.Amount, rest.BalanceAfter})
		d.stands(t, v, domain.Redeemed, 0)
		for _, amount := range []int64{0, 1, 20000} {
			_, err = d.Redeem(t.Context(), shop, Key{}, Redeem{Code: secret, Amount: amount, ClientRedemptionID: "y"})
			because(t, err, "already_redeemed")
		}
		require.Equal(t, [4]int64{20000, 0, -20000, 0}, d.balance(t))

		list, err := d.Redemptions(t.Context(), shop, ten, RedemptionFilter{VoucherID: v.ID})
		require.NoError(t, err)
		require.Len(t, list.Rows, 2)
		require.Equal(t, rest.ID, list.Rows[0].ID)
	})
}

// A voucher that must be used in one purchase takes all or nothing.
func TestRedeemWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop := d.till(t, "Kiosk", "sport")
		v, secret := d.earn(t, "P-1", d.variant(t, "whole", "partial: true", "partial: false"))
		for _, amount := range []int64{1, 19999, 20001} {
			_, err := d.Redeem(t.Context(), shop, Key{}, Redeem{Code: secret, Amount: amount, ClientRedemptionID: "x"})
			because(t, err, "insufficient_balance")
		}
		r := d.redeemed(t, shop, secret, 20000)
		d.stands(t, v, domain.Redeemed, 0)
		_, err := d.Reverse(t.Context(), shop, Key{}, r.ID, "fortrudt")
		require.NoError(t, err)
		d.redeemed(t, shop, secret, 0)
	})
}

// However it is sent again, one purchase is paid once.
func TestRedeemAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop, other := d.till(t, "Kiosk", "groceries"), d.till(t, "Tøj", "clothing")
		v, secret := d.earn(t, "P-1", d.move)
		_, otherSecret := d.earn(t, "P-2", d.move)
		in := Redeem{Code: secret, Amount: 5000, ClientRedemptionID: "bon 1"}
		first, err := d.Redeem(t.Context(), shop, keyed("k", "a"), in)
		require.NoError(t, err)

		for what, key := range map[string]Key{"same key": keyed("k", "a"), "new key": keyed("l", "a"), "no key": {}} {
			again, err := d.Redeem(t.Context(), shop, key, in)
			require.NoError(t, err, what)
			require.True(t, again.Replayed, what)
			require.Equal(t, first.Value.ID, again.Value.ID, what)
		}
		_, err = d.Redeem(t.Context(), shop, keyed("k", "b"), Redeem{Code: secret, Amount: 6000, ClientRedemptionID: "bon 2"})
		because(t, err, "idempotency_key_reused")
		_, err = d.Redeem(t.Context(), shop, keyed("m", ""), Redeem{Code: secret, Amount: 6000, ClientRedemptionID: "bon 1"})
		require.Equal(t, domain.Conflict, domain.KindOf(err), "the till's number, for another amount: %v", err)
		_, err = d.Redeem(t.Context(), shop, Key{}, Redeem{Code: otherSecret, Amount: 5000, ClientRedemptionID: "bon 1"})
		require.Equal(t, domain.Conflict, domain.KindOf(err), "the till's number, for another voucher: %v", err)
		d.stands(t, v, domain.PartlyRedeemed, 15000)

		elsewhere, err := d.Redeem(t.Context(), other, Key{}, in)
		require.NoError(t, err, "another till's numbers are its own")
		require.NotEqual(t, first.Value.ID, elsewhere.Value.ID)
		d.redeemed(t, shop, secret, 0)
		d.time.add(400 * 24 * 3600e9)
		late, err := d.Redeem(t.Context(), shop, keyed("k", "a"), in)
		require.NoError(t, err, "even when the voucher is long used up and past its day")
		require.True(t, late.Replayed)
	})
}

func TestRedeemRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop, wine := d.till(t, "Kiosk", "groceries"), d.till(t, "Vin", "wine")
		v, secret := d.earn(t, "P-1", d.move)
		pay := func(actor domain.Actor) error {
			_, err := d.Redeem(t.Context(), actor, Key{}, Redeem{Code: secret, Amount: 100, ClientRedemptionID: "x"})
			return err
		}
		because(t, pay(wine), "wrong_partner")
		for _, in := range []Redeem{{Code: secret, Amount: -1, ClientRedemptionID: "x"}, {Code: secret, Amount: 1}, {Code: secret, Amount: 1, ClientRedemptionID: "a\nb"}} {
			_, err := d.Redeem(t.Context(), shop, Key{}, in)
			require.Equal(t, domain.Invalid, domain.KindOf(err))
		}
		stranger := newDesk(t, s)
		stranger.codes = d.codes // another municipality on the same server
		because(t, pay(stranger.till(t, "Kiosk", "groceries")), "invalid")

		for _, role := range domain.Roles {
			if role != domain.PartnerRole {
				require.Equal(t, domain.Forbidden, domain.KindOf(pay(d.as(role))), role)
			}
		}
		worker := d.as(domain.Caseworker)
		_, err := d.Block(t.Context(), worker, v.ID, "tabt")
		require.NoError(t, err)
		because(t, pay(shop), "blocked")
		_, err = d.Unblock(t.Context(), worker, v.ID, "fundet")
		require.NoError(t, err)

		d.time.set(v.ValidFrom.Add(-1))
		because(t, pay(shop), "not_yet_valid")
		d.time.set(v.ValidTo)
		because(t, pay(shop), "expired")
		d.time.set(v.ValidTo.Add(-1000))
		require.NoError(t, pay(shop), "the last microsecond")
		suspended := partnerSuspended
		_, err = d.UpdatePartner(t.Context(), d.as(domain.Administrator), shop.Partner.ID, shop.Partner.Version, PartnerChange{State: &suspended})
		require.NoError(t, err)
		shop.Partner.State = suspended
		_, err = d.Redeem(t.Context(), shop, Key{}, Redeem{Code: secret, Amount: 100, ClientRedemptionID: "z"})
		because(t, err, "wrong_partner")
		d.stands(t, v, domain.PartlyRedeemed, 19900)
	})
}

// What a partner may look at is its own, at any moment.
func TestRedemptionReach(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop, other := d.till(t, "Kiosk", "groceries"), d.till(t, "Tøj", "clothing")
		_, secret := d.earn(t, "P-1", d.move)
		mine, theirs := d.redeemed(t, shop, secret, 100), d.redeemed(t, other, secret, 200)
		_, err := d.Redemption(t.Context(), shop, theirs.ID)
		require.Equal(t, domain.NotFound, domain.KindOf(err))
		for _, f := range []RedemptionFilter{{}, {PartnerID: other.Partner.ID}, {TerminalID: other.TerminalID}} {
			list, err := d.Redemptions(t.Context(), shop, ten, f)
			require.NoError(t, err)
			for _, r := range list.Rows {
				require.Equal(t, mine.ID, r.ID)
			}
		}
		at := d.time.now()
		for what, p := range map[string]Period{
			"around": {From: at, Until: at.Add(1e6)}, "in another zone": {From: at.In(instant("2026-01-01T00:00:00+05:00").Location()), Until: at.Add(1e6)},
		} {
			list, err := d.Redemptions(t.Context(), d.as(domain.Finance), ten, RedemptionFilter{Period: p})
			require.NoError(t, err)
			require.Len(t, list.Rows, 2, what)
		}
		list, err := d.Redemptions(t.Context(), d.as(domain.Finance), ten, RedemptionFilter{Period: Period{Until: at}})
		require.NoError(t, err)
		require.Empty(t, list.Rows)
	})
}

// BenchmarkRedeem takes one øre at a time, as one till after the other.
func BenchmarkRedeem(b *testing.B) {
	for _, dialect := range storetest.Dialects {
		b.Run(dialect.Name, func(b *testing.B) {
			d := newStory(b, storetest.Open(b, dialect.URL(b)))
			shop := d.till(b, "Kiosk", "groceries")
			_, secret := d.earn(b, "P-1", d.move)
			n := 0
			for b.Loop() {
				if n++; n%20000 == 0 {
					_, secret = d.earn(b, fmt.Sprint("P-", n), d.move)
				}
				_, err := d.Redeem(b.Context(), shop, Key{}, Redeem{Code: secret, Amount: 1, ClientRedemptionID: fmt.Sprint(n)})
				require.NoError(b, err)
			}
		})
	}
}
