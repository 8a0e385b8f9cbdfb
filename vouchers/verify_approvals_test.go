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

// Whatever is altered of who has approved what, wrote what, or was let, Verify
// names it.
func TestVerifyNoticesApprovals(t *testing.T) {
	eachBehind(t, func(t *testing.T, s *store.Store, raw *sql.DB) {
		b := busy{story: newStory(t, s), raw: raw}
		_, err := b.UpdateApprovalLimits(t.Context(), b.as(domain.Finance), 1, ApprovalLimitsInput{Steps: leaders(100000), CaseworkerGrant: 100})
		require.NoError(t, err)
		plan, _ := b.join(t, "P-1", b.steep(t, "200000", "1"))
		twice := b.attended(t, plan, "2026-02-03T09:00:00Z").Awards[0]
		_, e := b.join(t, "P-2", b.move)
		given, small, back := b.granted(t, b.as(domain.Caseworker), e.ID, 15000).Award, b.granted(t, b.as(domain.Caseworker), e.ID, 100).Award, b.granted(t, b.as(domain.Caseworker), e.ID, 500).Award
		for i, id := range []domain.ID{twice.ID, twice.ID, given.ID} {
			_, err := b.Approve(t.Context(), b.leader(i), Key{}, id, 0)
			require.NoError(t, err)
		}
		_, err = b.WithdrawGrant(t.Context(), b.as(domain.Caseworker), back.ID)
		require.NoError(t, err)
		held, _ := b.earn(t, "P-3", b.move)
		w, err := b.ProposeWithholding(t.Context(), b.leader(1), Key{}, WithholdingInput{AwardID: held.AwardID, Reason: "x", Evidence: "y"})
		require.NoError(t, err)
		_, err = b.ApproveWithholding(t.Context(), b.leader(2), Key{}, w.Value.ID)
		require.NoError(t, err)
		_, err = b.DemandApproval(t.Context(), b.leader(1), e.ID, DemandInput{Required: true, Reason: "x"})
		require.NoError(t, err)
		b.verified(t)

		version := twice.VersionID
		approval := func(set string, award domain.ID, person string) string {
			return fmt.Sprintf("UPDATE approvals SET %s WHERE award_id = '%s' AND person = '%s'", set, award, person)
		}
		award := func(set string, id domain.ID) string {
			return fmt.Sprintf("UPDATE awards SET %s WHERE id = '%s'", set, id)
		}
		for name, c := range map[string]struct{ statement, names string }{
			"the first approval is gone":  {fmt.Sprintf("DELETE FROM approvals WHERE award_id = '%s' AND person = 'leader0@varde.dk'", twice.ID), twice.ID.String()},
			"the second approval is gone": {fmt.Sprintf("DELETE FROM approvals WHERE award_id = '%s' AND person = 'leader1@varde.dk'", twice.ID), twice.ID.String()},
			"both by one person":          {approval("person = 'Leader1@varde.dk'", twice.ID, "leader0@varde.dk"), twice.ID.String()},
			"of something else":           {approval("award_version = 9", twice.ID, "leader0@varde.dk"), twice.ID.String()},
			"of less":                     {approval("amount = 100", twice.ID, "leader1@varde.dk"), twice.ID.String()},
			"by a stranger":               {approval("person = 'x@varde.dk'", twice.ID, "leader0@varde.dk"), "x@varde.dk"},
			"under other limits":          {approval("limits = 7", twice.ID, "leader0@varde.dk"), "limits 7"},
			"of no award":                 {approval("award_id = '"+back.ID.String()+"'", given.ID, "leader2@varde.dk"), given.ID.String()},
			"decided by another":          {award("decided_by = 'leader7@varde.dk'", twice.ID), twice.ID.String()},
			"more than was approved":      {award("amount = 250000", twice.ID), twice.ID.String()},
			"a grant: who proposed it":    {award("recorded_by = '[\"leader2@varde.dk\"]'", given.ID), given.ID.String()},
			"a grant: how much":           {award("amount = 14000", given.ID), given.ID.String()},
			"a grant: the day":            {award("reached_on = '2026-01-01'", given.ID), given.ID.String()},
			"a grant: explained":          {award("explanation = '{\"milestone\":1}'", given.ID), given.ID.String()},
			"a grant: not withdrawn":      {award("state = 'proposed', waits_since = created_at", back.ID), back.ID.String()},
			"a grant: not approved":       {fmt.Sprintf("DELETE FROM approvals WHERE award_id = '%s' AND person = 'leader2@varde.dk'", given.ID), given.ID.String()},
			"a grant: not proposed":       {fmt.Sprintf("DELETE FROM approvals WHERE award_id = '%s' AND step = 'proposed'", given.ID), given.ID.String()},
			"a grant: a visit's":          {award("milestone = 3, evidence = ''", given.ID), given.ID.String()},
			"a grant: gone":               {fmt.Sprintf("DELETE FROM awards WHERE id = '%s'", given.ID), given.ID.String()},
			"the limits were lower":       {"UPDATE approval_limits SET caseworker_grant = 99", small.ID.String()},
			"the limits were never":       {"DELETE FROM approval_limits", "limits"},
			"a limit's number":            {"UPDATE approval_limits SET number = 3", "limits 3"},
			"a step out of turn":          {approval("number = 2", twice.ID, "leader0@varde.dk"), twice.ID.String()},
			"a step of another role":      {approval("role = 'caseworker'", twice.ID, "leader0@varde.dk"), twice.ID.String()},
			"for somebody":                {approval("on_behalf_of = 'leader9@varde.dk'", twice.ID, "leader1@varde.dk"), "leader9@varde.dk"},
			"it waited for nothing":       {award("waits_because = '[]'", twice.ID), twice.ID.String()},
			"it waited for its amount":    {award("waits_because = '[\"programme\",\"amount\"]'", twice.ID), twice.ID.String()},
			"it waited for the person":    {award("waits_because = '[\"programme\",\"person\"]'", twice.ID), twice.ID.String()},
			"not withheld":                {award("state = 'rejected', reason = 'x'", held.AwardID), held.AwardID.String()},
			"withheld by one":             {fmt.Sprintf("UPDATE withholdings SET state = 'withdrawn', decided_by = proposed_by WHERE id = '%s'", w.Value.ID), w.Value.ID.String()},
			"withheld by nobody":          {fmt.Sprintf("UPDATE withholdings SET state = 'rejected', comment = 'x' WHERE id = '%s'", w.Value.ID), w.Value.ID.String()},
			"a demand is gone":            {"DELETE FROM approval_demands", e.ID.String()},
			"a demand of another day":     {fmt.Sprintf("UPDATE enrolments SET approval_until = '2030-01-01' WHERE id = '%s'", e.ID), e.ID.String()},
			"the amount had to wait":      {"UPDATE approval_limits SET automatic_most = 1, created_at = '2020-01-01 00:00:00+00:00'", held.AwardID.String()},
			"who wrote it adopted it":     {fmt.Sprintf("UPDATE programme_versions SET written_by = 'team_leader@varde.dk' WHERE id = '%s'", version), version.String()},
		} {
			b.alter(t, c.statement, func() {
				v, err := b.Verify(t.Context(), b.home.MunicipalityID)
				require.NoError(t, err, name)
				require.Contains(t, strings.Join(v.Differences, "\n"), c.names, name)
			})
		}
	})
}
