package vouchers

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Whatever is altered of budgets, of what is reserved or of what is free, Verify
// names it.
func TestVerifyNoticesBudgets(t *testing.T) {
	eachBehind(t, func(t *testing.T, s *store.Store, raw *sql.DB) {
		b := busy{story: newStory(t, s), raw: raw}
		budget := b.budget(t, b.move.ID, 100_000)
		other := b.budget(t, b.proposes(t).ID, 100_000)
		b.appropriates(t, budget, 5_000)
		v, _ := b.earn(t, "P-1", b.move)
		_, e := b.join(t, "P-2", b.move)
		waits := b.granted(t, b.as(domain.Caseworker), e.ID, 15000).Award
		b.verified(t)
		award := func(set string, id domain.ID) string {
			return fmt.Sprintf("UPDATE awards SET %s WHERE id = '%s'", set, id)
		}
		of := func(table, set string) string {
			return fmt.Sprintf("UPDATE %s SET %s WHERE budget_id = '%s'", table, set, budget.ID)
		}
		for name, c := range map[string]struct{ statement, names string }{
			"more is free":               {of("budget_slices", "free = free + 1"), budget.ID.String()},
			"a slice is gone":            {"DELETE FROM budget_slices WHERE budget_id = '" + budget.ID.String() + "'", budget.ID.String()},
			"more is appropriated":       {fmt.Sprintf("UPDATE budgets SET amount = amount + 1 WHERE id = '%s'", budget.ID), budget.ID.String()},
			"a change is gone":           {fmt.Sprintf("DELETE FROM budget_changes WHERE budget_id = '%s' AND number = 2", budget.ID), budget.ID.String()},
			"a change was another":       {of("budget_changes", "amount = amount + 1") + " AND number = 1", budget.ID.String()},
			"a change was another day":   {of("budget_changes", "booked_on = '2026-01-01'") + " AND number = 1", budget.ID.String()},
			"nobody made it":             {fmt.Sprintf("DELETE FROM audit_entries WHERE action = 'createBudget' AND object_id = '%s'", budget.ID), budget.ID.String()},
			"nobody changed it":          {fmt.Sprintf("DELETE FROM audit_entries WHERE action = 'changeBudget' AND object_id = '%s'", budget.ID), budget.ID.String()},
			"it is of another year":      {fmt.Sprintf("UPDATE budgets SET year = 2025 WHERE id = '%s'", budget.ID), budget.ID.String()},
			"it is of another programme": {fmt.Sprintf("UPDATE budgets SET programme_id = '%s', year = 2027 WHERE id = '%s'", other.ProgrammeID, budget.ID), budget.ID.String()},
			"more is reserved":           {award("reserved = 15001", waits.ID), waits.ID.String()},
			"less is reserved":           {award("reserved = 14999", waits.ID), waits.ID.String()},
			"reserved of another":        {award("budget_id = '"+other.ID.String()+"'", waits.ID), waits.ID.String()},
			"reserved of none":           {award("budget_id = NULL", waits.ID), waits.ID.String()},
			"issued of another":          {award("budget_id = '"+other.ID.String()+"'", v.AwardID), v.AwardID.String()},
			"a voucher of another":       {fmt.Sprintf("UPDATE vouchers SET budget_id = '%s' WHERE id = '%s'", other.ID, v.ID), v.ID.String()},
			"a voucher of none":          {fmt.Sprintf("UPDATE vouchers SET budget_id = NULL WHERE id = '%s'", v.ID), v.ID.String()},
			"a posting of another":       {fmt.Sprintf("UPDATE ledger_postings SET budget_id = '%s' WHERE award_id = '%s' AND account = 'reserved'", other.ID, waits.ID), waits.ID.String()},
			"a posting of none":          {fmt.Sprintf("UPDATE ledger_postings SET budget_id = NULL WHERE voucher_id = '%s' AND account = 'outstanding'", v.ID), v.ID.String()},
			"nothing was reserved":       {fmt.Sprintf("DELETE FROM ledger_postings WHERE award_id = '%s' AND account = 'reserved'", waits.ID), waits.ID.String()},
			"issued past the budget":     {fmt.Sprintf("UPDATE ledger_postings SET account = 'budget' WHERE voucher_id = '%s' AND account = 'reserved'", v.ID), v.AwardID.String()},
		} {
			b.alter(t, c.statement, func() {
				v, err := b.Verify(t.Context(), b.home.MunicipalityID)
				require.NoError(t, err, name)
				require.Contains(t, strings.Join(v.Differences, "\n"), c.names, name)
			})
		}
	})
}
