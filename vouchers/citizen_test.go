package vouchers

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

func TestCitizen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, other := newDesk(t, s), newDesk(t, s)
		ctx, caseworker, elsewhere := t.Context(), d.as(domain.Caseworker), d.elsewhere(t)
		anna := d.citizen(t, "B-1")
		d.citizen(t, "B-2")
		theirs := other.citizen(t, "B-1")

		changed, err := d.UpdateCitizen(ctx, caseworker, anna.ID, 1, CitizenChange{Name: new(""), BirthDate: new(date("2003-12-24"))})
		require.NoError(t, err)
		read, err := d.Citizen(ctx, caseworker, anna.ID)
		require.NoError(t, err)
		require.Equal(t, changed, read)
		require.Equal(t, "B-1", read.Reference)
		_, err = d.UpdateCitizen(ctx, caseworker, anna.ID, 1, CitizenChange{Name: new("Bo")})
		refused(t, err, domain.Stale)
		_, err = d.UpdateCitizen(ctx, caseworker, anna.ID, 2, CitizenChange{Reference: new("B-2")})
		refused(t, err, domain.Conflict)

		l, err := d.Citizens(ctx, caseworker, ten, CitizenFilter{Reference: "B-1"})
		require.NoError(t, err)
		require.Equal(t, []domain.Citizen{read}, l.Rows)
		l, err = d.Citizens(ctx, caseworker, store.Page{Limit: 1}, CitizenFilter{UnitID: d.unit.ID})
		require.NoError(t, err)
		require.True(t, l.More)
		for name, f := range map[string]CitizenFilter{"unit": {UnitID: elsewhere.UnitID}, "reference": {Reference: "B-\x00\xff"}} {
			l, err = d.Citizens(ctx, caseworker, ten, f)
			require.NoError(t, err, name)
			require.Empty(t, l.Rows, name)
		}

		for name, id := range map[string]domain.ID{"another municipality's": theirs.ID, "nobody": store.NewID()} {
			_, err = d.Citizen(ctx, caseworker, id)
			refused(t, err, domain.NotFound)
			_, err = d.UpdateCitizen(ctx, caseworker, id, 1, CitizenChange{})
			require.Equal(t, domain.NotFound, domain.KindOf(err), name)
		}
		_, err = d.Citizen(ctx, elsewhere, anna.ID)
		refused(t, err, domain.NotFound)
		_, err = d.UpdateCitizen(ctx, elsewhere, anna.ID, 2, CitizenChange{})
		refused(t, err, domain.NotFound)
		l, err = d.Citizens(ctx, elsewhere, ten, CitizenFilter{UnitID: d.unit.ID})
		require.NoError(t, err)
		require.Empty(t, l.Rows)

		forbidden(t, d, map[domain.Action]func(domain.Actor) error{
			"createCitizen": func(a domain.Actor) error { _, err := d.CreateCitizen(ctx, a, CitizenInput{}); return err },
			"updateCitizen": func(a domain.Actor) error { _, err := d.UpdateCitizen(ctx, a, anna.ID, 0, CitizenChange{}); return err },
			"getCitizen":    func(a domain.Actor) error { _, err := d.Citizen(ctx, a, anna.ID); return err },
			"listCitizens":  func(a domain.Actor) error { _, err := d.Citizens(ctx, a, ten, CitizenFilter{}); return err },
		})
	})
}

func TestCitizenInput(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, other := newDesk(t, s), newDesk(t, s)
		good := CitizenInput{UnitID: d.unit.ID, Reference: "B-1", BirthDate: date("2026-03-02")} // born today
		for name, c := range map[string]struct {
			spoil  func(*CitizenInput)
			fields []string
		}{
			"everything":      {func(in *CitizenInput) { *in = CitizenInput{} }, []string{"unit_id", "reference", "birth_date"}},
			"another's unit":  {func(in *CitizenInput) { in.UnitID = other.unit.ID }, []string{"unit_id"}},
			"unit elsewhere":  {func(in *CitizenInput) { in.UnitID = d.elsewhere(t).UnitID }, []string{"unit_id"}},
			"not yet born":    {func(in *CitizenInput) { in.BirthDate = date("2026-03-03") }, []string{"birth_date"}},
			"born too early":  {func(in *CitizenInput) { in.BirthDate = date("1905-03-02") }, []string{"birth_date"}},
			"a CPR number":    {func(in *CitizenInput) { in.Reference = "240603-1234" }, []string{"reference"}},
			"long reference":  {func(in *CitizenInput) { in.Reference = strings.Repeat("B", 101) }, []string{"reference"}},
			"long name":       {func(in *CitizenInput) { in.Name = strings.Repeat("B", 201) }, []string{"name"}},
			"not UTF-8 names": {func(in *CitizenInput) { in.Name = "M\xf8ller" }, []string{"name"}},
		} {
			in := good
			c.spoil(&in)
			_, err := d.CreateCitizen(t.Context(), d.as(domain.Caseworker), in)
			require.Equal(t, domain.Invalid, domain.KindOf(err), name)
			refused(t, err, domain.Invalid, c.fields...)
		}
		l, err := d.Citizens(t.Context(), d.as(domain.Caseworker), ten, CitizenFilter{})
		require.NoError(t, err)
		require.Empty(t, l.Rows, "nothing was changed")
		_, err = d.CreateCitizen(t.Context(), d.as(domain.Caseworker), good)
		require.NoError(t, err)
	})
}

func TestMoveCitizen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		ctx, leader, there := t.Context(), d.as(domain.TeamLeader), d.elsewhere(t)
		plan := d.plan(t, "P1", "2026-02-01")
		move := CitizenChange{UnitID: &there.UnitID}

		_, err := d.UpdateCitizen(ctx, d.as(domain.Caseworker), plan.CitizenID, 1, move)
		refused(t, err, domain.Invalid, "unit_id")
		_, err = d.UpdateCitizen(ctx, leader, plan.CitizenID, 1, move)
		refused(t, err, domain.Conflict)
		require.ErrorContains(t, err, "P1")
		_, err = d.UpdatePlan(ctx, leader, plan.ID, 1, PlanChange{EndDate: new(date("2026-03-01")), EndReason: new("moved")})
		require.NoError(t, err)
		_, err = d.UpdateCitizen(ctx, leader, plan.CitizenID, 1, move)
		require.NoError(t, err)
		_, err = d.Citizen(ctx, there, plan.CitizenID)
		require.NoError(t, err)
	})
}

func TestLooksLikeCPR(t *testing.T) {
	for text, want := range map[string]bool{
		"0101901234": true, "010190-1234": true, "010190 1234": true, "010190 - 1234": true, "290200-0001": true, "311299-4567": true,
		"610190-1234": true, "910190-1234": true, // replacement numbers
		"000190-1234": false, "320190-1234": false, "600190-1234": false, "920190-1234": false, "310490-1234": false, "010090-1234": false, "011390-1234": false,
		"2026000123": false, "B02600001": false, "010190-123": false, "010190-12345": false, "SAG-010190-1234": false, "": false,
	} {
		require.Equal(t, want, looksLikeCPR(text), text)
	}
}
