package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/fasthold/fasthold/domain"
)

// question is a query that gives at most one row.
type question struct {
	sql   string
	args  []any
	into  []any // where the row's columns go
	found bool  // the answer: whether there was a row
}

// ask runs queries in their order. On PostgreSQL those that are the first of a
// transaction travel with its BEGIN, in one round trip.
func (tx *Tx) ask(questions ...*question) error {
	ctx := tx.session.Statement.Context
	if tx.store.dialect == "postgres" && tx.conn != nil && !tx.begun {
		return tx.askFirst(ctx, questions)
	}
	db := tx.db()
	if db.Error != nil {
		return db.Error
	}
	for _, q := range questions {
		if err := q.answered(db.Statement.ConnPool.QueryRowContext(ctx, q.sql, q.args...).Scan(q.into...)); err != nil {
			return err
		}
	}
	return nil
}

// askFirst begins the transaction and asks.
func (tx *Tx) askFirst(ctx context.Context, questions []*question) error {
	batch := &pgx.Batch{}
	tx.begin(batch)
	opening := batch.Len()
	for _, q := range questions {
		batch.Queue(q.sql, native(q.args)...)
	}
	return tx.conn.Raw(func(driver any) error {
		results := driver.(boundConn).native().SendBatch(ctx, batch)
		var err error
		for range opening {
			if err == nil {
				_, err = results.Exec()
			}
		}
		for _, q := range questions {
			if err == nil {
				err = q.answered(results.QueryRow().Scan(q.into...))
			}
		}
		return errors.Join(err, results.Close())
	})
}

// answered notes whether there was a row; that there is none is no error.
func (q *question) answered(err error) error {
	q.found = err == nil
	if errors.Is(err, sql.ErrNoRows) { // pgx's own error is one too
		return nil
	}
	return err
}

// native puts arguments into the types that pgx writes without a detour through
// text.
func native(args []any) []any {
	for i, arg := range args {
		switch v := arg.(type) {
		case domain.ID:
			args[i] = [16]byte(v)
		case *domain.ID:
			args[i] = (*[16]byte)(v)
		case domain.Date:
			if args[i] = nil; !v.IsZero() {
				args[i] = v.In(time.UTC)
			}
		case domain.Raw:
			if args[i] = nil; v != nil {
				args[i] = string(v)
			}
		}
	}
	return args
}
