package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// neighbours are two municipalities in one database, opened as a server does, as
// its owner, and as somebody whom nothing binds.
type neighbours struct {
	s, owner, raw *store.Store
	here, there   *town
}

// newNeighbours makes them. Their texts are not sealed, so that the queries for
// such texts have something to find.
func newNeighbours(t *testing.T) (n neighbours) {
	t.Helper()
	address := storetest.Postgres(t)
	n.s, n.owner, n.raw = storetest.Open(t, address), storetest.Open(t, storetest.Owner(t, address)), storetest.Open(t, storetest.Superuser(t, address))
	n.here, n.there = settled(t, n.s), settled(t, n.s)
	for _, w := range []*town{n.here, n.there} {
		without := w.voucher
		without.BudgetID = nil
		issued := ledger.Book{At: noon, On: domain.Date{Year: 2026, Month: 3, Day: 2}, NewID: store.NewID}.Issue(without)
		loose := w.redemption // in no run, and its voucher was blocked after it
		loose.ID, loose.ClientRedemptionID = store.NewID(), "bon 2"
		left := w.citizen // long ago, and nothing is left of them
		left.ID, left.Reference, left.CPRHash, left.ClosedOn = store.NewID(), "B-left", nil, domain.Date{Year: 2026, Month: 1, Day: 1}
		w.writes(t, n.s, func(tx *store.Tx) error {
			paid := ledger.Book{At: noon, On: domain.Date{Year: 2026, Month: 3, Day: 2}, NewID: store.NewID}.Pay(ledger.Payment{
				MunicipalityID: w.id(), SettlementID: w.payment.ID, PartnerID: w.partner.ID, Reference: w.payment.ID, Currency: "DKK",
				Shares: []ledger.Share{{ProgrammeID: w.programme.ID, UnitID: w.unit.ID, Amount: 50}},
			})
			if err := tx.Append(&issued, &loose, &paid, &left); err != nil {
				return err
			}
			return tx.Audit("blockVoucher", "voucher", w.voucher.ID, noon, nil)
		})
	}
	statements := []string{`UPDATE idempotency_keys SET result = '{"Reason":"x"}'`}
	for _, column := range store.PersonalColumns {
		table, name, _ := strings.Cut(column, ".")
		statements = append(statements, "UPDATE "+table+" SET "+name+" = 'plain'")
	}
	_, err := n.raw.SQL().ExecContext(t.Context(), "SET LOCAL session_replication_role = replica; "+strings.Join(statements, ";"))
	require.NoError(t, err)
	return n
}

// contents is everything in the database, as text.
func contents(t *testing.T, raw *store.Store) (all []string) {
	for _, table := range tables(t, raw) {
		all = append(all, column(t, raw, "SELECT '"+table+" ' || row_to_json(r)::text FROM "+table+" r ORDER BY 1")...)
	}
	return all
}

var errUndo = errors.New("only tried")

// Where the database was told one municipality, every query of the store that
// names another finds nothing there and changes nothing, whichever way it is
// sent; told the right one, it does.
func TestEveryQueryIsIsolated(t *testing.T) {
	n := newNeighbours(t)
	s, raw, here, there := n.s, n.raw, n.here, n.there
	actor := there.actor()
	actor.TokenID, actor.TerminalID = there.token.ID, there.terminal.ID
	before := contents(t, raw)
	ask := func(way func(context.Context, domain.ID, domain.Actor, func(*store.Tx) error) error, told domain.ID, q query, after error) (rows int, err error) {
		err = way(t.Context(), told, actor, func(tx *store.Tx) (err error) {
			if rows, err = q(tx, there); err != nil {
				return err
			}
			return after
		})
		return rows, err
	}
	for name, q := range reads() {
		ways := map[string]func(context.Context, domain.ID, domain.Actor, func(*store.Tx) error) error{"alone": s.ReadElsewhere, "in a transaction": s.WriteElsewhere}
		for way, run := range ways {
			rows, err := ask(run, there.id(), q, nil)
			require.NoError(t, err, "%s %s", name, way)
			require.Positive(t, rows, "%s %s finds its own", name, way)
			rows, err = ask(run, here.id(), q, nil)
			require.NoError(t, err, "%s %s", name, way)
			require.Zero(t, rows, "%s %s sees another's", name, way)
		}
	}
	for name, q := range changes() {
		rows, err := ask(s.WriteElsewhere, there.id(), q, errUndo)
		require.ErrorIs(t, err, errUndo, "%s changes its own", name)
		require.Positive(t, rows, name)
		rows, err = ask(s.WriteElsewhere, here.id(), q, nil)
		require.True(t, err != nil || rows == 0, "%s changes another's", name)
	}
	require.Equal(t, before, contents(t, raw))

	for _, w := range []*town{here, there} { // whose tokens have the same hash
		found, err := s.Caller(t.Context(), w.id(), w.token.Hash, noon)
		require.NoError(t, err)
		require.Equal(t, w.token.ID, found.TokenID)
	}
	all, _, err := s.Municipalities(t.Context(), store.Page{Limit: 9})
	require.NoError(t, err)
	require.Len(t, all, 2, "the list of municipalities is the one thing that is read across them")
}

// No query of the store is missing from the test above.
func TestEveryQueryIsAmongThem(t *testing.T) {
	tested := map[string]bool{"Actor": true, "Become": true, "Reach": true, "Flush": true, "After": true, "Concern": true, "Concerned": true, "UnderEmergency": true, "For": true, "Zone": true, "Book": true, "Post": true, "LastClosed": true, "LockBooks": true, "LockHolds": true} // no queries, or such as are tested
	for _, name := range slices.Concat(slices.Collect(maps.Keys(reads())), slices.Collect(maps.Keys(changes()))) {
		name, _, _ = strings.Cut(name, " ")
		tested[name] = true
	}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.IsExported() && takesTx(f) {
				require.True(t, tested[f.Name.Name], "%s: add it to reads or changes", f.Name.Name)
			}
		}
	}
	for _, noun := range nouns {
		require.Contains(t, reads(), "All "+strings.TrimPrefix(fmt.Sprintf("%T", noun), "*"))
	}
}

// takesTx reports whether a function works on a transaction.
func takesTx(f *ast.FuncDecl) bool {
	fields := f.Type.Params.List
	if f.Recv != nil {
		fields = slices.Concat(fields, f.Recv.List)
	}
	return slices.ContainsFunc(fields, func(field *ast.Field) bool {
		pointer, ok := field.Type.(*ast.StarExpr)
		if !ok {
			return false
		}
		name, ok := pointer.X.(*ast.Ident)
		return ok && name.Name == "Tx"
	})
}

// unguarded lists the tables and views of the catalogue that something is missing
// from: the rule of one municipality, for all roles and commands, also for the
// owner, and no other rule; a view that is read with its reader's rights.
const unguarded = `
SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relname <> 'goose_db_version' AND CASE
  WHEN c.relkind IN ('r', 'p') THEN NOT (c.relrowsecurity AND c.relforcerowsecurity)
    OR (SELECT array_agg(format('%s %s %s %s %s', p.policyname, p.permissive, p.roles, p.cmd, COALESCE(p.with_check, p.qual)) ORDER BY p.policyname) FROM pg_policies p WHERE p.tablename = c.relname)
      IS DISTINCT FROM CASE c.relname
        WHEN 'municipalities' THEN ARRAY['directory PERMISSIVE {public} SELECT (current_setting(''fasthold.directory''::text, true) = ''on''::text)']
        WHEN 'terminal_codes' THEN ARRAY['by_code PERMISSIVE {public} SELECT (hash = decode(NULLIF(current_setting(''fasthold.terminal_code''::text, true), ''''::text), ''hex''::text))']
        ELSE ARRAY[]::text[] END
        || ARRAY['one_municipality PERMISSIVE {public} ALL (municipality_id = (NULLIF(current_setting(''fasthold.municipality''::text, true), ''''::text))::uuid)']
  WHEN c.relkind = 'v' THEN NOT COALESCE('security_invoker=true' = ANY (c.reloptions), false)
  ELSE c.relkind NOT IN ('i', 'I', 'S') END`

// A table that a later step forgets to isolate, or whose rule is another, is
// found; so is a view that shows what its reader may not see, or any other kind.
func TestEveryTableIsIsolated(t *testing.T) {
	address := storetest.Postgres(t)
	owner := storetest.Open(t, storetest.Owner(t, address))
	require.Empty(t, column(t, owner, unguarded))
	require.NoError(t, storetest.Open(t, address).Bound(t.Context()))
	for name, spoil := range map[string]string{
		"forgotten": "CREATE TABLE forgotten (municipality_id UUID)",
		"units":     "ALTER TABLE units NO FORCE ROW LEVEL SECURITY",
		"goals":     "CREATE POLICY wider ON goals USING (true)",
		"plans":     "ALTER POLICY one_municipality ON plans WITH CHECK (true)",
		"seen":      "CREATE VIEW seen AS SELECT * FROM citizens",
		"copied":    "CREATE MATERIALIZED VIEW copied AS SELECT * FROM citizens",
	} {
		_, err := owner.SQL().ExecContext(t.Context(), spoil)
		require.NoError(t, err)
		require.Contains(t, column(t, owner, unguarded), name)
	}
	require.ErrorContains(t, storetest.Open(t, address).Bound(t.Context()), "has no row-level security")
	_, err := owner.SQL().ExecContext(t.Context(), "SELECT isolate('forgotten')")
	require.NoError(t, err)
	require.NotContains(t, column(t, owner, unguarded), "forgotten")
}

// within runs SQL in a transaction for one municipality, or for none when it is
// the zero ID, and undoes it.
func within(t *testing.T, s *store.Store, municipality domain.ID, fn func(tx *sql.Tx)) {
	t.Helper()
	tx, err := s.SQL().BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, tx.Rollback()) }()
	if municipality != (domain.ID{}) {
		_, err = tx.ExecContext(t.Context(), "SELECT set_config('fasthold.municipality', $1, true)", municipality.String())
		require.NoError(t, err)
	}
	fn(tx)
}

// SQL that names no municipality at all sees and changes the rows of the one
// that the transaction is for, and none without one. That binds the owner too.
func TestForgottenWhere(t *testing.T) {
	n := newNeighbours(t)
	s, raw, here := n.s, n.raw, n.here
	ctx := t.Context()
	number := func(tx *sql.Tx, query string, args ...any) (n int) {
		require.NoError(t, tx.QueryRowContext(ctx, query, args...).Scan(&n), query)
		return n
	}
	for _, table := range tables(t, raw) {
		for _, who := range []*store.Store{s, n.owner} {
			within(t, who, domain.ID{}, func(tx *sql.Tx) { require.Zero(t, number(tx, "SELECT COUNT(*) FROM "+table), table) })
			within(t, who, here.id(), func(tx *sql.Tx) {
				mine := number(tx, "SELECT COUNT(*) FROM "+table+" WHERE municipality_id = $1", here.id().String())
				require.Positive(t, mine, table)
				require.Equal(t, mine, number(tx, "SELECT COUNT(*) FROM "+table), table)
			})
		}
		may := column(t, s, "SELECT 'yes' WHERE has_table_privilege($1, 'UPDATE')", table)
		if len(may) == 0 {
			continue
		}
		within(t, s, here.id(), func(tx *sql.Tx) {
			mine := number(tx, "SELECT COUNT(*) FROM "+table)
			done, err := tx.ExecContext(ctx, "UPDATE "+table+" SET municipality_id = municipality_id")
			if err != nil { // a guard of its own keeps the table from it
				require.ErrorContains(t, err, "SQLSTATE 23001", table)
				return
			}
			changed, err := done.RowsAffected()
			require.NoError(t, err)
			require.Equal(t, int64(mine), changed, table)
		})
		within(t, s, here.id(), func(tx *sql.Tx) {
			_, err := tx.ExecContext(ctx, "UPDATE "+table+" SET municipality_id = $1", n.there.id().String())
			require.Error(t, err, "%s: a row is given to another", table)
		})
	}
}
