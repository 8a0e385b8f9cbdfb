package store

import (
	"time"

	"github.com/fasthold/fasthold/domain"
)

// OfImportsBefore wants refused lines of imports that were sent before a time.
func OfImportsBefore(at time.Time) Cond {
	return Cond{"import_id IN (SELECT imports.id FROM imports WHERE imports.municipality_id = import_refusals.municipality_id AND imports.created_at < ?)", []any{at}}
}

// DropRefusals deletes the refused lines of imports that the conditions name, and counts
// them.
func (tx *Tx) DropRefusals(conds ...Cond) (int, error) {
	done := scoped[domain.ImportRefusal](tx, conds).Delete(&domain.ImportRefusal{})
	return int(done.RowsAffected), done.Error
}
