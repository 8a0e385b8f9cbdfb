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

// Cond narrows a query. The column is a name of ours, never input.
type Cond struct {
	sql  string
	args []any
}

// owners are the columns that say whose a row is, where one of them has few of the
// table's rows and the index that leads there does not end with the row's ID.
var owners = []string{"plan_id", "enrolment_id", "award_id", "voucher_id", "object_id"}

// owned reports whether the condition names whose the rows are.
func (c Cond) owned() bool {
	column, _, _ := strings.Cut(c.sql, " ")
	return slices.Contains(owners, column)
}

// Eq wants the column to equal v; it narrows nothing when v is its type's zero
// value, so that a filter that was not given can be passed as it is. A text that
// no column can hold finds nothing.
func Eq(column string, v any) Cond {
	if text := reflect.ValueOf(v); text.Kind() == reflect.String {
		v = strings.ToValidUTF8(strings.ReplaceAll(text.String(), "\x00", "\uFFFD"), "\uFFFD")
	}
	return unlessZero(column+" = ?", v)
}

// Is wants the column to equal v, zero or not.
func Is(column string, v any) Cond { return Cond{column + " = ?", []any{v}} }

// Not wants the column to be other than v.
func Not(column string, v any) Cond { return Cond{column + " <> ?", []any{v}} }

// Either wants one of two columns to equal v.
func Either(column, other string, v any) Cond {
	return Cond{"(" + column + " = ? OR " + other + " = ?)", []any{v, v}}
}

// WithoutMoney wants awards for which less is reserved than they are owed.
func WithoutMoney() Cond { return Cond{sql: "reserved < amount - granted"} }

// Promised wants all awards but those proposed by hand that nobody has approved.
func Promised() Cond { return Cond{sql: "(milestone > 0 OR granted > 0 OR state = 'withheld')"} }

// WithMoney wants awards for which all is reserved that they are owed.
func WithMoney() Cond { return Cond{sql: "reserved >= amount - granted"} }

// None wants the column to be empty.
func None(column string) Cond { return Cond{sql: column + " IS NULL"} }

// Some wants the column to be filled.
func Some(column string) Cond { return Cond{sql: column + " IS NOT NULL"} }

// In wants the column to be one of vs; no row is in an empty list.
func In[T any](column string, vs []T) Cond {
	if len(vs) == 0 {
		return Cond{sql: "1 = 0"}
	}
	if ids, are := any(vs).([]domain.ID); are {
		return Cond{column + " ?", []any{oneOf(ids)}}
	}
	return Cond{column + " IN ?", []any{vs}}
}

// From wants the column to be v or later; nothing when v is zero.
func From(column string, v any) Cond { return unlessZero(column+" >= ?", v) }

// To wants the column to be v or earlier; nothing when v is zero.
func To(column string, v any) Cond { return unlessZero(column+" <= ?", v) }

// Before wants the column to be earlier than v; nothing when v is zero.
func Before(column string, v any) Cond { return unlessZero(column+" < ?", v) }

// FirstEvents wants the first events of attendances. It is said in the words of the
// index that leads from planned sessions to them.
func FirstEvents() Cond { return Cond{sql: "revision = 1"} }

// told says that a session's outcome is recorded, and is more than pending. A
// session has one attendance at most, which its first event leads to.
const told = `EXISTS (SELECT 1 FROM attendance_events AS first_said JOIN attendances AS told ON told.municipality_id = first_said.municipality_id
	AND told.plan_id = first_said.plan_id AND told.attendance_id = first_said.attendance_id
	WHERE first_said.municipality_id = sessions.municipality_id AND first_said.session_id = sessions.id AND first_said.revision = 1
	AND NOT told.withdrawn AND told.outcome <> 'pending')`

// OutcomeRecorded wants sessions whose outcome is recorded.
func OutcomeRecorded() Cond { return Cond{sql: told} }

// OutcomeMissing wants planned sessions that began before now and whose outcome
// is not recorded, or only as pending.
func OutcomeMissing(now time.Time) Cond {
	return Cond{"sessions.state = 'planned' AND sessions.starts_at < ? AND NOT " + told, []any{now}}
}

// After wants the column to be later than v.
func After(column string, v time.Time) Cond { return Cond{column + " > ?", []any{v}} }

// Above filters by a number that is greater.
func Above(column string, v int64) Cond { return Cond{column + " > ?", []any{v}} }

// Below filters by a number that is less.
func Below(column string, v int64) Cond { return Cond{column + " < ?", []any{v}} }

func unlessZero(sql string, v any) Cond {
	if value := reflect.ValueOf(v); !value.IsValid() || value.IsZero() {
		return Cond{}
	}
	return Cond{sql, []any{v}}
}

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

// EarnedIn wants vouchers of the awards of these enrolments.
func EarnedIn(enrolments []domain.ID) Cond {
	if len(enrolments) == 0 {
		return In("award_id", enrolments)
	}
	return Cond{"award_id IN (SELECT id FROM awards WHERE awards.municipality_id = vouchers.municipality_id AND enrolment_id ?)", []any{oneOf(enrolments)}}
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
