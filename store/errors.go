package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"net"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/fasthold/fasthold/domain"
)

// Extended result codes of SQLite.
const (
	sqliteUnique     = 2067
	sqlitePrimaryKey = 1555
	sqliteForeignKey = 787
	sqliteFull       = 13
	sqliteIOErr      = 10
	sqliteBusy       = 5
)

// IsDuplicate reports whether err says that such a row is already there.
func IsDuplicate(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "23505"
	}
	code := sqliteCode(err)
	return code == sqliteUnique || code == sqlitePrimaryKey
}

// isMissingReference reports whether err says that a referenced row is not there.
func isMissingReference(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "23503"
	}
	return sqliteCode(err) == sqliteForeignKey
}

// IsFull reports whether err says that the database's disk is full.
func IsFull(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "53100"
	}
	return sqliteCode(err)&0xff == sqliteFull
}

// isAway reports whether the database cannot be reached or cannot write now.
func isAway(err error) bool {
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok { // whatever the server said to that
		return true
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch pg.Code[:2] {
		case "08", "53", "57", "58": // connection, resources (a full disk too), operator intervention, system
			return true
		}
		return pg.Code == "40001" || pg.Code == "40P01"
	}
	if _, ok := errors.AsType[net.Error](err); ok && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	switch sqliteCode(err) & 0xff {
	case sqliteFull, sqliteIOErr, sqliteBusy:
		return true
	}
	return errors.Is(err, driver.ErrBadConn)
}

// isClosed reports whether PostgreSQL refused a posting in a closed period
// (migrations/postgres/00025_reports.sql).
func isClosed(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.Code == "FC001"
}

// translate gives the errors that a caller can do something about their kind.
func translate(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*domain.Error](err); ok {
		return err
	}
	switch {
	case IsDuplicate(err):
		return &wrapped{domain.Errorf(domain.Conflict, "already_exists", "one with the same number, name or key is already there"), err}
	case isMissingReference(err):
		return &wrapped{domain.Errorf(domain.Invalid, "unknown_reference", "something that the input refers to does not exist"), err}
	case isClosed(err):
		return &wrapped{domain.Errorf(domain.Unavailable, "unavailable", "the books were closed meanwhile: send the same request again, with the same Idempotency-Key where it has one"), err}
	case isAway(err):
		return &wrapped{domain.Errorf(domain.Unavailable, "unavailable", "the database cannot be reached just now: send the same request again, with the same Idempotency-Key where it has one"), err}
	}
	return err
}

// wrapped is what the caller is told, with what the database said behind it.
type wrapped struct {
	told  *domain.Error
	cause error
}

func (w *wrapped) Error() string   { return w.told.Message + ": " + w.cause.Error() }
func (w *wrapped) Unwrap() []error { return []error{w.told, w.cause} }
