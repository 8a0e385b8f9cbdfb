package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/fasthold/fasthold/domain"
)

// Tx is one transaction, or one run of reads, in one municipality.
type Tx struct {
	db      *gorm.DB
	store   *Store
	actor   domain.Actor
	pending []statement // rows that nobody reads again before the commit
	audited bool
}

// errNoAudit stops a change that would leave no trace.
var errNoAudit = errors.New("store: a change without an audit entry is not committed")

// Write runs fn in a transaction for actor and commits when fn gives nil. It
// refuses to commit without an actor and an audit entry. An error from fn
// leaves nothing changed.
func (s *Store) Write(ctx context.Context, actor domain.Actor, fn func(tx *Tx) error) error {
	if actor.Person == "" || actor.MunicipalityID == (domain.ID{}) {
		return errors.New("store: a change needs an actor in a municipality")
	}
	release, err := s.lockWriter(ctx)
	if err != nil {
		return err
	}
	defer release()
	return s.inTransaction(ctx, actor, true, func(tx *Tx, conn *sql.Conn) error {
		if err := fn(tx); err != nil {
			return err
		}
		if !tx.audited {
			return errNoAudit
		}
		return s.commit(ctx, conn, tx.pending)
	})
}

// Read runs fn over the rows of one municipality, each query on its own.
func (s *Store) Read(ctx context.Context, municipality domain.ID, fn func(tx *Tx) error) error {
	actor := domain.Actor{MunicipalityID: municipality}
	return translate(fn(&Tx{db: s.gorm.WithContext(ctx), store: s, actor: actor}))
}

// Snapshot is Read with every query seeing the same moment of the database.
func (s *Store) Snapshot(ctx context.Context, municipality domain.ID, fn func(tx *Tx) error) error {
	actor := domain.Actor{MunicipalityID: municipality}
	return s.inTransaction(ctx, actor, false, func(tx *Tx, conn *sql.Conn) error {
		if err := fn(tx); err != nil {
			return err
		}
		return s.commit(ctx, conn, nil)
	})
}

// inTransaction begins, runs fn, which commits, and rolls back if it fails.
func (s *Store) inTransaction(ctx context.Context, actor domain.Actor, write bool, fn func(*Tx, *sql.Conn) error) (err error) {
	conn, err := s.sql.Conn(ctx)
	if err != nil {
		return translate(err)
	}
	defer func() { _ = conn.Close() }()
	if err := s.begin(ctx, conn, write); err != nil {
		return translate(err)
	}
	done := false
	defer func() {
		if !done {
			rollback(ctx, conn)
		}
	}()
	session := s.gorm.Session(&gorm.Session{NewDB: true, Context: ctx})
	session.Statement.ConnPool = conn
	err = fn(&Tx{db: session, store: s, actor: actor}, conn)
	done = err == nil
	return translate(err)
}

// rollback undoes what conn has begun, even when the caller has gone away, and
// gives up the connection if that cannot be done.
func rollback(ctx context.Context, conn *sql.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if _, err := conn.ExecContext(ctx, "ROLLBACK"); err != nil {
		_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	}
}

// Actor is who acts in this transaction.
func (tx *Tx) Actor() domain.Actor { return tx.actor }

// Append inserts rows that nothing reads again before the commit. They travel
// with the COMMIT, in the order given. Rows must be pointers to domain structs.
func (tx *Tx) Append(rows ...any) error {
	for _, row := range rows {
		st := tx.db.Session(&gorm.Session{DryRun: true}).Create(row).Statement
		if st.Error != nil {
			return st.Error
		}
		tx.pending = append(tx.pending, statement{st.SQL.String(), st.Vars})
	}
	return nil
}

// Flush sends the appended rows now, for a read that must see them.
func (tx *Tx) Flush() error {
	for _, st := range tx.pending {
		if err := tx.exec(st.sql, st.args...).Error; err != nil {
			return err
		}
	}
	tx.pending = nil
	return nil
}

func (tx *Tx) exec(query string, args ...any) *gorm.DB {
	db := tx.db.Session(&gorm.Session{})
	result, err := db.Statement.ConnPool.ExecContext(db.Statement.Context, query, args...)
	if err != nil {
		_ = db.AddError(err)
		return db
	}
	db.RowsAffected, err = result.RowsAffected()
	if err != nil {
		_ = db.AddError(err)
	}
	return db
}

// Audit leaves the audit entry that Write demands. Detail is a JSON object of
// references and amounts, or nil; it never holds a name or a code.
func (tx *Tx) Audit(action domain.Action, object string, id domain.ID, at time.Time, detail domain.Raw) error {
	tx.audited = true
	a := tx.actor
	return tx.Append(&domain.AuditEntry{
		MunicipalityID: a.MunicipalityID, ID: NewID(), Person: a.Person, Role: a.Role, TokenID: a.TokenID,
		Action: string(action), Object: object, ObjectID: id, Detail: detail, RequestID: a.RequestID, CreatedAt: at,
	})
}

// NewID makes a new row's ID, later than every ID this process made before.
func NewID() domain.ID {
	id, err := uuid.NewV7()
	if err != nil { // the system's random source is broken: nothing can be done safely
		panic(fmt.Errorf("store: no randomness: %w", err))
	}
	return id
}

// Locked makes the rows found by the next query wait for other writers of them.
func locked(db *gorm.DB) *gorm.DB {
	return db.Clauses(clause.Locking{Strength: "UPDATE"})
}
