package vouchers

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

func TestPartner(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, other := newDesk(t, s), newDesk(t, s)
		ctx, admin := t.Context(), d.as(domain.Administrator)
		shop, rival := d.till(t, "Brugsen", "groceries"), d.till(t, "Sportshjørnet", "sport")
		theirs := other.till(t, "Brugsen", "groceries")

		changed, err := d.UpdatePartner(ctx, admin, shop.Partner.ID, 1, PartnerChange{Categories: &[]string{"groceries", "clothing"}, State: new(partnerSuspended)})
		require.NoError(t, err)
		read, err := d.Partner(ctx, shop, shop.Partner.ID)
		require.NoError(t, err)
		require.True(t, changed.CreatedAt.Equal(read.CreatedAt))
		changed.CreatedAt = read.CreatedAt
		require.Equal(t, changed, read)
		_, err = d.UpdatePartner(ctx, admin, shop.Partner.ID, 1, PartnerChange{Name: new("SuperBrugsen")})
		refused(t, err, domain.Stale)
		_, err = d.CreatePartner(ctx, admin, PartnerInput{Name: "Brugsen", CVR: "12345674", Categories: []string{"sport"}})
		refused(t, err, domain.Conflict)

		for name, c := range map[string]struct {
			actor  domain.Actor
			filter PartnerFilter
			want   int
		}{
			"all": {admin, PartnerFilter{}, 2}, "suspended": {admin, PartnerFilter{State: partnerSuspended}, 1}, "cvr": {admin, PartnerFilter{CVR: "12345674"}, 2},
			"itself": {rival, PartnerFilter{}, 1}, "no partner": {d.as(domain.PartnerRole), PartnerFilter{}, 0},
		} {
			l, err := d.Partners(ctx, c.actor, ten, c.filter)
			require.NoError(t, err, name)
			require.Len(t, l.Rows, c.want, name)
		}
		_, err = d.Partner(ctx, rival, shop.Partner.ID)
		refused(t, err, domain.NotFound)
		_, err = d.Partner(ctx, admin, theirs.Partner.ID)
		refused(t, err, domain.NotFound)
		_, err = d.UpdatePartner(ctx, admin, theirs.Partner.ID, 1, PartnerChange{})
		refused(t, err, domain.NotFound)

		good := PartnerInput{Name: "Tøjhuset", CVR: "12345690", Categories: []string{"clothing"}}
		for name, c := range map[string]struct {
			spoil  func(*PartnerInput)
			fields []string
		}{
			"everything":      {func(in *PartnerInput) { *in = PartnerInput{} }, []string{"cvr", "name", "categories"}},
			"one digit wrong": {func(in *PartnerInput) { in.CVR = "12345691" }, []string{"cvr"}},
			"categories":      {func(in *PartnerInput) { in.Categories = []string{"sport", "Food!", "sport"} }, []string{"categories[1]", "categories[2]"}},
			"too many":        {func(in *PartnerInput) { in.Categories = strings.Split(strings.Repeat("a ", 20)+"b", " ") }, manyDuplicates()},
			"long name":       {func(in *PartnerInput) { in.Name = strings.Repeat("x", 201) }, []string{"name"}},
		} {
			in := good
			c.spoil(&in)
			_, err := d.CreatePartner(ctx, admin, in)
			require.Equal(t, domain.Invalid, domain.KindOf(err), name)
			refused(t, err, domain.Invalid, c.fields...)
		}
		_, err = d.UpdatePartner(ctx, admin, rival.Partner.ID, 1, PartnerChange{Name: new(""), Categories: new([]string), State: new("closed")})
		refused(t, err, domain.Invalid, "name", "categories", "state")

		id := shop.Partner.ID
		forbidden(t, d, map[domain.Action]func(domain.Actor) error{
			"createPartner": func(a domain.Actor) error { _, err := d.CreatePartner(ctx, a, PartnerInput{}); return err },
			"updatePartner": func(a domain.Actor) error { _, err := d.UpdatePartner(ctx, a, id, 0, PartnerChange{}); return err },
			"getPartner":    func(a domain.Actor) error { _, err := d.Partner(ctx, a, id); return err },
			"listPartners":  func(a domain.Actor) error { _, err := d.Partners(ctx, a, ten, PartnerFilter{}); return err },
			"setPartnerPayment": func(a domain.Actor) error {
				_, err := d.SetPartnerPayment(ctx, a, id, 0, PaymentInput{Method: domain.ByInvoice})
				return err
			},
			"createBranch": func(a domain.Actor) error { _, err := d.CreateBranch(ctx, a, id, BranchInput{}); return err },
			"updateBranch": func(a domain.Actor) error {
				_, err := d.UpdateBranch(ctx, a, store.NewID(), 0, BranchChange{})
				return err
			},
			"getBranch":      func(a domain.Actor) error { _, err := d.Branch(ctx, a, store.NewID()); return err },
			"listBranches":   func(a domain.Actor) error { _, err := d.Branches(ctx, a, id, ten); return err },
			"createTerminal": func(a domain.Actor) error { _, err := d.CreateTerminal(ctx, a, id, access.TerminalInput{}); return err },
			"updateTerminal": func(a domain.Actor) error {
				_, err := d.UpdateTerminal(ctx, a, store.NewID(), 0, access.TerminalChange{})
				return err
			},
			"renewTerminalCode": func(a domain.Actor) error { _, err := d.RenewTerminalCode(ctx, a, store.NewID()); return err },
			"revokeTerminal":    func(a domain.Actor) error { _, err := d.RevokeTerminal(ctx, a, store.NewID()); return err },
			"getTerminal":       func(a domain.Actor) error { _, err := d.Terminal(ctx, a, shop.TerminalID); return err },
			"listTerminals":     func(a domain.Actor) error { _, err := d.Terminals(ctx, a, id, ten, ""); return err },
		})
	})
}

// manyDuplicates are the fields of twenty equal categories and one too many.
func manyDuplicates() []string {
	fields := []string{"categories"}
	for _, i := range strings.Fields("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19") {
		fields = append(fields, "categories["+i+"]")
	}
	return fields
}

func TestTerminal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, other := newDesk(t, s), newDesk(t, s)
		ctx, admin := t.Context(), d.as(domain.Administrator)
		shop, rival, theirs := d.till(t, "Brugsen", "groceries"), d.till(t, "Sportshjørnet", "sport"), other.till(t, "Brugsen", "groceries")

		in, err := d.CreateTerminal(ctx, admin, shop.Partner.ID, access.TerminalInput{Label: "Kasse 2"})
		require.NoError(t, err)
		require.Equal(t, domain.TerminalWaiting, in.State)
		second := in.Terminal
		enrolled, err := d.EnrolTerminal(ctx, access.Device{}, in.Code)
		require.NoError(t, err)
		require.Equal(t, []any{second.ID, "Kasse 2", domain.TerminalActive, "Brugsen", "Varde Kommune"}, []any{enrolled.ID, enrolled.Label, enrolled.State, enrolled.Partner.Name, enrolled.Municipality.Name})
		text := enrolled.Key
		actor, err := d.Authenticate(ctx, text)
		require.NoError(t, err)
		require.Equal(t, second.ID, actor.TerminalID)
		require.Equal(t, "terminal:"+second.ID.String(), actor.Person)
		require.Equal(t, domain.PartnerRole, actor.Role)
		again, err := d.CreateTerminal(ctx, admin, shop.Partner.ID, access.TerminalInput{Label: "Kasse 2"})
		refused(t, err, domain.Conflict)
		require.Empty(t, again)
		_, err = d.CreateTerminal(ctx, admin, shop.Partner.ID, access.TerminalInput{})
		refused(t, err, domain.Invalid, "label")
		_, err = d.CreateTerminal(ctx, admin, theirs.Partner.ID, access.TerminalInput{Label: "Kasse 3"})
		refused(t, err, domain.NotFound)

		revoked, err := d.RevokeTerminal(ctx, admin, second.ID)
		require.NoError(t, err)
		require.Equal(t, "revoked", revoked.State)
		_, err = d.Authenticate(ctx, text)
		refused(t, err, domain.Unauthenticated)
		token, err := d.Token(ctx, admin, actor.TokenID)
		require.NoError(t, err)
		require.NotNil(t, token.RevokedAt)
		_, err = d.RevokeTerminal(ctx, admin, second.ID)
		refused(t, err, domain.Conflict)
		_, err = d.RevokeTerminal(ctx, admin, theirs.TerminalID)
		refused(t, err, domain.NotFound)

		l, err := d.Terminals(ctx, shop, shop.Partner.ID, ten, "")
		require.NoError(t, err)
		require.Len(t, l.Rows, 2)
		l, err = d.Terminals(ctx, shop, shop.Partner.ID, ten, "active")
		require.NoError(t, err)
		require.Equal(t, []domain.ID{shop.TerminalID}, []domain.ID{l.Rows[0].ID})
		_, err = d.Terminals(ctx, rival, shop.Partner.ID, ten, "")
		refused(t, err, domain.NotFound)
		_, err = d.Terminal(ctx, rival, second.ID)
		refused(t, err, domain.NotFound)
		_, err = d.Terminals(ctx, admin, theirs.Partner.ID, ten, "")
		refused(t, err, domain.NotFound)
	})
}
