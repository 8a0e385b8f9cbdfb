package store

import (
	"context"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm/schema"

	"github.com/fasthold/fasthold/domain"
)

// Append inserts rows that nothing reads again before the commit. They travel
// with the COMMIT, in the order given. Rows must be pointers to domain structs,
// or to slices of them, and keep their values until then.
func (tx *Tx) Append(rows ...any) error {
	for _, row := range rows {
		in, err := tx.store.insertion(row)
		if err != nil {
			return err
		}
		tx.pending = append(tx.pending, in)
		tx.concern(row)
	}
	return nil
}

// Flush sends the appended rows now, for a read that must see them.
func (tx *Tx) Flush() error {
	db := tx.db()
	if db.Error != nil {
		return db.Error
	}
	for _, in := range tx.pending {
		if _, err := tx.conn.ExecContext(db.Statement.Context, in.sql, in.args...); err != nil {
			return err
		}
	}
	tx.pending = nil
	return nil
}

// insertion is rows of one table to be inserted.
type insertion struct {
	sql  string
	args []any // row after row
}

// shape is how rows of a type are inserted, worked out once.
type shape struct {
	table   string
	keys    []string // the primary key's columns
	heading string   // INSERT INTO "table" ("column", …) VALUES
	one     string   // the whole statement for a single row
	fields  []*schema.Field
	plain   bool // SQLite takes $1 for a name, which it looks for among all that it has seen
}

// insertion reads a row's, or several rows', values. GORM knows the columns.
func (s *Store) insertion(rows any) (insertion, error) {
	value := reflect.Indirect(reflect.ValueOf(rows))
	if value.Kind() != reflect.Slice {
		shape, err := s.shape(value.Type())
		if err != nil {
			return insertion{}, err
		}
		return insertion{shape.one, shape.values(nil, value)}, nil
	}
	shape, err := s.shape(value.Type().Elem())
	if err != nil {
		return insertion{}, err
	}
	var args []any
	for i := range value.Len() {
		args = shape.values(args, value.Index(i))
	}
	return insertion{shape.sql(value.Len()), args}, nil
}

// shape works out how rows of a type are inserted.
func (s *Store) shape(row reflect.Type) (*shape, error) {
	if known, ok := s.shapes.Load(row); ok {
		return known.(*shape), nil
	}
	table, err := schema.Parse(reflect.New(row).Interface(), &sync.Map{}, s.gorm.NamingStrategy)
	if err != nil {
		return nil, err
	}
	made := &shape{table: table.Table, fields: make([]*schema.Field, len(table.DBNames)), plain: s.dialect == "sqlite"}
	for _, key := range table.PrimaryFields {
		made.keys = append(made.keys, key.DBName)
	}
	quoted := make([]string, len(table.DBNames))
	for i, name := range table.DBNames {
		made.fields[i], quoted[i] = table.FieldsByDBName[name], `"`+name+`"`
	}
	made.heading = `INSERT INTO "` + table.Table + `" (` + strings.Join(quoted, ",") + ") VALUES "
	made.one = made.sql(1)
	s.shapes.Store(row, made)
	return made, nil
}

var aDate, aTime, anyTime = reflect.TypeFor[domain.Date](), reflect.TypeFor[time.Time](), reflect.TypeFor[*time.Time]()

// read gives the columns as a query asks for them, and pointers to row's fields in
// their order. That of the municipality is known: row gets it here. SQLite's driver
// would try a dozen formats for each value of a column that is declared a time; of
// +column it knows no declaration, and gives the text.
func (sh *shape) read(municipality domain.ID, row reflect.Value) (names []string, into []any) {
	for _, field := range sh.fields {
		at, name := field.ReflectValueOf(context.Background(), row), field.DBName
		if name == "municipality_id" && sh.table != "municipalities" {
			at.Set(reflect.ValueOf(municipality))
			continue
		}
		if sh.plain && (field.FieldType == aDate || field.FieldType == aTime || field.FieldType == anyTime) {
			name = "+" + name
		}
		names, into = append(names, name), append(into, at.Addr().Interface())
	}
	return names, into
}

// values adds a row's values to args.
func (sh *shape) values(args []any, row reflect.Value) []any {
	if args == nil {
		args = make([]any, 0, len(sh.fields))
	}
	for _, field := range sh.fields {
		value, _ := field.ValueOf(context.Background(), row)
		args = append(args, value)
	}
	return args
}

// sql is the insert of so many rows.
func (sh *shape) sql(rows int) string {
	var b strings.Builder
	b.WriteString(sh.heading)
	for i := range rows * len(sh.fields) {
		switch {
		case i == 0:
			b.WriteByte('(')
		case i%len(sh.fields) == 0:
			b.WriteString("),(")
		default:
			b.WriteByte(',')
		}
		if sh.plain {
			b.WriteByte('?')
			continue
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(i + 1))
	}
	b.WriteByte(')')
	return b.String()
}
