package store_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/migrations"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// blueprint is everything that the catalogue knows of the schema, as text.
func blueprint(t testing.TB, s *store.Store) []string {
	t.Helper()
	if s.Dialect() == "sqlite" {
		return column(t, s, `SELECT type || ' ' || name || ': ' || sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE '%goose%' AND name NOT LIKE 'sqlite_%' ORDER BY 1`)
	}
	return column(t, s, `
		SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || COALESCE(column_default, '') FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'goose%'
		UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE 'goose%'
		UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'goose%'
		UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
		UNION ALL SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
		UNION ALL SELECT 'isolated ' || relname || ' ' || relforcerowsecurity || COALESCE(reloptions::text, '') FROM pg_class WHERE relnamespace = 'public'::regnamespace AND (relrowsecurity OR reloptions IS NOT NULL)
		UNION ALL SELECT 'policy ' || tablename || ' ' || policyname || ' ' || cmd || ' ' || qual FROM pg_policies WHERE schemaname = 'public'
		UNION ALL SELECT 'view ' || viewname || ' ' || definition FROM pg_views WHERE schemaname = 'public'
		ORDER BY 1`)
}

// All steps can be taken back, also with something in the tables, and taken
// again; the schema is then what it was.
func TestMigrateUpDownUp(t *testing.T) {
	storetest.EachAs(t, storetest.Owner, func(t *testing.T, s *store.Store) {
		first := blueprint(t, s)
		require.Greater(t, len(first), 40)
		settled(t, s)
		require.NoError(t, s.Ready(t.Context()))
		steps, err := s.Migrations(t.Context())
		require.NoError(t, err)
		for i := range steps {
			require.True(t, steps[len(steps)-1-i].Applied)
			require.NoError(t, s.MigrateDown(t.Context()))
			now, err := s.Migrations(t.Context())
			require.NoError(t, err)
			require.False(t, now[len(steps)-1-i].Applied)
			require.ErrorContains(t, s.Ready(t.Context()), "fasthold migrate up")
		}
		require.Error(t, s.MigrateDown(t.Context()), "nothing is left to take back")
		require.Empty(t, blueprint(t, s))
		require.NoError(t, s.Migrate(t.Context()))
		require.NoError(t, s.Ready(t.Context()))
		require.Equal(t, first, blueprint(t, s))
		settled(t, s)
	})
}

// Both dialects have the same steps.
func TestMigrationsAreTwins(t *testing.T) {
	names := map[string][]string{}
	for _, dialect := range []string{"sqlite", "postgres"} {
		entries, err := migrations.Files.ReadDir(dialect)
		require.NoError(t, err)
		for _, e := range entries {
			names[dialect] = append(names[dialect], e.Name())
			text, err := migrations.Files.ReadFile(dialect + "/" + e.Name())
			require.NoError(t, err)
			require.Regexp(t, `^-- \+goose Up\n-- [A-Z]`, string(text), "%s says why it is there", e.Name())
		}
	}
	require.Equal(t, names["sqlite"], names["postgres"])
	require.NotEmpty(t, names["sqlite"])
}

// Since rows are isolated, a step that changes some takes FORCE off their table
// first: the owner would find none.
func TestLaterStepsFindTheirRows(t *testing.T) {
	files, err := migrations.Files.ReadDir("postgres")
	require.NoError(t, err)
	changes := regexp.MustCompile(`(?m)^\s*(?:UPDATE|DELETE FROM|INSERT INTO) (\w+)`)
	for _, f := range files {
		text, err := migrations.Files.ReadFile("postgres/" + f.Name())
		require.NoError(t, err)
		if f.Name() <= "00009_isolation.sql" {
			continue
		}
		for _, found := range changes.FindAllStringSubmatch(string(text), -1) {
			require.Contains(t, string(text), "ALTER TABLE "+found[1]+" NO FORCE ROW LEVEL SECURITY", f.Name())
		}
	}
}

// The newest step keeps what is in the tables, whichever way it is taken.
func TestMigrateKeepsRows(t *testing.T) {
	storetest.EachAs(t, storetest.Owner, func(t *testing.T, s *store.Store) {
		w := settled(t, s)
		require.NoError(t, s.MigrateDown(t.Context()))
		require.NoError(t, s.Migrate(t.Context()))
		require.Equal(t, int64(1), count[domain.Enrolment](t, s, w))
		require.Equal(t, int64(1), count[domain.Award](t, s, w, store.Is("granted", 200)))
		require.Equal(t, int64(1), count[domain.Voucher](t, s, w, store.Is("version_id", w.version.ID)))
	})
}
