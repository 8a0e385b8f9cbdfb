package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// What the bank and an invoice say stays as it is, whoever tries; what was decided
// on an invoice stays too.
func TestBankStays(t *testing.T) {
	storetest.EachAs(t, storetest.Superuser, func(t *testing.T, s *store.Store) {
		settled(t, s)
		run := func(statement string) error {
			_, err := s.SQL().ExecContext(t.Context(), statement)
			return err
		}
		for _, set := range []string{"amount = -60", "booked_on = '2026-03-03'", "end_to_end_id = 'x'", "returned = true", "party = 'x'", "text = 'x'", "statement_id = id", "currency = 'EUR'"} {
			require.ErrorContains(t, run("UPDATE bank_entries SET "+set), "settled", set)
		}
		for _, set := range []string{"amount = 60", "number = 'x'", "hash = hash || hash", "state = 'matched'", "comment = 'x'"} {
			require.ErrorContains(t, run("UPDATE invoices SET "+set), "settled", set)
		}
		for _, table := range []string{"bank_entries", "invoices"} {
			require.ErrorContains(t, run("DELETE FROM "+table), "append-only", table)
		}
		for _, set := range []string{
			"state = 'lost'", "settlement_id = NULL", "comment = 'x'", "decided_by = ''", "decided_at = NULL", "state = 'set_aside'", "state = 'unmatched'",
			"state = 'set_aside', settlement_id = NULL, paid = false", "state = 'set_aside', settlement_id = NULL, comment = 'x'",
		} {
			require.Error(t, run("UPDATE bank_entries SET "+set), set)
		}
		require.NoError(t, run("UPDATE bank_entries SET state = 'set_aside', settlement_id = NULL, paid = false, comment = 'gebyr'"))
		require.NoError(t, run("UPDATE bank_entries SET state = 'unmatched', comment = '', decided_by = '', decided_at = NULL"))
	})
}

// A file of the bank, a statement, the entry that paid a settlement, an invoice and
// the invoice that counts for a settlement are each there once.
func TestBankOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := settled(t, s)
		twice := func(row any) error { return w.tries(t, s, func(tx *store.Tx) error { return tx.Append(row) }) }
		known := func(err error) { t.Helper(); require.Equal(t, "already_exists", domain.CodeOf(err)) }
		said := w.said
		said.ID, said.Reference = store.NewID(), "311"
		known(twice(&said))
		said.Hash = hashOf("other")
		require.NoError(t, twice(&said))
		said.ID, said.Hash, said.Reference = store.NewID(), hashOf("third"), "310"
		known(twice(&said))

		paid := w.paid
		paid.ID, paid.Number = store.NewID(), 2
		known(twice(&paid))
		paid.Amount, paid.Paid = 50, false // the money came back
		require.NoError(t, twice(&paid))
		paid.ID, paid.Number = store.NewID(), 3
		known(twice(&paid))

		invoice := w.invoice
		invoice.ID = store.NewID()
		known(twice(&invoice))
		invoice.Number = "10483"
		known(twice(&invoice)) // another that counts for the settlement
		invoice.State, invoice.DecidedBy, invoice.DecidedAt, invoice.Comment = domain.InvoiceDiffers, "", nil, ""
		require.NoError(t, twice(&invoice))
	})
}
