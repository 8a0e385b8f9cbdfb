package settlement

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// What was paid already is not paid by the file of the run that has it, though a later
// run took the correction, until that has set it off against something.
func TestReversedIsPaidThoughCorrectionIsCarried(t *testing.T) {
	twice := func(t *testing.T, s *store.Store) (office, Run) {
		o := newOffice(t, s)
		row := o.of(o.reversedRun(), 0)
		o.entered()
		o.take(said("-5000;" + row.Number + ";x"))
		o.redeemed(0, 3, 900)
		second := o.uninvoiced()
		o.match(o.waits(), row)
		return o, second
	}
	file := func(o office, run Run) error {
		_, err := o.FileRun(o.t.Context(), o.maker, store.Key{}, run.ID, today)
		return err
	}
	t.Run("forward", func(t *testing.T) {
		storetest.Each(t, func(t *testing.T, s *store.Store) {
			o, second := twice(t, s)
			o.redeemed(0, 4, 600)
			third := o.drafted()
			refused(t, file(o, second), "paid_already")
			must(o.ApproveRun(t.Context(), o.checker, store.Key{}, third.ID, 0))
			require.Equal(t, int64(-4400), o.of(third, 0).Total)
			refused(t, file(o, second), "paid_already")
			must(o.ReverseRun(t.Context(), o.maker, store.Key{}, second.ID, "betalt allerede"))
			fourth := o.uninvoiced()
			require.Equal(t, int64(1500), o.of(fourth, 0).Total)
			require.NoError(t, file(o, fourth))
			o.paid(fourth)
			require.Zero(t, o.owed(0))
			require.Equal(t, int64(6500), o.booked(0, ledger.Settled))
			o.sound()
		})
	})
	t.Run("set off", func(t *testing.T) {
		storetest.Each(t, func(t *testing.T, s *store.Store) {
			o, second := twice(t, s)
			o.redeemed(0, 4, 6000)
			third := o.drafted()
			refused(t, file(o, second), "paid_already")
			must(o.ApproveRun(t.Context(), o.checker, store.Key{}, third.ID, 0))
			require.Equal(t, int64(1000), o.of(third, 0).Total)
			require.NoError(t, file(o, second))
			require.NoError(t, file(o, third))
			o.paid(second)
			o.paid(third)
			require.Zero(t, o.owed(0))
			require.Equal(t, int64(11900), o.booked(0, ledger.Settled))
			o.sound()
		})
	})
}

// A correction that waits to add something holds no run back.
func TestCameBackWhileFiled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		row := o.of(o.reversedRun(), 0)
		o.entered()
		o.take(said("-5000;" + row.Number + ";x"))
		o.match(o.waits(), row)
		o.redeemed(0, 3, 900)
		second := o.uninvoiced()
		require.Equal(t, int64(900), o.of(second, 0).Total)
		o.take(returned(row.Number))
		require.Len(t, o.corrections(row), 2)
		must(o.FileRun(t.Context(), o.maker, store.Key{}, second.ID, today))
		o.paid(second)
		o.sound()
		o.paid(o.filedBy(o.approved()))
		require.Zero(t, o.owed(0))
		require.Equal(t, int64(5900), o.booked(0, ledger.Settled))
		o.sound()
	})
}

// What came back twice is in the run that took the second time: no file is made of it
// when that was a mistake too.
func TestPaidTwiceByCorrection(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		run := o.filedRun()
		row := o.of(run, 0)
		o.paid(run)
		back, not := Bounced{Reason: "retur"}, "det var en anden"
		must(o.Bounce(t.Context(), o.maker, store.Key{}, row.ID, back))
		o.paid(o.filedBy(o.approved()))
		must(o.Unbounce(t.Context(), o.checker, store.Key{}, row.ID, not))
		o.redeemed(0, 3, 6000)
		o.paid(o.filedBy(o.approved()))
		must(o.Bounce(t.Context(), o.maker, store.Key{}, row.ID, back))
		fourth := o.uninvoiced()
		require.Equal(t, int64(5000), o.of(fourth, 0).Total)
		must(o.Unbounce(t.Context(), o.checker, store.Key{}, row.ID, not))
		_, err := o.FileRun(t.Context(), o.maker, store.Key{}, fourth.ID, today)
		refused(t, err, "paid_already")
		must(o.ReverseRun(t.Context(), o.maker, store.Key{}, fourth.ID, "betalt allerede"))
		require.Zero(t, o.owed(0))
		o.sound()
	})
}
