package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// The old code dies at once; what was left is on the new voucher, for as long
// and for the same goods.
func TestReissue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker, shop := d.as(domain.Caseworker), d.till(t, "Kiosk", "groceries")
		v, secret := d.earn(t, "P-1", d.move)
		d.redeemed(t, shop, secret, 5000)
		_, err := d.Block(t.Context(), worker, v.ID, "tabt")
		require.NoError(t, err)
		done, err := d.Reissue(t.Context(), worker, keyed("i", ""), v.ID, "tabt i bussen")
		require.NoError(t, err)
		old, fresh := done.Value.Old, done.Value.New
		require.Equal(t, d.reread(t, old), old)
		stored := d.reread(t, fresh)
		require.Equal(t, stored, fresh)
		d.stands(t, v, domain.Replaced, 0)
		d.stands(t, fresh, domain.PartlyRedeemed, 15000)
		require.Equal(t, []domain.ID{v.ID, fresh.ID}, []domain.ID{*fresh.ReplacesID, *old.ReplacedByID})
		require.Equal(t, []any{v.ValidFrom, v.ValidTo, v.Categories, v.Excluded, v.AwardID}, []any{fresh.ValidFrom, fresh.ValidTo, fresh.Categories, fresh.Excluded, fresh.AwardID})
		require.NotEqual(t, v.Serial, fresh.Serial)
		require.NotEqual(t, v.LookupHash, fresh.LookupHash)
		require.Equal(t, [4]int64{20000, -15000, -5000, 0}, d.balance(t))

		_, err = d.Check(t.Context(), shop, secret)
		because(t, err, "blocked")
		_, err = d.Redeem(t.Context(), shop, Key{}, Redeem{Code: secret, Amount: 1, ClientRedemptionID: "x"})
		because(t, err, "blocked")
		again, err := d.Reissue(t.Context(), worker, keyed("i", ""), v.ID, "tabt i bussen")
		require.NoError(t, err)
		require.True(t, again.Replayed)
		require.Equal(t, fresh.ID, again.Value.New.ID)
		for _, dead := range []error{
			second(d.Reissue(t.Context(), worker, Key{}, v.ID, "x")), second(d.Unblock(t.Context(), worker, v.ID, "x")),
			second(d.Void(t.Context(), d.as(domain.TeamLeader), Key{}, v.ID, "x")),
		} {
			because(t, dead, "wrong_state")
		}
		d.redeemed(t, shop, d.secret(t, fresh), 15000)
		_, err = d.Reissue(t.Context(), worker, Key{}, fresh.ID, "x")
		because(t, err, "wrong_state")
		_, err = d.Reissue(t.Context(), worker, Key{}, fresh.ID, "")
		named(t, err, "reason", "required")
	})
}

// An untouched voucher that was re-issued can be voided and expired like any other.
func TestReissuedLives(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker := d.as(domain.Caseworker)
		fresh := func(reference string) domain.Voucher {
			v, _ := d.earn(t, reference, d.move)
			r, err := d.Reissue(t.Context(), worker, Key{}, v.ID, "tabt")
			require.NoError(t, err)
			require.Equal(t, domain.Issued, r.Value.New.State)
			return r.Value.New
		}
		a, b := fresh("P-1"), fresh("P-2")
		_, err := d.Void(t.Context(), d.as(domain.TeamLeader), Key{}, a.ID, "fejl")
		require.NoError(t, err)
		d.time.set(b.ValidTo)
		n, err := d.Expire(t.Context(), d.home.MunicipalityID)
		require.NoError(t, err)
		require.Equal(t, 1, n)
		d.stands(t, b, domain.Expired, 0)
		require.Equal(t, [4]int64{20000, 0, 0, -20000}, d.balance(t))
	})
}
