package vouchers

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// An export that waits in the database is sealed there, and taken in all the
// same; one that waits from before files were sealed is too, by the owner.
func TestWaitingFilesAreSealed(t *testing.T) {
	eachTwice(t, storetest.Owner, beside, func(t *testing.T, s *store.Store, raw *sql.DB) {
		d := importer(t, s)
		leader := d.as(domain.TeamLeader)
		plan := func(number string) []byte {
			return []byte(planHeading + number + ";B-" + number + ";1990-01-01;" + d.unit.Name + ";2026-02-01;move-2026\n")
		}
		sealed, before := d.started(t, leader, plan("Mærkeord"), nil), d.started(t, leader, plan("P-2"), nil)
		require.Empty(t, found(dump(t, raw, s.Dialect())))
		upgraded := d.started(t, leader, plan("Mærkeafslag"), nil)
		run(t, raw, `UPDATE imports SET plans_file = $1 WHERE id = $2`, plan("Mærkeafslag"), upgraded.ID.String())
		require.Equal(t, []string{"Mærkeafslag"}, found(dump(t, raw, s.Dialect())))
		for range 2 {
			require.Zero(t, must(d.SealAll(t.Context(), d.home.MunicipalityID)))
		}
		require.NoError(t, s.Scrub(t.Context(), []string{"imports"}))
		require.Empty(t, found(dump(t, raw, s.Dialect())))
		run(t, raw, `UPDATE imports SET plans_file = $1 WHERE id = $2`, plan("P-2"), before.ID.String())
		for _, im := range []domain.Import{sealed, before, upgraded} {
			done, _ := d.taken(t, im)
			require.Equal(t, 1, done.LinesAccepted)
		}

		third := d.started(t, leader, plan("P-3"), nil)
		run(t, raw, `UPDATE imports SET plans_file = attendance_file, attendance_file = plans_file WHERE id = $1`, third.ID.String())
		_, err := d.RunImport(t.Context(), d.home.MunicipalityID, third.ID, func(domain.Import) {})
		require.ErrorContains(t, err, "not sealed for this place")
		run(t, raw, `UPDATE imports SET plans_file = attendance_file, attendance_file = plans_file WHERE id = $1`, third.ID.String())
		_, _ = d.taken(t, third)
	})
}

// A CPR number in a cell where none belongs is not kept with the refused line.
func TestRefusedLinesQuoteNoCPR(t *testing.T) {
	eachBeside(t, func(t *testing.T, s *store.Store, raw *sql.DB) {
		d := importer(t, s)
		for _, number := range []string{"240390-4321", "2403904321"} {
			_, refused := d.offer(t, d.as(domain.TeamLeader), "", visitOn("1", 1, number, "03 10:00")+visitLine("2", 1, "P-1", "03-02-2026 10:00", number)+visitLine("3", 1, "P-1", number, "mødt"))
			require.Len(t, refused, 3)
			require.Empty(t, found(strings.Join(refused, "\n")))
			require.Contains(t, refused[2], "what is written", "the number is not quoted at all")
		}
		require.Empty(t, found(dump(t, raw, s.Dialect())))
	})
}
