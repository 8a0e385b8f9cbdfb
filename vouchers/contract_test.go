package vouchers

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// agree gives a till's partner a contract's caps, and its dates where it has some.
func (d desk) agree(t testing.TB, till domain.Actor, c domain.Contract) {
	t.Helper()
	admin := d.as(domain.Administrator)
	now, err := d.Partner(t.Context(), admin, till.Partner.ID)
	require.NoError(t, err)
	change := PartnerChange{MostPerMonth: &c.MostPerMonth, MostPerVoucher: &c.MostPerVoucher}
	if !c.ContractFrom.IsZero() {
		change.ContractFrom, change.ContractTo = &c.ContractFrom, &c.ContractTo
	}
	_, err = d.UpdatePartner(t.Context(), admin, now.ID, now.Version, change)
	require.NoError(t, err)
}

// ofMonth is what is counted of a till's partner in a month; -1: nothing is.
func (d desk) ofMonth(t testing.TB, till domain.Actor, month string) int64 {
	t.Helper()
	var row domain.PartnerMonth
	err := d.store.Read(context.WithoutCancel(t.Context()), d.home.MunicipalityID, func(tx *store.Tx) (err error) {
		row, err = store.First[domain.PartnerMonth](tx, store.Is("partner_id", till.Partner.ID), store.Is("month", date(month+"-01")))
		return err
	})
	if domain.KindOf(err) == domain.NotFound {
		return -1
	}
	require.NoError(t, err)
	return row.Spent
}

// entering is the till as it signs in now: with its partner's contract of now.
func (d desk) entering(t testing.TB, till domain.Actor) domain.Actor {
	t.Helper()
	p, err := d.Partner(t.Context(), till, till.Partner.ID)
	require.NoError(t, err)
	till.Partner = p
	return till
}

// A partner redeems on the days of its contract, by the municipality's calendar,
// and on no other; the till is told so, before a purchase and at it.
func TestNoContract(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop := d.till(t, "Kiosk", "groceries")
		_, secret := d.earn(t, "P-1", d.move)
		no := func(says string) {
			t.Helper()
			_, err := d.Redeem(t.Context(), shop, Key{}, Redeem{Code: secret, Amount: 1, ClientRedemptionID: store.NewID().String()})
			because(t, err, "no_contract")
			require.ErrorContains(t, err, says)
			require.Equal(t, domain.Forbidden, domain.KindOf(err))
			_, err = d.Check(t.Context(), d.entering(t, shop), secret)
			because(t, err, "no_contract")
			require.ErrorContains(t, err, says)
		}
		d.agree(t, shop, domain.Contract{ContractFrom: date("2026-03-05"), ContractTo: date("2026-03-06")})
		d.time.set(instant("2026-03-04T22:59:59Z")) // a second to midnight at the site
		no("begins on 05-03-2026")
		d.time.add(time.Second)
		_, err := d.Check(t.Context(), d.entering(t, shop), secret)
		require.NoError(t, err)
		d.redeemed(t, shop, secret, 1)
		d.time.set(instant("2026-03-06T22:59:59Z"))
		d.redeemed(t, shop, secret, 1)
		d.time.add(time.Second)
		no("ended on 06-03-2026")

		admin := d.as(domain.Administrator)
		none, err := d.CreatePartner(t.Context(), admin, PartnerInput{Name: "Ny", CVR: "12345674", Categories: []string{"groceries"}})
		require.NoError(t, err)
		shop = d.tillOf(t, none.ID, "Kasse 1")
		no("has no contract")

		_, err = d.UpdatePartner(t.Context(), admin, none.ID, 1, PartnerChange{ContractFrom: new(date("2026-01-01")), ContractTo: new(date("2025-12-31")), MostPerMonth: new(int64(-1)), MostPerVoucher: new(int64(mostByContract + 1))})
		refused(t, err, domain.Invalid, "contract_to", "most_per_month", "most_per_voucher")
		_, err = d.UpdatePartner(t.Context(), admin, none.ID, 1, PartnerChange{ContractTo: new(date("2026-12-31"))})
		refused(t, err, domain.Invalid, "contract_from")
		_, err = d.UpdatePartner(t.Context(), admin, none.ID, 1, PartnerChange{ContractFrom: new(date("2026-01-01")), ContractTo: new(date("2026-12-31")), ContractOpen: true})
		refused(t, err, domain.Invalid, "contract_open")
		changed, err := d.UpdatePartner(t.Context(), admin, none.ID, 1, PartnerChange{ContractFrom: new(date("2026-01-01")), ContractTo: new(date("2026-01-31"))})
		require.NoError(t, err)
		no("ended on 31-01-2026")
		changed, err = d.UpdatePartner(t.Context(), admin, none.ID, changed.Version, PartnerChange{ContractOpen: true})
		require.NoError(t, err)
		require.True(t, changed.ContractTo.IsZero())
		d.redeemed(t, shop, secret, 1)
	})
}

// A partner takes no more than its contract allows of a voucher and in a month, at
// all its tills together; what is taken back opens both again, in its own month.
func TestCapsOfAContract(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop, rival := d.till(t, "Kiosk", "groceries"), d.till(t, "Marked", "groceries")
		beside := d.tillOf(t, shop.Partner.ID, "Kasse 2")
		_, one := d.earn(t, "P-1", d.move)
		_, two := d.earn(t, "P-2", d.move)
		_, three := d.earn(t, "P-3", d.move)
		d.redeemed(t, shop, one, 4000) // before it has a cap
		require.Equal(t, int64(-1), d.ofMonth(t, shop, "2026-03"))
		d.agree(t, shop, domain.Contract{MostPerMonth: 15000, MostPerVoucher: 8000})
		require.Equal(t, int64(4000), d.ofMonth(t, shop, "2026-03"))

		checked, err := d.Check(t.Context(), d.entering(t, shop), one)
		require.NoError(t, err)
		require.Equal(t, []int64{16000, 4000}, []int64{checked.Balance, checked.Most})
		d.tooMuch(t, beside, one, 4001, domain.CapPartnerVoucher, 4000, "", "80,00 kr. of a voucher by its contract, and 40,00 kr. of that is left")
		paid := d.redeemed(t, beside, one, 4000)
		d.tooMuch(t, shop, one, 1, domain.CapPartnerVoucher, 0, "", "another shop can take the rest")
		_, err = d.Check(t.Context(), d.entering(t, shop), one)
		because(t, err, "limit_exceeded")
		d.redeemed(t, rival, one, 5000)

		d.tooMuch(t, beside, two, 7001, domain.CapPartnerMonth, 7000, "2026-04-01 00:00 CEST", "150,00 kr. in a month by its contract, and 70,00 kr. of that is left: take that or less, or wait until 01-04-2026")
		d.tooMuch(t, beside, two, 8001, domain.CapPartnerMonth, 7000, "2026-04-01 00:00 CEST", "70,00 kr. of that is left: take that or less") // two caps: the one with the least left
		d.redeemed(t, shop, two, 7000)
		d.tooMuch(t, shop, two, 1, domain.CapPartnerMonth, 0, "2026-04-01 00:00 CEST", "from 01-04-2026 on")
		_, err = d.Check(t.Context(), d.entering(t, beside), three)
		because(t, err, "limit_exceeded")
		require.Equal(t, int64(15000), d.ofMonth(t, shop, "2026-03"))

		_, err = d.Reverse(t.Context(), beside, Key{}, paid.ID, "fortrudt")
		require.NoError(t, err)
		require.Equal(t, int64(11000), d.ofMonth(t, shop, "2026-03"))
		d.redeemed(t, shop, one, 3000)
		d.tooMuch(t, shop, one, 1001, domain.CapPartnerVoucher, 1000, "", "10,00 kr. of that is left")

		d.time.set(instant("2026-03-31T21:59:00Z")) // a minute to April at the site
		late := d.redeemed(t, shop, three, 1000)
		d.tooMuch(t, shop, three, 1, domain.CapPartnerMonth, 0, "2026-04-01 00:00 CEST", "")
		d.time.add(time.Minute)
		d.redeemed(t, shop, three, 7000)
		_, err = d.Reverse(t.Context(), shop, Key{}, late.ID, "fortrudt")
		require.NoError(t, err)
		require.Equal(t, []int64{14000, 7000}, []int64{d.ofMonth(t, shop, "2026-03"), d.ofMonth(t, shop, "2026-04")}, "of the month in which it was paid")

		d.agree(t, shop, domain.Contract{})
		require.Equal(t, int64(-1), d.ofMonth(t, shop, "2026-04"))
		d.redeemed(t, shop, two, 13000)
		d.agree(t, shop, domain.Contract{MostPerMonth: 20001})
		require.Equal(t, int64(20000), d.ofMonth(t, shop, "2026-04"))
		d.tooMuch(t, shop, three, 2, domain.CapPartnerMonth, 1, "", "")
		d.agree(t, shop, domain.Contract{MostPerMonth: 1})
		d.tooMuch(t, shop, three, 1, domain.CapPartnerMonth, 0, "", "")
	})
}

// A voucher that must be spent whole is not offered where a cap leaves less.
func TestCapsOfAWholeVoucher(t *testing.T) {
	v := domain.Voucher{Balance: 200, Currency: "DKK"}
	limits := domain.Contract{MostPerMonth: 199}.Left(0, 0, date("2026-03-02"), time.UTC)
	_, err := within(limits, v, time.UTC)
	because(t, err, "limit_exceeded")
	v.Partial = true
	most, err := within(limits, v, time.UTC)
	require.NoError(t, err)
	require.Equal(t, int64(199), most)
}

// Any number of redemptions at any number of a partner's tills, on two servers at
// once, stay within its cap per month, which is agreed, lifted and agreed again
// meanwhile, and use it up to the last øre that fits.
func TestRaceCapOfMonth(t *testing.T) {
	for _, dialect := range storetest.Dialects {
		t.Run(dialect.Name, func(t *testing.T) {
			t.Parallel()
			const callers, most = 120, int64(30_001)
			address := dialect.URL(t)
			d := newStory(t, storetest.Open(t, address))
			servers := []*Service{d.Service, New(storetest.Open(t, address), d.codes, d.vault, d.time.now)}
			tills := []domain.Actor{d.till(t, "Kiosk", "groceries")}
			for i := range 5 {
				tills = append(tills, d.tillOf(t, tills[0].Partner.ID, fmt.Sprint("Kasse ", i+2)))
			}
			for _, till := range tills {
				d.bound(t, till, access.MostMoney, access.MostMoney, access.MostMoney)
			}
			var secrets []string
			for i := range 6 {
				_, secret := d.earn(t, fmt.Sprint("P-", i), d.move)
				secrets = append(secrets, secret)
			}
			amounts := []int64{700, 501, 300, 1}
			var paid atomic.Int64
			spend := func(i int) error {
				amount := amounts[i%len(amounts)]
				r, err := servers[i%2].Redeem(t.Context(), tills[i%len(tills)], Key{}, Redeem{Code: secrets[i%len(secrets)], Amount: amount, ClientRedemptionID: fmt.Sprint(i)})
				if err != nil {
					return err
				}
				paid.Add(amount)
				if i%7 == 0 {
					_, err = servers[1].Reverse(t.Context(), tills[i%len(tills)], Key{}, r.Value.ID, "fortrudt")
					require.NoError(t, err)
					paid.Add(-amount)
				}
				return nil
			}
			next := 0
			all := func(n int, beside ...func()) { // n redemptions at once, and what else happens then
				first := next
				next += n
				atOnce(append(times(n, func(i int) {
					if err := spend(first + i); err != nil {
						because(t, err, "limit_exceeded")
					}
				}), beside...)...)
			}
			for range 3 {
				all(16, func() { d.agree(t, tills[0], domain.Contract{MostPerMonth: most}) })
				require.Equal(t, paid.Load(), d.ofMonth(t, tills[0], "2026-03"))
				all(4, func() { d.agree(t, tills[0], domain.Contract{}) })
				require.Equal(t, int64(-1), d.ofMonth(t, tills[0], "2026-03"))
			}
			d.agree(t, tills[0], domain.Contract{MostPerMonth: most})
			all(callers)
			require.LessOrEqual(t, paid.Load(), most)
			for range 4 { // one after the other: what still fits
				all(1)
			}
			require.Equal(t, paid.Load(), d.ofMonth(t, tills[0], "2026-03"))
			require.LessOrEqual(t, paid.Load(), most)
			require.Equal(t, -paid.Load(), d.balance(t)[2], "what is owed to the shop")
		})
	}
}

// Any number of redemptions of one voucher at all of a partner's tills, on two
// servers at once, stay within what the partner may take of it.
func TestRaceCapOfVoucher(t *testing.T) {
	for _, dialect := range storetest.Dialects {
		t.Run(dialect.Name, func(t *testing.T) {
			t.Parallel()
			address := dialect.URL(t)
			d := newStory(t, storetest.Open(t, address))
			servers := []*Service{d.Service, New(storetest.Open(t, address), d.codes, d.vault, d.time.now)}
			shop := d.till(t, "Kiosk", "groceries")
			tills := []domain.Actor{shop, d.tillOf(t, shop.Partner.ID, "Kasse 2"), d.tillOf(t, shop.Partner.ID, "Kasse 3")}
			d.agree(t, shop, domain.Contract{MostPerVoucher: 3050})
			_, secret := d.earn(t, "P-1", d.move)
			var paid atomic.Int64
			atOnce(times(60, func(i int) {
				_, err := servers[i%2].Redeem(t.Context(), tills[i%len(tills)], Key{}, Redeem{Code: secret, Amount: 100, ClientRedemptionID: fmt.Sprint(i)})
				if err == nil {
					paid.Add(100)
				} else {
					because(t, err, "limit_exceeded")
				}
			})...)
			require.Equal(t, int64(3000), paid.Load())
		})
	}
}
