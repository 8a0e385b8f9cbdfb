package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

// sealAll seals what is personal and was stored before it was sealed, takes it
// out of the database's files, and says so on out; stopped anywhere, it is to be
// run again. It asks for the keys only where there is such a thing.
func sealAll(ctx context.Context, db *store.Store, ask func() (secrets, error), out io.Writer) error {
	all, err := everyMunicipality(ctx, vouchers.New(db, nil, nil, time.Now))
	all = slices.DeleteFunc(all, func(m domain.Municipality) bool { return m.SealedAt != nil })
	if err != nil || len(all) == 0 {
		return err
	}
	keys, err := ask()
	if err != nil {
		return fmt.Errorf("what is personal in %s must be sealed now: %w", all[0].Name, err)
	}
	s, texts := vouchers.New(db, keys.codes, keys.data, time.Now), 0
	for _, m := range all {
		n, err := s.SealAll(ctx, m.MunicipalityID)
		if err != nil {
			return fmt.Errorf("seal %s: %w; what is sealed stays sealed, run it again", m.Name, err)
		}
		texts += n
	}
	if err := db.Scrub(ctx, sealedTables()); err != nil {
		return fmt.Errorf("clean the database's files of what was in plain text: %w; run it again", err)
	}
	for _, m := range all {
		if err := s.NoteSealed(ctx, m.MunicipalityID); err != nil {
			return fmt.Errorf("seal %s: %w", m.Name, err)
		}
	}
	fmt.Fprintf(out, "sealed   %s\n", count(texts, "personal text"))
	return nil
}

// sealedTables are the tables with personal texts, once each.
func sealedTables() (tables []string) {
	for _, column := range store.PersonalColumns {
		table, _, _ := strings.Cut(column, ".")
		if len(tables) == 0 || tables[len(tables)-1] != table {
			tables = append(tables, table)
		}
	}
	return append(tables, "imports", "idempotency_keys")
}
