package vouchers

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

func TestMunicipality(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		ctx, operator, admin := t.Context(), d.as(domain.Operator), d.as(domain.Administrator)
		require.Equal(t, "Europe/Copenhagen", d.home.TimeZone)
		require.Equal(t, 1440, d.home.ReversalMinutes)

		made, err := d.CreateMunicipality(ctx, operator, MunicipalityInput{Name: " Nuuk ", TimeZone: "America/Nuuk", ReversalMinutes: new(30)})
		require.NoError(t, err)
		require.Equal(t, "Nuuk", made.Name)
		l, err := d.Municipalities(ctx, operator, ten)
		require.NoError(t, err)
		require.Equal(t, []domain.ID{made.MunicipalityID, d.home.MunicipalityID}, []domain.ID{l.Rows[0].MunicipalityID, l.Rows[1].MunicipalityID})
		l, err = d.Municipalities(ctx, operator, store.Page{Limit: 1, After: made.MunicipalityID})
		require.NoError(t, err)
		require.Equal(t, d.home.MunicipalityID, l.Rows[0].MunicipalityID)
		require.False(t, l.More)

		// Its first entry is in its own log, by the operator.
		auditor := d.as(domain.Auditor)
		auditor.MunicipalityID = made.MunicipalityID
		entries, err := d.AuditEntries(ctx, auditor, ten, AuditFilter{})
		require.NoError(t, err)
		require.Len(t, entries.Rows, 1)
		require.Equal(t, operator.Person, entries.Rows[0].Person)

		changed, err := d.UpdateMunicipality(ctx, admin, 1, MunicipalityChange{ReversalMinutes: new(0)})
		require.NoError(t, err)
		read, err := d.Municipality(ctx, admin)
		require.NoError(t, err)
		require.Equal(t, changed, read)
		require.Equal(t, int64(2), read.Version)
		require.Equal(t, "Varde Kommune", read.Name)
		_, err = d.UpdateMunicipality(ctx, admin, 1, MunicipalityChange{Name: new("Old")})
		refused(t, err, domain.Stale)

		_, err = d.CreateMunicipality(ctx, operator, MunicipalityInput{Name: strings.Repeat("æ", 201), TimeZone: "Local", ReversalMinutes: new(10081)})
		refused(t, err, domain.Invalid, "name", "reversal_minutes", "time_zone")
		_, err = d.Found(ctx, "", "Europe/Atlantis")
		refused(t, err, domain.Invalid, "name", "time_zone")
		_, err = d.UpdateMunicipality(ctx, admin, 2, MunicipalityChange{Name: new("a\nb"), ReversalMinutes: new(-1)})
		refused(t, err, domain.Invalid, "name", "reversal_minutes")

		forbidden(t, d, map[domain.Action]func(domain.Actor) error{
			"createMunicipality": func(a domain.Actor) error { _, err := d.CreateMunicipality(ctx, a, MunicipalityInput{}); return err },
			"listMunicipalities": func(a domain.Actor) error { _, err := d.Municipalities(ctx, a, ten); return err },
			"getMunicipality":    func(a domain.Actor) error { _, err := d.Municipality(ctx, a); return err },
			"updateMunicipality": func(a domain.Actor) error {
				_, err := d.UpdateMunicipality(ctx, a, 0, MunicipalityChange{})
				return err
			},
		})
	})
}

func TestUnit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, other := newDesk(t, s), newDesk(t, s)
		ctx, admin := t.Context(), d.as(domain.Administrator)

		renamed, err := d.UpdateUnit(ctx, admin, d.unit.ID, 1, UnitChange{Name: new("Ungeenheden")})
		require.NoError(t, err)
		read, err := d.Unit(ctx, d.as(domain.Caseworker), d.unit.ID)
		require.NoError(t, err)
		require.Equal(t, renamed, read)
		_, err = d.UpdateUnit(ctx, admin, d.unit.ID, 1, UnitChange{Name: new("Another")})
		refused(t, err, domain.Stale)
		_, err = d.CreateUnit(ctx, admin, "Ungeenheden")
		refused(t, err, domain.Conflict)
		_, err = d.CreateUnit(ctx, admin, " ")
		refused(t, err, domain.Invalid, "name")
		_, err = d.UpdateUnit(ctx, admin, d.unit.ID, 2, UnitChange{Name: new("")})
		refused(t, err, domain.Invalid, "name")

		_, err = d.Unit(ctx, admin, other.unit.ID)
		refused(t, err, domain.NotFound)
		_, err = d.UpdateUnit(ctx, admin, other.unit.ID, 1, UnitChange{Name: new("Taken over")})
		refused(t, err, domain.NotFound)
		elsewhere := d.elsewhere(t)
		_, err = d.Unit(ctx, elsewhere, d.unit.ID)
		refused(t, err, domain.NotFound)
		l, err := d.Units(ctx, elsewhere, ten)
		require.NoError(t, err)
		require.Len(t, l.Rows, 1)
		require.Equal(t, elsewhere.UnitID, l.Rows[0].ID)

		forbidden(t, d, map[domain.Action]func(domain.Actor) error{
			"createUnit": func(a domain.Actor) error { _, err := d.CreateUnit(ctx, a, ""); return err },
			"updateUnit": func(a domain.Actor) error {
				_, err := d.UpdateUnit(ctx, a, d.unit.ID, 0, UnitChange{Name: new("")})
				return err
			},
			"getUnit":   func(a domain.Actor) error { _, err := d.Unit(ctx, a, d.unit.ID); return err },
			"listUnits": func(a domain.Actor) error { _, err := d.Units(ctx, a, ten); return err },
		})
	})
}
