package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

func TestAudit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, other := newDesk(t, s), newDesk(t, s)
		ctx, auditor := t.Context(), d.as(domain.Auditor)
		anna := d.citizen(t, "B-1")
		morning := d.now()
		d.time.setDate("2026-03-03")
		_, err := d.UpdateCitizen(ctx, d.as(domain.TeamLeader), anna.ID, 1, CitizenChange{Name: new("Anna")})
		require.NoError(t, err)
		other.citizen(t, "B-1")

		for name, c := range map[string]struct {
			filter AuditFilter
			want   []string
		}{
			"all":     {AuditFilter{}, []string{"updateCitizen", "createCitizen", "createUnit", "createMunicipality"}},
			"object":  {AuditFilter{Object: "citizen", ObjectID: anna.ID}, []string{"updateCitizen", "createCitizen"}},
			"person":  {AuditFilter{Person: "team_leader@varde.dk"}, []string{"updateCitizen"}},
			"action":  {AuditFilter{Action: "createUnit"}, []string{"createUnit"}},
			"from":    {AuditFilter{Period: Period{From: d.now()}}, []string{"updateCitizen"}},
			"until":   {AuditFilter{Object: "citizen", Period: Period{Until: d.now()}}, []string{"createCitizen"}},
			"between": {AuditFilter{Object: "citizen", Period: Period{From: morning, Until: d.now()}}, []string{"createCitizen"}},
			"nobody":  {AuditFilter{Person: "\x00"}, nil},
		} {
			l, err := d.AuditEntries(ctx, auditor, ten, c.filter)
			require.NoError(t, err, name)
			var got []string
			for _, e := range l.Rows {
				got = append(got, e.Action)
			}
			require.Equal(t, c.want, got, name)
		}
		l, err := d.AuditEntries(ctx, auditor, store.Page{Limit: 1}, AuditFilter{})
		require.NoError(t, err)
		entry, err := d.AuditEntry(ctx, auditor, l.Rows[0].ID)
		require.NoError(t, err)
		require.Equal(t, l.Rows[0], entry)
		require.Equal(t, []any{domain.TeamLeader, "req-team_leader", d.as(domain.TeamLeader).TokenID}, []any{entry.Role, entry.RequestID, entry.TokenID})
		_, err = d.AuditEntry(ctx, other.as(domain.Auditor), entry.ID)
		refused(t, err, domain.NotFound)
		forbidden(t, d, map[domain.Action]func(domain.Actor) error{
			"listAuditEntries": func(a domain.Actor) error { _, err := d.AuditEntries(ctx, a, ten, AuditFilter{}); return err },
			"getAuditEntry":    func(a domain.Actor) error { _, err := d.AuditEntry(ctx, a, entry.ID); return err },
		})
	})
}
