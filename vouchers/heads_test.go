package vouchers

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Whoever runs the database can change, remove or add what the logs say, and it
// is seen by a head that was kept elsewhere.
func TestHeadsShowTampering(t *testing.T) {
	eachBehind(t, func(t *testing.T, s *store.Store, raw *sql.DB) {
		d := newStory(t, s)
		_, secret := d.earn(t, "P-1", d.move)
		d.redeemed(t, d.till(t, "Kiosk", "groceries"), secret, 500)
		early := must(d.headAt(t.Context(), Head{Municipality: d.home.MunicipalityID}, time.Now().Truncate(time.Second)))
		late := must(d.headAt(t.Context(), early, time.Now().Add(time.Second).Truncate(time.Second)))
		require.Greater(t, late.Entries, 10)
		kept := ReadHeads(fmt.Sprintf("x\n{\"head\":%q}\n{\"head\":%q}", late, early))
		require.Equal(t, []Head{early, late}, kept)
		check := func() (differences []string) {
			differences, compared, err := d.CheckHeads(t.Context(), d.home.MunicipalityID, append(kept, Head{Municipality: store.NewID()}))
			require.NoError(t, err)
			require.Equal(t, 2, compared)
			return differences
		}
		require.Empty(t, check())

		busy := busy{story: d, raw: raw}
		one := func(table string) string {
			var id string
			require.NoError(t, raw.QueryRowContext(t.Context(), "SELECT CAST(id AS TEXT) FROM "+table+" ORDER BY id DESC LIMIT 1").Scan(&id))
			return id
		}
		for _, statement := range []string{
			"UPDATE audit_entries SET person = 'somebody@varde.dk' WHERE id = '" + one("audit_entries") + "'",
			"UPDATE audit_entries SET created_at = '2020-01-01 00:00:00+00:00' WHERE id = '" + one("audit_entries") + "'",
			"DELETE FROM audit_entries WHERE id = '" + one("audit_entries") + "'",
			"UPDATE accesses SET purpose = 'other' WHERE id = '" + one("accesses") + "'",
			"DELETE FROM accesses WHERE id = '" + one("accesses") + "'",
		} {
			busy.alter(t, statement, func() { require.NotEmpty(t, check(), statement) })
		}
		require.Empty(t, check(), "put back as it was")
		_, err := raw.ExecContext(t.Context(), fmt.Sprintf("INSERT INTO audit_entries (municipality_id, id, person, role, token_id, action, object, object_id, detail, request_id, created_at) SELECT municipality_id, '%s', person, role, token_id, action, object, object_id, detail, request_id, created_at FROM audit_entries WHERE id = '%s'",
			firstID(early.Until.Add(-time.Hour)), one("audit_entries")))
		require.NoError(t, err)
		require.Len(t, check(), 2, "each head up to which something was added")
		_, err = raw.ExecContext(t.Context(), fmt.Sprintf("DELETE FROM audit_entries WHERE id = '%s'", firstID(early.Until.Add(-time.Hour))))
		require.NoError(t, err)
	})
}

// A head takes in only what is old enough that nothing can still come before it,
// and goes on from where the last one was.
func TestHead(t *testing.T) {
	eachBehind(t, func(t *testing.T, s *store.Store, _ *sql.DB) {
		d := newDesk(t, s)
		d.time.set(time.Now().Add(time.Minute))
		none := must(d.Head(t.Context(), Head{Municipality: d.home.MunicipalityID}))
		require.Zero(t, none.Entries)
		d.time.add(HeadAge)
		all := must(d.Head(t.Context(), none))
		require.Positive(t, all.Entries)
		require.Equal(t, all, must(d.Head(t.Context(), all)))
		require.Equal(t, all, must(d.Head(t.Context(), Head{Municipality: d.home.MunicipalityID})))
		require.Equal(t, all, must(d.Verify(t.Context(), d.home.MunicipalityID)).Head)
		require.Empty(t, ReadHeads("nothing 2026-99-99T00:00:00Z"))
		require.Equal(t, domain.ID{}, firstID(time.Time{}))
	})
}
