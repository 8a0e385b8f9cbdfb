package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// What happened cannot be changed or deleted, not even at the SQL prompt.
func TestAppendOnly(t *testing.T) {
	storetest.EachAs(t, storetest.Superuser, func(t *testing.T, s *store.Store) {
		settled(t, s)
		for table, column := range map[string]string{
			"approvals": "role", "approval_demands": "reason", "approval_limits": "changed_by",
			"payment_settings": "name", "payment_files": "document", "journal_formats": "changed_by",
			"budget_changes":    "reason",
			"attendance_events": "outcome", "enrolment_moves": "reason", "award_adjustments": "cause", "draw_seeds": "seed", "hats": "title", "hat_entries": "created_by", "redemptions": "currency", "reversals": "reason", "ledger_postings": "currency", "bank_statements": "uploaded_by", "closings": "closed_by", "closing_totals": "account", "audit_entries": "action", "accesses": "purpose",
		} {
			statements := []string{"UPDATE " + table + " SET " + column + " = 'x'", "UPDATE " + table + " SET " + column + " = " + column, "DELETE FROM " + table}
			if s.Dialect() == "postgres" {
				statements = append(statements, "TRUNCATE "+table+" CASCADE")
			}
			for _, statement := range statements {
				_, err := s.SQL().ExecContext(t.Context(), statement)
				require.ErrorContains(t, err, table+" is append-only", statement)
			}
			require.Equal(t, []string{"0"}, spoilt(t, s, table, column), table)
		}
	})
}

// spoilt counts the rows of a table that were spoilt.
func spoilt(t testing.TB, s *store.Store, table, name string) []string {
	return column(t, s, fmt.Sprintf("SELECT CAST(COUNT(*) AS TEXT) FROM %s WHERE %s = 'x'", table, name))
}

// An adopted version never changes but for its end; a draft does.
func TestAdoptedVersionsAreImmutable(t *testing.T) {
	storetest.EachAs(t, storetest.Superuser, func(t *testing.T, s *store.Store) {
		w := settled(t, s)
		run := func(statement string) error {
			_, err := s.SQL().ExecContext(t.Context(), statement)
			return err
		}
		const of = " WHERE state = 'adopted'"
		for _, set := range []string{
			"document = '{}'", "number = 9", "adopted_by = 'x'", "adopted_on = '2026-01-01'", "in_force_from = '2027-01-01'", "recorded_by = 'x'", "written_by = 'x'", "state = 'draft'",
			"adopted_on = NULL", "programme_id = '" + store.NewID().String() + "'",
		} {
			require.ErrorContains(t, run("UPDATE programme_versions SET "+set+of), "immutable", set)
		}
		require.ErrorContains(t, run("DELETE FROM programme_versions"+of), "immutable")
		require.NoError(t, run("UPDATE programme_versions SET state = 'ended', in_force_to = '2026-12-31', version = 2"+of))
		require.ErrorContains(t, run("UPDATE programme_versions SET document = '{}' WHERE state = 'ended'"), "immutable")
		draft := w.version
		draft.ID, draft.Number, draft.State = store.NewID(), 2, domain.VersionDraft
		w.writes(t, s, func(tx *store.Tx) error { return store.Insert(tx, &draft) })
		require.NoError(t, run("UPDATE programme_versions SET document = '{}' WHERE state = 'draft'"))
		require.NoError(t, run("DELETE FROM programme_versions WHERE state = 'draft'"))
	})
}

// PostgreSQL itself refuses an entry that does not sum to zero.
func TestUnbalancedEntry(t *testing.T) {
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		s := storetest.Open(t, storetest.Postgres(t))
		w := settled(t, s)
		book := ledger.Book{At: noon, On: domain.Date{Year: 2026, Month: 3, Day: 2}, NewID: store.NewID}
		for name, spoil := range map[string]func(ledger.Entry) ledger.Entry{
			"half an entry": func(e ledger.Entry) ledger.Entry { return e[:1] }, "a krone too much": func(e ledger.Entry) ledger.Entry { e[0].Amount++; return e },
			"two currencies": func(e ledger.Entry) ledger.Entry { e[0].Currency = "EUR"; return e },
			"two entries":    func(e ledger.Entry) ledger.Entry { e[0].EntryID = store.NewID(); return e },
		} {
			e := spoil(book.Issue(w.voucher))
			require.ErrorContains(t, w.tries(t, s, func(tx *store.Tx) error { return tx.Append(&e) }), "out of balance", name)
			require.ErrorContains(t, w.tries(t, s, func(tx *store.Tx) error { return store.Insert(tx, &e) }), "out of balance", name)
		}
		good := book.Issue(w.voucher)
		w.writes(t, s, func(tx *store.Tx) error { return tx.Append(&good) })
	})
}

// The database knows which balance each state may have, and that a voucher, an
// award and a posting cannot be what they must not be.
func TestChecks(t *testing.T) {
	storetest.EachAs(t, storetest.Superuser, func(t *testing.T, s *store.Store) {
		settled(t, s) // the voucher's amount is 200
		try := func(table, set string) error {
			conn, err := s.SQL().Conn(t.Context())
			require.NoError(t, err)
			defer func() { _ = conn.Close() }()
			_, err = conn.ExecContext(t.Context(), "BEGIN")
			require.NoError(t, err)
			defer func() { _, _ = conn.ExecContext(context.WithoutCancel(t.Context()), "ROLLBACK") }()
			_, err = conn.ExecContext(t.Context(), "UPDATE "+table+" SET "+set)
			return err
		}
		for state, ok := range map[domain.VoucherState][]int{
			domain.Issued: {200}, domain.PartlyRedeemed: {1, 199}, domain.Blocked: {0, 1, 199, 200}, domain.Redeemed: {0}, domain.Expired: {0}, domain.Void: {0}, "lost": nil,
		} {
			for _, balance := range []int{-1, 0, 1, 199, 200, 201} {
				allowed := false
				for _, b := range ok {
					allowed = allowed || b == balance
				}
				err := try("vouchers", fmt.Sprintf("state = '%s', balance = %d", state, balance))
				require.Equal(t, allowed, err == nil, "%s %d: %v", state, balance, err)
			}
		}
		require.Error(t, try("vouchers", "state = 'replaced', balance = 0"), "by what?")
		require.NoError(t, try("vouchers", "state = 'replaced', balance = 0, replaced_by_id = id"))
		for table, sets := range map[string][]string{
			"vouchers": {"amount = 0, balance = 0", "amount = -1", "valid_to = valid_from", "issued_by = ''", "currency = 'kr'"},
			"awards":   {"granted = -1", "amount = -1", "milestone = 0", "state = 'lost'", "state = 'denied'", "state = 'rejected', granted = 0", "reserved = -1", "state = 'issued', reserved = 1"},
			"budgets":  {"amount = -1", "year = 26", "currency = 'kr'"}, "budget_slices": {"free = -1"},
			"enrolments": {"state = 'ended'", "ended_on = '2026-01-01'"},
			"plans":      {"end_reason = ''", "end_date = NULL", "end_date = '2026-03-01'", "reference = ''"},
			"partners":   {"cvr = '1234567'", "state = 'gone'"},
			"tokens":     {"role = 'system'", "partner_id = NULL", "role = 'caseworker'"},
			"programmes": {"slug = ''"}, "units": {"name = ''"}, "goals": {"state = 'open'", "reached_on = NULL", "wording = ''"}, "municipalities": {"reversal_minutes = -1"},
		} {
			for _, set := range sets {
				require.Error(t, try(table, set), "%s: %s", table, set)
			}
		}
	})
}

// Nobody, not even at the SQL prompt, deletes what may let somebody in: neither
// an API token or a till's key, nor a sign-in that has not ended.
func TestTokensAreKept(t *testing.T) {
	storetest.EachAs(t, storetest.Superuser, func(t *testing.T, s *store.Store) {
		w := settled(t, s)
		ended, at := noon.Add(-time.Hour), noon.Add(time.Hour)
		token := func(kind domain.Credential, role domain.Role, revoked *time.Time) domain.ID {
			made := domain.Token{MunicipalityID: w.id(), ID: store.NewID(), Kind: kind, Person: "kl@varde.dk", Role: role, CreatedAt: noon.Add(-2 * time.Hour), ExpiresAt: &at, RevokedAt: revoked}
			made.Hash = make([]byte, 32)
			copy(made.Hash, made.ID[:])
			w.writes(t, s, func(tx *store.Tx) error { return store.Insert(tx, &made) })
			return made.ID
		}
		remove := func(id domain.ID) error {
			_, err := s.SQL().ExecContext(t.Context(), "DELETE FROM tokens WHERE id = '"+id.String()+"'")
			return err
		}
		for what, id := range map[string]domain.ID{
			"an API token": token(domain.ByToken, domain.Finance, nil), "one that ended": token(domain.ByToken, domain.Finance, &ended), "a sign-in": token(domain.BySignIn, domain.Finance, nil),
		} {
			require.ErrorContains(t, remove(id), "only ended sign-ins", what)
		}
		require.NoError(t, remove(token(domain.BySignIn, domain.Finance, &ended)))
	})
}
