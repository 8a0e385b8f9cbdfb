package store

import (
	"database/sql"
	"encoding/binary"
	"fmt"
	"reflect"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/fasthold/fasthold/domain"
)

// reader puts a column's value, as PostgreSQL sends it, into the field that it
// was made for; nil is NULL. It keeps nothing of value.
type reader func(value []byte) error

// typeMap is what pgx knows of types: the way for those that are not ours.
type typeMap interface {
	Scan(oid uint32, format int16, value []byte, into any) error
}

// readerOf works out how a column goes into a field.
func readerOf(into any, field pgconn.FieldDescription, types typeMap) reader {
	if field.Format == pgtype.BinaryFormatCode || field.DataTypeOID == pgtype.TextOID {
		if r := ownReader(into, field.DataTypeOID); r != nil {
			return r
		}
	}
	target := reflect.ValueOf(into).Elem()
	return func(value []byte) error {
		target.SetZero() // a list would be read into the one of the row before
		if value == nil {
			return nil
		}
		return types.Scan(field.DataTypeOID, field.Format, value, into)
	}
}

// ownReader is the quick way for the types that nearly all columns have, or nil.
func ownReader(into any, oid uint32) reader {
	switch p := into.(type) {
	case *domain.ID:
		return readAs(p, oid == pgtype.UUIDOID, toID)
	case **domain.ID:
		return readAs(p, oid == pgtype.UUIDOID, func(b []byte) *domain.ID { return new(toID(b)) })
	case *time.Time:
		return readAs(p, oid == pgtype.TimestamptzOID, toTime)
	case **time.Time:
		return readAs(p, oid == pgtype.TimestamptzOID, func(b []byte) *time.Time { return new(toTime(b)) })
	case *domain.Date:
		return readAs(p, oid == pgtype.DateOID, func(b []byte) domain.Date { return domain.DateOf(toDay(b), time.UTC) })
	case *bool:
		return readAs(p, oid == pgtype.BoolOID, func(b []byte) bool { return b[0] == 1 })
	case *[]byte:
		return readAs(p, oid == pgtype.ByteaOID, func(b []byte) []byte { return append([]byte{}, b...) })
	case *domain.Raw:
		return readAs(p, oid == pgtype.TextOID, func(b []byte) domain.Raw { return append(domain.Raw{}, b...) })
	}
	target := reflect.ValueOf(into).Elem()
	if _, own := into.(sql.Scanner); own {
		return nil
	}
	switch {
	case target.Kind() == reflect.String && oid == pgtype.TextOID:
		text := words{}
		return func(b []byte) error { target.SetString(text.word(b)); return nil }
	case target.CanInt() && oid == pgtype.Int8OID:
		return func(b []byte) error { target.SetInt(toInt64(b)); return nil }
	case target.CanInt() && oid == pgtype.Int4OID:
		return func(b []byte) error { target.SetInt(toInt32(b)); return nil }
	}
	return nil
}

// readAs is a reader for columns of one type; nil for others.
func readAs[V any](into *V, fits bool, read func([]byte) V) reader {
	if !fits {
		return nil
	}
	var none V
	return func(value []byte) error {
		if *into = none; value != nil {
			*into = read(value)
		}
		return nil
	}
}

func toID(b []byte) domain.ID { return domain.ID(b) }

func toInt64(b []byte) int64 {
	if b == nil {
		return 0
	}
	return int64(binary.BigEndian.Uint64(b)) //nolint:gosec // the same 64 bits
}

func toInt32(b []byte) int64 {
	if b == nil {
		return 0
	}
	return int64(int32(binary.BigEndian.Uint32(b))) //nolint:gosec // the same 32 bits
}

// epoch is the first moment of PostgreSQL's calendar.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func toTime(b []byte) time.Time { return time.UnixMicro(epoch.UnixMicro() + toInt64(b)).UTC() }

func toDay(b []byte) time.Time { return epoch.AddDate(0, 0, int(toInt32(b))) }

// words keeps a column's first few hundred texts, so that a currency or a state
// is not a text of its own in each of a million rows.
type words map[string]string

func (w words) word(b []byte) string {
	if known, ok := w[string(b)]; ok {
		return known
	}
	text := string(b)
	if len(w) < 512 && len(text) < 64 {
		w[text] = text
	}
	return text
}

// cells are scanners that put database/sql's values where the pointers say.
func cells(into []any) []any {
	all := make([]any, len(into))
	for i, p := range into {
		all[i] = cell{p, reflect.ValueOf(p).Elem()}
	}
	return all
}

// cell is a field as a scanner.
type cell struct {
	into   any
	target reflect.Value // what into points to
}

// Scan takes a value of the driver's.
func (c cell) Scan(src any) (err error) {
	c.target.SetZero()
	if src == nil {
		return nil
	}
	switch p := c.into.(type) {
	case *domain.ID:
		*p, err = anID(src)
		return err
	case sql.Scanner:
		return p.Scan(src)
	case *time.Time:
		*p, err = aMoment(src)
		return err
	}
	if c.target.Kind() == reflect.Pointer {
		to := reflect.New(c.target.Type().Elem())
		c.target.Set(to)
		return cell{to.Interface(), to.Elem()}.Scan(src)
	}
	switch v := src.(type) {
	case []byte:
		if c.target.Kind() == reflect.Slice {
			c.target.SetBytes(append([]byte{}, v...))
			return nil
		}
	case string:
		if c.target.Kind() == reflect.String {
			c.target.SetString(v)
			return nil
		}
		if c.target.Kind() == reflect.Slice { // SQLite keeps in a column what it is given
			c.target.SetBytes([]byte(v))
			return nil
		}
	case int64:
		if c.target.CanInt() {
			c.target.SetInt(v)
			return nil
		}
		if c.target.Kind() == reflect.Bool {
			c.target.SetBool(v != 0)
			return nil
		}
	}
	if value := reflect.ValueOf(src); value.Type().AssignableTo(c.target.Type()) {
		c.target.Set(value)
		return nil
	}
	return fmt.Errorf("store: cannot read %T as %s", src, c.target.Type())
}

// writtenAs is how the driver writes an instant in SQLite (sqliteOptions).
const writtenAs = "2006-01-02 15:04:05.999999999-07:00"

func aMoment(src any) (time.Time, error) {
	switch v := src.(type) {
	case time.Time:
		return v, nil
	case string:
		at, err := time.Parse(writtenAs, v)
		return at.UTC(), err
	default:
		return time.Time{}, fmt.Errorf("store: cannot read %T as an instant", src)
	}
}

func anID(src any) (domain.ID, error) {
	text, ok := src.(string)
	if !ok {
		return domain.ID{}, fmt.Errorf("store: cannot read %T as an ID", src)
	}
	return uuid.Parse(text)
}
