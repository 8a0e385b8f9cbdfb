package settlement

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// A run takes every redemption and reversal of its period that no run has taken,
// each in one line, and goes from draft to paid.
func TestRun(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		_, err := o.DraftRun(t.Context(), o.maker, store.Key{}, november)
		refused(t, err, "nothing_to_settle")
		a, b, c := o.redeemed(0, 2, 5000), o.redeemed(0, 30, 2500), o.redeemed(1, 3, 1000)
		back := o.takenBack(b, 30)
		o.redeemedAt(o.voucher, 0, time.Date(2026, 11, 30, 23, 0, 0, 0, time.UTC), 900) // midnight at the site

		run := o.drafted()
		require.Equal(t, domain.RunDraft, run.State)
		require.Equal(t, store.RunSum{RunID: run.ID, Settlements: 2, Lines: 4, Amount: 6000, Payable: 6000}, run.Sum)
		require.ElementsMatch(t, []domain.ID{a.ID, b.ID, back.ID}, o.lines(run, 0))
		require.Equal(t, []domain.ID{c.ID}, o.lines(run, 1))
		first := o.of(run, 0)
		require.Equal(t, "2026-0001-01", first.Number)
		require.Equal(t, [3]int64{3, 5000, 5000}, [3]int64{first.Lines, first.Amount, first.Total})

		_, err = o.ApproveRun(t.Context(), o.maker, store.Key{}, run.ID, 0)
		refused(t, err, "own_draft")
		_, err = o.PayRun(t.Context(), o.maker, store.Key{}, run.ID, Paid{On: today})
		refused(t, err, "wrong_state")
		approved, err := o.ApproveRun(t.Context(), o.checker, store.Key{}, run.ID, run.Version)
		require.NoError(t, err)
		require.Equal(t, "ak@varde.dk", approved.Value.ApprovedBy)
		require.Equal(t, int64(2), approved.Value.Sum.Unpaid)
		_, err = o.RemakeRun(t.Context(), o.maker, store.Key{}, run.ID, Period{})
		refused(t, err, "wrong_state")
		require.Equal(t, int64(5900), o.owed(0))

		done := o.paid(approved.Value)
		require.Equal(t, domain.RunPaid, done.State)
		require.Equal(t, int64(900), o.owed(0))
		require.Equal(t, int64(0), o.owed(1))
		require.Equal(t, int64(5000), o.booked(0, ledger.Settled))
		_, err = o.PayRun(t.Context(), o.maker, store.Key{}, run.ID, Paid{On: today})
		refused(t, err, "wrong_state")
		require.Equal(t, int64(900), o.owed(0), "paid once")

		_, err = o.DraftRun(t.Context(), o.maker, store.Key{}, november)
		refused(t, err, "nothing_to_settle")
		december, err := o.DraftRun(t.Context(), o.maker, store.Key{}, Period{From: today, To: today})
		require.NoError(t, err)
		require.Equal(t, int64(900), december.Value.Sum.Payable)
		require.Equal(t, 2, december.Value.Number)
	})
}

// A draft can be made again, of another period too; one waits at a time.
func TestRemake(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		o.redeemed(0, 2, 5000)
		run := o.drafted()
		_, err := o.DraftRun(t.Context(), o.checker, store.Key{}, november)
		refused(t, err, "draft_exists")
		late := o.redeemed(0, 20, 100)
		again, err := o.RemakeRun(t.Context(), o.checker, store.Key{}, run.ID, Period{})
		require.NoError(t, err)
		require.Equal(t, int64(5100), again.Value.Sum.Payable)
		require.Equal(t, "ak@varde.dk", again.Value.MadeBy)
		_, err = o.ApproveRun(t.Context(), o.maker, store.Key{}, run.ID, run.Version)
		refused(t, err, "stale")
		_, err = o.ApproveRun(t.Context(), o.checker, store.Key{}, run.ID, 0)
		refused(t, err, "own_draft")
		shorter, err := o.RemakeRun(t.Context(), o.maker, store.Key{}, run.ID, Period{From: november.From, To: november.From.AddDays(9)})
		require.NoError(t, err)
		require.Equal(t, int64(5000), shorter.Value.Sum.Payable)
		_, err = o.ApproveRun(t.Context(), o.checker, store.Key{}, run.ID, shorter.Value.Version)
		require.NoError(t, err)
		require.Equal(t, []domain.ID{late.ID}, o.lines(o.drafted(), 0))
	})
}

// What cannot be a period is refused by field.
func TestPeriods(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		for name, c := range map[string]struct {
			in     Period
			fields []string
		}{
			"none":      {Period{}, []string{"period_from", "period_to"}},
			"backwards": {Period{From: november.To, To: november.From}, []string{"period_to"}},
			"tomorrow":  {Period{From: november.From, To: today.AddDays(1)}, []string{"period_to"}},
		} {
			_, err := o.DraftRun(t.Context(), o.maker, store.Key{}, c.in)
			var named []string
			for _, f := range domain.FieldsOf(err) {
				named = append(named, f.Field)
			}
			require.Equal(t, c.fields, named, name)
		}
		o.redeemed(0, 2, 5000)
		run := o.approved()
		for on, code := range map[domain.Date]string{{}: "required", today.AddDays(1): "in_future", today.AddDays(-1): "too_early"} {
			_, err := o.PayRun(t.Context(), o.maker, store.Key{}, run.ID, Paid{On: on})
			require.Equal(t, code, domain.FieldsOf(err)[0].Code)
		}
	})
}

// Refunds after payout are netted in the next run, and a balance below zero is
// carried until there is something to set it against.
func TestNegativeBalanceIsCarried(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		a := o.redeemed(0, 2, 5000)
		o.paid(o.approved())
		o.takenBack(a, 20)
		require.Equal(t, int64(-5000), o.owed(0))
		small := o.redeemed(0, 21, 2000)
		run := o.approved()
		require.Equal(t, int64(-3000), o.of(run, 0).Total)
		require.Equal(t, domain.SettlementForward, o.of(run, 0).State)
		require.Equal(t, int64(-3000), o.owed(0), "nothing is paid")
		require.Equal(t, domain.RunReconciled, o.paid(run).State, "nothing is to be paid, and so nothing to be found")
		require.Contains(t, o.lines(run, 0), small.ID)

		_, err := o.DraftRun(t.Context(), o.maker, store.Key{}, november)
		refused(t, err, "nothing_to_settle")
		o.redeemed(1, 22, 700)
		other := o.approved()
		require.Equal(t, int64(1), other.Sum.Settlements, "the first shop has nothing new")
		o.redeemed(0, 23, 1000)
		run = o.approved()
		require.Equal(t, [3]int64{1000, -3000, -2000}, [3]int64{o.of(run, 0).Amount, o.of(run, 0).CarriedIn, o.of(run, 0).Total})
		o.redeemed(0, 24, 9000)
		run = o.approved()
		require.Equal(t, int64(7000), o.of(run, 0).Total)
		o.paid(run)
		require.Zero(t, o.owed(0))
		require.Equal(t, int64(12000), o.booked(0, ledger.Settled))
	})
}

// What a bounced or a reversed settlement was worth goes into the next, once.
func TestBounceAndReverse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		o.redeemed(0, 2, 5000)
		first := o.paid(o.approved())
		row := o.of(first, 0)
		bounced, err := o.Bounce(t.Context(), o.maker, store.Key{}, row.ID, Bounced{Reason: "kontoen er lukket"})
		require.NoError(t, err)
		require.Equal(t, domain.SettlementBounced, bounced.Value.State)
		require.Equal(t, int64(5000), o.owed(0))
		_, err = o.Bounce(t.Context(), o.maker, store.Key{}, row.ID, Bounced{Reason: "igen"})
		refused(t, err, "wrong_state")
		require.Equal(t, domain.RunReconciled, must(o.Run(t.Context(), o.maker, first.ID)).State, "no payment is left to be found")

		second := o.approved()
		require.Equal(t, [2]int64{0, 5000}, [2]int64{o.of(second, 0).Lines, o.of(second, 0).Total})
		reversed, err := o.ReverseRun(t.Context(), o.maker, store.Key{}, second.ID, "forkert dag")
		require.NoError(t, err)
		require.Equal(t, domain.RunReversed, reversed.Value.State)
		_, err = o.PayRun(t.Context(), o.maker, store.Key{}, second.ID, Paid{On: today})
		refused(t, err, "wrong_state")
		_, err = o.ReverseRun(t.Context(), o.maker, store.Key{}, second.ID, "igen")
		refused(t, err, "wrong_state")
		o.redeemed(0, 3, 250)
		draft := o.drafted()
		require.Equal(t, int64(5250), o.of(draft, 0).Total)
		_, err = o.RemakeRun(t.Context(), o.maker, store.Key{}, draft.ID, Period{})
		require.NoError(t, err)
		require.Equal(t, int64(5250), o.of(draft, 0).Total, "carried anew")
		third, err := o.ApproveRun(t.Context(), o.checker, store.Key{}, draft.ID, 0)
		require.NoError(t, err)
		o.paid(third.Value)
		require.Zero(t, o.owed(0))
		require.Equal(t, int64(5250), o.booked(0, ledger.Settled))
		_, err = o.ReverseRun(t.Context(), o.maker, store.Key{}, third.Value.ID, "for sent")
		refused(t, err, "wrong_state")
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
