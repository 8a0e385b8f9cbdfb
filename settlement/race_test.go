package settlement

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// atOnce counts how many of those who do the same at once succeed; the others are
// told why not.
func atOnce(t *testing.T, do func(n int) error) (done int) {
	t.Helper()
	results := make([]error, 8)
	var wait sync.WaitGroup
	for n := range results {
		wait.Go(func() { results[n] = do(n) })
	}
	wait.Wait()
	for _, err := range results {
		if err == nil {
			done++
			continue
		}
		require.Contains(t, []domain.Kind{domain.Conflict, domain.Stale}, domain.KindOf(err), "%v", err)
	}
	return done
}

// Two who draft, approve, pay, bounce or decide at once: exactly one does.
func TestRaces(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		ctx := t.Context()
		for day := range 20 {
			o.redeemed(day%2, 1+day, 100)
		}
		disputed := o.held(o.redeemed(0, 25, 70))
		require.Equal(t, 1, atOnce(t, func(int) error {
			_, err := o.DraftRun(ctx, o.maker, store.Key{}, november)
			return err
		}))
		runs := must(o.Runs(ctx, o.maker, store.Page{Limit: 9}, RunFilter{})).Rows
		require.Len(t, runs, 1)
		run := runs[0]
		require.Equal(t, int64(20), run.Sum.Lines)
		require.Equal(t, 1, atOnce(t, func(int) error {
			_, err := o.ApproveRun(ctx, o.checker, store.Key{}, run.ID, run.Version)
			return err
		}))
		o.invoice(run)
		require.Equal(t, 1, atOnce(t, func(int) error {
			_, err := o.PayRun(ctx, o.maker, store.Key{}, run.ID, Paid{On: today})
			return err
		}))
		require.Equal(t, int64(1000), o.booked(0, ledger.Settled))
		require.Equal(t, 1, atOnce(t, func(int) error {
			_, err := o.Bounce(ctx, o.maker, store.Key{}, o.of(run, 0).ID, Bounced{Reason: "retur"})
			return err
		}))
		require.Zero(t, o.booked(0, ledger.Settled))
		require.Equal(t, 1, atOnce(t, func(n int) (err error) {
			if n%2 == 0 {
				_, err = o.RejectHold(ctx, o.checker, store.Key{}, disputed.ID, "nej")
			} else {
				_, err = o.ReleaseHold(ctx, o.checker, store.Key{}, disputed.ID, "ja")
			}
			return err
		}))
		second := o.approved()
		require.Equal(t, 1, atOnce(t, func(n int) (err error) {
			if n%2 == 0 {
				_, err = o.ReverseRun(ctx, o.maker, store.Key{}, second.ID, "fejl")
			} else {
				_, err = o.PayRun(ctx, o.maker, store.Key{}, second.ID, Paid{On: today})
			}
			return err
		}))
		require.Empty(t, o.faults())
	})
}

// Credit notes come while what they are about is paid: what is paid has an invoice
// over just that.
func TestCreditNotesWhilePaying(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		run := o.dueByInvoice()
		row := o.of(run, 1)
		in := o.sent(paper{number: "1", amount: 700, settlement: row.Number})
		atOnce(t, func(n int) (err error) {
			if n == 4 {
				_, err = o.PayRun(t.Context(), o.maker, store.Key{}, run.ID, Paid{On: today, Settlements: []domain.ID{row.ID}})
			} else {
				_, err = o.TakeInvoice(t.Context(), o.maker, paper{number: fmt.Sprint("K", n), about: "1", amount: 1}.xml())
			}
			return err
		})
		in = must(o.Invoice(t.Context(), o.maker, in.ID))
		require.Equal(t, o.of(run, 1).State == domain.SettlementPaid, in.State == domain.InvoiceMatched)
		require.Empty(t, o.faults())
	})
}

// An invoice is rejected while what it is about is paid: one of the two, however they
// meet.
func TestRejectWhilePaying(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for range 6 {
			o := newOffice(t, s)
			run := o.dueByInvoice()
			row := o.of(run, 1)
			in := o.sent(paper{number: "1", amount: 700, settlement: row.Number})
			require.Equal(t, 1, atOnce(t, func(n int) (err error) {
				if n%2 == 0 {
					_, err = o.RejectInvoice(t.Context(), o.checker, in.ID, "forkert beløb")
				} else {
					_, err = o.PayRun(t.Context(), o.maker, store.Key{}, run.ID, Paid{On: today, Settlements: []domain.ID{row.ID}})
				}
				return err
			}))
			in = must(o.Invoice(t.Context(), o.maker, in.ID))
			require.Equal(t, o.of(run, 1).State == domain.SettlementPaid, in.State == domain.InvoiceMatched)
			require.Empty(t, o.faults())
		}
	})
}

// A redemption is held while a run takes it and is approved: it is held or paid, and
// never both, however long the hold takes.
func TestHoldWhileApproving(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for round := range 6 {
			o := newOffice(t, s)
			r := o.redeemed(0, 2, 100)
			var held, approved error
			begun := make(chan bool)
			var both sync.WaitGroup
			both.Go(func() {
				held = s.Write(t.Context(), o.maker, func(tx *store.Tx) error {
					_, err := o.hold(tx, r, "mistænkelig", *o.at.Load())
					close(begun)
					time.Sleep(50 * time.Millisecond) // it is on its way so long
					return err
				})
			})
			both.Go(func() {
				if round%2 == 0 {
					<-begun
				}
				var run store.Answer[Run]
				if run, approved = o.DraftRun(t.Context(), o.maker, store.Key{}, november); approved == nil {
					_, approved = o.ApproveRun(t.Context(), o.checker, store.Key{}, run.Value.ID, 0)
				}
			})
			both.Wait()
			if approved != nil {
				require.Contains(t, []string{"draft_outdated", "nothing_to_settle"}, domain.CodeOf(approved), "%v", approved)
				require.NoError(t, held)
			} else {
				refused(t, held, "already_settled")
			}
			require.Empty(t, o.faults())
		}
	})
}

// Redemptions go on while drafts are made: each is in one run in the end.
func TestDraftsWhileRedeeming(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		var wait sync.WaitGroup
		for n := range 4 {
			wait.Go(func() {
				for day := range 10 {
					r := o.redeemed(n%2, 1+day, 100)
					if day%5 == 0 {
						o.takenBack(r, 2+day)
					}
				}
			})
		}
		for range 3 {
			if run, err := o.DraftRun(t.Context(), o.maker, store.Key{}, november); err == nil {
				_, err = o.ApproveRun(t.Context(), o.checker, store.Key{}, run.Value.ID, 0)
				require.NoError(t, err)
			}
		}
		wait.Wait()
		_, err := o.DraftRun(t.Context(), o.maker, store.Key{}, november)
		require.Contains(t, []string{"", "nothing_to_settle"}, domain.CodeOf(err), "%v", err)
		var lines, redeemed, back int64
		require.NoError(t, s.Read(t.Context(), o.home, func(tx *store.Tx) (err error) {
			lines, err = store.Count[domain.SettlementLine](tx)
			redeemed = must(store.Count[domain.Redemption](tx))
			back = must(store.Count[domain.Reversal](tx))
			return err
		}))
		require.Equal(t, redeemed+back, lines)
		require.Empty(t, o.faults())
	})
}

// Wherever a step is cut off, nothing of it is done; sent again with the same key
// it is done once, and a third time gives the same answer.
func TestKillPoints(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		o.redeemed(0, 2, 5000)
		o.redeemed(1, 3, 700)
		var run Run
		steps := []func(ctx context.Context, key store.Key) (store.Answer[Run], error){
			func(ctx context.Context, key store.Key) (store.Answer[Run], error) {
				return o.DraftRun(ctx, o.maker, key, november)
			},
			func(ctx context.Context, key store.Key) (store.Answer[Run], error) {
				return o.RemakeRun(ctx, o.maker, key, run.ID, Period{})
			},
			func(ctx context.Context, key store.Key) (store.Answer[Run], error) {
				return o.ApproveRun(ctx, o.checker, key, run.ID, 0)
			},
			func(ctx context.Context, key store.Key) (store.Answer[Run], error) {
				return o.PayRun(ctx, o.maker, key, run.ID, Paid{On: today})
			},
		}
		for n, step := range steps {
			key := store.Key{Value: fmt.Sprint("step ", n)}
			for after := 1; ; after += 3 { // cut off at every third look at whether it is
				before := o.everything()
				if _, err := step(&dying{Context: t.Context(), left: after}, key); err == nil || !slices.Equal(before, o.everything()) {
					break // it was done, and perhaps only the answer was lost
				}
			}
			done := o.everything()
			again, err := step(t.Context(), key)
			require.NoError(t, err)
			require.Equal(t, done, o.everything(), "step %d was done whole", n)
			require.True(t, again.Replayed, "step %d was done", n)
			run = again.Value
			o.invoiceIfDue(run)
		}
		require.Equal(t, domain.RunPaid, run.State)
		require.Equal(t, int64(5000), o.booked(0, ledger.Settled))
		require.Equal(t, int64(700), o.booked(1, ledger.Settled))
		require.Empty(t, o.faults())
	})
}

// dying is a context that ends after it was asked so many times.
type dying struct {
	context.Context
	mu   sync.Mutex
	left int
}

func (d *dying) Err() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.left--; d.left < 0 {
		return context.Canceled
	}
	return d.Context.Err()
}

func (d *dying) Done() <-chan struct{} {
	if d.Err() != nil {
		closed := make(chan struct{})
		close(closed)
		return closed
	}
	return d.Context.Done()
}

// everything counts what settlement and the books have.
func (o office) everything() []int64 {
	o.t.Helper()
	var counts []int64
	require.NoError(o.t, o.store.Read(o.t.Context(), o.home, func(tx *store.Tx) error {
		for _, count := range []func(*store.Tx, ...store.Cond) (int64, error){
			store.Count[domain.SettlementRun], store.Count[domain.Settlement], store.Count[domain.SettlementLine], store.Count[ledger.Posting], store.Count[domain.AuditEntry], store.Count[domain.Idempotency],
		} {
			counts = append(counts, must(count(tx)))
		}
		return nil
	}))
	return slices.Clip(counts)
}

// invoiceIfDue has the invoices of a run that is approved.
func (o office) invoiceIfDue(run Run) {
	if run.State == domain.RunApproved {
		o.invoice(run)
	}
}

// faults is what Verify finds.
func (o office) faults() (found []string) {
	o.t.Helper()
	require.NoError(o.t, o.store.Snapshot(o.t.Context(), o.home, func(tx *store.Tx) error {
		_, err := Verify(tx, func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) })
		return err
	}))
	return found
}
