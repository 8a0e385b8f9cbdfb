package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/fasthold/fasthold/store"
)

// toSQLite copies all rows of a PostgreSQL database, read as its owner, to a new
// SQLite file.
func toSQLite(ctx context.Context, owner, to string) error {
	st, err := store.Open(ctx, to)
	if err != nil {
		return err
	}
	if err := st.Migrate(ctx); err != nil {
		return err
	}
	if err := st.Close(); err != nil {
		return err
	}
	file, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(to, "sqlite:")+"?_journal_mode=OFF&_synchronous=OFF&_foreign_keys=0&_time_format=sqlite&_dqs=0")
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	file.SetMaxOpenConns(1)
	conn, err := pgx.Connect(ctx, owner)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	tables, err := listed(ctx, file, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose%'")
	if err != nil {
		return err
	}
	// Indexes are made faster from all rows than row by row, and triggers have seen
	// these rows already.
	made, err := listed(ctx, file, "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL")
	if err != nil {
		return err
	}
	dropped, err := listed(ctx, file, "SELECT 'DROP ' || type || ' ' || name FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL")
	if err != nil {
		return err
	}
	if err := perform(ctx, file, dropped); err != nil {
		return err
	}
	for _, table := range tables {
		if err := copyTable(ctx, conn, file, table); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	return perform(ctx, file, append(made, "ANALYZE"))
}

func perform(ctx context.Context, file *sql.DB, statements []string) error {
	for _, statement := range statements {
		if _, err := file.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// listed gives the texts that a query finds.
func listed(ctx context.Context, file *sql.DB, query string) (all []string, err error) {
	rows, err := file.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// copyTable copies a table's rows, in place of those that the migrations made.
func copyTable(ctx context.Context, from *pgx.Conn, to *sql.DB, table string) error {
	began, n := time.Now(), 0
	rows, err := from.Query(ctx, "SELECT * FROM "+table)
	if err != nil {
		return err
	}
	defer rows.Close()
	var columns []string
	for _, field := range rows.FieldDescriptions() {
		columns = append(columns, field.Name)
	}
	tx, err := to.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	insert, err := tx.PrepareContext(ctx, "INSERT OR REPLACE INTO "+table+" ("+strings.Join(columns, ", ")+") VALUES (?"+strings.Repeat(", ?", len(columns)-1)+")") //nolint:gosec // names of our own
	if err != nil {
		return err
	}
	defer func() { _ = insert.Close() }()
	for rows.Next() {
		row, err := rows.Values()
		if err != nil {
			return err
		}
		for i, field := range rows.FieldDescriptions() {
			row[i] = plain(row[i], field.DataTypeOID)
		}
		if _, err := insert.ExecContext(ctx, row...); err != nil {
			return err
		}
		n++
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if n > 10_000 {
		fmt.Fprintf(os.Stderr, "  %-20s %10d rows to SQLite in %s\n", table, n, time.Since(began).Round(time.Second))
	}
	return tx.Commit()
}

// plain is a value as the store writes it to SQLite.
func plain(value any, oid uint32) any {
	switch v := value.(type) {
	case [16]byte:
		return uuid.UUID(v).String()
	case time.Time:
		if oid == pgtype.DateOID {
			return v.Format(time.DateOnly)
		}
		return v.UTC()
	}
	return value
}
