package store

import (
	"database/sql"
	"errors"
	"strconv"

	"gorm.io/gorm"
	"gorm.io/gorm/callbacks"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/schema"
	_ "modernc.org/sqlite" // the pure-Go driver, registered as "sqlite"
)

// sqliteDialect teaches GORM to write SQL for SQLite without pulling in the C
// library that gorm.io/driver/sqlite needs. Tables come from the migrations, so
// it has nothing to say about column types.
type sqliteDialect struct{ pool *sql.DB }

func (sqliteDialect) Name() string { return "sqlite" }

func (d sqliteDialect) Initialize(db *gorm.DB) error {
	db.ConnPool = d.pool
	callbacks.RegisterDefaultCallbacks(db, &callbacks.Config{
		CreateClauses: []string{"INSERT", "VALUES", "ON CONFLICT", "RETURNING"},
		UpdateClauses: []string{"UPDATE", "SET", "FROM", "WHERE", "RETURNING"},
		DeleteClauses: []string{"DELETE", "FROM", "WHERE", "RETURNING"},
	})
	// An immediate transaction already excludes other writers.
	db.ClauseBuilders["FOR"] = func(clause.Clause, clause.Builder) {}
	return nil
}

func (sqliteDialect) Migrator(*gorm.DB) gorm.Migrator { return nil }
func (sqliteDialect) DataTypeOf(*schema.Field) string { return "" }
func (sqliteDialect) Explain(query string, v ...any) string {
	return logger.ExplainSQL(query, nil, `"`, v...)
}

func (sqliteDialect) DefaultValueOf(*schema.Field) clause.Expression {
	return clause.Expr{SQL: "NULL"}
}

func (sqliteDialect) BindVarTo(w clause.Writer, stmt *gorm.Statement, _ any) {
	_ = w.WriteByte('?')
	_, _ = w.WriteString(strconv.Itoa(len(stmt.Vars)))
}

func (sqliteDialect) QuoteTo(w clause.Writer, name string) {
	_ = w.WriteByte('"')
	for _, c := range []byte(name) {
		if c == '.' {
			_, _ = w.WriteString(`"."`)
			continue
		}
		_ = w.WriteByte(c)
	}
	_ = w.WriteByte('"')
}

// sqliteCode gives SQLite's extended result code of err, or 0.
func sqliteCode(err error) int {
	var coded interface{ Code() int }
	if errors.As(err, &coded) {
		return coded.Code()
	}
	return 0
}
