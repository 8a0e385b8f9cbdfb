package store

import (
	"database/sql"
	"errors"
	"reflect"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
)

// Each hands the rows to fn one at a time, oldest first, without holding them.
// T may be a struct with fewer fields than the table has columns: no other
// column is read. fn must not use tx.
func Each[T any](tx *Tx, fn func(T) error, conds ...Cond) error {
	return each(tx, scoped[T](tx, conds).Order("id"), fn)
}

// Sweep is Each in no order, which spares the database looking each row up by
// its ID: for reading a table as a whole.
func Sweep[T any](tx *Tx, fn func(T) error, conds ...Cond) error {
	return each(tx, scoped[T](tx, conds), fn)
}

// each reads the rows of a query into one and the same row, whose columns are
// worked out once, and hands out copies. In a transaction on PostgreSQL it reads
// what the wire holds: GORM's way through reflection costs five times as much.
func each[T any](tx *Tx, query *gorm.DB, fn func(T) error) (err error) {
	shape, err := tx.store.shape(reflect.TypeFor[T]())
	if err != nil {
		return err
	}
	row := new(T)
	names, into := shape.read(tx.actor.MunicipalityID, reflect.ValueOf(row).Elem())
	statement := query.Session(&gorm.Session{DryRun: true}).Select(names).Find(new([]T)).Statement
	if statement.Error != nil {
		return statement.Error
	}
	rows, err := tx.stream(statement.SQL.String(), statement.Vars, into)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.close()) }()
	for rows.next() {
		if err := rows.read(); err != nil {
			return err
		}
		concerns(tx, *row)
		if err := fn(*row); err != nil {
			return err
		}
	}
	return nil
}

// rowStream is rows on their way from the database.
type rowStream interface {
	next() bool
	read() error  // puts the row's values where the pointers say
	close() error // gives what went wrong on the way
}

// stream runs a query whose columns go where the pointers say.
func (tx *Tx) stream(query string, args, into []any) (rowStream, error) {
	ctx := tx.session.Statement.Context
	if tx.store.dialect == "sqlite" || tx.conn == nil {
		rows, err := tx.session.Statement.ConnPool.QueryContext(ctx, query, args...)
		if err != nil {
			return nil, err
		}
		return &plainRows{rows, cells(into)}, rows.Err()
	}
	var made *wireRows
	err := tx.conn.Raw(func(driver any) error {
		conn := driver.(boundConn).native()
		rows, err := conn.Query(ctx, query, native(args)...)
		if err != nil {
			return err
		}
		made = &wireRows{rows: rows, into: into, types: conn.TypeMap()}
		return nil
	})
	return made, err
}

// plainRows are rows as database/sql gives them.
type plainRows struct {
	rows  *sql.Rows
	cells []any
}

func (p *plainRows) next() bool   { return p.rows.Next() }
func (p *plainRows) read() error  { return p.rows.Scan(p.cells...) }
func (p *plainRows) close() error { return errors.Join(p.rows.Err(), p.rows.Close()) }

// wireRows are rows as PostgreSQL sends them.
type wireRows struct {
	rows    pgx.Rows
	types   typeMap
	into    []any
	readers []reader // how each column is read; nil before the first row
}

func (w *wireRows) next() bool { return w.rows.Next() }

func (w *wireRows) close() error {
	w.rows.Close()
	return w.rows.Err()
}

func (w *wireRows) read() error {
	if w.readers == nil {
		for i, field := range w.rows.FieldDescriptions() {
			w.readers = append(w.readers, readerOf(w.into[i], field, w.types))
		}
	}
	for i, value := range w.rows.RawValues() {
		if err := w.readers[i](value); err != nil {
			return err
		}
	}
	return nil
}
