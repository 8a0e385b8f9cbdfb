package vouchers

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// A partner has a branch from the start, and more when it is told so; each till
// stands in one, and redemptions are found by the branch of their till.
func TestBranch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		ctx, admin := t.Context(), d.as(domain.Administrator)
		shop, rival := d.till(t, "Brugsen", "groceries"), d.till(t, "Sport", "sport")
		_, secret := d.earn(t, "P-1", d.move)
		paid := d.redeemed(t, shop, secret, 100)
		first := must(d.Branches(ctx, shop, shop.Partner.ID, ten)).Rows
		require.Len(t, first, 1)
		require.Equal(t, "Brugsen", first[0].Name)
		till := must(d.Terminal(ctx, admin, shop.TerminalID))
		require.Equal(t, first[0].ID, till.BranchID, "the only one, where none was named")

		second, err := d.CreateBranch(ctx, admin, shop.Partner.ID, BranchInput{Name: "Havnen", PNumber: "1023456789", Address: "Havnegade 4"})
		require.NoError(t, err)
		_, err = d.CreateTerminal(ctx, admin, shop.Partner.ID, access.TerminalInput{Label: "Kasse 2"})
		refused(t, err, domain.Invalid, "branch_id")
		theirs := must(d.Branches(ctx, admin, rival.Partner.ID, ten)).Rows[0]
		_, err = d.CreateTerminal(ctx, admin, shop.Partner.ID, access.TerminalInput{Label: "Kasse 2", BranchID: theirs.ID})
		refused(t, err, domain.Invalid, "branch_id")
		in, err := d.CreateTerminal(ctx, admin, shop.Partner.ID, access.TerminalInput{Label: "Kasse 2", BranchID: second.ID})
		require.NoError(t, err)
		there := d.redeemed(t, d.enrolled(t, in), secret, 200)

		at := func(branch domain.ID) (found []domain.ID) {
			listed := must(d.Redemptions(ctx, shop, ten, RedemptionFilter{BranchID: branch})).Rows
			require.NoError(t, d.EachRedemption(ctx, shop, RedemptionFilter{BranchID: branch}, func(r RedemptionRecord) error {
				found = append(found, r.ID)
				return nil
			}))
			require.Len(t, listed, len(found))
			return found
		}
		require.Equal(t, []domain.ID{paid.ID}, at(first[0].ID))
		require.Equal(t, []domain.ID{there.ID}, at(second.ID))
		require.Empty(t, at(theirs.ID))
		_, err = d.UpdateTerminal(ctx, admin, till.ID, till.Version, access.TerminalChange{BranchID: &theirs.ID})
		refused(t, err, domain.Invalid, "branch_id")
		moved, err := d.UpdateTerminal(ctx, admin, till.ID, till.Version, access.TerminalChange{BranchID: &second.ID})
		require.NoError(t, err)
		require.Equal(t, second.ID, moved.BranchID)
		require.Equal(t, []domain.ID{there.ID, paid.ID}, at(second.ID), "what was redeemed at a till goes along")

		changed, err := d.UpdateBranch(ctx, admin, second.ID, 1, BranchChange{Name: new("Torvet"), PNumber: new(""), Address: new("")})
		require.NoError(t, err)
		read := must(d.Branch(ctx, shop, second.ID))
		changed.CreatedAt = read.CreatedAt
		require.Equal(t, changed, read)
		_, err = d.UpdateBranch(ctx, admin, second.ID, 1, BranchChange{Name: new("Torvet 2")})
		refused(t, err, domain.Stale)
		_, err = d.UpdateBranch(ctx, admin, second.ID, 2, BranchChange{Name: new("Brugsen")})
		refused(t, err, domain.Conflict)
		_, err = d.UpdateBranch(ctx, admin, second.ID, 2, BranchChange{Name: new(""), PNumber: new("12345"), Address: new(strings.Repeat("x", 301))})
		refused(t, err, domain.Invalid, "name", "p_number", "address")
		_, err = d.CreateBranch(ctx, admin, shop.Partner.ID, BranchInput{Name: "Torvet"})
		refused(t, err, domain.Conflict)
		_, err = d.CreateBranch(ctx, admin, shop.Partner.ID, BranchInput{PNumber: "102345678x"})
		refused(t, err, domain.Invalid, "name", "p_number")
		_, err = d.CreateBranch(ctx, admin, store.NewID(), BranchInput{Name: "Torvet"})
		refused(t, err, domain.NotFound)
		for _, p := range []domain.ID{shop.Partner.ID, rival.Partner.ID} {
			_, err = d.CreateBranch(ctx, admin, p, BranchInput{Name: "Samme", PNumber: "1000000001"})
		}
		refused(t, err, domain.Conflict)
		_, err = d.Branch(ctx, rival, second.ID)
		refused(t, err, domain.NotFound)
		_, err = d.Branches(ctx, rival, shop.Partner.ID, ten)
		refused(t, err, domain.NotFound)
	})
}

// Finance says how a partner is paid; what the audit entry tells of the accounts is
// their last four letters.
func TestSetPartnerPayment(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		ctx, finance := t.Context(), d.as(domain.Finance)
		id := d.till(t, "Brugsen", "groceries").Partner.ID
		require.Equal(t, domain.Payment{Method: domain.ByInvoice}, must(d.Partner(ctx, finance, id)).Payment)
		set := func(version int64, in PaymentInput) error {
			_, err := d.SetPartnerPayment(ctx, finance, id, version, in)
			return err
		}
		require.NoError(t, set(1, PaymentInput{Method: domain.ByBank, RegistrationNumber: "0040", AccountNumber: "440116243"}))
		require.Equal(t, domain.Payment{Method: domain.ByBank, IBAN: "DK5000400440116243"}, must(d.Partner(ctx, finance, id)).Payment)
		require.NoError(t, set(2, PaymentInput{Method: domain.ByBank, IBAN: "de89 3704 0044 0532 0130 00"}))
		refused(t, set(2, PaymentInput{Method: domain.ByInvoice}), domain.Stale)
		entries := must(d.AuditEntries(ctx, d.as(domain.Auditor), ten, AuditFilter{Action: "setPartnerPayment"})).Rows
		require.Len(t, entries, 2)
		var told map[string]string
		require.NoError(t, json.Unmarshal(entries[0].Detail, &told))
		require.Len(t, told["fingerprint"], 64)
		delete(told, "fingerprint")
		require.Equal(t, map[string]string{"method_before": "bank", "iban_before": "**************6243", "method": "bank", "iban": "******************3000"}, told)
		require.NoError(t, set(3, PaymentInput{Method: domain.ByInvoice}))
		require.Equal(t, domain.Payment{Method: domain.ByInvoice}, must(d.Partner(ctx, finance, id)).Payment)
		for field, wrong := range map[string]PaymentInput{
			"method": {Method: "cash"}, "iban": {Method: domain.ByBank, IBAN: "DK5000400440116244"}, "account_number": {Method: domain.ByBank, RegistrationNumber: "40", AccountNumber: "1"},
		} {
			refused(t, set(4, wrong), domain.Invalid, field)
		}
		for _, wrong := range []PaymentInput{
			{Method: domain.ByBank}, {Method: domain.ByInvoice, IBAN: "DK5000400440116243"}, {Method: domain.ByInvoice, AccountNumber: "1"},
			{Method: domain.ByBank, IBAN: "DK5000400440116243", RegistrationNumber: "0040", AccountNumber: "440116243"},
		} {
			refused(t, set(4, wrong), domain.Invalid, "iban")
		}
	})
}
