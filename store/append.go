package store

import (
	"regexp"
	"strconv"
	"strings"

	"gorm.io/gorm"
)

// statement is SQL with its arguments, written by GORM and not yet sent.
type statement struct {
	sql  string
	args []any
}

// Append inserts rows that nothing reads again before the commit. They travel
// with the COMMIT, in the order given. Rows must be pointers to domain structs,
// or to slices of them.
func (tx *Tx) Append(rows ...any) error {
	for _, row := range rows {
		st := tx.session.Session(&gorm.Session{DryRun: true}).Create(row).Statement
		if st.Error != nil {
			return st.Error
		}
		tx.pending = append(tx.pending, statement{st.SQL.String(), st.Vars})
	}
	return nil
}

// Flush sends the appended rows now, for a read that must see them.
func (tx *Tx) Flush() error {
	db := tx.db()
	if db.Error != nil {
		return db.Error
	}
	for _, st := range tx.pending {
		if _, err := tx.conn.ExecContext(db.Statement.Context, st.sql, st.args...); err != nil {
			return err
		}
	}
	tx.pending = nil
	return nil
}

// joined is how many inserts are at most sent as one statement: enough for what
// one request does, few enough that the database keeps the plan of each
// combination.
const joined = 12

var placeholder = regexp.MustCompile(`\$\d+`)

// join makes one statement of several inserts, `WITH w0 AS (INSERT …) INSERT …`,
// so that PostgreSQL plans and runs them once.
func join(inserts []statement) statement {
	var b strings.Builder
	var args []any
	for i, st := range inserts {
		last := i == len(inserts)-1
		if !last {
			b.WriteString([]string{"WITH ", ", "}[min(i, 1)] + "w" + strconv.Itoa(i) + " AS (")
		}
		shift := len(args)
		b.WriteString(placeholder.ReplaceAllStringFunc(st.sql, func(p string) string {
			n, _ := strconv.Atoi(p[1:]) // digits, by the pattern
			return "$" + strconv.Itoa(n+shift)
		}))
		if !last {
			b.WriteString(") ")
		}
		args = append(args, st.args...)
	}
	return statement{b.String(), args}
}
