package store

import (
	"reflect"
	"slices"
	"strings"
	"time"

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

// EarnedIn wants vouchers of the awards of these enrolments.
func EarnedIn(enrolments []domain.ID) Cond {
	if len(enrolments) == 0 {
		return In("award_id", enrolments)
	}
	return Cond{"award_id IN (SELECT id FROM awards WHERE awards.municipality_id = vouchers.municipality_id AND enrolment_id ?)", []any{oneOf(enrolments)}}
}
