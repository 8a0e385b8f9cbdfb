package vouchers

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Verify names whoever is erased and has a plan that runs, and whose time is counted
// from a day on which it cannot have begun.
func TestVerifyErased(t *testing.T) {
	eachBeside(t, func(t *testing.T, s *store.Store, raw *sql.DB) {
		d := newStory(t, s)
		runs, ended, gone := d.plan(t, "P-1", "2026-02-02"), d.plan(t, "P-2", "2026-02-02"), d.plan(t, "P-3", "2026-02-02")
		d.ends(t, ended.ID)
		d.ends(t, gone.ID)
		require.NoError(t, d.Erase(t.Context(), keyJob(d.home.MunicipalityID), gone.CitizenID))
		d.verified(t)
		set := func(of domain.Plan, closed string) {
			run(t, raw, "UPDATE citizens SET closed_on = "+closed+" WHERE id = '"+of.CitizenID.String()+"'")
		}
		for _, c := range []struct {
			of           domain.Plan
			closed, back string
			says         string
		}{
			{runs, "'2026-03-02'", "NULL", "while a plan runs is true"},
			{ended, "NULL", "'2026-03-02'", `is closed on ""`},
			{ended, "'2026-03-01'", "'2026-03-02'", "a plan ended on 2026-03-02"},
			{gone, "'2026-03-02'", "NULL", "erased is true"},
		} {
			set(c.of, c.closed)
			found := must(d.Verify(t.Context(), d.home.MunicipalityID)).Differences
			require.Contains(t, strings.Join(found, "\n"), c.says)
			set(c.of, c.back)
		}
		run(t, raw, "UPDATE plans SET citizen_id = '"+gone.CitizenID.String()+"' WHERE id = '"+runs.ID.String()+"'")
		found := must(d.Verify(t.Context(), d.home.MunicipalityID)).Differences
		require.Contains(t, strings.Join(found, "\n"), "is erased, and a plan runs")
		run(t, raw, "UPDATE plans SET citizen_id = '"+runs.CitizenID.String()+"' WHERE id = '"+runs.ID.String()+"'")
	})
}
