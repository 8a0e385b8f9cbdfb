package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// A till revoked by another server, which this one still remembers, cannot
// spend; nor can one whose shop was suspended there.
func TestRevokedElsewhere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		there := New(s, d.codes, d.vault, d.time.now) // another server on the same database
		_, secret := d.earn(t, "P-1", d.move)
		shop, other := d.till(t, "Kiosk", "groceries"), d.till(t, "Marked", "groceries")
		_, err := there.RevokeTerminal(t.Context(), d.as(domain.Administrator), shop.TerminalID)
		require.NoError(t, err)
		suspended := "suspended"
		_, err = there.UpdatePartner(t.Context(), d.as(domain.Administrator), other.Partner.ID, other.Partner.Version, PartnerChange{State: &suspended})
		require.NoError(t, err)
		_, err = d.Redeem(t.Context(), shop, keyed("a", ""), Redeem{Code: secret, ClientRedemptionID: "1"})
		because(t, err, "unauthenticated")
		_, err = d.Redeem(t.Context(), other, keyed("a", ""), Redeem{Code: secret, ClientRedemptionID: "1"})
		because(t, err, "wrong_partner")
	})
}

// What was looked up before a revocation is not remembered after it.
func TestCallersForget(t *testing.T) {
	var c callers
	_, asked, found := c.find([]byte("hash"))
	require.False(t, found)
	c.forget()
	c.remember([]byte("hash"), domain.Actor{Person: "till"}, asked)
	_, asked, found = c.find([]byte("hash"))
	require.False(t, found, "revoked while it was looked up")
	c.remember([]byte("hash"), domain.Actor{Person: "till"}, asked)
	actor, _, found := c.find([]byte("hash"))
	require.True(t, found)
	require.Equal(t, "till", actor.Person)
}
