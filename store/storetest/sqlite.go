package storetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// SQLite gives the URL of a fresh, migrated SQLite database in t's folder.
func SQLite(t testing.TB) string {
	t.Helper()
	file, err := sqliteFile()
	if err != nil {
		t.Fatalf("migrate a SQLite database: %v", err)
	}
	path := filepath.Join(t.TempDir(), "fasthold.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatalf("copy the migrated SQLite database: %v", err)
	}
	return "sqlite://" + path
}

// sqliteFile is a migrated database's file, made once a process and kept in
// memory: writing it out is much quicker than migrating anew.
var sqliteFile = sync.OnceValues(func() (file []byte, err error) {
	dir, err := os.MkdirTemp("", "fasthold-sqlite-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()

	path := filepath.Join(dir, "template.db")
	if err := migrate(ctx, "sqlite://"+path, ""); err != nil {
		return nil, err
	}
	if _, err := os.Stat(path + "-wal"); err == nil {
		return nil, errors.New("closing the database left a write-ahead log: the file alone is not the database")
	}
	return os.ReadFile(path)
})
