package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/migrations"
)

// setting is what PostgreSQL's row-level security goes by, until the end of the
// transaction (migrations/postgres/00009_isolation.sql).
type setting struct{ name, value string }

// only is the setting that opens the rows of one municipality.
func only(municipality domain.ID) setting {
	return setting{"fasthold.municipality", municipality.String()}
}

// directory is the setting that opens the list of municipalities.
var directory = setting{"fasthold.directory", "on"}

// setConfig makes a setting for the transaction.
const setConfig = "SELECT set_config($1, $2, true)"

// settingKey is where a context has its setting.
type settingKey struct{}

// with makes queries under the context, outside a transaction, see what the
// setting opens. Without one they see nothing.
func (set setting) with(ctx context.Context) context.Context {
	return context.WithValue(ctx, settingKey{}, set)
}

// boundConnector connects to PostgreSQL with boundConns.
type boundConnector struct{ driver.Connector }

// Connect makes a connection.
func (c boundConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return boundConn{conn.(*stdlib.Conn)}, nil
}

// boundConn is a connection on which a query outside a transaction takes its
// context's setting along, in the same round trip.
type boundConn struct{ *stdlib.Conn }

// native is the connection as pgx has it.
func (c boundConn) native() *pgx.Conn { return c.Conn.Conn() }

// idle is the status of a connection outside a transaction.
const idle = 'I'

// QueryContext runs a query. What is sent together, PostgreSQL runs as one
// transaction; the setting ends with it.
func (c boundConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	set, ok := ctx.Value(settingKey{}).(setting)
	conn := c.native()
	if !ok || conn.IsClosed() || conn.PgConn().TxStatus() != idle {
		return c.Conn.QueryContext(ctx, query, args)
	}
	values := make([]any, len(args))
	for i, arg := range args {
		values[i] = arg.Value
	}
	batch := &pgx.Batch{}
	batch.Queue(setConfig, set.name, set.value)
	batch.Queue(query, values...)
	answers := conn.SendBatch(ctx, batch)
	_, err := answers.Exec()
	if err == nil {
		var rows pgx.Rows
		if rows, err = answers.Query(); err == nil {
			return &boundRows{rows, answers}, nil
		}
	}
	_ = answers.Close() // its error is this one again
	if pgconn.SafeToRetry(err) {
		err = driver.ErrBadConn
	}
	return nil, err
}

// boundRows are the rows that a boundConn's query gives.
type boundRows struct {
	rows    pgx.Rows
	answers pgx.BatchResults
}

// Columns names the columns.
func (r *boundRows) Columns() []string {
	names := make([]string, len(r.rows.FieldDescriptions()))
	for i, field := range r.rows.FieldDescriptions() {
		names[i] = field.Name
	}
	return names
}

// Close ends the query.
func (r *boundRows) Close() error {
	r.rows.Close()
	return r.answers.Close()
}

// Next gives the next row.
func (r *boundRows) Next(into []driver.Value) error {
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return io.EOF
	}
	values, err := r.rows.Values()
	for i := range values {
		if err == nil {
			into[i], err = plain(values[i])
		}
	}
	return err
}

// plain is a value of pgx's as one that database/sql knows.
func plain(v any) (driver.Value, error) {
	switch v := v.(type) {
	case int16:
		return int64(v), nil
	case int32:
		return int64(v), nil
	case [16]byte:
		return uuid.UUID(v).String(), nil
	case driver.Valuer: // a number of any size
		return v.Value()
	}
	if !driver.IsValue(v) {
		return nil, fmt.Errorf("store: no column may be read as %T", v)
	}
	return v, nil
}

// Admit lets the role that applicationURL names do what the application does on
// PostgreSQL: no more than that, and not what it may have been granted before.
// The store must be the owner's.
func (s *Store) Admit(ctx context.Context, applicationURL string) error {
	if s.dialect == "sqlite" {
		return nil
	}
	config, err := pgx.ParseConfig(applicationURL)
	if err != nil {
		return fmt.Errorf("admit the application's role: %w", err)
	}
	if err := s.Owned(ctx); err != nil {
		return err // PostgreSQL would only warn, and grant nothing
	}
	var self string
	if err := s.sql.QueryRowContext(ctx, "SELECT session_user").Scan(&self); err != nil {
		return translate(err)
	}
	if self == config.User {
		return fmt.Errorf("the application needs another role than %s, who owns the tables", self)
	}
	text, err := fs.ReadFile(migrations.Files, "grants.sql")
	if err != nil {
		return err
	}
	// Without arguments, several statements are one transaction.
	grants := strings.ReplaceAll(string(text), " ROLE;", " "+pgx.Identifier{config.User}.Sanitize()+";")
	if _, err := s.sql.ExecContext(ctx, grants); err != nil {
		return fmt.Errorf("admit the application's role %s: %w", config.User, err)
	}
	return nil
}

// unbound finds whatever would let the role that is signed in escape row-level
// security, by itself or by a role that it can take on.
const unbound = `
SELECT format('the role %I %s', session_user, why) FROM (
  SELECT 1, 'is, or can become, one that is a superuser, bypasses row-level security, or makes roles' AS why FROM pg_roles r
    WHERE pg_has_role(session_user, r.oid, 'MEMBER') AND (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole)
  UNION ALL SELECT 2, 'owns the database, or can become who does' FROM pg_database d
    WHERE d.datname = current_database() AND pg_has_role(session_user, d.datdba, 'MEMBER')
  UNION ALL SELECT 3, format('owns %s, or can become who does', c.oid::regclass) FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND pg_has_role(session_user, c.relowner, 'MEMBER')
  UNION ALL SELECT 4, format('may read %s, which has no row-level security', c.oid::regclass) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'municipality_id'
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
) AS reasons(rank, why) ORDER BY rank LIMIT 1`

// Bound gives an error unless row-level security binds the role that is signed
// in, so that it cannot turn it off. SQLite has none, and no error.
func (s *Store) Bound(ctx context.Context) error {
	if s.dialect == "sqlite" {
		return nil
	}
	var why []string
	if err := s.gorm.WithContext(ctx).Raw(unbound).Scan(&why).Error; err != nil {
		return translate(err)
	}
	if len(why) > 0 {
		return errors.New(why[0] + ": PostgreSQL would not keep the municipalities apart")
	}
	return nil
}

// Owned gives an error unless the role that is signed in may do what only the
// tables' owner may.
func (s *Store) Owned(ctx context.Context) error {
	if s.dialect == "sqlite" {
		return nil
	}
	var others []string
	err := s.gorm.WithContext(ctx).Raw(`SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT pg_has_role(relowner, 'USAGE') LIMIT 1`).Scan(&others).Error
	if err == nil && len(others) > 0 {
		return fmt.Errorf("this needs the owner of the tables, and %s is not this role's", others[0])
	}
	return translate(err)
}
