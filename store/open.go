package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Store is a database. It is safe for use by many goroutines.
type Store struct {
	sql     *sql.DB
	gorm    *gorm.DB
	dialect string        // "sqlite" or "postgres"
	writer  chan struct{} // SQLite takes one writer at a time: waiting here is fair, polling its lock is not
}

// sqliteOptions make SQLite durable, strict and correct about time; each is
// needed (DEPENDENCIES.md).
const sqliteOptions = "_journal_mode=WAL&_busy_timeout=10000&_foreign_keys=1&_synchronous=FULL&_txlock=immediate&_time_format=sqlite&_timezone=UTC&_dqs=0"

// Open connects to postgres://… or to the SQLite file named by sqlite:path, or
// by a plain path, making its folder. It does not migrate.
func Open(ctx context.Context, databaseURL string) (*Store, error) {
	var s *Store
	var err error
	if strings.HasPrefix(databaseURL, "postgres://") || strings.HasPrefix(databaseURL, "postgresql://") {
		s, err = openPostgres(databaseURL)
	} else {
		s, err = openSQLite(strings.TrimPrefix(databaseURL, "sqlite:"))
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := s.sql.PingContext(ctx); err != nil {
		_ = s.sql.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	return s, nil
}

func openSQLite(path string) (*Store, error) {
	if path == "" {
		return nil, fmt.Errorf("no path: give a file, like sqlite:fasthold.db, or postgres://…")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	pool, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+sqliteOptions)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(8)
	pool.SetMaxIdleConns(8)
	s := &Store{sql: pool, dialect: "sqlite", writer: make(chan struct{}, 1)}
	s.gorm, err = gorm.Open(sqliteDialect{pool}, gormConfig())
	return s, err
}

func openPostgres(databaseURL string) (*Store, error) {
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["timezone"] = "UTC"
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(32)
	pool.SetMaxIdleConns(32)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	s := &Store{sql: pool, dialect: "postgres"}
	s.gorm, err = gorm.Open(postgres.New(postgres.Config{Conn: pool}), gormConfig())
	return s, err
}

func gormConfig() *gorm.Config {
	return &gorm.Config{SkipDefaultTransaction: true, DisableAutomaticPing: true, Logger: logger.Discard}
}

// Close closes the database.
func (s *Store) Close() error { return s.sql.Close() }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.sql.PingContext(ctx) }

// Dialect is "sqlite" or "postgres".
func (s *Store) Dialect() string { return s.dialect }

// begin starts a transaction on conn. A writing transaction on SQLite is
// immediate, so that it waits for its turn instead of failing half-way; a
// reading one sees one moment of the database.
func (s *Store) begin(ctx context.Context, conn *sql.Conn, write bool) error {
	statement := "BEGIN"
	switch {
	case s.dialect == "sqlite" && write:
		statement = "BEGIN IMMEDIATE"
	case s.dialect == "postgres" && !write:
		statement = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
	}
	_, err := conn.ExecContext(ctx, statement)
	return err
}

// lockWriter waits for the turn to write; the result gives it back.
func (s *Store) lockWriter(ctx context.Context) (func(), error) {
	if s.writer == nil {
		return func() {}, nil
	}
	select {
	case s.writer <- struct{}{}:
		return func() { <-s.writer }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// statement is SQL with its arguments, written by GORM and not yet sent.
type statement struct {
	sql  string
	args []any
}

// commit sends the last statements and COMMIT. On PostgreSQL they travel in one
// round trip.
func (s *Store) commit(ctx context.Context, conn *sql.Conn, last []statement) error {
	if s.dialect == "postgres" {
		return conn.Raw(func(driver any) error {
			batch := &pgx.Batch{}
			for _, st := range last {
				batch.Queue(st.sql, st.args...)
			}
			batch.Queue("COMMIT")
			return driver.(*stdlib.Conn).Conn().SendBatch(ctx, batch).Close()
		})
	}
	for _, st := range append(last, statement{sql: "COMMIT"}) {
		if _, err := conn.ExecContext(ctx, st.sql, st.args...); err != nil {
			return err
		}
	}
	return nil
}
