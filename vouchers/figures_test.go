package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// What is counted is what was committed, once: a replay and a refusal count
// nothing.
func TestFigures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		require.Equal(t, Figures{}, d.Figures())
		till := d.till(t, "Kiosk", "groceries")
		v, text := d.earn(t, "P-1", d.move)
		require.Equal(t, Figures{Issued: 1}, d.Figures())
		for range 2 {
			must(d.Redeem(t.Context(), till, keyed("k", "x"), Redeem{Code: text, Amount: 500, ClientRedemptionID: "1"}))
		}
		_, err := d.Redeem(t.Context(), till, Key{}, Redeem{Code: text, Amount: v.Amount, ClientRedemptionID: "2"})
		require.Error(t, err)
		require.Equal(t, Figures{Issued: 1, Redeemed: 1, Paid: 500}, d.Figures())
		_, err = d.Redeem(t.Context(), till, Key{}, Redeem{Code: "0000-0000-0000-0000-0000", ClientRedemptionID: "3"})
		because(t, err, "invalid")
		require.Equal(t, Figures{Issued: 1, Redeemed: 1, Paid: 500, WrongCodes: 1}, d.Figures())
	})
}
