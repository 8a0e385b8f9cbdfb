package store

import (
	"gorm.io/gorm/clause"

	"github.com/fasthold/fasthold/domain"
)

// InsertOnce adds a row unless one like it is there, and waits for whoever is
// adding that: read it again to know which of them it is.
func InsertOnce[T any](tx *Tx, row *T) error {
	return tx.db().Clauses(clause.OnConflict{DoNothing: true}).Create(row).Error
}

// WrappedBy gives one key for each wrapping key that is in use.
func (tx *Tx) WrappedBy() (samples []domain.DataKey, err error) {
	for last := 0; ; last = samples[len(samples)-1].KEK {
		var next []domain.DataKey
		if err := scoped[domain.DataKey](tx, []Cond{{"kek > ?", []any{last}}, {"wrapped IS NOT NULL", nil}}).Order("kek").Limit(1).Find(&next).Error; err != nil || len(next) == 0 {
			return samples, err
		}
		samples = append(samples, next...)
	}
}

// Rewrappable gives up to limit keys that are not wrapped by the one numbered kek.
func (tx *Tx) Rewrappable(kek, limit int) (rows []domain.DataKey, err error) {
	err = scoped[domain.DataKey](tx, []Cond{{"kek <> ?", []any{kek}}, {"wrapped IS NOT NULL", nil}}).Order("id").Limit(limit).Find(&rows).Error
	return rows, err
}

// Rewrap stores a key wrapped anew; false when somebody has wrapped it anew or
// destroyed it since it was read.
func (tx *Tx) Rewrap(before domain.DataKey, kek int, wrapped []byte) (bool, error) {
	done := scoped[domain.DataKey](tx, []Cond{Is("id", before.ID), Is("wrapped", before.Wrapped)}).Updates(map[string]any{"kek": kek, "wrapped": wrapped})
	return done.RowsAffected == 1, done.Error
}
