package store_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store/storetest"
)

// While somebody reads an old state of a SQLite database, its write-ahead log
// keeps what was overwritten: that is no success.
func TestScrubBesideAReader(t *testing.T) {
	file := filepath.Join(t.TempDir(), "read.db")
	s := storetest.Open(t, "sqlite:"+file)
	require.NoError(t, s.Migrate(t.Context()))
	s.SQL().SetMaxOpenConns(1)
	_, err := s.SQL().ExecContext(t.Context(), "PRAGMA busy_timeout = 50")
	require.NoError(t, err)
	other, err := sql.Open("sqlite", file)
	require.NoError(t, err)
	defer func() { require.NoError(t, other.Close()) }()
	reader, err := other.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
	require.NoError(t, err)
	var n int
	require.NoError(t, reader.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM citizens").Scan(&n))
	err = s.Scrub(t.Context(), []string{"citizens"})
	require.Equal(t, domain.Unavailable, domain.KindOf(err), "%v", err)
	require.NoError(t, reader.Rollback())
	require.NoError(t, s.Scrub(t.Context(), []string{"citizens"}))
}
