package vouchers

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	partners "github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// yearEnd reads the report of 2026 and demands what must hold of every one: the
// rows sum to the totals, what was accrued is what became of it, and the postings
// that each figure names are its sum.
func (d desk) yearEnd(t testing.TB, at string) YearEnd {
	t.Helper()
	var day domain.Date
	if at != "" {
		day = date(at)
	}
	y, err := d.YearEnd(t.Context(), d.as(domain.Auditor), 2026, day)
	require.NoError(t, err)
	became(t, y)
	sums := map[string]int64{}
	for _, r := range y.Rows {
		for _, f := range y.Figures(r) {
			sums[r.Currency+f.Name] += f.Amount
			if f.Name == "appropriated" || f.Name == "left" && r.Budget == nil {
				require.Zero(t, f.Postings)
				continue
			}
			want, sum := f.Amount, int64(0)
			if f.Name == "left" { // of which they are what is taken off
				want = r.Appropriated - f.Amount
			}
			require.NoError(t, d.EachPosting(t.Context(), d.as(domain.Finance), f.Postings, func(p ledger.Posting) error {
				sum -= p.Amount
				return nil
			}))
			require.Equal(t, want, sum, "%s at %s: %+v", f.Name, at, f.Postings)
		}
	}
	for _, total := range y.Totals {
		for _, f := range y.Figures(total) {
			require.Equal(t, sums[total.Currency+f.Name], f.Amount, f.Name)
		}
	}
	return y
}

// became demands that what was accrued is what became of it, in rows and totals.
func became(t require.TestingT, y YearEnd) {
	for _, r := range slices.Concat(y.Rows, y.Totals) {
		require.Equal(t, r.Accrued()+r.IssuedLater, r.SettledLater+r.LapsedLater+r.VoidedLater+r.RejectedLater+r.StillOutstanding+r.StillPayable, "%+v", r)
	}
}

// nonzero gives the figures of a row that are not 0.
func (y YearEnd) nonzero(r YearEndRow) amounts {
	there := amounts{}
	for _, f := range y.Figures(r) {
		if f.Amount != 0 {
			there[f.Name] = f.Amount
		}
	}
	return there
}

// december is a municipality on 20 December 2026 with one voucher issued outside any
// budget in March, and five of a budget.
type december struct {
	story
	shop     domain.Actor
	first    domain.Voucher
	vouchers []domain.Voucher
	codes    []string
}

func newDecember(t *testing.T, s *store.Store) december {
	t.Helper()
	d := december{story: newStory(t, s)}
	d.shop = d.till(t, "Kiosk", "groceries")
	d.first, _ = d.earn(t, "P-0", d.move) // 2 March 2026
	d.budget(t, d.move.ID, 200_000)
	d.time.setDate("2026-12-20")
	for n := range 5 {
		v, code := d.earn(t, fmt.Sprint("P-", n+1), d.move)
		d.vouchers, d.codes = append(d.vouchers, v), append(d.codes, code)
	}
	d.redeemed(t, d.shop, d.codes[0], 5_000)
	_, err := d.Void(t.Context(), d.as(domain.TeamLeader), Key{}, d.vouchers[4].ID, "fejl")
	require.NoError(t, err)
	return d
}

// pays settles everything of January with the shops, and pays it.
func (d december) pays(t *testing.T, s *store.Store) {
	t.Helper()
	office, maker, other := partners.New(s, d.time.now), d.as(domain.Finance), d.as(domain.Finance)
	other.Person = "ak@varde.dk"
	d.banked(t)
	_, err := office.UpdatePaymentSettings(t.Context(), maker, 0, partners.PayerInput{Name: "Varde Kommune", IBAN: "DK50 0040 0440 1162 43", BIC: "DABADKKK", CVR: "12345674"})
	require.NoError(t, err)
	run, err := office.DraftRun(t.Context(), maker, store.Key{}, partners.Period{From: date("2026-12-01"), To: date("2027-01-05")})
	require.NoError(t, err)
	_, err = office.ApproveRun(t.Context(), other, store.Key{}, run.Value.ID, 0)
	require.NoError(t, err)
	_, err = office.FileRun(t.Context(), maker, store.Key{}, run.Value.ID, date("2027-01-05"))
	require.NoError(t, err)
	_, err = office.PayRun(t.Context(), maker, store.Key{}, run.Value.ID, partners.Paid{On: date("2027-01-05")})
	require.NoError(t, err)
}

// Of four vouchers that are left of December's, one is spent before and after the
// year ends, one in March, one is voided and one lapses; the shop is paid in January.
func TestYearEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDecember(t, s)
		before := amounts{"appropriated": 200_000, "issued": 75_000, "redeemed": 5_000, "left": 120_000, "accrued": 80_000}
		with := func(later amounts) amounts {
			all := amounts{}
			for _, m := range []amounts{before, later} {
				for name, amount := range m {
					all[name] = amount
				}
			}
			return all
		}
		now := d.yearEnd(t, "")
		require.Equal(t, date("2026-12-31"), now.At, "the year is not over")
		require.Equal(t, with(amounts{"still_outstanding": 75_000, "still_payable": 5_000}), now.nonzero(now.Rows[0]))

		d.time.setDate("2027-01-05")
		d.pays(t, s)
		d.time.setDate("2027-02-01")
		_, err := d.Void(t.Context(), d.as(domain.TeamLeader), Key{}, d.vouchers[1].ID, "fejl")
		require.NoError(t, err)
		d.time.setDate("2027-03-01")
		d.redeemed(t, d.shop, d.codes[2], 12_000)
		d.redeemed(t, d.shop, d.codes[0], 3_000)
		closing, err := d.closes(t, s, "2026-11-30")
		require.NoError(t, err)
		require.Nil(t, d.yearEnd(t, "").Closing, "closed through %s", closing.Through)
		through, err := d.closes(t, s, "2027-01-31")
		require.NoError(t, err)

		march := d.yearEnd(t, "")
		require.Equal(t, through.ID, march.Closing.ID)
		require.Equal(t, date("2027-03-01"), march.At)
		require.Len(t, march.Rows, 2)
		require.Equal(t, with(amounts{"settled_later": 5_000, "voided_later": 20_000, "still_payable": 15_000, "still_outstanding": 40_000}), march.nonzero(march.Rows[0]))
		require.Nil(t, march.Rows[1].Budget)
		require.Equal(t, amounts{"issued": 20_000, "accrued": 20_000, "still_outstanding": 20_000}, march.nonzero(march.Rows[1]), "of March 2026")

		d.time.set(d.vouchers[3].ValidTo)
		_, err = d.Expire(t.Context(), d.home.MunicipalityID)
		require.NoError(t, err)
		_, err = d.closes(t, s, "2027-03-31")
		require.NoError(t, err)
		end := d.yearEnd(t, "")
		require.Equal(t, through.ID, end.Closing.ID, "the first that closed the year")
		require.Equal(t, with(amounts{"settled_later": 5_000, "voided_later": 20_000, "lapsed_later": 40_000, "still_payable": 15_000}), end.nonzero(end.Rows[0]))
		require.Equal(t, amounts{"issued": 20_000, "accrued": 20_000, "lapsed_later": 20_000}, end.nonzero(end.Rows[1]))
		require.Equal(t, march.nonzero(march.Totals[0]), func() amounts { y := d.yearEnd(t, "2027-03-01"); return y.nonzero(y.Totals[0]) }(), "as it was then")
		require.Len(t, end.Totals, 1)
		require.EqualValues(t, 100_000, end.Totals[0].Accrued())
		require.Equal(t, with(amounts{"still_outstanding": 75_000, "still_payable": 5_000}), func() amounts { y := d.yearEnd(t, "2026-12-31"); return y.nonzero(y.Rows[0]) }())
	})
}

func TestYearEndRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		_, err := d.YearEnd(t.Context(), d.as(domain.Finance), 2026, date("2026-12-30"))
		named(t, err, "at", "too_early")
		_, err = d.YearEnd(t.Context(), d.as(domain.Finance), 26, domain.Date{})
		named(t, err, "year", "out_of_range")
		empty, err := d.YearEnd(t.Context(), d.as(domain.Finance), 2025, domain.Date{})
		require.NoError(t, err)
		require.Empty(t, empty.Rows)
		forbidden(t, d, map[domain.Action]func(domain.Actor) error{
			"getYearEnd": func(a domain.Actor) error { return second(d.YearEnd(t.Context(), a, 2025, domain.Date{})) },
		})
	})
}
