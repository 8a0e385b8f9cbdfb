package store

import (
	"context"
	"reflect"
	"strconv"
	"strings"

	"gorm.io/gorm/schema"
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
		if _, err := tx.conn.ExecContext(db.Statement.Context, in.sql(0), in.args...); err != nil {
			return err
		}
	}
	tx.pending = nil
	return nil
}

// insertion is rows of one table to be inserted.
type insertion struct {
	heading string // INSERT INTO "table" ("column", …) VALUES
	columns int
	args    []any // row after row
}

// insertion reads a row's, or several rows', values. GORM knows the columns.
func (s *Store) insertion(rows any) (insertion, error) {
	table, err := schema.Parse(rows, &s.schemas, s.gorm.NamingStrategy)
	if err != nil {
		return insertion{}, err
	}
	in := insertion{heading: s.heading(table), columns: len(table.DBNames)}
	add := func(row reflect.Value) {
		for _, name := range table.DBNames {
			value, _ := table.FieldsByDBName[name].ValueOf(context.Background(), row)
			in.args = append(in.args, value)
		}
	}
	value := reflect.Indirect(reflect.ValueOf(rows))
	if value.Kind() != reflect.Slice {
		add(value)
		return in, nil
	}
	for i := range value.Len() {
		add(value.Index(i))
	}
	return in, nil
}

// heading is the beginning of an insert into a table, made once.
func (s *Store) heading(table *schema.Schema) string {
	if made, ok := s.headings.Load(table); ok {
		return made.(string)
	}
	quoted := make([]string, len(table.DBNames))
	for i, name := range table.DBNames {
		quoted[i] = `"` + name + `"`
	}
	made := `INSERT INTO "` + table.Table + `" (` + strings.Join(quoted, ",") + ") VALUES "
	s.headings.Store(table, made)
	return made
}

// sql is the insert with its placeholders numbered after the first shift ones.
func (in insertion) sql(shift int) string {
	b := strings.Builder{}
	b.Grow(len(in.heading) + 6*len(in.args))
	b.WriteString(in.heading)
	for i := range in.args {
		switch {
		case i == 0:
			b.WriteByte('(')
		case i%in.columns == 0:
			b.WriteString("),(")
		default:
			b.WriteByte(',')
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(shift + i + 1))
	}
	b.WriteByte(')')
	return b.String()
}

// joined is how many inserts are at most sent as one statement: enough for what
// one request does, few enough that the database keeps the plan of each
// combination.
const joined = 12

// join makes one statement of several inserts, `WITH w0 AS (INSERT …) INSERT …`,
// so that PostgreSQL plans and runs them once.
func join(inserts []insertion) (query string, args []any) {
	var b strings.Builder
	for i, in := range inserts {
		switch last := i == len(inserts)-1; {
		case last:
			b.WriteString(in.sql(len(args)))
		case i == 0:
			b.WriteString("WITH w0 AS (" + in.sql(0) + ")")
		default:
			b.WriteString(", w" + strconv.Itoa(i) + " AS (" + in.sql(len(args)) + ")")
		}
		if i == len(inserts)-2 {
			b.WriteByte(' ')
		}
		args = append(args, in.args...)
	}
	return b.String(), args
}
