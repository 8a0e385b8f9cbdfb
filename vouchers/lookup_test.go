package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

func TestLookUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, other := newDesk(t, s), newDesk(t, s)
		ctx, worker, leader, elsewhere := t.Context(), d.as(domain.Caseworker), d.as(domain.TeamLeader), d.elsewhere(t)
		require.Empty(t, must(d.LookUp(ctx, worker, Lookup{CPR: "010190-0001"})).Citizens, "nobody has a number yet")
		add := func(reference, name, cpr string) domain.ID {
			return must(d.CreateCitizen(ctx, worker, CitizenInput{UnitID: d.unit.ID, Reference: reference, Name: name, CPR: cpr, BirthDate: date("1990-01-01")})).ID
		}
		anna, aase, bo := add("B-1", "Anna Bæk", "010190-0001"), add("B-2", "Åse Bækgaard", "610190-0002"), add("B-3", "Bo Dam", "")

		for text, want := range map[string][]domain.ID{"0101900001": {anna}, " 010190 0001": {anna}, "610190-0002": {aase}, "010190-0002": nil} {
			require.Equal(t, want, idsOf(must(d.LookUp(ctx, worker, Lookup{CPR: text})).Citizens), text)
			require.Equal(t, want, idsOf(must(d.LookUp(ctx, leader, Lookup{CPR: text})).Citizens), text)
			require.Empty(t, must(d.LookUp(ctx, elsewhere, Lookup{CPR: text})).Citizens, "another unit's")
			require.Empty(t, must(other.LookUp(ctx, other.as(domain.TeamLeader), Lookup{CPR: text})).Citizens, "another municipality's")
		}
		for text, want := range map[string][]domain.ID{"bæk": {anna, aase}, "BÆK anna": {anna}, "o d": {bo}, "ÅSE": {aase}, "A\u030ase": {aase}, "aase": nil, "Carl": nil} {
			require.Equal(t, want, idsOf(must(d.LookUp(ctx, worker, Lookup{Name: text})).Citizens), text)
			require.Equal(t, want, idsOf(must(d.LookUp(ctx, leader, Lookup{Name: text, UnitID: d.unit.ID})).Citizens), text)
			require.Empty(t, must(d.LookUp(ctx, elsewhere, Lookup{Name: text})).Citizens)
		}
		for field, in := range map[string]Lookup{"cpr": {CPR: " ", Name: "\t "}, "unit_id": {Name: "x"}} {
			_, err := d.LookUp(ctx, leader, in)
			refused(t, err, domain.Invalid, field)
		}
		for _, in := range []Lookup{{}, {Name: " "}, {CPR: "010190-0001", Name: "x"}, {CPR: "310490-0001"}} {
			_, err := d.LookUp(ctx, leader, in)
			refused(t, err, domain.Invalid, "cpr")
		}
		_, err := d.LookUp(ctx, elsewhere, Lookup{Name: "x", UnitID: d.unit.ID})
		refused(t, err, domain.Invalid, "unit_id")

		entries := must(d.AuditEntries(ctx, d.as(domain.Auditor), ten, AuditFilter{Action: "lookUpCitizens", ObjectID: anna})).Rows
		require.NotEmpty(t, entries)
		require.JSONEq(t, `{"by": "cpr", "found": 1}`, string(entries[len(entries)-1].Detail))
		forbidden(t, d, map[domain.Action]func(domain.Actor) error{
			"lookUpCitizens": func(a domain.Actor) error { _, err := d.LookUp(ctx, a, Lookup{CPR: "010190-0001"}); return err },
		})
	})
}

// A CPR number belongs to one citizen of the municipality and to their date of
// birth; it can be corrected and taken away.
func TestCitizenNumbers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, other := newDesk(t, s), newDesk(t, s)
		ctx, worker := t.Context(), d.as(domain.Caseworker)
		in := CitizenInput{UnitID: d.unit.ID, Reference: "B-1", CPR: "0101900001", Phone: "20 30 40 50", BirthDate: date("1990-01-01")}
		c := must(d.CreateCitizen(ctx, worker, in))
		require.Equal(t, []string{"010190-0001", "+4520304050"}, []string{c.CPR.Reveal(), c.Phone.Reveal()})
		there := in
		there.UnitID = other.unit.ID
		must(other.CreateCitizen(ctx, other.as(domain.Caseworker), there)) // a municipality of its own

		in.Reference = "B-2"
		_, err := d.CreateCitizen(ctx, worker, in)
		because(t, err, "already_exists")
		require.NotContains(t, err.Error(), "0001")
		told := must(d.AuditEntries(ctx, d.as(domain.Auditor), ten, AuditFilter{Action: "createCitizen", ObjectID: c.ID})).Rows
		require.JSONEq(t, `{"refused": "cpr"}`, string(told[0].Detail), "who was told that somebody has the number")
		for name, spoil := range map[string]func(*CitizenInput) string{
			"another birthday": func(in *CitizenInput) string { in.CPR = "020190-0002"; return "birth_date" },
			"another century":  func(in *CitizenInput) string { in.CPR = "010190-5002"; return "birth_date" },
			"no number":        func(in *CitizenInput) string { in.CPR = "010190-000"; return "cpr" },
			"no day":           func(in *CitizenInput) string { in.CPR = "320190-0002"; return "cpr" },
			"no telephone":     func(in *CitizenInput) string { in.CPR, in.Phone = "", "123"; return "phone" },
		} {
			bad := in
			field := spoil(&bad)
			_, err := d.CreateCitizen(ctx, worker, bad)
			require.Equal(t, domain.Invalid, domain.KindOf(err), name)
			refused(t, err, domain.Invalid, field)
		}
		in.CPR = "610190-0001" // a replacement number
		bo := must(d.CreateCitizen(ctx, worker, in))
		_, err = d.UpdateCitizen(ctx, worker, bo.ID, 1, CitizenChange{CPR: new("010190-0001")})
		because(t, err, "already_exists")
		_, err = d.UpdateCitizen(ctx, worker, bo.ID, 1, CitizenChange{BirthDate: new(date("1990-01-02"))})
		refused(t, err, domain.Invalid, "birth_date")
		same := must(d.UpdateCitizen(ctx, worker, bo.ID, 1, CitizenChange{CPR: new("610190 0001"), Name: new("Bo")}))
		require.Equal(t, "610190-0001", same.CPR.Reveal())

		c = must(d.UpdateCitizen(ctx, worker, c.ID, 1, CitizenChange{CPR: new(""), Phone: new("")}))
		require.True(t, c.CPR.IsZero() && c.Phone.IsZero())
		require.Equal(t, must(d.Citizen(ctx, worker, c.ID)), c)
		require.Empty(t, must(d.LookUp(ctx, worker, Lookup{CPR: "010190-0001"})).Citizens)
		must(d.UpdateCitizen(ctx, worker, bo.ID, 2, CitizenChange{CPR: new("010190-0001")}))
		require.Equal(t, []domain.ID{bo.ID}, idsOf(must(d.LookUp(ctx, worker, Lookup{CPR: "010190-0001"})).Citizens))
	})
}
