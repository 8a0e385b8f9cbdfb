package vouchers

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	books "github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// closes freezes the books through a day.
func (d desk) closes(t testing.TB, s *store.Store, through string) (books.Closed, error) {
	t.Helper()
	a, err := books.New(s, d.time.now).Close(t.Context(), d.as(domain.Finance), Key{}, date(through))
	return a.Value, err
}

// A closed period stays as it was: what happens later is booked in the open one,
// also when a clock jumps back into it, and everything still adds up.
func TestClosing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		y := newYear(t, s)
		voucher, secret := y.earn(t, "P-5", y.second)
		bought := y.redeemed(t, y.shop, secret, 700) // 4 March 2027
		first, err := y.closes(t, s, "2026-12-31")
		require.NoError(t, err)
		require.Equal(t, []int{1, 5}, []int{first.Number, len(first.Totals)}, "budget and outstanding of two programmes, payable of one")
		before := y.figure(t, "spend", "month", "2026-12-31")

		y.time.set(y.time.now().AddDate(0, -3, 0)) // the clock jumps back, to December
		for _, refused := range []string{"2026-12-31", "2026-11-30", "2027-01-31"} {
			_, err := y.closes(t, s, refused)
			named(t, err, "through", map[bool]string{true: "too_late", false: "closed_already"}[refused != "2026-11-30"])
		}
		_, err = y.Void(t.Context(), y.as(domain.TeamLeader), Key{}, voucher.ID, "fejl")
		require.NoError(t, err)
		require.NoError(t, y.EachPosting(t.Context(), y.as(domain.Finance), PostingFilter{Event: ledger.Voiding}, func(p ledger.Posting) error {
			require.Equal(t, date("2027-01-01"), p.BookedOn, "the first open day")
			return nil
		}))
		y.time.set(y.time.now().AddDate(0, 3, 0).Add(time.Minute))
		_, err = y.Reverse(t.Context(), y.shop, Key{}, bought.ID, "fortrudt")
		require.NoError(t, err)
		require.Equal(t, before, y.figure(t, "spend", "month", "2026-12-31"))
		require.Equal(t, amounts{"2026-03": 14000, "2026-04": 2000}, y.figure(t, "spend", "month", "2027-03-04"), "bought and taken back in March")
		_, err = y.closes(t, s, "2026-12-31")
		named(t, err, "through", "closed_already")
		y.time.setDate("2027-04-10")
		for _, c := range []struct{ through, code string }{{"2027-04-09", "too_late"}, {"", "required"}} {
			day, _ := domain.ParseDate(c.through)
			_, err := books.New(s, y.time.now).Close(t.Context(), y.as(domain.Finance), Key{}, day)
			named(t, err, "through", c.code)
		}
		second, err := y.closes(t, s, "2027-04-08")
		require.NoError(t, err)
		require.Equal(t, 2, second.Number)
		sum := int64(0)
		for _, total := range second.Totals {
			sum += total.Amount
		}
		require.Zero(t, sum)
		require.Greater(t, second.Postings, first.Postings)
	})
}

// Verify derives what a closing says from the postings again.
func TestVerifyFindsAFalseClosing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		programme, _ := d.programme(t)
		d.earn(t, "P-1", programme)
		d.time.add(10 * 24 * time.Hour)
		c, err := d.closes(t, s, "2026-03-02")
		require.NoError(t, err)
		require.NoError(t, s.Write(t.Context(), d.as(domain.Finance), func(tx *store.Tx) error {
			wrong := domain.ClosingTotal{MunicipalityID: c.MunicipalityID, ClosingID: c.ID, Line: 99, Account: "payable", Currency: "DKK", ProgrammeID: programme.ID, UnitID: store.NewID(), Amount: 5}
			if err := tx.Append(&wrong); err != nil {
				return err
			}
			return tx.Audit("test", "closing", c.ID, c.CreatedAt, nil)
		}))
		v, err := d.Verify(t.Context(), d.home.MunicipalityID)
		require.NoError(t, err)
		require.Len(t, v.Differences, 1)
		require.Contains(t, v.Differences[0], "says 5 on payable")
	})
}
