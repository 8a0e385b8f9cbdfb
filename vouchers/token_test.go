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

func TestToken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, other := newDesk(t, s), newDesk(t, s)
		ctx, admin := t.Context(), d.as(domain.Administrator)
		till := d.till(t, "Brugsen", "groceries", "clothing")

		token, text, err := d.CreateToken(ctx, admin, access.TokenInput{Person: "KL@varde.dk", Role: domain.Caseworker, UnitID: d.unit.ID})
		require.NoError(t, err)
		require.NotContains(t, string(token.Hash), text)
		actor, err := d.Authenticate(ctx, text)
		require.NoError(t, err)
		require.Equal(t, domain.Actor{
			MunicipalityID: d.home.MunicipalityID, TokenID: token.ID, Kind: domain.ByToken, Person: "kl@varde.dk", Role: domain.Caseworker, UnitID: d.unit.ID,
		}, actor)
		_, err = d.Citizens(ctx, actor, ten, CitizenFilter{})
		require.NoError(t, err)

		_, text2, err := d.CreateToken(ctx, admin, access.TokenInput{Person: "shop", Role: domain.PartnerRole, PartnerID: till.Partner.ID})
		require.NoError(t, err)
		actor, err = d.Authenticate(ctx, text2)
		require.NoError(t, err)
		require.Equal(t, till.Partner, actor.Partner)
		require.Equal(t, domain.Strings{"groceries", "clothing"}, actor.Partner.Categories)
		require.Zero(t, actor.TerminalID)
		for _, in := range []access.TokenInput{{Person: "a", Role: domain.TeamLeader}, {Person: "b", Role: domain.TeamLeader, UnitID: d.unit.ID}, {Person: "c", Role: domain.Finance}} {
			_, _, err = d.CreateToken(ctx, admin, in)
			require.NoError(t, err)
		}
		system := domain.Actor{MunicipalityID: d.home.MunicipalityID, Person: "system:cli", Role: domain.System}
		_, _, err = d.CreateToken(ctx, system, access.TokenInput{Person: "host", Role: domain.Operator})
		require.NoError(t, err)

		l, err := d.Tokens(ctx, admin, ten, access.TokenFilter{Person: "KL@VARDE.dk"})
		require.NoError(t, err)
		require.Len(t, l.Rows, 1)
		l, err = d.Tokens(ctx, admin, ten, access.TokenFilter{Role: domain.PartnerRole, PartnerID: till.Partner.ID})
		require.NoError(t, err)
		require.Len(t, l.Rows, 2, "the shop's and its till's")
		l, err = d.Tokens(ctx, admin, ten, access.TokenFilter{UnitID: d.unit.ID})
		require.NoError(t, err)
		require.Len(t, l.Rows, 2)

		revoked, err := d.RevokeToken(ctx, admin, token.ID)
		require.NoError(t, err)
		require.NotNil(t, revoked.RevokedAt)
		_, err = d.RevokeToken(ctx, admin, token.ID)
		refused(t, err, domain.Conflict)
		for _, bad := range []string{text, "", "fht_", text + "A", text[:len(text)-1], "Fht_" + text[4:], flip(text2)} {
			_, err = d.Authenticate(ctx, bad)
			refused(t, err, domain.Unauthenticated)
			require.Equal(t, access.Unauthenticated().Error(), err.Error(), "always the same sentence")
		}
		for _, do := range []func(domain.ID) error{
			func(id domain.ID) error { _, err := d.Token(ctx, other.as(domain.Administrator), id); return err },
			func(id domain.ID) error { _, err := d.RevokeToken(ctx, other.as(domain.Administrator), id); return err },
		} {
			refused(t, do(token.ID), domain.NotFound)
		}
		forbidden(t, d, map[domain.Action]func(domain.Actor) error{
			"createToken": func(a domain.Actor) error { _, _, err := d.CreateToken(ctx, a, access.TokenInput{}); return err },
			"revokeToken": func(a domain.Actor) error { _, err := d.RevokeToken(ctx, a, token.ID); return err },
			"getToken":    func(a domain.Actor) error { _, err := d.Token(ctx, a, token.ID); return err },
			"listTokens":  func(a domain.Actor) error { _, err := d.Tokens(ctx, a, ten, access.TokenFilter{}); return err },
		})
	})
}

// flip changes a letter in the middle of a token.
func flip(text string) string {
	i := len(text) - 20
	if text[i] == 'A' {
		return text[:i] + "B" + text[i+1:]
	}
	return text[:i] + "A" + text[i+1:]
}

func TestTokenInput(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, other := newDesk(t, s), newDesk(t, s)
		shop, theirs := d.till(t, "Brugsen", "groceries").Partner.ID, other.till(t, "Brugsen", "groceries").Partner.ID
		for name, c := range map[string]struct {
			in     access.TokenInput
			fields []string
		}{
			"everything":              {access.TokenInput{}, []string{"person", "role"}},
			"long person":             {access.TokenInput{Person: strings.Repeat("x", 101), Role: domain.Finance}, []string{"person"}},
			"spaces":                  {access.TokenInput{Person: "Kirsten Larsen", Role: domain.Finance}, []string{"person"}},
			"a till's name":           {access.TokenInput{Person: "Terminal:1", Role: domain.Finance}, []string{"person"}},
			"a job's name":            {access.TokenInput{Person: "system:expire", Role: domain.Finance}, []string{"person"}},
			"system":                  {access.TokenInput{Person: "x", Role: domain.System}, []string{"role"}},
			"operator":                {access.TokenInput{Person: "x", Role: domain.Operator}, []string{"role"}},
			"caseworker, no unit":     {access.TokenInput{Person: "x", Role: domain.Caseworker}, []string{"unit_id"}},
			"caseworker, their unit":  {access.TokenInput{Person: "x", Role: domain.Caseworker, UnitID: other.unit.ID}, []string{"unit_id"}},
			"team leader, their unit": {access.TokenInput{Person: "x", Role: domain.TeamLeader, UnitID: other.unit.ID}, []string{"unit_id"}},
			"finance with both":       {access.TokenInput{Person: "x", Role: domain.Finance, UnitID: d.unit.ID, PartnerID: shop}, []string{"unit_id", "partner_id"}},
			"partner of none":         {access.TokenInput{Person: "x", Role: domain.PartnerRole}, []string{"partner_id"}},
			"partner of theirs":       {access.TokenInput{Person: "x", Role: domain.PartnerRole, PartnerID: theirs}, []string{"partner_id"}},
			"partner with a unit":     {access.TokenInput{Person: "x", Role: domain.PartnerRole, PartnerID: shop, UnitID: d.unit.ID}, []string{"unit_id"}},
		} {
			_, text, err := d.CreateToken(t.Context(), d.as(domain.Administrator), c.in)
			require.Equal(t, domain.Invalid, domain.KindOf(err), name)
			refused(t, err, domain.Invalid, c.fields...)
			require.Empty(t, text, name)
		}
	})
}

func TestAudit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, other := newDesk(t, s), newDesk(t, s)
		ctx, auditor := t.Context(), d.as(domain.Auditor)
		anna := d.citizen(t, "B-1")
		morning := d.now()
		d.time.setDate("2026-03-03")
		_, err := d.UpdateCitizen(ctx, d.as(domain.TeamLeader), anna.ID, 1, CitizenChange{Name: new("Anna")})
		require.NoError(t, err)
		other.citizen(t, "B-1")

		for name, c := range map[string]struct {
			filter AuditFilter
			want   []string
		}{
			"all":     {AuditFilter{}, []string{"updateCitizen", "createCitizen", "createUnit", "createMunicipality"}},
			"object":  {AuditFilter{Object: "citizen", ObjectID: anna.ID}, []string{"updateCitizen", "createCitizen"}},
			"person":  {AuditFilter{Person: "team_leader@varde.dk"}, []string{"updateCitizen"}},
			"action":  {AuditFilter{Action: "createUnit"}, []string{"createUnit"}},
			"from":    {AuditFilter{Period: Period{From: d.now()}}, []string{"updateCitizen"}},
			"until":   {AuditFilter{Object: "citizen", Period: Period{Until: d.now()}}, []string{"createCitizen"}},
			"between": {AuditFilter{Object: "citizen", Period: Period{From: morning, Until: d.now()}}, []string{"createCitizen"}},
			"nobody":  {AuditFilter{Person: "\x00"}, nil},
		} {
			l, err := d.AuditEntries(ctx, auditor, ten, c.filter)
			require.NoError(t, err, name)
			var got []string
			for _, e := range l.Rows {
				got = append(got, e.Action)
			}
			require.Equal(t, c.want, got, name)
		}
		l, err := d.AuditEntries(ctx, auditor, store.Page{Limit: 1}, AuditFilter{})
		require.NoError(t, err)
		entry, err := d.AuditEntry(ctx, auditor, l.Rows[0].ID)
		require.NoError(t, err)
		require.Equal(t, l.Rows[0], entry)
		require.Equal(t, []any{domain.TeamLeader, "req-team_leader", d.as(domain.TeamLeader).TokenID}, []any{entry.Role, entry.RequestID, entry.TokenID})
		_, err = d.AuditEntry(ctx, other.as(domain.Auditor), entry.ID)
		refused(t, err, domain.NotFound)
		forbidden(t, d, map[domain.Action]func(domain.Actor) error{
			"listAuditEntries": func(a domain.Actor) error { _, err := d.AuditEntries(ctx, a, ten, AuditFilter{}); return err },
			"getAuditEntry":    func(a domain.Actor) error { _, err := d.AuditEntry(ctx, a, entry.ID); return err },
		})
	})
}
