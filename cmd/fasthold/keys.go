package main

import (
	"context"
	"fmt"

	"github.com/fasthold/fasthold/vouchers/keys"
)

type keysCommands struct {
	New    keysNewCommand    `cmd:"" help:"Print a new random key, as FASTHOLD_CODE_KEYS and FASTHOLD_DATA_KEYS take it."`
	Rotate keysRotateCommand `cmd:"" help:"Wrap the keys of personal data by the newest key of FASTHOLD_DATA_KEYS."`
}

type keysNewCommand struct {
	Number int `default:"1" help:"Its number: higher than those that are in use."`
}

// Help is what --help adds.
func (keysNewCommand) Help() string {
	return "The key is secret: keep it, and keep a copy elsewhere. Without it no voucher made with it can be spent, or nothing personal can be read. " +
		"To change keys, add the new one after a comma, 1:…,2:…, and keep the old one: docs/operations.md says for how long." +
		"\n\nExample:\n\n  fasthold keys new > fasthold.keys && chmod 600 fasthold.keys\n  export FASTHOLD_CODE_KEYS_FILE=$PWD/fasthold.keys"
}

// Run prints a key.
func (c keysNewCommand) Run(p *program) error {
	if c.Number < 1 {
		return fmt.Errorf("--number must be 1 or more")
	}
	_, err := fmt.Fprintln(p.stdout, keys.Generate(c.Number)) // a full disk must not pass for a kept key
	return err
}

type keysRotateCommand struct{}

// Help is what --help adds.
func (keysRotateCommand) Help() string {
	return "The servers go on meanwhile: each of them must have been started with both keys. It can be stopped and run again. " +
		"Afterwards nothing needs the old key but older backups.\n\nExample:\n\n" +
		"  fasthold keys new --number 2 > two.keys\n" +
		"  export FASTHOLD_DATA_KEYS=\"$(cat fasthold-data.keys),$(cat two.keys)\"\n  fasthold keys rotate"
}

// Run wraps every municipality's keys anew.
func (keysRotateCommand) Run(ctx context.Context, p *program) (err error) {
	s, err := p.openWithKeys(ctx)
	if err != nil {
		return err
	}
	defer s.close(&err)
	all, err := everyMunicipality(ctx, s.Service)
	if err != nil {
		return err
	}
	for _, m := range all {
		n, err := s.RotateKeys(ctx, m.MunicipalityID)
		if err != nil {
			return fmt.Errorf("%s: %w; what is done stays done, run it again", m.Name, err)
		}
		fmt.Fprintf(p.stdout, "%s: %s wrapped anew\n", m.Name, count(n, "key"))
	}
	return nil
}
