package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// What a settlement run pays, and to whom, goes only with a draft; after that it
// stays as it is, whoever tries.
func TestSettledStays(t *testing.T) {
	storetest.EachAs(t, storetest.Superuser, func(t *testing.T, s *store.Store) {
		w := settled(t, s)
		run := func(statement string) error {
			_, err := s.SQL().ExecContext(t.Context(), statement)
			return err
		}
		refused := func(says string, statements ...string) {
			t.Helper()
			for _, statement := range statements {
				require.ErrorContains(t, run(statement), says, statement)
			}
		}
		settlement := func(set string) string { return "UPDATE settlements SET " + set + " WHERE number = '2026-0001-01'" }
		refused("settled", settlement("amount = 60, total = 60"), settlement("iban = 'DK0'"), settlement("partner_id = id"), settlement("number = 'x'"), settlement("account_changed = true"),
			"UPDATE settlement_runs SET number = 2", "UPDATE settlement_holds SET decision = 'rejected' WHERE decision <> ''", "UPDATE settlement_holds SET reason = 'x'")
		refused("append-only", "UPDATE settlement_lines SET amount = 1", "DELETE FROM settlement_runs", "DELETE FROM settlement_holds")
		require.NoError(t, run("UPDATE settlement_runs SET period_to = '2026-03-31'"), "a draft can be of another period")
		require.NoError(t, run("DELETE FROM settlement_lines"))
		again := w.line
		w.writes(t, s, func(tx *store.Tx) error { return store.Insert(tx, &again) })
		require.Error(t, w.tries(t, s, func(tx *store.Tx) error { return store.Insert(tx, &again) }), "in one line for ever")

		refused("", "UPDATE settlement_runs SET state = 'approved', approved_by = made_by, approved_at = made_at", "UPDATE settlement_runs SET state = 'approved'", "UPDATE settlement_holds SET decision = 'released', decided_by = held_by, decided_at = held_at, comment = 'x' WHERE decision = ''")
		refused("is held or rejected", "UPDATE settlement_runs SET state = 'approved', approved_by = 'kl@varde.dk', approved_at = made_at")
		require.NoError(t, run("UPDATE settlement_holds SET decision = 'released', decided_by = 'kl@varde.dk', decided_at = held_at, comment = 'x' WHERE decision = ''"))
		require.NoError(t, run("UPDATE settlement_runs SET state = 'approved', approved_by = 'kl@varde.dk', approved_at = made_at"))
		held := w.held
		held.ID = store.NewID()
		require.ErrorContains(t, w.tries(t, s, func(tx *store.Tx) error { return store.Insert(tx, &held) }), "the redemption is settled")
		require.NoError(t, run(settlement("state = 'due'")))
		refused("only with a draft", "DELETE FROM settlement_lines")
		refused("", "DELETE FROM settlements") // by the trigger, or by a correction's foreign key
		refused("settled", "UPDATE settlement_runs SET period_to = '2026-04-30'", "UPDATE settlement_runs SET state = 'draft', approved_by = '', approved_at = NULL", "UPDATE settlement_runs SET approved_by = 'x'")
		more := w.line
		more.ID, more.Kind, more.Amount = store.NewID(), domain.LineReversal, -50
		require.ErrorContains(t, w.tries(t, s, func(tx *store.Tx) error { return store.Insert(tx, &more) }), "only with a draft")
		refused("", settlement("state = 'paid'"), settlement("state = 'forward'"), settlement("state = 'lost'"), settlement("carried_into_id = id"))
		require.NoError(t, run(settlement("state = 'paid', paid_on = '2026-03-31'")))
	})
}

// One draft at a time, and each settlement's number once.
func TestOneDraftAtATime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := settled(t, s)
		second := w.run
		second.ID, second.Number = store.NewID(), 3
		err := w.tries(t, s, func(tx *store.Tx) error { return store.Insert(tx, &second) })
		require.Equal(t, "already_exists", domain.CodeOf(err))
		second.Currency = "SEK"
		w.writes(t, s, func(tx *store.Tx) error { return store.Insert(tx, &second) })
	})
}
