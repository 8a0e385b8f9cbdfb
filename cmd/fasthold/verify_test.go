package main

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/store/storetest"
)

func TestVerify(t *testing.T) {
	eachDatabase(t, func(t *testing.T, e environment) {
		require.Contains(t, e.must(t, "verify"), "0 municipalities verified: no differences")
		buildInto(t, e, openSite(t, e), time.Now())
		said := e.must(t, "verify", "--municipality", demoMunicipality)
		require.Contains(t, said, "1 municipality verified: no differences")
		require.Regexp(t, `ledger postings +[1-9][0-9,]* rows +[0-9,]+ rows/s`, said)
		require.Contains(t, e.fails(t, "verify", "--municipality", "Ribe"), demoMunicipality)

		// Behind the program's back, one øre goes missing.
		change(t, e, "UPDATE vouchers SET balance = balance - 1 WHERE id = (SELECT MIN(CAST(id AS TEXT)) FROM vouchers WHERE state = 'partly_redeemed')")
		said, err := e.execute(t.Context(), "verify")
		require.ErrorContains(t, err, "found", "the exit status is 1")
		require.Contains(t, said, "DIFFERENCE: ")
	})
}

// change runs SQL on the environment's database.
func change(t *testing.T, e environment, statement string) {
	t.Helper()
	url, driver := storetest.Superuser(t, e["FASTHOLD_DATABASE_URL"]), "pgx"
	if file, ok := strings.CutPrefix(url, "sqlite://"); ok {
		url, driver = "file:"+file, "sqlite"
	} else {
		statement = strings.Replace(statement, "MIN(CAST(id AS TEXT))", "CAST(MIN(CAST(id AS TEXT)) AS UUID)", 1)
	}
	db, err := sql.Open(driver, url)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	done, err := db.ExecContext(t.Context(), statement)
	require.NoError(t, err)
	n, err := done.RowsAffected()
	require.NoError(t, err)
	require.Equal(t, int64(1), n)
}
