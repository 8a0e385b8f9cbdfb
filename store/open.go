package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/fasthold/fasthold/domain"
)

// Store is a database. It is safe for use by many goroutines.
type Store struct {
	sql     *sql.DB
	gorm    *gorm.DB
	dialect string   // "sqlite" or "postgres"
	shapes  sync.Map // how rows of each type are inserted
	callers callers
	zones   sync.Map      // *time.Location by municipality ID
	closed  sync.Map      // domain.Date by municipality ID: the last day of its books that is closed
	writer  chan struct{} // SQLite takes one writer at a time: waiting here is fair, polling its lock is not
}

// sqliteOptions make SQLite durable, strict and correct about time; each is
// needed (DEPENDENCIES.md).
const sqliteOptions = "_journal_mode=WAL&_busy_timeout=30000&_foreign_keys=1&_synchronous=FULL&_txlock=immediate&_time_format=sqlite&_timezone=UTC&_dqs=0"

// Open connects to postgres://… or to the SQLite file named by sqlite:path, or
// by a plain path, making its folder. It does not migrate.
func Open(ctx context.Context, databaseURL string) (*Store, error) {
	var s *Store
	var err error
	path := strings.TrimPrefix(databaseURL, "sqlite:")
	switch {
	case strings.HasPrefix(databaseURL, "postgres://"), strings.HasPrefix(databaseURL, "postgresql://"):
		s, err = openPostgres(databaseURL)
	case strings.Contains(path, "://"), strings.Contains(path, "password="): // no file's name, and not to be repeated
		err = errors.New("it must begin with postgres:// or be sqlite: and a path")
	default:
		s, err = openSQLite(path)
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
	// Made here, so that nobody else on the machine may read it.
	file, err := os.OpenFile(path, os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	_ = file.Close()
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
	pool := sql.OpenDB(boundConnector{stdlib.GetConnector(*config, stdlib.OptionAfterConnect(timesInUTC))})
	pool.SetMaxOpenConns(32)
	pool.SetMaxIdleConns(32)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	s := &Store{sql: pool, dialect: "postgres"}
	s.gorm, err = gorm.Open(postgres.New(postgres.Config{Conn: pool}), gormConfig())
	return s, err
}

// timesInUTC makes times come back in UTC and not in the server machine's zone.
func timesInUTC(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC}})
	return nil
}

func gormConfig() *gorm.Config {
	return &gorm.Config{SkipDefaultTransaction: true, DisableAutomaticPing: true, Logger: logger.Discard}
}

// Close closes the database, once what was noted beside requests is stored.
func (s *Store) Close() error {
	s.Settle()
	return s.sql.Close()
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.sql.PingContext(ctx) }

// Pool says how the connections to the database are used.
func (s *Store) Pool() sql.DBStats { return s.sql.Stats() }

// Dialect is "sqlite" or "postgres".
func (s *Store) Dialect() string { return s.dialect }

// beginning is the statement that begins the transaction. A writing one on
// SQLite is immediate, so that it waits for its turn instead of failing
// half-way; a reading one sees one moment of the database.
func (tx *Tx) beginning() string {
	switch {
	case tx.store.dialect == "sqlite" && tx.write:
		return "BEGIN IMMEDIATE"
	case tx.store.dialect == "postgres" && !tx.write:
		return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
	default:
		return "BEGIN"
	}
}

// literal writes an ID into a statement, where a parameter would not know its
// type: an ID has no quotes in it.
func (tx *Tx) literal(id domain.ID) string {
	if tx.store.dialect == "sqlite" {
		return "'" + id.String() + "'"
	}
	return "'" + id.String() + "'::uuid"
}

// opening begins the transaction in one statement, and on PostgreSQL opens the
// rows of its municipality and no others.
func (tx *Tx) opening() string {
	if tx.store.dialect == "sqlite" {
		return tx.beginning()
	}
	set := only(tx.actor.MunicipalityID) // an ID has no quotes in it
	begin := tx.beginning()
	if tx.moment != "" { // as PostgreSQL named it
		begin += "; SET TRANSACTION SNAPSHOT '" + tx.moment + "'"
	}
	return begin + "; SELECT set_config('" + set.name + "', '" + set.value + "', true)"
}

// begin puts what opening does before the other statements of a batch.
func (tx *Tx) begin(batch *pgx.Batch) {
	tx.begun = true
	set := only(tx.actor.MunicipalityID)
	batch.Queue(tx.beginning())
	batch.Queue(setConfig, set.name, set.value)
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

// commit sends the appended rows and COMMIT: on PostgreSQL in one round trip,
// together with BEGIN where nothing was sent before.
func (tx *Tx) commit(ctx context.Context) error {
	if tx.session.Error != nil { // it never began
		return tx.session.Error
	}
	tx.settleFreed()
	if tx.store.dialect == "sqlite" {
		if err := tx.Flush(); err != nil {
			return err
		}
		_, err := tx.conn.ExecContext(ctx, "COMMIT")
		return err
	}
	batch := &pgx.Batch{}
	if !tx.begun {
		tx.begin(batch)
	}
	for _, in := range tx.pending {
		batch.Queue(in.sql, native(in.args)...)
	}
	batch.Queue("COMMIT")
	return tx.conn.Raw(func(driver any) error {
		return committed(driver.(boundConn).native().SendBatch(ctx, batch), batch.Len())
	})
}

// committed reads the answers to n statements, the last of which is COMMIT. To
// a transaction in which something failed before, PostgreSQL answers that with
// ROLLBACK and no error.
func committed(answers pgx.BatchResults, n int) error {
	var last pgconn.CommandTag
	for range n {
		var err error
		if last, err = answers.Exec(); err != nil {
			_ = answers.Close() // its error is this one again
			return err
		}
	}
	if err := answers.Close(); err != nil {
		return err
	}
	if last.String() != "COMMIT" {
		return fmt.Errorf("store: nothing was committed, the database answered %s: an error was not passed on", last)
	}
	return nil
}
