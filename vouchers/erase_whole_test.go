package vouchers

import (
	"database/sql"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// ofErased are the texts by which the citizen of TestEraseLeavesNothing is known, in
// every form that they could be stored in.
var ofErased = []string{"Borger4711", "Mærkelil", "Mærkesen", "2403904321", "240390-4321", "27182818", "1990-03-24", "24-03-1990", "19900324", "24031990", "24.03.1990"}

// stillHas gives which of them a database has.
func stillHas(t testing.TB, raw *sql.DB, dialect string) (list []string) {
	t.Helper()
	all := dump(t, raw, dialect)
	lower := strings.ToLower(all)
	for _, text := range ofErased {
		if strings.Contains(all, text) || strings.Contains(lower, hex.EncodeToString([]byte(text))) {
			list = append(list, text)
		}
	}
	return list
}

// No table, and on SQLite no byte of the files, has a name, a number, a reference or a
// date of birth of somebody who was erased: not what was taken in with them, not what
// was answered, and not what was wrong with a line about them.
func TestEraseLeavesNothing(t *testing.T) {
	eachTwice(t, storetest.Owner, beside, func(t *testing.T, s *store.Store, raw *sql.DB) {
		d := newStory(t, s)
		ctx, worker, leader := t.Context(), d.as(domain.Caseworker), d.as(domain.TeamLeader)
		in := CitizenInput{UnitID: d.unit.ID, Reference: "Borger4711", Name: marked.Name, CPR: marked.CPR, Phone: marked.Phone, BirthDate: marked.BirthDate}
		admitted := must(d.Admit(ctx, worker, keyed("admit", ""), Newcomer{Citizen: in, Goals: []string{"Mærkemål"}, ProgrammeID: d.move.ID, Plan: PlanInput{
			Reference: "P-1", AssessmentDate: date("2026-01-29"), AssessmentReference: "SAG-1", StartDate: date("2026-02-01"),
		}})).Value
		c := must(d.Citizen(ctx, worker, admitted.CitizenID))
		c = must(d.UpdateCitizen(ctx, worker, c.ID, c.Version, CitizenChange{Phone: new("20304050")}))
		must(d.Keep(ctx, d.leaderOf(d.unit.ID), c.ID, c.Version, KeepInput{Until: date("2026-03-02"), Reason: "Mærkesen klager"}))
		must(d.LookUp(ctx, worker, Lookup{Name: "Mærkelil"}))
		_, said := d.offer(t, leader, "P-1;Borger4711;24-04-1990;"+d.unit.Name+";01-02-2026;move-2026\nP-2;Borger4711;24-04-1990;"+d.unit.Name+";01-02-2026;move-2026\n", "")
		require.Len(t, said, 2)
		require.Subset(t, stillHas(t, raw, s.Dialect()), []string{"Borger4711", "1990-03-24"}, "the sweep finds what is there")

		d.ends(t, admitted.PlanID)
		d.time.add(24 * time.Hour)
		require.NoError(t, d.Erase(ctx, keyJob(d.home.MunicipalityID), c.ID))
		require.NoError(t, s.Scrub(ctx, []string{"citizens", "data_keys", "import_refusals"}))
		require.Empty(t, stillHas(t, raw, s.Dialect()))
		erased := must(d.Citizen(ctx, worker, c.ID))
		require.Equal(t, []any{true, erased.Pseudonym(), domain.Date{}}, []any{erased.Erased(), erased.Reference, erased.BirthDate})
		d.verified(t)
		_, err := d.UpdateCitizen(ctx, worker, c.ID, erased.Version, CitizenChange{BirthDate: &in.BirthDate})
		because(t, err, "erased")
		again := must(d.CreateCitizen(ctx, worker, in))
		require.NotEqual(t, c.ID, again.ID, "who comes back is somebody new")
		d.verified(t)
	})
}

// An export that still has the plan of somebody who was erased brings nobody back,
// pays nothing and is not refused; another plan under the same reference is a new
// citizen's.
func TestImportAfterErasure(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := importer(t, s)
		leader := d.as(domain.TeamLeader)
		plan, visits := "P1;B1;01-06-1995;Nord;02-02-2026;move-2026\n", visitOn("a", 1, "P1", "03 10:00")+visitOn("b", 1, "P1", "10 10:00")
		first, _ := d.offer(t, leader, plan, visits)
		require.Equal(t, 1, first.Vouchers)
		citizens := func() []domain.Citizen {
			return must(d.Citizens(t.Context(), leader, ten, CitizenFilter{})).Rows
		}
		was := citizens()[0]
		plans := must(d.Plans(t.Context(), leader, ten, PlanFilter{CitizenID: was.ID})).Rows
		must(d.UpdatePlan(t.Context(), leader, plans[0].ID, plans[0].Version, PlanChange{EndDate: new(date("2026-11-01")), EndReason: new("completed")}))
		require.NoError(t, d.Erase(t.Context(), keyJob(d.home.MunicipalityID), was.ID))
		before := d.balance(t)

		again, said := d.offer(t, leader, plan, visits)
		require.Empty(t, said)
		require.Equal(t, []int{0, 3}, []int{again.Vouchers, again.LinesAccepted})
		_, said = d.offer(t, leader, "", visits+visitOn("c", 1, "P1", "12 10:00")+visitLine("b", 2, "P1", "10-02-2026 10:00", "afbud"))
		require.Equal(t, []string{
			"attendance 4 plan: the citizen of plan P1 is erased: nothing can be added", "attendance 5 plan: the citizen of plan P1 is erased: nothing can be added",
		}, said)
		require.Len(t, citizens(), 1)
		require.Equal(t, before, d.balance(t))

		_, said = d.offer(t, leader, plan+"P2;B1;01-06-1995;Nord;03-11-2026;move-2026\n", "")
		require.Empty(t, said)
		require.Equal(t, []string{"B1", was.Pseudonym()}, []string{citizens()[0].Reference, citizens()[1].Reference})
		require.Equal(t, date("1995-06-01"), citizens()[0].BirthDate)
	})
}

// Refused lines are kept for 90 days, other municipalities' apart, and how many there
// were stays.
func TestSweepRefusals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, other := importer(t, s), importer(t, s)
		sent, _ := d.offer(t, d.as(domain.TeamLeader), "", visitOn("a", 1, "P9", "03 10:00"))
		kept, _ := other.offer(t, other.as(domain.TeamLeader), "", visitOn("a", 1, "P9", "03 10:00"))
		sweeps := func(want int) {
			t.Helper()
			n, err := d.SweepRefusals(t.Context(), d.home.MunicipalityID)
			require.NoError(t, err)
			require.Equal(t, want, n)
		}
		d.time.add(RefusalsKept)
		sweeps(0)
		later, _ := d.offer(t, d.as(domain.TeamLeader), "", visitOn("a", 1, "P9", "03 10:00"))
		d.time.add(time.Second)
		sweeps(1)
		sweeps(0)
		lines := func(d story, im domain.Import) int {
			return len(must(d.ImportRefusals(t.Context(), d.as(domain.TeamLeader), im.ID)))
		}
		require.Equal(t, []int{0, 1, 1}, []int{lines(d, sent), lines(d, later), lines(other, kept)})
		require.Equal(t, 1, must(d.Import(t.Context(), d.as(domain.TeamLeader), sent.ID)).LinesRefused)
	})
}
