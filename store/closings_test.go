package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// closes freezes a town's books through a day.
func (w *town) closes(t *testing.T, s *store.Store, number int, through domain.Date) {
	t.Helper()
	w.writes(t, s, func(tx *store.Tx) error {
		if err := tx.LockBooks(); err != nil {
			return err
		}
		return tx.Append(&domain.Closing{MunicipalityID: w.id(), ID: store.NewID(), Number: number, Through: through, ClosedBy: "ml@varde.dk", CreatedAt: noon})
	})
}

// issues gives an entry for a voucher of the town's, booked on a day.
func (w *town) issues(on domain.Date) ledger.Entry {
	return ledger.Book{At: noon, On: on, NewID: store.NewID}.Void(w.voucher, store.NewID(), 5)
}

// The database refuses what would be booked in a closed period, whoever books;
// Book names the day after it, also when the clock jumps back.
func TestClosedPeriod(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, other := settled(t, s), settled(t, s)
		last := domain.Date{Year: 2026, Month: 4, Day: 30}
		before := w.issues(last)
		w.writes(t, s, func(tx *store.Tx) error { return tx.Append(&before) })
		w.closes(t, s, 2, last)
		for _, on := range []domain.Date{last, last.AddDays(-1), {Year: 2020, Month: 1, Day: 1}} {
			late := w.issues(on)
			require.ErrorContains(t, w.tries(t, s, func(tx *store.Tx) error { return tx.Append(&late) }), "closed", on)
			require.ErrorContains(t, w.tries(t, s, func(tx *store.Tx) error { return store.Insert(tx, &late) }), "closed", on)
		}
		open, elsewhere := w.issues(last.AddDays(1)), other.issues(last)
		w.writes(t, s, func(tx *store.Tx) error { return tx.Append(&open) })
		other.writes(t, s, func(tx *store.Tx) error { return tx.Append(&elsewhere) })
		for at, on := range map[time.Time]domain.Date{
			noon: last.AddDays(1), noon.AddDate(-9, 0, 0): last.AddDays(1), last.AddDays(1).In(time.UTC): last.AddDays(1), last.AddDays(9).In(time.UTC): last.AddDays(9),
		} {
			require.NoError(t, s.Read(t.Context(), w.id(), func(tx *store.Tx) error {
				book, err := tx.Book(at)
				require.Equal(t, on, book.On)
				return err
			}))
		}
	})
}

// A server that does not know yet that another has closed the books, and whose
// clock is behind, is refused once, and knows then.
func TestClosedByAnother(t *testing.T) {
	address := storetest.Postgres(t)
	here, there := storetest.Open(t, address), storetest.Open(t, address)
	w := settled(t, here)
	last := domain.Date{Year: 2026, Month: 4, Day: 30}
	books := func() error {
		return w.tries(t, here, func(tx *store.Tx) error {
			book, err := tx.Book(noon)
			if err != nil {
				return err
			}
			return tx.Post(book.Void(w.voucher, store.NewID(), 5))
		})
	}
	require.NoError(t, books())
	w.closes(t, there, 2, last)
	err := books()
	require.Equal(t, domain.Unavailable, domain.KindOf(err), err)
	require.NoError(t, books())
}

// Who closes waits for those who have booked already, so that nothing slips in.
func TestClosingWaits(t *testing.T) {
	s := storetest.Open(t, storetest.Postgres(t))
	w := settled(t, s)
	last := domain.Date{Year: 2026, Month: 4, Day: 30}
	booked, commit, closed := make(chan bool), make(chan bool), make(chan int64)
	go func() {
		entry := w.issues(last)
		_ = s.Write(t.Context(), w.actor(), func(tx *store.Tx) error {
			if err := store.Insert(tx, &entry); err != nil {
				return err
			}
			booked <- true
			<-commit
			return tx.Audit("test", "voucher", w.voucher.ID, noon, nil)
		})
	}()
	<-booked
	go func() {
		_ = s.Write(t.Context(), w.actor(), func(tx *store.Tx) error {
			if err := tx.LockBooks(); err != nil {
				return err
			}
			_, n, err := tx.Totals(nil, last)
			closed <- n
			return err
		})
	}()
	select {
	case <-closed:
		t.Fatal("closed while something was being booked")
	case <-time.After(200 * time.Millisecond):
	}
	commit <- true
	require.EqualValues(t, 4, <-closed, "what settled booked, and this")
}

// Totals from the beginning are those of a closing and what came after it.
func TestTotals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := settled(t, s)
		first, second := domain.Date{Year: 2026, Month: 3, Day: 31}, domain.Date{Year: 2026, Month: 4, Day: 30}
		for _, on := range []domain.Date{first, second, second.AddDays(1)} {
			e := w.issues(on)
			w.writes(t, s, func(tx *store.Tx) error { return tx.Append(&e) })
		}
		closing := domain.Closing{MunicipalityID: w.id(), ID: store.NewID(), Number: 2, Through: first, ClosedBy: "ml@varde.dk", CreatedAt: noon}
		w.writes(t, s, func(tx *store.Tx) error {
			totals, n, err := tx.Totals(nil, first)
			require.EqualValues(t, 4, n)
			closing.Postings = n
			for i := range totals {
				totals[i].MunicipalityID, totals[i].ClosingID, totals[i].Line = w.id(), closing.ID, i+1
			}
			if err != nil {
				return err
			}
			return tx.Append(&closing, &totals)
		})
		require.NoError(t, s.Read(t.Context(), w.id(), func(tx *store.Tx) error {
			all, n, err := tx.Totals(nil, second)
			require.NoError(t, err)
			on, m, err := tx.Totals(&closing, second)
			require.Equal(t, all, on)
			require.Equal(t, n, m)
			require.EqualValues(t, 6, n)
			require.Len(t, all, 3, "budget, outstanding, payable")
			require.Equal(t, []int64{-10, 60, -50}, []int64{all[0].Amount, all[1].Amount, all[2].Amount})
			return err
		}))
	})
}
