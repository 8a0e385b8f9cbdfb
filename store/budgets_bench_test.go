package store_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// BenchmarkDraw takes money from one budget, and from a hundred, by 1 and by 16 at
// once, each in a transaction of its own that does a little more, as issuing does.
// One budget must not be slower: nobody waits for its row.
func BenchmarkDraw(b *testing.B) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		s := storetest.Open(b, map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres}[dialect](b))
		for _, clients := range []int{1, 16} {
			for _, budgets := range []int{1, 100} {
				w, lines := settled(b, s), []store.Line{}
				w.writes(b, s, func(tx *store.Tx) error {
					for i := range budgets {
						budget := w.budget
						budget.ID, budget.UnitID, budget.Year, budget.Amount = store.NewID(), nil, 3000+i, 1_000_000_000
						if err := store.Insert(tx, &budget); err != nil {
							return err
						}
						if _, err := tx.Gather(budget.ID, budget.Amount); err != nil {
							return err
						}
						lines = append(lines, store.Line{ProgrammeID: w.programme.ID, UnitID: w.unit.ID, Year: budget.Year, Currency: "DKK"})
					}
					return nil
				})
				b.Run(fmt.Sprintf("%s/%d clients/%d budgets", dialect, clients, budgets), func(b *testing.B) { draws(b, s, w, lines, clients) })
			}
		}
	}
}

// draws is b.N transactions of so many at once.
func draws(b *testing.B, s *store.Store, w *town, lines []store.Line, clients int) {
	var left atomic.Int64
	left.Store(int64(b.N))
	began := time.Now()
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				err := s.Write(b.Context(), w.actor(), func(tx *store.Tx) error {
					if _, err := store.Get[domain.Plan](tx, w.plan.ID); err != nil {
						return err
					}
					f, err := tx.Draw(lines[rand.IntN(len(lines))], 20)
					if err == nil && !f.Taken {
						b.Error("nothing was taken")
					}
					if err != nil {
						return err
					}
					if _, err := store.Get[domain.Award](tx, w.award.ID); err != nil {
						return err
					}
					return tx.Audit("test", "budget", *f.BudgetID, noon, nil)
				})
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	require.False(b, b.Failed())
	b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "draws/s")
}
