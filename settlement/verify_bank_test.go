package settlement

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// bankDiffers gives what does not agree between the bank's entries and the settlements.
func (o office) bankDiffers() (problems []string) {
	o.t.Helper()
	require.NoError(o.t, o.store.Read(o.t.Context(), o.home, func(tx *store.Tx) error {
		_, err := VerifyBank(tx, func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) })
		return err
	}))
	return problems
}

// What is matched agrees, through payments, returns and what is taken back; what
// somebody changed behind the books is found.
func TestVerifyBank(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		run := o.filedRun()
		number := o.of(run, 0).Number
		o.take(said("-5000;"+number+";x", "-700;"+o.of(run, 1).Number+";y", "-250;;Gebyr"))
		require.Empty(t, o.bankDiffers())
		_, err := o.Unmatch(t.Context(), o.maker, o.entries(domain.EntryMatched)[1].ID)
		require.NoError(t, err)
		o.take(returned(number))
		require.Empty(t, o.bankDiffers())
		change := func(columns map[string]any, conds ...store.Cond) {
			t.Helper()
			o.does(func(tx *store.Tx) error { return store.Change[domain.Settlement](tx, columns, conds...) })
		}
		first, second := store.Is("id", o.of(run, 0).ID), store.Is("id", o.of(run, 1).ID)
		change(map[string]any{"reconciled_at": o.now()}, second)
		require.Len(t, o.bankDiffers(), 1, "confirmed by nothing")
		change(map[string]any{"reconciled_at": nil}, second)
		require.Empty(t, o.bankDiffers())
		change(map[string]any{"reconciled_at": nil}, first)
		require.Len(t, o.bankDiffers(), 1, "paid by an entry that it does not know")
		change(map[string]any{"reconciled_at": o.now(), "state": domain.SettlementPaid, "bounced_at": nil, "bounced_by": "", "bounced_because": ""}, first)
		require.Len(t, o.bankDiffers(), 1, "brought back, and paid all the same")
	})
}
