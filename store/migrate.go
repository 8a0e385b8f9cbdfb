package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5/pgconn"
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
		return fmt.Errorf("migrate: %w", notOwner(err))
	}
	return nil
}

// insufficientPrivilege is what PostgreSQL says to a role that may not do that.
const insufficientPrivilege = "42501"

// notOwner says what to do where a role that owns nothing meets a schema that
// is not there yet; any other error stays as it is.
func notOwner(err error) error {
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == insufficientPrivilege {
		return fmt.Errorf("this role may make no tables: run fasthold migrate up with FASTHOLD_OWNER_URL, the role that owns the database (%w)", err)
	}
	return err
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
		return nil, fmt.Errorf("migrations: %w", notOwner(err))
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
		return notOwner(err)
	}
	if pending {
		return errors.New("migrations are pending: run fasthold migrate up")
	}
	return nil
}
