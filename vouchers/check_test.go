package vouchers

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers/code"
)

// Checking shows what can be spent and takes nothing, however it is typed.
func TestCheck(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop := d.till(t, "Kiosk", "groceries")
		v, secret := d.earn(t, "P-1", d.move)
		for _, typed := range []string{secret, strings.ToLower(secret), strings.ReplaceAll(secret, "-", " "), strings.ReplaceAll(strings.ReplaceAll(secret, "0", "o"), "1", "l")} {
			seen, err := d.Check(t.Context(), shop, typed)
			require.NoError(t, err)
			require.Equal(t, v.ID, seen.ID)
			require.Equal(t, int64(20000), seen.Balance)
		}
		d.redeemed(t, shop, secret, 20000)
		_, err := d.Check(t.Context(), shop, secret)
		because(t, err, "already_redeemed")
		d.time.set(v.ValidTo)
		_, err = d.Check(t.Context(), shop, secret)
		because(t, err, "already_redeemed")
		_, err = d.Check(t.Context(), d.till(t, "Vin", "wine"), d.secretOf(t, "P-2"))
		because(t, err, "wrong_partner")
	})
}

// secretOf is the code of a new citizen's voucher.
func (d story) secretOf(t testing.TB, reference string) string {
	_, secret := d.earn(t, reference, d.move)
	return secret
}

// To a caller that is no enrolled terminal every code that cannot be spent is
// the same unknown code.
func TestCheckUntrusted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker, shop := d.as(domain.Caseworker), d.till(t, "Kiosk", "groceries")
		untrusted := shop
		untrusted.TerminalID, untrusted.Address = domain.ID{}, "203.0.113.1"
		used, blocked, live := d.secretOf(t, "P-1"), d.secretOf(t, "P-2"), d.secretOf(t, "P-3")
		d.redeemed(t, shop, used, 0)
		v, err := d.Check(t.Context(), shop, blocked)
		require.NoError(t, err)
		_, err = d.Block(t.Context(), worker, v.ID, "tabt")
		require.NoError(t, err)
		forged, _ := must(code.ParseKeyRing(code.GenerateKey())).Make(store.NewID())
		answers := map[string]bool{}
		for _, text := range []string{used, blocked, forged.Reveal(), "hello"} {
			_, err := d.Check(t.Context(), untrusted, text)
			because(t, err, "invalid")
			answers[err.Error()] = true
		}
		for _, text := range []string{used, blocked, live, forged.Reveal()} {
			_, err := d.Redeem(t.Context(), untrusted, Key{}, Redeem{Code: text, Amount: 100, ClientRedemptionID: "x"})
			because(t, err, "invalid")
			answers[err.Error()] = true
		}
		require.Len(t, answers, 1)
		_, err = d.Check(t.Context(), shop, live)
		require.NoError(t, err, "nothing was taken")
	})
}

// A forged code needs no database: it is refused even when there is none.
func TestForgedCodeNeedsNoDatabase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		shop := d.till(t, "Kiosk", "groceries")
		real, _ := d.codes.Make(store.NewID())
		forged, _ := must(code.ParseKeyRing(code.GenerateKey())).Make(store.NewID())
		require.NoError(t, s.Close())
		for _, text := range []string{forged.Reveal(), real.Reveal()[:len(real.Reveal())-1] + "*", "", "1234", strings.Repeat("A", 1<<16)} {
			_, err := d.Check(t.Context(), shop, text)
			because(t, err, "invalid")
			_, err = d.Redeem(t.Context(), shop, keyed("k", text), Redeem{Code: text, ClientRedemptionID: "1"})
			because(t, err, "invalid")
		}
		_, err := d.Check(t.Context(), shop, real.Reveal())
		require.Error(t, err)
		require.NotEqual(t, "invalid", domain.CodeOf(err), "a real code does ask the database")
	})
}

// Guessing is stopped, for the terminal and for its address, and goes on again
// when time has passed. A right code costs nothing of it.
func TestCheckRateLimit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop, secret := d.till(t, "Kiosk", "groceries"), d.secretOf(t, "P-1")
		neighbour, far := d.till(t, "Tøj", "clothing"), d.till(t, "Sport", "sport")
		far.Address = "198.51.100.9"
		for i := range 20 {
			_, err := d.Check(t.Context(), shop, secret)
			require.NoError(t, err)
			_, err = d.Check(t.Context(), shop, fmt.Sprint("guess ", i))
			because(t, err, "invalid")
		}
		_, err := d.Check(t.Context(), shop, secret)
		require.Equal(t, domain.TooMany, domain.KindOf(err))
		because(t, err, "rate_limited")
		_, err = d.Redeem(t.Context(), shop, Key{}, Redeem{Code: secret, Amount: 1, ClientRedemptionID: "1"})
		because(t, err, "rate_limited")
		_, err = d.Check(t.Context(), neighbour, secret)
		require.NoError(t, err, "they share an address, and no shop stops its neighbour")
		moved := shop
		moved.Address = "198.51.100.10"
		_, err = d.Check(t.Context(), moved, secret)
		because(t, err, "rate_limited")
		_, err = d.Check(t.Context(), far, secret)
		require.NoError(t, err, "others are not stopped")

		d.time.add(10 * time.Second)
		_, err = d.Check(t.Context(), shop, secret)
		require.NoError(t, err)
		_, err = d.Check(t.Context(), shop, "guess")
		because(t, err, "invalid")
		_, err = d.Check(t.Context(), shop, secret)
		because(t, err, "rate_limited")
		d.time.add(time.Hour)
		d.redeemed(t, shop, secret, 100)
	})
}
