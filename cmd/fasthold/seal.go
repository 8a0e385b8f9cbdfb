package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

// sealAll seals what is personal and was stored before it was sealed, and says so
// on out. It asks for the keys only where there is such a thing.
func sealAll(ctx context.Context, db *store.Store, ask func() (secrets, error), out io.Writer) error {
	texts, began := 0, false
	all, err := everyMunicipality(ctx, vouchers.New(db, nil, nil, time.Now))
	for _, m := range all {
		if m.SealedAt != nil {
			continue
		}
		keys, err := ask()
		if err != nil {
			return fmt.Errorf("what is personal in %s must be sealed now: %w", m.Name, err)
		}
		n, err := vouchers.New(db, keys.codes, keys.data, time.Now).SealAll(ctx, m.MunicipalityID)
		if err != nil {
			return fmt.Errorf("seal %s: %w; what is sealed stays sealed, run it again", m.Name, err)
		}
		texts, began = texts+n, true
	}
	if err != nil || !began {
		return err
	}
	fmt.Fprintf(out, "sealed   %s\n", count(texts, "personal text"))
	return db.Scrub(ctx, sealedTables())
}

// sealedTables are the tables with personal texts, once each.
func sealedTables() (tables []string) {
	for _, column := range store.PersonalColumns {
		table, _, _ := strings.Cut(column, ".")
		if len(tables) == 0 || tables[len(tables)-1] != table {
			tables = append(tables, table)
		}
	}
	return append(tables, "idempotency_keys")
}
