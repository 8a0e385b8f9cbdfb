package vouchers

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// Who tries codes gets no further on many servers than on one: what each allows
// is counted together, and a server that hears of it stops them altogether.
func TestGuessingOnManyServers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop, secret := d.till(t, "Kiosk", "groceries"), d.secretOf(t, "P-1")
		servers := make([]*Service, 6)
		for i := range servers {
			servers[i] = New(s, d.codes, d.vault, d.time.now)
		}
		told := map[string]int{}
		try := func(server *Service, code string) string {
			_, err := server.Check(t.Context(), shop, code)
			told[domain.CodeOf(err)]++
			return domain.CodeOf(err)
		}
		for range 30 {
			for _, server := range servers {
				try(server, "guess")
			}
		}
		require.Equal(t, mostGuesses, told["invalid"])
		for i, server := range servers {
			require.Equal(t, "rate_limited", try(server, secret), "server %d, though the code is right", i)
		}
		d.time.add(guessWindow - time.Second)
		for _, server := range servers {
			require.Equal(t, "rate_limited", try(server, secret))
		}
		d.time.add(time.Second)
		for _, server := range servers {
			require.Empty(t, try(server, secret))
		}
	})
}

// A right code writes nothing.
func TestRightCodesAreNotCounted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop, secret := d.till(t, "Kiosk", "groceries"), d.secretOf(t, "P-1")
		for range 3 {
			_, err := d.Check(t.Context(), shop, secret)
			require.NoError(t, err)
			d.redeemed(t, shop, secret, 100)
		}
		counted := func() (n int64) {
			require.NoError(t, s.Read(t.Context(), d.home.MunicipalityID, func(tx *store.Tx) (err error) {
				n, err = store.Count[domain.AttemptWindow](tx)
				return err
			}))
			return n
		}
		require.Zero(t, counted())
		_, err := d.Check(t.Context(), shop, "guess")
		because(t, err, "invalid")
		require.Equal(t, int64(1), counted(), "the till")
	})
}

// A till takes back what was paid there, and nothing that was paid at another;
// the shop's own people and finance may.
func TestReverseAtAnotherTill(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		one, secret := d.till(t, "Kiosk", "groceries"), d.secretOf(t, "P-1")
		two := d.tillOf(t, one.Partner.ID, "Kasse 2")
		paid, again := d.redeemed(t, one, secret, 100), d.redeemed(t, one, secret, 200)
		_, err := d.Reverse(t.Context(), two, Key{}, paid.ID, "fortrudt")
		because(t, err, "another_till")
		_, err = d.Reverse(t.Context(), one, Key{}, paid.ID, "fortrudt")
		require.NoError(t, err)
		_, err = d.Reverse(t.Context(), d.as(domain.Finance), Key{}, again.ID, "fortrudt")
		require.NoError(t, err)
	})
}
