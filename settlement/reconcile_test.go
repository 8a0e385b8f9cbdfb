package settlement

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// filedBy makes a run's payment file, out of an account that is entered first.
func (o office) filedBy(run Run) Run {
	o.t.Helper()
	if must(o.PaymentSettings(o.t.Context(), o.maker)).Number == 0 {
		must(o.UpdatePaymentSettings(o.t.Context(), o.maker, 0, varde))
	}
	return must(o.FileRun(o.t.Context(), o.maker, store.Key{}, run.ID, today)).Value
}

// matchedBy finds a settlement's payment in a bank statement.
func (o office) matchedBy(row domain.Settlement) error {
	return o.store.Write(o.t.Context(), o.maker, func(tx *store.Tx) error {
		_, err := o.matched(tx, row)
		return err
	})
}

// A run is filed, paid, and reconciled when the last of its payments is found or
// came back.
func TestFiledPaidReconciled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		o.byBank()
		o.redeemed(0, 2, 5000)
		o.redeemed(1, 2, 700)
		run := o.filedBy(o.approved())
		require.Equal(t, domain.RunFiled, run.State)
		require.Equal(t, today, run.ExecuteOn)
		refused(t, o.matchedBy(o.of(run, 0)), "wrong_state")
		one, err := o.PayRun(t.Context(), o.maker, store.Key{}, run.ID, Paid{On: today, Settlements: []domain.ID{o.of(run, 1).ID}})
		require.NoError(t, err)
		require.Equal(t, domain.RunFiled, one.Value.State)
		require.Equal(t, int64(1), one.Value.Sum.Unpaid)
		_, err = o.PayRun(t.Context(), o.maker, store.Key{}, run.ID, Paid{On: today, Settlements: []domain.ID{o.of(run, 1).ID}})
		refused(t, err, "not_due")
		require.NoError(t, o.matchedBy(o.of(run, 1)))
		require.Equal(t, domain.RunPaid, o.paid(run).State)
		require.Zero(t, o.owed(0)+o.owed(1))
		require.NoError(t, o.matchedBy(o.of(run, 0)))
		refused(t, o.matchedBy(o.of(run, 0)), "wrong_state")
		require.Equal(t, domain.RunReconciled, must(o.Run(t.Context(), o.maker, run.ID)).State)
		_, err = o.Bounce(t.Context(), o.maker, store.Key{}, o.of(run, 0).ID, Bounced{Reason: "kom retur"})
		require.NoError(t, err)
		require.Equal(t, int64(5000), o.of(o.drafted(), 0).CarriedIn)
	})
}

// What of a run was paid before it is reversed stays paid.
func TestReversePartlyPaid(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		o.redeemed(0, 2, 5000)
		o.redeemed(1, 2, 700)
		run := o.approved()
		_, err := o.PayRun(t.Context(), o.maker, store.Key{}, run.ID, Paid{On: today, Settlements: []domain.ID{o.of(run, 1).ID}})
		require.NoError(t, err)
		_, err = o.ReverseRun(t.Context(), o.maker, store.Key{}, run.ID, "filen blev afvist")
		require.NoError(t, err)
		require.Equal(t, domain.SettlementPaid, o.of(run, 1).State)
		next := o.approved()
		require.Equal(t, store.RunSum{RunID: next.ID, Settlements: 1, CarriedIn: 5000, Payable: 5000, Unpaid: 1}, next.Sum)
		o.paid(next)
		require.Zero(t, o.owed(0)+o.owed(1))
	})
}
