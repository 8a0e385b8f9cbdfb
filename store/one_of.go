package store

import (
	"context"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/fasthold/fasthold/domain"
)

// oneOf wants a column to be one of some IDs, which travel as one value: with a
// parameter for each, the statement would be another for every number of them, to be
// read and planned anew.
type oneOf []domain.ID

// GormValue is the condition, after the column.
func (o oneOf) GormValue(_ context.Context, db *gorm.DB) clause.Expr {
	opening, between, closing, condition := "{", ",", "}", "= ANY(?)"
	if db.Name() == "sqlite" {
		opening, between, closing, condition = `["`, `","`, `"]`, "IN (SELECT value FROM json_each(?))"
	}
	var list strings.Builder
	list.Grow(len(o)*40 + 2)
	list.WriteString(opening)
	for i, id := range o {
		if i > 0 {
			list.WriteString(between)
		}
		list.WriteString(id.String())
	}
	list.WriteString(closing)
	return clause.Expr{SQL: condition, Vars: []any{list.String()}}
}
