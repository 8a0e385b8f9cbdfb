package store

import (
	"cmp"
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
	store   *Store
	actor   domain.Actor
	session *gorm.DB
	conn    *sql.Conn // the transaction's; nil outside one
	write   bool
	begun   bool
	pending []insertion         // rows that nobody reads again before the commit
	freed   map[domain.ID]int64 // by budget: what the entries posted give back to it
	held    map[domain.ID]bool  // budgets of which slices are locked
	after   []func()
	shelves map[shelfKey]any // what is answered from memory (Shelve)
	moment  string           // the snapshot of another transaction that this one sees too; "" for its own
	audited bool
	concerned
	printing  []*domain.AuditEntry // those that get a fingerprint before the commit
	action    domain.Action        // what is done; that of the first audit entry, unless For says it
	auditedAt time.Time
	emergency *domain.ID // the emergency access under which it is done
}

// errNoAudit stops a change that would leave no trace.
var errNoAudit = errors.New("store: a change without an audit entry is not committed")

// Write runs fn in a transaction for actor and commits when fn gives nil. It
// refuses to commit without an actor and an audit entry, and leaves in the access
// log whose data was handled. An error from fn leaves nothing changed.
func (s *Store) Write(ctx context.Context, actor domain.Actor, fn func(tx *Tx) error) error {
	if actor.Person == "" || actor.MunicipalityID == (domain.ID{}) {
		return errors.New("store: a change needs an actor in a municipality")
	}
	release, err := s.lockWriter(ctx)
	if err != nil {
		return err
	}
	defer release()
	return s.inTransaction(ctx, actor, true, func(tx *Tx) error {
		tx.watch()
		if err := fn(tx); err != nil {
			return err
		}
		if !tx.audited {
			return errNoAudit
		}
		if ctx.Value(rehearsing{}) != nil {
			return ErrRehearsed
		}
		if err := tx.fingerprint(); err != nil {
			return err
		}
		if err := tx.log(); err != nil {
			return err
		}
		if err := tx.commit(ctx); err != nil {
			return err
		}
		for _, done := range tx.after {
			done()
		}
		return nil
	})
}

// ErrRehearsed is what Write gives in the place of a commit under Rehearse.
var ErrRehearsed = errors.New("store: it was rehearsed, and nothing is changed")

type rehearsing struct{}

// Rehearse gives a context under which Write commits nothing: what would be refused is
// refused as ever, and what would be done gives ErrRehearsed.
func Rehearse(ctx context.Context) context.Context {
	return context.WithValue(ctx, rehearsing{}, true)
}

// After has fn called once the transaction is committed: to count what happened.
func (tx *Tx) After(fn func()) { tx.after = append(tx.after, fn) }

// Read runs fn over the rows of one municipality, each query on its own.
func (s *Store) Read(ctx context.Context, municipality domain.ID, fn func(tx *Tx) error) error {
	actor := domain.Actor{MunicipalityID: municipality}
	return translate(fn(&Tx{session: s.gorm.WithContext(only(municipality).with(ctx)), store: s, actor: actor}))
}

// Snapshot is Read with every query seeing the same moment of the database.
func (s *Store) Snapshot(ctx context.Context, municipality domain.ID, fn func(tx *Tx) error) error {
	actor := domain.Actor{MunicipalityID: municipality}
	return s.inTransaction(ctx, actor, false, func(tx *Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return tx.commit(ctx)
	})
}

// Snapshots is Snapshot with n transactions, for as many readers at once, which
// all see the same moment. SQLite cannot share one: there it is one transaction.
func (s *Store) Snapshots(ctx context.Context, municipality domain.ID, n int, fn func(txs []*Tx) error) error {
	return s.Snapshot(ctx, municipality, func(tx *Tx) error {
		if s.dialect == "sqlite" || n < 2 {
			return fn([]*Tx{tx})
		}
		var moment string
		err := tx.db().Exec(roomy).Error
		if err == nil {
			err = tx.db().Raw("SELECT pg_export_snapshot()").Scan(&moment).Error
		}
		if err != nil {
			return err
		}
		return s.beside(ctx, []*Tx{tx}, n-1, moment, fn)
	})
}

// roomy lets PostgreSQL join and sort whole tables in memory until the end of the
// transaction: they would go through files otherwise, several times.
const roomy = "SET LOCAL work_mem = '128MB'"

// beside opens n more transactions that see the moment of the first.
func (s *Store) beside(ctx context.Context, txs []*Tx, n int, moment string, fn func(txs []*Tx) error) error {
	if n == 0 {
		return fn(txs)
	}
	return s.inTransaction(ctx, txs[0].actor, false, func(tx *Tx) error {
		tx.moment = moment
		if err := tx.db().Exec(roomy).Error; err != nil {
			return err
		}
		if err := s.beside(ctx, append(txs, tx), n-1, moment, fn); err != nil {
			return err
		}
		return tx.commit(ctx)
	})
}

// inTransaction runs fn, which commits, and rolls back if it fails. The first
// query begins the transaction.
func (s *Store) inTransaction(ctx context.Context, actor domain.Actor, write bool, fn func(*Tx) error) error {
	conn, err := s.sql.Conn(ctx)
	if err != nil {
		return translate(err)
	}
	defer func() { _ = conn.Close() }()
	session := s.gorm.Session(&gorm.Session{NewDB: true, Context: ctx})
	session.Statement.ConnPool = conn
	tx := &Tx{session: session, store: s, actor: actor, conn: conn, write: write}
	done := false
	defer func() { // also when fn panics
		if !done && tx.begun {
			rollback(ctx, conn)
		}
	}()
	err = fn(tx)
	if isClosed(err) {
		s.closed.Delete(actor.MunicipalityID)
	}
	done = err == nil
	return translate(err)
}

// db is what queries run on. The first one of a transaction begins it.
func (tx *Tx) db() *gorm.DB {
	if tx.conn == nil || tx.begun {
		return tx.session
	}
	tx.begun = true
	if _, err := tx.conn.ExecContext(tx.session.Statement.Context, tx.opening()); err != nil {
		failed := tx.session.Session(&gorm.Session{})
		_ = failed.AddError(err)
		tx.session = failed // nothing more is done outside a transaction
	}
	return tx.session
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

// For says what the transaction is for: the access log names it.
func (tx *Tx) For(action domain.Action) { tx.action = action }

// Audit leaves the audit entry that Write demands. Detail is a JSON object of
// references and amounts, or nil; it never holds a name or a code. Of what is in
// Fingerprinted the entry also gets the fingerprint, and is sent along last.
func (tx *Tx) Audit(action domain.Action, object string, id domain.ID, at time.Time, detail domain.Raw) error {
	if !tx.audited {
		tx.audited, tx.auditedAt, tx.action = true, at, cmp.Or(tx.action, action)
	}
	if table := audited[object]; table != "" && id != (domain.ID{}) {
		tx.Concern(domain.Subject{Table: table, ID: id})
	}
	a := tx.actor
	entry := &domain.AuditEntry{
		MunicipalityID: a.MunicipalityID, ID: NewID(), Person: a.Person, Role: a.Role, TokenID: a.TokenID,
		Action: string(action), Object: object, ObjectID: id, Detail: detail, RequestID: a.RequestID, CreatedAt: at,
	}
	if _, printed := PrintedBy(action, object); printed {
		tx.printing = append(tx.printing, entry)
		return nil
	}
	return tx.Append(entry)
}

// Become says in which role and with which credential the actor acts from here
// on: who signs in has neither before.
func (tx *Tx) Become(role domain.Role, token domain.ID) {
	tx.actor.Role, tx.actor.TokenID = role, token
}

// Reach gives the actor the reach of another unit from here on: they stand in there
// for somebody who is away.
func (tx *Tx) Reach(unit domain.ID) { tx.actor.UnitID = unit }

// NewID makes a new row's ID, later than every ID this process made before.
func NewID() domain.ID {
	id, err := uuid.NewV7()
	if err != nil { // the system's random source is broken: nothing can be done safely
		panic(fmt.Errorf("store: no randomness: %w", err))
	}
	return id
}

// locked makes the rows found by the next query wait for other writers of them,
// but not for those who only refer to them: a plain FOR UPDATE holds up even the
// check of a foreign key, and two who wait for each other so are a deadlock.
func locked(db *gorm.DB) *gorm.DB {
	return db.Clauses(clause.Locking{Strength: "NO KEY UPDATE"})
}

// unlocked makes a query that locks leave out the rows that others have locked.
func unlocked(db *gorm.DB) *gorm.DB {
	return db.Clauses(clause.Locking{Strength: "NO KEY UPDATE", Options: "SKIP LOCKED"})
}
