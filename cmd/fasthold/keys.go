package main

import (
	"fmt"

	"github.com/fasthold/fasthold/vouchers/code"
)

type keysCommands struct {
	New keysNewCommand `cmd:"" help:"Print a new random key, as FASTHOLD_CODE_KEYS takes it."`
}

type keysNewCommand struct{}

// Help is what --help adds.
func (keysNewCommand) Help() string {
	return "The key is secret, and without it no voucher made with it can be spent: keep it, and keep a copy elsewhere. " +
		"To change keys, add the new one with a higher number after a comma, 1:…,2:…, and keep the old one while its vouchers live." +
		"\n\nExample:\n\n  fasthold keys new > fasthold.keys && chmod 600 fasthold.keys\n  export FASTHOLD_CODE_KEYS_FILE=$PWD/fasthold.keys"
}

// Run prints a key.
func (keysNewCommand) Run(p *program) error {
	_, err := fmt.Fprintln(p.stdout, code.GenerateKey()) // a full disk must not pass for a kept key
	return err
}
