package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/fasthold/fasthold/api"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

type eraseCommand struct {
	Reference    string `arg:"" help:"The citizen's reference."`
	Forever      bool   `help:"Confirm that nobody shall ever read it again."`
	Municipality string `help:"Name or ID; not needed where there is only one."`
}

// Help is what --help adds.
func (eraseCommand) Help() string {
	return "It destroys the citizen's key: name, CPR number, telephone number and what was written about the person can never be read again. The reference and the date of birth go too. What was counted and paid stays. " +
		"Backups have the key until they are gone. On PostgreSQL it needs FASTHOLD_OWNER_URL.\n\nExample:\n\n  fasthold erase B-1001 --forever"
}

// Run erases the citizen.
func (c eraseCommand) Run(ctx context.Context, p *program) (err error) {
	if !c.Forever {
		return errors.New("this cannot be undone: add --forever")
	}
	owned := func(s *store.Store) error { return s.Owned(ctx) }
	if err := p.withStore(ctx, owned); err != nil {
		return fmt.Errorf("%s names who may clean the files: %w", ownerVariable, err) // before anything is erased
	}
	s, err := p.openWithKeys(ctx)
	if err != nil {
		return err
	}
	defer s.close(&err)
	m, err := s.municipality(ctx, c.Municipality)
	if err != nil {
		return err
	}
	actor := system(m.MunicipalityID, "erase")
	l, err := s.Citizens(ctx, actor, store.Page{Limit: 1}, vouchers.CitizenFilter{Reference: c.Reference})
	if err != nil {
		return err
	}
	if len(l.Rows) == 0 {
		return fmt.Errorf("there is no citizen with the reference %q in %s; if you erased them before and were stopped, run: fasthold scrub", c.Reference, m.Name)
	}
	id := l.Rows[0].ID
	if err := s.Erase(ctx, actor, id); err != nil {
		return err
	}
	if err := p.scrub(ctx); err != nil {
		return fmt.Errorf("the citizen is erased, but is still in the database's files, run fasthold scrub: %w", err)
	}
	fmt.Fprintf(p.stdout, "erased %s\n", api.CitizenID(id))
	return nil
}

// scrub takes what erased citizens left out of the database's files.
func (p *program) scrub(ctx context.Context) error {
	return p.withStore(ctx, func(s *store.Store) error { return s.Scrub(ctx, []string{"data_keys", "citizens", "import_refusals"}) })
}

type scrubCommand struct{}

// Help is what --help adds.
func (scrubCommand) Help() string {
	return "The server erases those whose time is over, but their keys stay in the database's files until something else needs the room. " +
		"This cleans the files. Nobody can work meanwhile: some seconds. On PostgreSQL it needs FASTHOLD_OWNER_URL.\n\nExample:\n\n  fasthold scrub"
}

// Run cleans the files.
func (scrubCommand) Run(ctx context.Context, p *program) error {
	if err := p.scrub(ctx); err != nil {
		return fmt.Errorf("the database's files are not cleaned: %w", err)
	}
	fmt.Fprintln(p.stdout, "cleaned")
	return nil
}
