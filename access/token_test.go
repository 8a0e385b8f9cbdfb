package access

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

var ten = store.Page{Limit: 10}

// named gives the fields that an error names.
func named(err error) (fields []string) {
	for _, f := range domain.FieldsOf(err) {
		fields = append(fields, f.Field)
	}
	return fields
}

// flip changes a letter in the middle of a secret.
func flip(text string) string {
	i := len(text) - 20
	if text[i] == 'A' {
		return text[:i] + "B" + text[i+1:]
	}
	return text[:i] + "A" + text[i+1:]
}

// A person makes a token for themself, for their own work and no more, and it
// ends with their role.
func TestOwnToken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		ctx := t.Context()
		role := g.grant(t, "mette@varde.dk", domain.Caseworker)
		me := g.signIn(t, "mette@varde.dk").Actor
		token, text, err := g.CreateToken(ctx, me, TokenInput{Scopes: []domain.Action{"getUnit", "getUnit", "getToken", "listTokens"}, Days: 7})
		require.NoError(t, err)
		require.NotContains(t, string(token.Hash), text)
		actor := g.enters(t, text)
		require.Equal(t, domain.Actor{
			MunicipalityID: g.home, TokenID: token.ID, Kind: domain.ByToken, Person: "mette@varde.dk", Role: domain.Caseworker, UnitID: g.unit.ID, Scopes: []domain.Action{"getUnit", "getToken", "listTokens"},
		}, actor)
		require.NoError(t, actor.May("getUnit"))
		refused(t, actor.May("createCitizen"), domain.Forbidden, "out_of_scope")
		refused(t, actor.May("createUnit"), domain.Forbidden, "forbidden")
		_, _, err = g.CreateToken(ctx, me, TokenInput{Person: "METTE@varde.dk", Role: domain.Caseworker, UnitID: g.unit.ID})
		require.NoError(t, err, "what is one's own may be said")
		for name, c := range map[string]struct {
			in     TokenInput
			fields []string
		}{
			"another's":         {TokenInput{Person: "anden@varde.dk"}, []string{"person"}},
			"another role":      {TokenInput{Role: domain.TeamLeader}, []string{"role"}},
			"elsewhere":         {TokenInput{UnitID: store.NewID(), PartnerID: g.partner.ID}, []string{"unit_id", "partner_id"}},
			"more than one may": {TokenInput{Scopes: []domain.Action{"getUnit", "adoptVersion", "nothing"}}, []string{"scopes[1]", "scopes[2]"}},
			"too long":          {TokenInput{Days: 366}, []string{"expires_in_days"}},
			"the past":          {TokenInput{Days: -1}, []string{"expires_in_days"}},
		} {
			_, text, err := g.CreateToken(ctx, me, c.in)
			refused(t, err, domain.Invalid, "validation_failed")
			require.Equal(t, c.fields, named(err), name)
			require.Empty(t, text)
		}
		_, _, err = g.CreateToken(ctx, domain.Actor{MunicipalityID: g.home, TokenID: token.ID, Kind: domain.ByToken, Person: "mette@varde.dk", Role: domain.Caseworker}, TokenInput{})
		refused(t, err, domain.Conflict, "not_signed_in")
		stale := me
		stale.Fresh = false
		_, _, err = g.CreateToken(ctx, stale, TokenInput{})
		refused(t, err, domain.Forbidden, "step_up_required")

		l, err := g.Tokens(ctx, actor, ten, TokenFilter{})
		require.NoError(t, err)
		require.Len(t, l.Rows, 2, "one's own tokens, and no sign-ins")
		require.Equal(t, g.time.now(), *l.Rows[1].LastUsedAt)
		_, err = g.Unassign(ctx, g.system, role.ID)
		require.NoError(t, err)
		g.keptOut(t, text, "the role is gone")
		_, _, err = g.CreateToken(ctx, me, TokenInput{})
		refused(t, err, domain.Unauthenticated, "unauthenticated")
	})
}

// An administrator makes tokens for shops and sees and revokes all; the command
// line makes any.
func TestOthersTokens(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, other := newGate(t, s), newGate(t, s)
		ctx := t.Context()
		admin := domain.Actor{MunicipalityID: g.home, TokenID: store.NewID(), Kind: domain.ByToken, Person: "it@varde.dk", Role: domain.Administrator}
		shop, text, err := g.CreateToken(ctx, admin, TokenInput{Person: "butik", Role: domain.PartnerRole, PartnerID: g.partner.ID})
		require.NoError(t, err)
		actor := g.enters(t, text)
		known := g.partner
		known.Payment = domain.Payment{} // its account is nothing that a caller brings along
		require.Equal(t, known, actor.Partner)
		_, _, err = g.CreateToken(ctx, admin, TokenInput{Person: "anden@varde.dk", Role: domain.Finance})
		refused(t, err, domain.Conflict, "not_signed_in")
		_, _, err = g.CreateToken(ctx, admin, TokenInput{Person: "butik", Role: domain.PartnerRole, PartnerID: other.partner.ID})
		require.Equal(t, []string{"partner_id"}, named(err))
		theirs, _, err := g.CreateToken(ctx, g.system, TokenInput{Person: "FI@varde.dk", Role: domain.Finance})
		require.NoError(t, err)
		require.Equal(t, "fi@varde.dk", theirs.Person)
		_, _, err = g.CreateToken(ctx, g.system, TokenInput{Person: "drift@fasthold.dk", Role: domain.Operator})
		require.NoError(t, err)
		g.grant(t, "mette@varde.dk", domain.Caseworker)
		signedIn := g.signIn(t, "mette@varde.dk")

		l, err := g.Tokens(ctx, admin, ten, TokenFilter{})
		require.NoError(t, err)
		require.Len(t, l.Rows, 3)
		l, err = g.Tokens(ctx, admin, ten, TokenFilter{Person: "FI@VARDE.dk", Role: domain.Finance})
		require.NoError(t, err)
		require.Len(t, l.Rows, 1)
		for _, id := range []domain.ID{theirs.ID, signedIn.Actor.TokenID} {
			_, err = g.Token(ctx, signedIn.Actor, id)
			refused(t, err, domain.NotFound, "not_found")
			_, err = g.RevokeToken(ctx, signedIn.Actor, id)
			refused(t, err, domain.NotFound, "not_found")
			_, err = other.Token(ctx, other.system, id)
			refused(t, err, domain.NotFound, "not_found")
		}
		_, err = g.RevokeToken(ctx, admin, shop.ID)
		require.NoError(t, err)
		_, err = g.RevokeToken(ctx, admin, shop.ID)
		refused(t, err, domain.Conflict, "already_revoked")
		for _, bad := range []string{text, "", "fht_", text + "A", text[:len(text)-1], "Fht_" + text[4:], flip(signedIn.Text), "fhx_" + signedIn.Text[4:], "fht_" + signedIn.Text[4:]} {
			g.keptOut(t, bad, bad)
		}
	})
}

func TestTokenInput(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g, other := newGate(t, s), newGate(t, s)
		shop, unit := g.partner.ID, g.unit.ID
		for name, c := range map[string]struct {
			in     TokenInput
			fields []string
		}{
			"everything":              {TokenInput{}, []string{"person", "role"}},
			"long person":             {TokenInput{Person: strings.Repeat("x", 101), Role: domain.Finance}, []string{"person"}},
			"spaces":                  {TokenInput{Person: "Kirsten Larsen", Role: domain.Finance}, []string{"person"}},
			"a till's name":           {TokenInput{Person: "Terminal:1", Role: domain.Finance}, []string{"person"}},
			"a job's name":            {TokenInput{Person: "system:expire", Role: domain.Finance}, []string{"person"}},
			"a citizen's name":        {TokenInput{Person: "citizen:1", Role: domain.Finance}, []string{"person"}},
			"system":                  {TokenInput{Person: "x", Role: domain.System}, []string{"role"}},
			"citizen":                 {TokenInput{Person: "x", Role: domain.CitizenRole}, []string{"role"}},
			"caseworker, no unit":     {TokenInput{Person: "x", Role: domain.Caseworker}, []string{"unit_id"}},
			"caseworker, their unit":  {TokenInput{Person: "x", Role: domain.Caseworker, UnitID: other.unit.ID}, []string{"unit_id"}},
			"team leader, their unit": {TokenInput{Person: "x", Role: domain.TeamLeader, UnitID: other.unit.ID}, []string{"unit_id"}},
			"finance with both":       {TokenInput{Person: "x", Role: domain.Finance, UnitID: unit, PartnerID: shop}, []string{"unit_id", "partner_id"}},
			"partner of none":         {TokenInput{Person: "x", Role: domain.PartnerRole}, []string{"partner_id"}},
			"partner of theirs":       {TokenInput{Person: "x", Role: domain.PartnerRole, PartnerID: other.partner.ID}, []string{"partner_id"}},
			"partner with a unit":     {TokenInput{Person: "x", Role: domain.PartnerRole, PartnerID: shop, UnitID: unit}, []string{"unit_id"}},
		} {
			_, text, err := g.CreateToken(t.Context(), g.system, c.in)
			refused(t, err, domain.Invalid, "validation_failed")
			require.Equal(t, c.fields, named(err), name)
			require.Empty(t, text, name)
		}
	})
}

// A token ends by itself.
func TestTokenExpires(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		_, short, err := g.CreateToken(t.Context(), g.system, TokenInput{Person: "a", Role: domain.Finance, Days: 1})
		require.NoError(t, err)
		_, long, err := g.CreateToken(t.Context(), g.system, TokenInput{Person: "a", Role: domain.Finance})
		require.NoError(t, err)
		g.time.add(24*time.Hour - time.Microsecond)
		g.enters(t, short)
		g.time.add(time.Microsecond)
		g.keptOut(t, short, "a day")
		g.time.add(89*24*time.Hour - time.Microsecond)
		g.enters(t, long)
		g.time.add(time.Microsecond)
		g.keptOut(t, long, "ninety days")
	})
}

func TestRotate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		ctx := t.Context()
		first, old, err := g.CreateToken(ctx, g.system, TokenInput{Person: "a@varde.dk", Role: domain.Auditor, Scopes: []domain.Action{"getReport"}, Days: 10})
		require.NoError(t, err)
		_, _, err = g.RotateToken(ctx, g.enters(t, old), first.ID, time.Hour)
		refused(t, err, domain.Forbidden, "out_of_scope")
		first, old, err = g.CreateToken(ctx, g.system, TokenInput{Person: "a@varde.dk", Role: domain.Auditor, Scopes: []domain.Action{"rotateToken", "getReport"}, Days: 10})
		require.NoError(t, err)
		g.time.add(24 * time.Hour)
		before := g.enters(t, old)
		second, text, err := g.RotateToken(ctx, before, first.ID, time.Hour)
		require.NoError(t, err)
		require.Equal(t, g.time.now().AddDate(0, 0, 10), *second.ExpiresAt, "for as long as the first was made for")
		after := g.enters(t, text)
		require.Equal(t, before.CallerID(), after.CallerID(), "idempotency keys hold across it")
		require.NotEqual(t, before.TokenID, after.TokenID)
		require.Equal(t, before.Scopes, after.Scopes)
		_, _, err = g.RotateToken(ctx, before, first.ID, time.Hour)
		refused(t, err, domain.Conflict, "already_rotated")
		g.time.add(time.Hour - time.Microsecond)
		g.enters(t, old)
		g.time.add(time.Microsecond)
		g.keptOut(t, old, "the overlap is over")
		third, text3, err := g.RotateToken(ctx, g.enters(t, text), second.ID, 0)
		require.NoError(t, err)
		g.keptOut(t, text, "no overlap")
		require.Equal(t, before.CallerID(), g.enters(t, text3).CallerID())
		_, _, err = g.RotateToken(ctx, g.enters(t, text3), second.ID, 0)
		refused(t, err, domain.Conflict, "already_revoked")
		_, _, err = g.RotateToken(ctx, g.enters(t, text3), third.ID, MostOverlap+time.Minute)
		require.Equal(t, []string{"overlap_minutes"}, named(err))

		g.time.add(9*24*time.Hour + 23*time.Hour)
		_, _, err = g.RotateToken(ctx, g.enters(t, text3), third.ID, MostOverlap)
		require.NoError(t, err)
		g.time.add(time.Hour)
		g.keptOut(t, text3, "no later than it would have")
	})
}

// Who rotates which token.
func TestMayRotate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := newGate(t, s)
		ctx := t.Context()
		admin := domain.Actor{MunicipalityID: g.home, TokenID: store.NewID(), Kind: domain.ByToken, Person: "it@varde.dk", Role: domain.Administrator}
		finance, _, err := g.CreateToken(ctx, g.system, TokenInput{Person: "fi@varde.dk", Role: domain.Finance})
		require.NoError(t, err)
		shop, _, err := g.CreateToken(ctx, g.system, TokenInput{Person: "butik", Role: domain.PartnerRole, PartnerID: g.partner.ID})
		require.NoError(t, err)
		_, _, err = g.RotateToken(ctx, admin, shop.ID, time.Hour)
		require.NoError(t, err)
		_, _, err = g.RotateToken(ctx, admin, finance.ID, time.Hour)
		refused(t, err, domain.Conflict, "not_yours_to_rotate")
		stranger := domain.Actor{MunicipalityID: g.home, TokenID: store.NewID(), Kind: domain.ByToken, Person: "anden@varde.dk", Role: domain.Finance}
		_, _, err = g.RotateToken(ctx, stranger, finance.ID, time.Hour)
		refused(t, err, domain.NotFound, "not_found")
		till := g.enrol(t, g.till(t, "Kasse 1").Code)
		_, _, err = g.RotateToken(ctx, admin, g.enters(t, till.Key).TokenID, time.Hour)
		refused(t, err, domain.Conflict, "wrong_kind")
		_, err = g.RevokeToken(ctx, admin, finance.ID)
		require.NoError(t, err)
		_, _, err = g.RotateToken(ctx, g.system, finance.ID, time.Hour)
		refused(t, err, domain.Conflict, "already_revoked")
	})
}
