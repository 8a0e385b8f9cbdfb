package store

import (
	"bytes"
	"cmp"
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/fasthold/fasthold/domain"
)

// Page says which part of a list is wanted: at most Limit rows, older than
// After. IDs are made in order of time, so the ID alone is the cursor.
type Page struct {
	Limit int       // > 0
	After domain.ID // zero: from the newest
}

// Place is where something is in a queue, the oldest first.
type Place struct {
	Since time.Time // zero: before everything
	ID    domain.ID
}

// Compare orders places.
func (p Place) Compare(q Place) int {
	return cmp.Or(p.Since.Compare(q.Since), bytes.Compare(p.ID[:], q.ID[:]))
}

// Oldest gives up to limit rows in the order of a column of time, those behind a
// place in it.
func Oldest[T any](tx *Tx, column string, after Place, limit int, conds ...Cond) ([]T, error) {
	if !after.Since.IsZero() {
		conds = append(conds, Cond{"(" + column + ", id) > (?, ?)", []any{after.Since, after.ID}})
	}
	var rows []T
	err := scoped[T](tx, conds).Order(column + ", id").Limit(limit).Find(&rows).Error
	concerns(tx, rows...)
	return rows, err
}

// Latest gives up to limit rows, those first that are last in the order of a
// column. Name one that the index behind the conditions ends with: then what is
// older costs nothing.
func Latest[T any](tx *Tx, column string, limit int, conds ...Cond) ([]T, error) {
	var rows []T
	err := scoped[T](tx, conds).Order(column + " DESC").Limit(limit).Find(&rows).Error
	concerns(tx, rows...)
	return rows, err
}

// scoped begins a query over T's rows in the transaction's municipality.
func scoped[T any](tx *Tx, conds []Cond) *gorm.DB {
	db := tx.db().Model(new(T)).Where("municipality_id = ?", tx.actor.MunicipalityID)
	for _, c := range conds {
		if c.sql != "" {
			db = db.Where(c.sql, c.args...)
		}
	}
	return db
}

// Get gives the row with this ID, or NotFound.
func Get[T any](tx *Tx, id domain.ID) (T, error) { return First[T](tx, Is("id", id)) }

// GetLocked is Get, and makes other writers of the row wait for this one.
func GetLocked[T any](tx *Tx, id domain.ID) (T, error) {
	var row T
	err := locked(scoped[T](tx, []Cond{Is("id", id)})).Take(&row).Error
	if err == nil {
		concerns(tx, row)
	}
	return row, notFound[T](err)
}

// First gives the one row that the conditions name, or NotFound.
func First[T any](tx *Tx, conds ...Cond) (T, error) {
	var row T
	if rows, ok := shelved[T](tx, "", conds); ok {
		if len(rows) == 0 {
			return row, notFound[T](gorm.ErrRecordNotFound)
		}
		return rows[0], nil
	}
	err := scoped[T](tx, conds).Take(&row).Error
	if err == nil {
		concerns(tx, row)
	}
	return row, notFound[T](err)
}

// List gives one page of rows, newest first, and whether older ones follow.
func List[T any](tx *Tx, page Page, conds ...Cond) (rows []T, more bool, err error) {
	id := "id"
	if tx.store.dialect == "sqlite" && slices.ContainsFunc(conds, Cond.owned) {
		id = "+id" // or it walks the whole table by ID, to spare itself the sorting of a few rows
	}
	err = scoped[T](tx, append(conds, Before(id, page.After))).Order(id + " DESC").Limit(page.Limit + 1).Find(&rows).Error
	if more = len(rows) > page.Limit; more {
		rows = rows[:page.Limit]
	}
	concerns(tx, rows...)
	return rows, more, err
}

// All gives every row that the conditions name, in the order of the columns, or
// in none for "". Name an order that the index behind the conditions has: SQLite
// would rather walk the whole table in order than sort a few rows.
func All[T any](tx *Tx, order string, conds ...Cond) ([]T, error) {
	if rows, ok := shelved[T](tx, order, conds); ok {
		return rows, nil
	}
	var rows []T
	query := scoped[T](tx, conds)
	if order != "" {
		query = query.Order(order)
	}
	err := query.Find(&rows).Error
	concerns(tx, rows...)
	return rows, err
}

// AllLocked is All, and makes other writers of the rows wait for this one. They
// are locked in the order given.
func AllLocked[T any](tx *Tx, order string, conds ...Cond) ([]T, error) {
	var rows []T
	err := locked(scoped[T](tx, conds)).Order(order).Find(&rows).Error
	concerns(tx, rows...)
	return rows, err
}

// Count counts the rows that the conditions name.
func Count[T any](tx *Tx, conds ...Cond) (n int64, err error) {
	if rows, ok := shelved[T](tx, "", conds); ok {
		return int64(len(rows)), nil
	}
	err = scoped[T](tx, conds).Count(&n).Error
	return n, err
}

// Insert adds a row at once, for reads that follow in the same transaction.
func Insert[T any](tx *Tx, row *T) error {
	concerns(tx, *row)
	return tx.db().Create(row).Error
}

// Set changes columns of the row with this ID if its version is still the one
// given, and counts the version up. Stale when someone else was faster.
func Set[T any](tx *Tx, id domain.ID, version int64, columns map[string]any) error {
	columns["version"] = version + 1
	done := scoped[T](tx, []Cond{Is("id", id), Is("version", version)}).Updates(columns)
	if done.Error == nil && done.RowsAffected != 1 {
		return domain.Errorf(domain.Stale, "stale", "someone else changed it meanwhile: read it again and repeat the change")
	}
	return done.Error
}

// Change is Set for the rows that no version guards: the conditions must name
// exactly one row, else it is a Conflict and nothing changed.
func Change[T any](tx *Tx, columns map[string]any, conds ...Cond) error {
	done := scoped[T](tx, conds).Updates(columns)
	if done.Error == nil && done.RowsAffected != 1 {
		return domain.Errorf(domain.Conflict, "wrong_state", "the %s is not in a state that allows this", noun[T]())
	}
	return done.Error
}

func notFound[T any](err error) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return domain.Errorf(domain.NotFound, "not_found", "there is no such %s within your reach", noun[T]())
	}
	return err
}

// noun is T's name in a sentence: "programme version".
func noun[T any]() string {
	var b strings.Builder
	for i, r := range reflect.TypeFor[T]().Name() {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}

// Listed is one page of a list, newest first.
type Listed[T any] struct {
	Rows []T
	More bool
}

// Refer reads the row that a field of the input names. When there is none within
// reach the error names the field: it is the input that is wrong, not the
// address that was called.
func Refer[T any](tx *Tx, field string, id domain.ID, reach func(T) bool) (row T, err error) {
	if id == (domain.ID{}) {
		return row, domain.InvalidField(field, "required", "must not be empty")
	}
	row, err = Get[T](tx, id)
	if domain.KindOf(err) == domain.NotFound || err == nil && !reach(row) {
		var none T
		return none, domain.InvalidField(field, "unknown", "there is no such thing within your reach: check the ID")
	}
	return row, err
}
