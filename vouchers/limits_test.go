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

// bound gives a till limits of its own: of a voucher, in an hour, on a day.
func (d desk) bound(t testing.TB, till domain.Actor, voucher, hour, day int64) {
	t.Helper()
	now, err := d.Terminal(t.Context(), till, till.TerminalID)
	require.NoError(t, err)
	_, err = d.UpdateTerminal(t.Context(), d.as(domain.Administrator), till.TerminalID, now.Version, access.TerminalChange{MostPerVoucher: &voucher, MostPerHour: &hour, MostPerDay: &day})
	require.NoError(t, err)
}

// counted is what counts against a till's limits: in the hour, on the day.
func (d desk) counted(t testing.TB, till domain.Actor) [2]int64 {
	t.Helper()
	now, err := d.Terminal(context.WithoutCancel(t.Context()), till, till.TerminalID)
	require.NoError(t, err)
	return [2]int64{now.HourSpent, now.DaySpent}
}

// tooMuch asserts that a purchase is refused because of a limit, which leaves so
// much and opens then, by the site's clock.
func (d desk) tooMuch(t testing.TB, till domain.Actor, secret string, amount int64, cap string, left int64, opens, says string) {
	t.Helper()
	before := d.counted(t, till)
	_, err := d.Redeem(t.Context(), till, Key{}, Redeem{Code: secret, Amount: amount, ClientRedemptionID: store.NewID().String()})
	because(t, err, "limit_exceeded")
	require.ErrorContains(t, err, says)
	var told *domain.Error
	require.ErrorAs(t, err, &told)
	require.Equal(t, []any{cap, left}, []any{told.Limit.Cap, told.Limit.Left})
	if opens != "" {
		require.Equal(t, opens, told.Limit.OpensAt.In(must(time.LoadLocation("Europe/Copenhagen"))).Format("2006-01-02 15:04 MST"))
	}
	require.Equal(t, before, d.counted(t, till), "what is refused is not counted")
}

// A till takes no more than it may of a voucher at a time, in an hour and on a
// day; each says what is left and when it opens again, and then it does.
func TestRedeemWithinLimits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop, other := d.till(t, "Kiosk", "groceries"), d.till(t, "Marked", "groceries")
		_, one := d.earn(t, "P-1", d.move)
		_, two := d.earn(t, "P-2", d.move)
		_, three := d.earn(t, "P-3", d.move)
		_, four := d.earn(t, "P-4", d.move)
		_, five := d.earn(t, "P-5", d.move)
		d.bound(t, shop, 8000, 15000, 25000)

		d.tooMuch(t, shop, one, 8001, domain.CapVoucher, 8000, "", "at most 80,00 kr. of a voucher")
		d.tooMuch(t, shop, one, 0, domain.CapVoucher, 8000, "", "80,00 kr.")
		d.redeemed(t, shop, one, 3000)
		d.tooMuch(t, shop, one, 5001, domain.CapVoucher, 5000, "", "80,00 kr. of a voucher, and 50,00 kr. of that is left")
		d.redeemed(t, shop, one, 5000)
		d.tooMuch(t, shop, one, 1, domain.CapVoucher, 0, "", "another till can take the rest")
		d.tooMuch(t, shop, two, 7001, domain.CapHour, 7000, "2026-03-02 11:00 CET", "150,00 kr. in an hour, and 70,00 kr. of that is left: take that or less, or wait until 11:00")
		d.redeemed(t, shop, two, 7000)
		d.tooMuch(t, shop, two, 1, domain.CapHour, 0, "2026-03-02 11:00 CET", "from 11:00 on")
		d.redeemed(t, other, two, 1)

		d.time.add(time.Hour - time.Second)
		d.tooMuch(t, shop, two, 1, domain.CapHour, 0, "2026-03-02 11:00 CET", "from 11:00 on")
		d.time.add(time.Second)
		d.redeemed(t, shop, three, 8000)
		d.tooMuch(t, shop, four, 2001, domain.CapDay, 2000, "2026-03-03 00:00 CET", "250,00 kr. in a day, and 20,00 kr. of that is left")
		d.redeemed(t, shop, four, 2000)
		d.tooMuch(t, shop, four, 1, domain.CapDay, 0, "2026-03-03 00:00 CET", "tomorrow")
		require.Equal(t, [2]int64{10000, 25000}, d.counted(t, shop))

		d.bound(t, shop, 8000, 15000, 25001)
		d.redeemed(t, shop, four, 1)
		d.time.set(instant("2026-03-02T23:00:00Z"))
		d.redeemed(t, shop, five, 8000)
		require.Equal(t, [2]int64{8000, 8000}, d.counted(t, shop))
	})
}

// A day at the site has as many hours as it has: 25 where summer time ends, of
// which two are called 02, and 23 where it begins.
func TestRedeemWhereTheClockChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop := d.till(t, "Kiosk", "groceries")
		_, secret := d.earn(t, "P-1", d.move)
		d.bound(t, shop, 20000, 100, 300)
		for _, c := range []struct {
			at, cap, opens string
			left           int64
		}{
			{"2026-03-29T00:30:00Z", domain.CapHour, "2026-03-29 03:00 CEST", 0}, // 01:30
			{"2026-03-29T01:00:00Z", domain.CapHour, "2026-03-29 04:00 CEST", 0}, // 03:00: 02 does not come
			{"2026-03-29T21:30:00Z", domain.CapDay, "2026-03-30 00:00 CEST", 0},
			{"2026-03-29T22:00:00Z", domain.CapHour, "2026-03-30 01:00 CEST", 0},
			{"2026-10-25T00:30:00Z", domain.CapHour, "2026-10-25 02:00 CET", 0},
			{"2026-10-25T01:30:00Z", domain.CapHour, "2026-10-25 03:00 CET", 0}, // 02:30 once more
			{"2026-10-25T22:59:59Z", domain.CapDay, "2026-10-26 00:00 CET", 0},  // the 25th hour
			{"2026-10-25T23:00:00Z", domain.CapHour, "2026-10-26 01:00 CET", 0},
		} {
			d.time.set(instant(c.at))
			d.redeemed(t, shop, secret, 100)
			d.tooMuch(t, shop, secret, 1, c.cap, c.left, c.opens, "")
		}
	})
}

// The limits are the municipality's where a till has none of its own.
func TestRedeemWithinTheMunicipalitysLimits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop, admin := d.till(t, "Kiosk", "groceries"), d.as(domain.Administrator)
		_, secret := d.earn(t, "P-1", d.move)
		require.Equal(t, domain.Limits{MostPerVoucher: 100_000, MostPerHour: 300_000, MostPerDay: 1_000_000}, d.home.Limits)
		most := int64(5000)
		changed, err := d.UpdateMunicipality(t.Context(), admin, d.home.Version, MunicipalityChange{MostPerVoucher: &most})
		require.NoError(t, err)
		d.tooMuch(t, shop, secret, 5001, domain.CapVoucher, 5000, "", "50,00 kr.")
		d.bound(t, shop, 6000, 0, 0)
		d.redeemed(t, shop, secret, 6000)
		d.bound(t, shop, 0, 0, 0)
		d.tooMuch(t, shop, secret, 6000, domain.CapVoucher, 0, "", "50,00 kr.")
		_, err = d.UpdateMunicipality(t.Context(), admin, changed.Version, MunicipalityChange{MostPerVoucher: new(int64), MostPerHour: new(int64), MostPerDay: new(int64(access.MostMoney + 1))})
		refused(t, err, domain.Invalid, "most_per_voucher", "most_per_hour", "most_per_day")
	})
}

// What is sent again is counted once, also when nothing more would fit; what is
// taken back goes on counting.
func TestLimitsCountOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop := d.till(t, "Kiosk", "groceries")
		v, secret := d.earn(t, "P-1", d.move)
		d.bound(t, shop, 5000, 5000, 9000)
		in := Redeem{Code: secret, Amount: 5000, ClientRedemptionID: "bon 1"}
		first, err := d.Redeem(t.Context(), shop, keyed("k", "a"), in)
		require.NoError(t, err)
		for what, key := range map[string]Key{"same key": keyed("k", "a"), "new key": keyed("l", "a"), "no key": {}} {
			again, err := d.Redeem(t.Context(), shop, key, in)
			require.NoError(t, err, what)
			require.True(t, again.Replayed, what)
		}
		require.Equal(t, [2]int64{5000, 5000}, d.counted(t, shop))
		_, err = d.Reverse(t.Context(), shop, Key{}, first.Value.ID, "fortrudt")
		require.NoError(t, err)
		d.stands(t, v, domain.Issued, 20000)
		require.Equal(t, [2]int64{5000, 5000}, d.counted(t, shop))
		d.tooMuch(t, shop, secret, 1, domain.CapHour, 0, "2026-03-02 11:00 CET", "")
	})
}

// Any number of redemptions at one till, on two servers at once, stay within its
// limit, and use it up to the last øre that fits.
func TestRaceLimits(t *testing.T) {
	for _, dialect := range storetest.Dialects {
		t.Run(dialect.Name, func(t *testing.T) {
			t.Parallel()
			const callers, most = 200, int64(30_001)
			address := dialect.URL(t)
			d := newStory(t, storetest.Open(t, address))
			beside := New(storetest.Open(t, address), d.codes, d.vault, d.time.now)
			shop := d.till(t, "Kiosk", "groceries")
			d.bound(t, shop, access.MostMoney, most, access.MostMoney)
			var secrets []string
			for i := range 5 {
				_, secret := d.earn(t, fmt.Sprint("P-", i), d.move)
				secrets = append(secrets, secret)
			}
			amounts := []int64{700, 501, 300, 1}
			var paid atomic.Int64
			refusals := make(chan int64, callers)
			atOnce(times(callers, func(i int) {
				amount, server := amounts[i%len(amounts)], []*Service{d.Service, beside}[i/len(amounts)%2]
				_, err := server.Redeem(t.Context(), shop, Key{}, Redeem{Code: secrets[i%len(secrets)], Amount: amount, ClientRedemptionID: fmt.Sprint(i)})
				if domain.CodeOf(err) == "limit_exceeded" {
					refusals <- amount
					return
				}
				require.NoError(t, err)
				paid.Add(amount)
			})...)
			close(refusals)
			require.NotEmpty(t, refusals)
			require.LessOrEqual(t, paid.Load(), most)
			for amount := range refusals {
				require.Greater(t, amount, most-paid.Load(), "it would still have fitted")
			}
			require.Equal(t, [2]int64{paid.Load(), paid.Load()}, d.counted(t, shop))
			require.Equal(t, -paid.Load(), d.balance(t)[2], "what is owed to the shop")
		})
	}
}

// Any number of redemptions of one voucher at one till, on two servers at once,
// stay within what the till may take of it.
func TestRaceLimitOfVoucher(t *testing.T) {
	for _, dialect := range storetest.Dialects {
		t.Run(dialect.Name, func(t *testing.T) {
			t.Parallel()
			address := dialect.URL(t)
			d := newStory(t, storetest.Open(t, address))
			servers := []*Service{d.Service, New(storetest.Open(t, address), d.codes, d.vault, d.time.now)}
			shop := d.till(t, "Kiosk", "groceries")
			d.bound(t, shop, 3050, access.MostMoney, access.MostMoney)
			_, secret := d.earn(t, "P-1", d.move)
			var paid atomic.Int64
			atOnce(times(60, func(i int) {
				_, err := servers[i%2].Redeem(t.Context(), shop, Key{}, Redeem{Code: secret, Amount: 100, ClientRedemptionID: fmt.Sprint(i)})
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

// A till that is revoked on one server, and a shop that is suspended there, spend
// nothing on any other from that moment on, though it still knows them.
func TestRevokedOnAnotherServer(t *testing.T) {
	for _, dialect := range storetest.Dialects {
		t.Run(dialect.Name, func(t *testing.T) {
			t.Parallel()
			address := dialect.URL(t)
			d := newStory(t, storetest.Open(t, address))
			there := storetest.Open(t, address)
			gate, beside := access.New(there, d.time.now), New(there, d.codes, d.vault, d.time.now)
			_, secret := d.earn(t, "P-1", d.move)
			admin := d.as(domain.Administrator)
			enter := func(name string) (domain.Actor, string) {
				p, err := d.CreatePartner(t.Context(), admin, PartnerInput{Name: name, CVR: "12345674", Categories: []string{"groceries"}, Contract: forYears})
				require.NoError(t, err)
				in, err := d.CreateTerminal(t.Context(), admin, p.ID, access.TerminalInput{Label: "Kasse 1"})
				require.NoError(t, err)
				enrolled, err := d.EnrolTerminal(t.Context(), access.Device{}, in.Code)
				require.NoError(t, err)
				known, err := gate.Authenticate(t.Context(), enrolled.Key)
				require.NoError(t, err)
				_, err = beside.Redeem(t.Context(), known, Key{}, Redeem{Code: secret, Amount: 1, ClientRedemptionID: "before"})
				require.NoError(t, err)
				return known, enrolled.Key
			}
			revoked, key := enter("Revoked")
			renewed, _ := enter("Renewed")
			suspended, _ := enter("Suspended")
			_, err := d.RevokeTerminal(t.Context(), admin, revoked.TerminalID)
			require.NoError(t, err)
			_, err = d.RenewTerminalCode(t.Context(), admin, renewed.TerminalID)
			require.NoError(t, err)
			_, err = d.UpdatePartner(t.Context(), admin, suspended.Partner.ID, suspended.Partner.Version, PartnerChange{State: new(partnerSuspended)})
			require.NoError(t, err)
			_, err = d.Authenticate(t.Context(), key)
			require.Equal(t, domain.Unauthenticated, domain.KindOf(err), "at once where it was revoked")

			for code, till := range map[string]domain.Actor{"revoked": revoked, "renewed": renewed, "suspended": suspended} {
				want := map[string]string{"suspended": "wrong_partner"}[code]
				if want == "" {
					want = "unauthenticated"
				}
				_, err := beside.Redeem(t.Context(), till, Key{}, Redeem{Code: secret, Amount: 1, ClientRedemptionID: "after"})
				because(t, err, want)
			}
		})
	}
}
