package store_test

import (
	"database/sql"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm/schema"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// nouns are the domain's structs that are rows.
var nouns = []any{
	&domain.Municipality{}, &domain.Unit{}, &domain.Citizen{}, &domain.Plan{}, &domain.Goal{}, &domain.Pause{}, &domain.Session{}, &domain.Programme{}, &domain.ProgrammeVersion{},
	&domain.Enrolment{}, &domain.EnrolmentMove{}, &domain.AttendanceEvent{}, &domain.Attendance{}, &domain.Award{}, &domain.AwardAdjustment{}, &domain.DrawSeed{}, &domain.Hat{}, &domain.HatEntry{}, &domain.Partner{}, &domain.Terminal{},
	&domain.Voucher{}, &domain.Redemption{}, &domain.Reversal{}, &ledger.Posting{}, &domain.Token{}, &domain.AuditEntry{}, &domain.Idempotency{}, &domain.Import{}, &domain.ImportRefusal{},
}

// strings of the first column of a query.
func column(t testing.TB, s *store.Store, query string, args ...any) (list []string) {
	t.Helper()
	rows, err := s.SQL().QueryContext(t.Context(), query, args...)
	require.NoError(t, err, query)
	defer rows.Close()
	for rows.Next() {
		var text sql.NullString
		require.NoError(t, rows.Scan(&text))
		list = append(list, text.String)
	}
	require.NoError(t, rows.Err())
	return list
}

// tables lists the tables and views but those of the migrations' own.
func tables(t testing.TB, s *store.Store) []string {
	t.Helper()
	query := `SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' AND name <> 'goose_db_version' ORDER BY 1`
	if s.Dialect() == "postgres" {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> 'goose_db_version' ORDER BY 1`
	}
	return column(t, s, query)
}

// Every primary key, unique index and foreign key of every table begins with
// the municipality, so that the tables can be partitioned by it (decision 7).
func TestKeysBeginWithTheMunicipality(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		queries := map[string]string{
			"primary key": `SELECT m.name || '.' || p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND p.pk = 1`,
			"index":       `SELECT m.name || '.' || COALESCE(c.name, '?') FROM sqlite_master m JOIN pragma_index_list(m.name) i JOIN pragma_index_info(i.name) c WHERE m.type = 'table' AND c.seqno = 0`,
			"foreign key": `SELECT m.name || '.' || f."from" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f.seq = 0`,
		}
		if s.Dialect() == "postgres" {
			constraint := `SELECT r.relname || '.' || a.attname FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = c.conkey[1]
				WHERE c.connamespace = 'public'::regnamespace AND c.contype = `
			queries = map[string]string{
				"primary key": constraint + "'p'", "foreign key": constraint + "'f'",
				"index": `SELECT r.relname || '.' || COALESCE(a.attname, '?') FROM pg_index i JOIN pg_class r ON r.oid = i.indrelid
					LEFT JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = i.indkey[0] WHERE r.relnamespace = 'public'::regnamespace`,
			}
		}
		for what, query := range queries {
			found := map[string]bool{}
			for _, key := range column(t, s, query) {
				name, first, _ := strings.Cut(key, ".")
				if name == "goose_db_version" || strings.HasPrefix(name, "sqlite_") {
					continue
				}
				found[name] = true
				require.Equal(t, "municipality_id", first, "%s of %s", what, name)
			}
			if what == "primary key" {
				require.Len(t, found, len(tables(t, s))-1, "every table has one, the view attendances has none")
			}
			require.Greater(t, len(found), 15, what)
		}
	})
}

// Every struct of the domain that is a row has exactly the migrated columns.
func TestNoDrift(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var met []string
		for _, noun := range nouns {
			parsed, err := schema.Parse(noun, &sync.Map{}, schema.NamingStrategy{})
			require.NoError(t, err)
			met = append(met, parsed.Table)
			query := `SELECT name FROM pragma_table_info(?)`
			if s.Dialect() == "postgres" {
				query = `SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1`
			}
			require.ElementsMatch(t, column(t, s, query, parsed.Table), parsed.DBNames, parsed.Table)
			require.Empty(t, parsed.Relationships.Relations, "%s: a relation is not a column", parsed.Table)
			require.Equal(t, "municipality_id", parsed.DBNames[0], parsed.Table)
		}
		require.ElementsMatch(t, tables(t, s), met)
	})
}

// The list of nouns is complete: no struct with a primary key is left out.
func TestNounsAreAll(t *testing.T) {
	var want, got []string
	for _, noun := range nouns {
		parsed, err := schema.Parse(noun, &sync.Map{}, schema.NamingStrategy{})
		require.NoError(t, err)
		want = append(want, parsed.Name)
	}
	for _, pattern := range []string{"../domain/*.go", "../domain/ledger/*.go"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, name := range files {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			require.NoError(t, err)
			ast.Inspect(file, func(n ast.Node) bool {
				if spec, ok := n.(*ast.TypeSpec); ok && isRow(spec) {
					got = append(got, spec.Name.Name)
				}
				return true
			})
		}
	}
	got = append(got, "Attendance") // the view: an AttendanceEvent by another name
	require.ElementsMatch(t, want, got)
}

// isRow reports whether the type's first field is the municipality, as a key.
func isRow(spec *ast.TypeSpec) bool {
	fields, ok := spec.Type.(*ast.StructType)
	return ok && slices.ContainsFunc(fields.Fields.List, func(f *ast.Field) bool {
		return f.Tag != nil && strings.Contains(f.Tag.Value, "primaryKey") && len(f.Names) == 1 && f.Names[0].Name == "MunicipalityID"
	})
}
