// Package storetest gives tests real, migrated databases: SQLite and
// PostgreSQL, each test its own, gone when the test is over.
//
// PostgreSQL comes from the server that FASTHOLD_TEST_POSTGRES names, a
// postgres:// URL of a user who may create databases. Without it the test
// process starts a private one from the machine's own binaries, and it ends
// with the process. A machine that has neither fails the test and says what to
// install; nothing is ever skipped.
package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/fasthold/fasthold/store"
)

// limit is how long making, opening or removing one database may take.
const limit = time.Minute

// Dialects are the databases Fasthold runs on. URL makes a fresh, migrated one
// and removes it at the end of the test.
var Dialects = []struct {
	Name string
	URL  func(testing.TB) string
}{
	{"sqlite", SQLite},
	{"postgres", Postgres},
}

// Each runs fn as the parallel subtests "sqlite" and "postgres", each on a
// fresh, migrated database. Being parallel, they start when the calling test
// function has returned: let Each be its last statement.
//
// On PostgreSQL it is signed in as a server is: by a role that owns nothing.
func Each(t *testing.T, fn func(t *testing.T, s *store.Store)) {
	t.Helper()
	EachAs(t, func(_ testing.TB, address string) string { return address }, fn)
}

// EachAs is Each signed in as another: Owner or Superuser.
func EachAs(t *testing.T, as func(t testing.TB, address string) string, fn func(t *testing.T, s *store.Store)) {
	t.Helper()
	for _, d := range Dialects {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			fn(t, Open(t, as(t, d.URL(t))))
		})
	}
}

// Open opens a database until the end of the test.
func Open(t testing.TB, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatalf("open the test's database: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the test's database: %v", err)
		}
	})
	return s
}

// migrate brings an empty database to the newest schema, lets the application's
// role in, and closes it again.
func migrate(ctx context.Context, url, application string) error {
	s, err := store.Open(ctx, url)
	if err != nil {
		return err
	}
	if err = s.Migrate(ctx); err == nil {
		err = s.Admit(ctx, application)
	}
	if err != nil {
		_ = s.Close() // the other error is the one to tell
		return err
	}
	return s.Close()
}
