package vouchers

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// A till's day is what was paid at it today, at the site, and not taken back.
func TestTillDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop, other := d.till(t, "Kiosk", "groceries"), d.till(t, "Bager", "groceries")
		_, secret := d.earn(t, "P-1", d.move)
		day, err := d.TillDay(t.Context(), shop)
		require.NoError(t, err)
		require.Empty(t, day.Taken)
		d.redeemed(t, shop, secret, 100)
		d.time.add(24 * time.Hour)
		d.redeemed(t, other, secret, 200)
		for amount := range int64(6) {
			d.redeemed(t, shop, secret, 300+amount)
		}
		wrong := d.redeemed(t, shop, secret, 5000)
		_, err = d.Reverse(t.Context(), shop, Key{}, wrong.ID, "fortrudt")
		require.NoError(t, err)

		day, err = d.TillDay(t.Context(), shop)
		require.NoError(t, err)
		require.Equal(t, []store.TillSum{{Currency: "DKK", Payments: 6, Amount: 1815}}, day.Taken)
		require.Len(t, day.Latest, latestAtTill)
		for _, r := range day.Latest {
			require.Equal(t, r.ID == wrong.ID, r.Reversal != nil)
			require.Equal(t, shop.TerminalID, r.TerminalID)
		}
		_, err = d.TillDay(t.Context(), d.as(domain.Finance))
		require.Equal(t, domain.NotFound, domain.KindOf(err), "no till")
		_, err = d.TillDay(t.Context(), d.as(domain.Caseworker))
		require.Equal(t, domain.Forbidden, domain.KindOf(err))
	})
}

// A till finds its own payments, by their ID or by its number, and learns how long
// each can be taken back.
func TestTillPayment(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop, other := d.till(t, "Kiosk", "groceries"), d.till(t, "Bager", "groceries")
		_, secret := d.earn(t, "P-1", d.move)
		r := d.redeemed(t, shop, secret, 100)
		d.time.add(time.Hour)
		p, err := d.TillPayment(t.Context(), shop, r.ID)
		require.NoError(t, err)
		require.Equal(t, []any{r.ID, 23 * time.Hour, r.CreatedAt.Add(24 * time.Hour)}, []any{p.ID, p.UndoFor, p.UndoUntil})
		same, err := d.TillPaymentOf(t.Context(), shop, r.ClientRedemptionID)
		require.NoError(t, err)
		require.Equal(t, p, same)
		for _, till := range []domain.Actor{other, d.as(domain.Finance)} {
			_, err = d.TillPayment(t.Context(), till, r.ID)
			require.Equal(t, domain.NotFound, domain.KindOf(err))
			_, err = d.TillPaymentOf(t.Context(), till, r.ClientRedemptionID)
			require.Equal(t, domain.NotFound, domain.KindOf(err))
		}
		_, err = d.Reverse(t.Context(), shop, Key{}, r.ID, "fortrudt")
		require.NoError(t, err)
		p, err = d.TillPayment(t.Context(), shop, r.ID)
		require.NoError(t, err)
		require.Zero(t, p.UndoFor)
		require.NotNil(t, p.Reversal)
	})
}
