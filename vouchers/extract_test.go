package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// The extract has all that was written, and every krone in the year in which it
// came or went.
func TestExtract(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		l := d.written(t)
		ctx, leader := t.Context(), d.as(domain.TeamLeader)
		till := d.till(t, "Butik", "groceries", "clothing")
		d.redeemed(t, till, d.secret(t, l.renewed), 5000)
		d.time.setDate("2030-06-01") // the vouchers' time runs out
		must(d.Expire(ctx, d.home.MunicipalityID))
		x := must(d.Extract(ctx, leader, l.citizen.ID))
		require.Equal(t, []string{marked.Name, marked.CPR}, []string{x.Citizen.Name.Reveal(), x.Citizen.CPR.Reveal()})
		require.Equal(t, d.unit.Name, x.Unit.Name)
		require.Len(t, x.Plans, 1)
		require.Len(t, x.Goals, 2)
		require.Len(t, x.Events, 6, "and what was corrected")
		require.Len(t, x.Enrolments, 1)
		require.Len(t, x.Programmes, 1)
		require.Len(t, x.Awards, 2)
		require.Len(t, x.Vouchers, 3)
		require.Len(t, x.Redemptions, 1)
		require.Contains(t, revealedTexts(x.Dossier), "Mærkerettelse")
		require.Contains(t, revealedTexts(x.Dossier), "Mærkesletning")
		require.Equal(t, []Received{
			{Year: 2026, Currency: "DKK", Vouchers: 2, Issued: 40000, TakenBack: 20000, Spent: 5000},
			{Year: 2030, Currency: "DKK", Lapsed: 15000},
		}, x.Received)
		log := d.trail(t, l.citizen.ID)
		require.Equal(t, "exportCitizen extracted citizens_request", said(log)[len(said(log))-1])

		for _, role := range []domain.Role{domain.Caseworker, domain.Finance, domain.Auditor, domain.Administrator} {
			_, err := d.Extract(ctx, d.as(role), l.citizen.ID)
			refused(t, err, domain.Forbidden)
		}
		_, err := d.Extract(ctx, d.leaderOf(d.elsewhere(t).UnitID), l.citizen.ID)
		refused(t, err, domain.NotFound)
		browser := leader
		browser.Kind = domain.BySignIn
		_, err = d.Extract(ctx, browser, l.citizen.ID)
		because(t, err, "step_up_required")
		empty := must(d.Extract(ctx, leader, d.citizen(t, "B-63").ID))
		require.Empty(t, empty.Received)
	})
}
