package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/fasthold/fasthold/migrations"
)

// Migration is one numbered step of the schema.
type Migration struct {
	Version int64
	File    string
	Applied bool
}

func (s *Store) migrator() (*goose.Provider, error) {
	files, err := fs.Sub(migrations.Files, s.dialect)
	if err != nil {
		return nil, err
	}
	if s.dialect == "sqlite" {
		return goose.NewProvider(goose.DialectSQLite3, s.sql, files)
	}
	locker, err := lock.NewPostgresSessionLocker() // several servers may start at once
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, s.sql, files, goose.WithSessionLocker(locker))
}

// Migrate brings the schema up to date.
func (s *Store) Migrate(ctx context.Context) error {
	m, err := s.migrator()
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if _, err := m.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// MigrateDown takes the newest step back. It drops tables with what is in them.
func (s *Store) MigrateDown(ctx context.Context) error {
	m, err := s.migrator()
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if _, err := m.Down(ctx); err != nil {
		if errors.Is(err, goose.ErrNoNextVersion) {
			return fmt.Errorf("migrate: nothing to take back")
		}
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// Migrations lists the steps and which are applied.
func (s *Store) Migrations(ctx context.Context) ([]Migration, error) {
	m, err := s.migrator()
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	states, err := m.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	list := make([]Migration, len(states))
	for i, st := range states {
		list[i] = Migration{st.Source.Version, st.Source.Path, st.State == goose.StateApplied}
	}
	return list, nil
}

// Ready gives an error unless the database answers and every step is applied.
func (s *Store) Ready(ctx context.Context) error {
	m, err := s.migrator()
	if err != nil {
		return err
	}
	pending, err := m.HasPending(ctx)
	if err != nil {
		return err
	}
	if pending {
		return errors.New("migrations are pending: run fasthold migrate up")
	}
	return nil
}
