package store

import (
	"context"

	"github.com/fasthold/fasthold/domain"
)

// Municipalities gives one page of all municipalities, newest first, and
// whether older ones follow. It is the one query that crosses municipalities.
func (s *Store) Municipalities(ctx context.Context, page Page) (rows []domain.Municipality, more bool, err error) {
	query := s.gorm.WithContext(directory.with(ctx)).Order("municipality_id DESC").Limit(page.Limit + 1)
	if page.After != (domain.ID{}) {
		query = query.Where("municipality_id < ?", page.After)
	}
	err = translate(query.Find(&rows).Error)
	if len(rows) > page.Limit {
		return rows[:page.Limit], true, err
	}
	return rows, false, err
}

// SetMunicipality is Set for the transaction's own municipality, whose row has
// no ID but the one that every row has.
func SetMunicipality(tx *Tx, version int64, columns map[string]any) error {
	columns["version"] = version + 1
	err := Change[domain.Municipality](tx, columns, Is("version", version))
	if domain.KindOf(err) == domain.Conflict {
		return domain.Errorf(domain.Stale, "stale", "someone else changed it meanwhile: read it again and repeat the change")
	}
	return err
}
