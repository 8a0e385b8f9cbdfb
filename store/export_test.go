package store

import (
	"context"
	"database/sql"

	"github.com/fasthold/fasthold/domain"
)

// SQL is the pool itself, for tests that look at, or spoil, what is under it.
func (s *Store) SQL() *sql.DB { return s.sql }

// WriteElsewhere is Write for a program that has it wrong: its queries name the
// actor's municipality, and the database was told another.
func (s *Store) WriteElsewhere(ctx context.Context, told domain.ID, actor domain.Actor, fn func(tx *Tx) error) error {
	return s.inTransaction(ctx, domain.Actor{MunicipalityID: told}, true, func(tx *Tx) error {
		tx.db() // begins, and tells
		tx.actor = actor
		if err := fn(tx); err != nil {
			return err
		}
		return tx.commit(ctx)
	})
}

// ReadElsewhere is Read for such a program.
func (s *Store) ReadElsewhere(ctx context.Context, told domain.ID, actor domain.Actor, fn func(tx *Tx) error) error {
	return translate(fn(&Tx{session: s.gorm.WithContext(only(told).with(ctx)), store: s, actor: actor}))
}

// Citizens finds whom the subjects tell of, without having read them.
func (tx *Tx) Citizens(subjects ...domain.Subject) ([]domain.ID, error) {
	tx.watch()
	tx.Concern(subjects...)
	return tx.citizens()
}
