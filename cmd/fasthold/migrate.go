package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/fasthold/fasthold/store"
)

type migrateCommands struct {
	Up     migrateUpCommand     `cmd:"" help:"Apply every step that is pending."`
	Down   migrateDownCommand   `cmd:"" help:"Take the newest step back, with what is in its tables."`
	Status migrateStatusCommand `cmd:"" help:"List the steps and which are applied."`
}

type migrateUpCommand struct{}

// Help is what --help adds.
func (migrateUpCommand) Help() string {
	return "On PostgreSQL it works as the owner of the tables, whom FASTHOLD_OWNER_URL names, and lets the role of FASTHOLD_DATABASE_URL use them. Example:\n\n" +
		"  export FASTHOLD_DATABASE_URL=postgres://fasthold@localhost/fasthold\n  export FASTHOLD_OWNER_URL=postgres://fasthold_owner@localhost/fasthold\n  fasthold migrate up"
}

// Run applies the pending steps.
func (migrateUpCommand) Run(ctx context.Context, p *program) error {
	return p.withStore(ctx, func(s *store.Store) error {
		if err := s.Migrate(ctx); err != nil {
			return err
		}
		if p.config.OwnerURL != "" {
			if err := s.Admit(ctx, p.config.DatabaseURL); err != nil {
				return err
			}
		}
		if err := sealAll(ctx, s, p.config.secrets, p.stdout); err != nil {
			return err
		}
		return listSteps(ctx, p, s)
	})
}

type migrateDownCommand struct {
	DropData bool `help:"Confirm that the tables of that step may go, with all that is in them."`
}

// Help is what --help adds.
func (migrateDownCommand) Help() string {
	return "Make a backup first. Example:\n\n  fasthold migrate down --drop-data"
}

// Run takes the newest step back.
func (c migrateDownCommand) Run(ctx context.Context, p *program) error {
	if !c.DropData {
		return errors.New("this drops tables with all that is in them: make a backup, then add --drop-data")
	}
	return p.withStore(ctx, func(s *store.Store) error {
		if err := s.MigrateDown(ctx); err != nil {
			return err
		}
		return listSteps(ctx, p, s)
	})
}

type migrateStatusCommand struct{}

// Help is what --help adds.
func (migrateStatusCommand) Help() string { return "Example:\n\n  fasthold migrate status" }

// Run lists the steps.
func (migrateStatusCommand) Run(ctx context.Context, p *program) error {
	return p.withStore(ctx, func(s *store.Store) error { return listSteps(ctx, p, s) })
}

// withStore runs fn on the database, migrated or not, as its owner if the
// environment names one.
func (p *program) withStore(ctx context.Context, fn func(*store.Store) error) error {
	variable, url := "FASTHOLD_DATABASE_URL", p.config.DatabaseURL
	if p.config.OwnerURL != "" {
		variable, url = ownerVariable, p.config.OwnerURL
	}
	s, err := store.Open(ctx, url)
	if err != nil {
		return fmt.Errorf("%s: %w", variable, err)
	}
	return errors.Join(fn(s), s.Close())
}

func listSteps(ctx context.Context, p *program, s *store.Store) error {
	steps, err := s.Migrations(ctx)
	if err != nil {
		return err
	}
	for _, step := range steps {
		state := "pending"
		if step.Applied {
			state = "applied"
		}
		fmt.Fprintf(p.stdout, "%-8s %s\n", state, step.File)
	}
	return nil
}
