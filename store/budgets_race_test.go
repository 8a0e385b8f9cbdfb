package store_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// Many take the last of two budgets at once, in either order and twice of the same,
// while both are raised and lowered: nobody waits in a circle, nothing is taken that is
// not there, and what is left can be taken to the end.
func TestDrawRace(t *testing.T) {
	const award = 20_000
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, slices := range []int64{1, 2, 6, 64} {
			t.Run(fmt.Sprint(slices, " slices"), func(t *testing.T) {
				w := settled(t, s)
				p := purses{town: w, store: s}
				p.make(t, slices*100_000)
				var all sync.WaitGroup
				for range 12 {
					all.Go(func() {
						for range min(3*slices, 20) {
							p.draws(t, award)
						}
					})
				}
				for n := range 4 {
					all.Go(func() {
						for range 10 {
							p.changes(t, n%2, []int64{-3*award - 7, 2*award + 7}[rand.IntN(2)])
						}
					})
				}
				all.Wait()
				for n := range p.lines {
					for p.takes(t, n, award) {
					}
					require.Less(t, p.free(t, n), int64(award))
					require.Equal(t, p.appropriated[n]-p.taken[n], p.free(t, n))
				}
			})
		}
	})
}

// purses are two budgets of a town.
type purses struct {
	*town
	store        *store.Store
	budgets      []domain.Budget
	lines        []store.Line
	mu           sync.Mutex
	appropriated [2]int64
	taken        [2]int64
}

// make makes both with so much.
func (p *purses) make(t *testing.T, amount int64) {
	t.Helper()
	p.writes(t, p.store, func(tx *store.Tx) error {
		for i := range 2 {
			b := p.budget
			b.ID, b.UnitID, b.Year, b.Amount = store.NewID(), nil, 3000+i, amount
			p.budgets = append(p.budgets, b)
			p.lines = append(p.lines, store.Line{ProgrammeID: b.ProgrammeID, UnitID: p.unit.ID, Year: b.Year, Currency: b.Currency})
			if err := store.Insert(tx, &b); err != nil {
				return err
			}
			if _, err := tx.Gather(b.ID, amount); err != nil {
				return err
			}
			p.appropriated[i] = amount
		}
		return nil
	})
}

// draws takes an award of each budget, in either order, or two of one.
func (p *purses) draws(t *testing.T, award int64) {
	var got [2]int64
	err := p.tries(t, p.store, func(tx *store.Tx) error {
		for _, n := range [][]int{{0, 1}, {1, 0}, {0, 0}, {1, 1}}[rand.IntN(4)] {
			f, err := tx.Draw(p.lines[n], award)
			if err != nil {
				return err
			}
			if f.Taken {
				got[n] += award
			}
		}
		return nil
	})
	p.count(t, err, &p.taken, got)
}

// takes takes one award of one budget, if there is as much.
func (p *purses) takes(t *testing.T, n int, award int64) (taken bool) {
	t.Helper()
	p.writes(t, p.store, func(tx *store.Tx) error {
		f, err := tx.Draw(p.lines[n], award)
		taken = f.Taken
		return err
	})
	if taken {
		p.taken[n] += award
	}
	return taken
}

// changes raises or lowers a budget, unless too little of it is left.
func (p *purses) changes(t *testing.T, n int, by int64) {
	var made [2]int64
	err := p.tries(t, p.store, func(tx *store.Tx) error {
		if _, err := store.GetLocked[domain.Budget](tx, p.budgets[n].ID); err != nil {
			return err
		}
		enough, err := tx.Gather(p.budgets[n].ID, by)
		if made[n] = 0; enough {
			made[n] = by
		}
		return err
	})
	p.count(t, err, &p.appropriated, made)
}

func (p *purses) count(t *testing.T, err error, of *[2]int64, done [2]int64) {
	if err != nil {
		t.Errorf("%+v", err)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	of[0], of[1] = of[0]+done[0], of[1]+done[1]
}

func (p *purses) free(t *testing.T, n int) (free int64) {
	t.Helper()
	require.NoError(t, p.store.Read(t.Context(), p.id(), func(tx *store.Tx) error {
		left, err := tx.FreeOf(store.Is("budget_id", p.budgets[n].ID))
		free = left[p.budgets[n].ID]
		return err
	}))
	return free
}
