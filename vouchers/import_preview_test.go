package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// TestPreviewImport: a preview tells what the import then does, and does nothing.
func TestPreviewImport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := importer(t, s)
		ctx, leader := t.Context(), d.as(domain.TeamLeader)
		in := Export{
			ProgrammeID: d.move.ID, Plans: []byte(planHeading + "P1;B1;01-06-1995;Nord;02-02-2026;move-2026\nP2;B2;01-06-2015;Nord;02-02-2026;move-2026\nP3;B3;i går;Nord;02-02-2026;move-2026\n"),
			Attendance: []byte(visitHeading + visitLine("a", 1, "P1", "03-02-2026 10:00", "mødt") + visitLine("b", 1, "P1", "10-02-2026 10:00", "mødt") + visitLine("c", 1, "P9", "10-02-2026 10:00", "mødt")),
		}
		before := must(d.Plans(ctx, leader, ten, PlanFilter{})).Rows
		p := must(d.PreviewImport(ctx, leader, in))
		require.Equal(t, before, must(d.Plans(ctx, leader, ten, PlanFilter{})).Rows, "nothing was done")
		require.Empty(t, must(d.Imports(ctx, leader, ten)).Rows)
		require.Equal(t, []int{1, 20000, 3}, []int{p.Vouchers, int(p.Amount), p.Checked})

		done, lines := d.taken(t, d.started(t, leader, in.Plans, in.Attendance))
		require.Equal(t, []int{done.Vouchers, done.LinesAccepted, done.LinesRefused, done.PlansTotal}, []int{p.Vouchers, p.Accepted, len(p.Refused), p.Plans})
		for _, line := range lines {
			line.MunicipalityID, line.ImportID = domain.ID{}, domain.ID{}
			require.Contains(t, p.Refused, line)
		}
		_, err := d.PreviewImport(ctx, d.as(domain.Caseworker), in)
		require.Equal(t, domain.Forbidden, domain.KindOf(err))
		_, err = d.PreviewImport(ctx, leader, Export{ProgrammeID: d.move.ID, Plans: []byte("hello")})
		require.Equal(t, domain.Invalid, domain.KindOf(err))
	})
}
