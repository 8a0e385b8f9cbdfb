package store_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// Whatever the application's role tries, row-level security stays on.
func TestApplicationCannotTurnItOff(t *testing.T) {
	n := newNeighbours(t)
	who := column(t, n.s, "SELECT session_user")[0]
	owner := column(t, n.owner, "SELECT session_user")[0]
	for _, attempt := range []string{
		"ALTER TABLE vouchers DISABLE ROW LEVEL SECURITY",
		"ALTER TABLE vouchers NO FORCE ROW LEVEL SECURITY",
		"ALTER TABLE vouchers OWNER TO " + who,
		"ALTER TABLE vouchers DISABLE TRIGGER ALL",
		"DROP POLICY one_municipality ON vouchers",
		"ALTER POLICY one_municipality ON vouchers USING (true)",
		"CREATE POLICY mine ON vouchers USING (true)",
		"SELECT isolate('vouchers')",
		"SET ROLE " + owner,
		"SET SESSION AUTHORIZATION " + owner,
		"GRANT " + owner + " TO " + who,
		"ALTER ROLE " + who + " BYPASSRLS",
		"ALTER ROLE " + who + " SUPERUSER",
		"CREATE ROLE another BYPASSRLS",
		"SET session_replication_role = replica",
		"SET row_security = off; SELECT * FROM vouchers",
		"ALTER VIEW attendances SET (security_invoker = false)",
		"CREATE OR REPLACE VIEW attendances AS SELECT * FROM attendance_events",
		"CREATE FUNCTION public.all_of_it() RETURNS SETOF vouchers LANGUAGE sql SECURITY DEFINER AS 'SELECT * FROM vouchers'",
		"CREATE TRIGGER mine BEFORE UPDATE ON vouchers EXECUTE FUNCTION refuse_change()",
		"CREATE TABLE public.mine AS SELECT * FROM vouchers",
		"CREATE SCHEMA mine",
		"DROP TABLE hat_entries",
		"TRUNCATE hat_entries",
		"DELETE FROM hat_entries",
		"UPDATE tokens SET kind = 'token', citizen_id = NULL",
		"UPDATE tokens SET person = 'somebody else'",
		"UPDATE tokens SET municipality_id = gen_random_uuid()",
		"UPDATE tokens SET terminal_id = NULL",
		"UPDATE citizen_links SET expires_at = now() + interval '1 year'",
		"UPDATE citizen_links SET citizen_id = gen_random_uuid()",
		"DELETE FROM citizen_links",
		"LOCK TABLE vouchers IN ACCESS EXCLUSIVE MODE; DELETE FROM vouchers",
		"COPY vouchers TO '/tmp/vouchers'",
		"UPDATE pg_class SET relrowsecurity = false",
		"INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, true)",
	} {
		conn, err := n.s.SQL().Conn(t.Context())
		require.NoError(t, err)
		_, err = conn.ExecContext(t.Context(), attempt)
		require.ErrorContains(t, err, "SQLSTATE 42501", attempt) // not allowed
		_, err = conn.ExecContext(t.Context(), "DISCARD ALL")
		require.NoError(t, err)
		require.NoError(t, conn.Close())
	}
	require.Empty(t, column(t, n.owner, unguarded))
	within(t, n.s, n.here.id(), func(tx *sql.Tx) {
		var all int
		require.NoError(t, tx.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM vouchers").Scan(&all))
		require.Equal(t, 1, all)
	})
}

// What PostgreSQL cannot know is whom the application works for: SQL that says
// another municipality is believed. docs/operations.md says so. It sees one
// municipality at a time even then.
func TestWhoSaysAnotherMunicipalityIsBelieved(t *testing.T) {
	n := newNeighbours(t)
	within(t, n.s, n.here.id(), func(tx *sql.Tx) {
		var found string
		_, err := tx.ExecContext(t.Context(), "SELECT set_config('fasthold.municipality', $1, true)", n.there.id().String())
		require.NoError(t, err)
		require.NoError(t, tx.QueryRowContext(t.Context(), "SELECT string_agg(DISTINCT municipality_id::text, ' ') FROM vouchers").Scan(&found))
		require.Equal(t, n.there.id().String(), found)
		_, err = tx.ExecContext(t.Context(), "SET fasthold.directory = 'on'")
		require.NoError(t, err)
		require.NoError(t, tx.QueryRowContext(t.Context(), "SELECT string_agg(DISTINCT municipality_id::text, ' ') FROM units").Scan(&found))
		require.Equal(t, n.there.id().String(), found, "the list of municipalities is all that the directory shows")
		_, err = tx.ExecContext(t.Context(), "SET fasthold.municipality = 'all'")
		require.NoError(t, err)
		_, err = tx.ExecContext(t.Context(), "SELECT * FROM vouchers")
		require.ErrorContains(t, err, "SQLSTATE 22P02", "there is no word for all of them")
	})
}

// What a connection was told ends with the transaction or the query, however
// that ends, and is never left for the next who uses it.
func TestNothingIsLeftOnTheConnection(t *testing.T) {
	n := newNeighbours(t)
	n.s.SQL().SetMaxOpenConns(1)
	read := func(tx *store.Tx) error {
		_, err := store.Get[domain.Unit](tx, n.here.unit.ID)
		return err
	}
	broken := func(tx *store.Tx) error {
		_, err := store.All[domain.Unit](tx, "no_such_column")
		return err
	}
	tokens := func(tx *store.Tx) error {
		return store.Each(tx, func(domain.Token) error { return errUndo })
	}
	for name, use := range map[string]func() error{
		"a read":             func() error { return n.s.Read(t.Context(), n.here.id(), read) },
		"a read that fails":  func() error { return n.s.Read(t.Context(), n.here.id(), broken) },
		"a read half done":   func() error { return n.s.Read(t.Context(), n.here.id(), tokens) },
		"a snapshot":         func() error { return n.s.Snapshot(t.Context(), n.here.id(), read) },
		"one that fails":     func() error { return n.s.Snapshot(t.Context(), n.here.id(), broken) },
		"a change":           func() error { return n.here.tries(t, n.s, read) },
		"one that is undone": func() error { return n.here.tries(t, n.s, func(*store.Tx) error { return errUndo }) },
		"a caller":           func() error { _, err := n.s.Caller(t.Context(), n.here.id(), n.here.token.Hash, noon); return err },
		"the list":           func() error { _, _, err := n.s.Municipalities(t.Context(), store.Page{Limit: 1}); return err },
		"a panic": func() (err error) {
			defer func() { err = errors.New(fmt.Sprint(recover())) }()
			return n.s.Write(t.Context(), n.here.actor(), func(tx *store.Tx) error { _ = read(tx); panic("x") })
		},
		"a caller who left": func() error {
			ctx, cancel := context.WithCancel(t.Context())
			return n.s.Read(ctx, n.here.id(), func(tx *store.Tx) error { cancel(); return read(tx) })
		},
	} {
		_ = use() // most fail, as they must
		for _, table := range []string{"units", "tokens", "municipalities"} {
			require.Equal(t, []string{"0"}, column(t, n.s, "SELECT COUNT(*)::text FROM "+table), "%s after %s", table, name)
		}
	}
}

// Many at once on few connections each see their own municipality.
func TestNobodyMixesThemUp(t *testing.T) {
	n := newNeighbours(t)
	n.s.SQL().SetMaxOpenConns(3)
	var all sync.WaitGroup
	failed := make(chan error, 16)
	for i := range 16 {
		w := []*town{n.here, n.there}[i%2]
		all.Go(func() {
			look := func(tx *store.Tx) error {
				rows, err := store.All[domain.Unit](tx, "")
				if err == nil && (len(rows) != 1 || rows[0].ID != w.unit.ID) {
					err = fmt.Errorf("%s saw %v", w.id(), rows)
				}
				return err
			}
			for range 25 {
				if err := errors.Join(n.s.Read(t.Context(), w.id(), look), n.s.Snapshot(t.Context(), w.id(), look)); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	all.Wait()
	close(failed)
	require.NoError(t, <-failed)
}

// A role that could escape is told apart from one that cannot.
func TestBound(t *testing.T) {
	address := storetest.Postgres(t)
	app, owner, raw := storetest.Open(t, address), storetest.Open(t, storetest.Owner(t, address)), storetest.Open(t, storetest.Superuser(t, address))
	require.NoError(t, app.Bound(t.Context()))
	require.ErrorContains(t, owner.Bound(t.Context()), "owns the database")
	require.ErrorContains(t, raw.Bound(t.Context()), "superuser")
	require.NoError(t, owner.Owned(t.Context()))
	require.NoError(t, raw.Owned(t.Context()))
	require.ErrorContains(t, app.Owned(t.Context()), "owner of the tables")
	require.ErrorContains(t, app.Scrub(t.Context(), []string{"units"}), "owner of the tables", "PostgreSQL would only warn")
	require.ErrorContains(t, app.Admit(t.Context(), address), "owner of the tables", "PostgreSQL would only warn")
	require.ErrorContains(t, owner.Admit(t.Context(), storetest.Owner(t, address)), "another role")

	role := "fasthold_test_" + strings.ToLower(rand.Text())
	run := func(statement string) {
		_, err := raw.SQL().ExecContext(t.Context(), fmt.Sprintf(statement, role))
		require.NoError(t, err, statement)
	}
	run("CREATE ROLE %[1]s LOGIN PASSWORD '%[1]s'")
	t.Cleanup(func() {
		_, err := raw.SQL().ExecContext(context.WithoutCancel(t.Context()), fmt.Sprintf("DROP OWNED BY %[1]s; DROP ROLE %[1]s", role))
		require.NoError(t, err)
	})
	u, err := url.Parse(address)
	require.NoError(t, err)
	u.User = url.UserPassword(role, role)
	s := storetest.Open(t, u.String())
	require.ErrorContains(t, s.Ready(t.Context()), "SQLSTATE 42501", "nobody has let it in")
	require.NoError(t, owner.Admit(t.Context(), u.String()))
	require.NoError(t, owner.Admit(t.Context(), u.String()), "again, after each migration")
	require.NoError(t, s.Ready(t.Context()))
	require.NoError(t, s.Bound(t.Context()))
	for give, take := range map[string]string{
		"ALTER ROLE %s BYPASSRLS":         "ALTER ROLE %s NOBYPASSRLS",
		"ALTER ROLE %s CREATEROLE":        "ALTER ROLE %s NOCREATEROLE",
		"GRANT fasthold_test_owner TO %s": "REVOKE fasthold_test_owner FROM %s",
		"ALTER TABLE hats OWNER TO %s":    "ALTER TABLE hats OWNER TO fasthold_test_owner; SET ROLE fasthold_test_owner; REVOKE ALL ON hats FROM %[1]s; GRANT SELECT, INSERT, UPDATE ON hats TO %[1]s; RESET ROLE",
	} {
		run(give)
		require.Error(t, s.Bound(t.Context()), give)
		run(take)
		require.NoError(t, s.Bound(t.Context()), take)
	}
}

// SQLite has no such roles, and nothing to say about them.
func TestBoundOnSQLite(t *testing.T) {
	s := storetest.Open(t, storetest.SQLite(t))
	require.NoError(t, s.Bound(t.Context()))
	require.NoError(t, s.Owned(t.Context()))
	require.NoError(t, s.Admit(t.Context(), "sqlite:x.db"))
}
