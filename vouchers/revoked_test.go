package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// A till that was revoked after it was let in cannot spend; nor can one whose
// shop was suspended.
func TestRevokedBetween(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		_, secret := d.earn(t, "P-1", d.move)
		shop, other := d.till(t, "Kiosk", "groceries"), d.till(t, "Marked", "groceries")
		_, err := d.RevokeTerminal(t.Context(), d.as(domain.Administrator), shop.TerminalID)
		require.NoError(t, err)
		suspended := "suspended"
		_, err = d.UpdatePartner(t.Context(), d.as(domain.Administrator), other.Partner.ID, other.Partner.Version, PartnerChange{State: &suspended})
		require.NoError(t, err)
		_, err = d.Redeem(t.Context(), shop, keyed("a", ""), Redeem{Code: secret, ClientRedemptionID: "1"})
		because(t, err, "unauthenticated")
		_, err = d.Redeem(t.Context(), other, keyed("a", ""), Redeem{Code: secret, ClientRedemptionID: "1"})
		because(t, err, "wrong_partner")
	})
}
