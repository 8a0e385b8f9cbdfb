package main

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
	"github.com/fasthold/fasthold/vouchers/code"
	"github.com/fasthold/fasthold/vouchers/keys"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// A database of the time before anything was sealed is sealed by migrate up; the
// server does not start before.
func TestMigrateSeals(t *testing.T) {
	file := filepath.Join(t.TempDir(), "old.db")
	e := newEnvironment("sqlite:" + file)
	e.must(t, "migrate", "up")
	e.must(t, "municipality", "create", "Varde Kommune")
	for !strings.Contains(e.must(t, "migrate", "status"), "pending  00008_personal.sql") {
		e.must(t, "migrate", "down", "--drop-data")
	}
	raw, err := sql.Open("sqlite", file)
	require.NoError(t, err)
	for _, statement := range []string{
		`INSERT INTO units SELECT municipality_id, '01920000-0000-7000-8000-000000000001', 'Centret', 1, created_at FROM municipalities`,
		`INSERT INTO citizens (municipality_id, id, unit_id, reference, name, birth_date, version, created_at) SELECT municipality_id, '01920000-0000-7000-8000-000000000002', '01920000-0000-7000-8000-000000000001', 'B-1', 'Anna Eksempel', '1990-01-01', 1, created_at FROM municipalities`,
	} {
		_, err := raw.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	require.NoError(t, raw.Close())

	key := e[vault.Variable]
	delete(e, vault.Variable)
	said := e.fails(t, "migrate", "up")
	require.Contains(t, said, "Varde Kommune must be sealed now")
	require.Contains(t, said, vault.Variable+" is not set")
	e[vault.Variable] = key
	require.Contains(t, e.fails(t, "serve"), "not sealed yet: run fasthold migrate up")
	stopped(t, e)
	require.Contains(t, e.fails(t, "serve"), "not sealed yet: run fasthold migrate up", "the files still show it")
	require.Contains(t, e.must(t, "migrate", "up"), "sealed   0 personal texts\n")
	requireGone(t, file, "Anna Eksempel")
	require.NotContains(t, e.must(t, "migrate", "up"), "sealed")
	requireName(t, e, "Anna Eksempel")
}

// stopped seals the rows of the only municipality, as migrate up does that is
// stopped before it has cleaned the files.
func stopped(t *testing.T, e environment) {
	t.Helper()
	found, err := loadConfig(e.get).secrets()
	require.NoError(t, err)
	p := program{config: loadConfig(e.get)}
	s, err := p.open(t.Context(), found)
	require.NoError(t, err)
	defer s.close(&err)
	m, err := s.municipality(t.Context(), "")
	require.NoError(t, err)
	n, err := s.SealAll(t.Context(), m.MunicipalityID)
	require.NoError(t, err)
	require.Equal(t, 1, n)
}

// requireGone asserts that neither the database nor its write-ahead log says it.
func requireGone(t *testing.T, file, text string) {
	t.Helper()
	for _, name := range []string{file, file + "-wal"} {
		content, err := os.ReadFile(name)
		if !os.IsNotExist(err) {
			require.NoError(t, err)
		}
		require.False(t, bytes.Contains(content, []byte(text)), name)
	}
}

// requireName asserts that the only citizen is called that, by who is given the
// keys of the environment.
func requireName(t *testing.T, e environment, want string) {
	t.Helper()
	p := program{config: loadConfig(e.get)}
	s, err := p.openWithKeys(t.Context())
	require.NoError(t, err)
	defer s.close(&err)
	m, err := s.municipality(t.Context(), "")
	require.NoError(t, err)
	l, err := s.Citizens(t.Context(), system(m.MunicipalityID, "test"), store.Page{Limit: 10}, vouchers.CitizenFilter{})
	require.NoError(t, err)
	require.Equal(t, want, l.Rows[0].Name.Reveal())
}

// The wrapping key is changed by adding one, rotating, and taking the old one
// away; then a citizen is erased.
func TestRotateAndErase(t *testing.T) {
	e := newEnvironment("sqlite:" + filepath.Join(t.TempDir(), "new.db"))
	e.must(t, "migrate", "up")
	e.must(t, "municipality", "create", "Varde Kommune")
	addCitizen(t, e)
	one, two := e[vault.Variable], keys.Generate(2)
	e[vault.Variable] = two
	require.Contains(t, e.fails(t, "serve"), "key 1 is not in "+vault.Variable)
	e[vault.Variable] = keys.Generate(1)
	require.Contains(t, e.fails(t, "serve"), "does not open with key 1")
	e[vault.Variable] = one + "," + two
	require.Equal(t, "Varde Kommune: 2 keys wrapped anew\n", e.must(t, "keys", "rotate"))
	require.Equal(t, "Varde Kommune: 0 keys wrapped anew\n", e.must(t, "keys", "rotate"))
	e[vault.Variable] = one
	require.Contains(t, e.fails(t, "keys", "rotate"), "key 2 is not in "+vault.Variable)
	e[vault.Variable] = two
	requireName(t, e, "Anna Eksempel")

	require.Contains(t, e.fails(t, "erase", "B-1"), "--forever")
	require.Contains(t, e.fails(t, "erase", "B-2", "--forever"), `"B-2"`)
	require.Contains(t, e.must(t, "erase", "B-1", "--forever"), "erased cit_")
	require.Contains(t, e.fails(t, "erase", "B-1", "--forever"), "run: fasthold scrub")
	require.Equal(t, "cleaned\n", e.must(t, "scrub"))
	requireName(t, e, "")
	e[code.Variable] = strings.Replace(two, "2:", "1:", 1)
	require.Contains(t, e.fails(t, "serve"), "have a key in common")
}

// addCitizen adds a citizen called Anna Eksempel, B-1.
func addCitizen(t *testing.T, e environment) {
	t.Helper()
	s := openSite(t, e)
	m, err := s.municipality(t.Context(), "")
	require.NoError(t, err)
	actor := system(m.MunicipalityID, "test")
	unit, err := s.CreateUnit(t.Context(), actor, "Centret")
	require.NoError(t, err)
	_, err = s.CreateCitizen(t.Context(), actor, vouchers.CitizenInput{UnitID: unit.ID, Reference: "B-1", Name: "Anna Eksempel", BirthDate: domain.Date{Year: 1990, Month: 1, Day: 1}})
	require.NoError(t, err)
}
