package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain"
)

func TestFormatMoney(t *testing.T) {
	for minor, want := range map[int64]string{
		0: "0,00 kr.", 5: "0,05 kr.", -5: "-0,05 kr.", 20000: "200,00 kr.", 123450: "1.234,50 kr.", -100000000: "-1.000.000,00 kr.", 99999: "999,99 kr.",
	} {
		require.Equal(t, want, domain.FormatMoney(minor, "DKK"))
	}
	require.Equal(t, "12,34 EUR", domain.FormatMoney(1234, "EUR"))
	require.Equal(t, "200 kr.", domain.FormatMoneyShort(20000, "DKK"))
	require.Equal(t, "200,50 kr.", domain.FormatMoneyShort(20050, "DKK"))
}

// TestDate holds the laws of civil dates against the standard library's.
func TestDate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-2e9, 4e9).Draw(t, "at"), 0)
		n := rapid.IntRange(-4000, 4000).Draw(t, "days")
		d := domain.DateOf(at, time.UTC)
		require.Equal(t, n, d.Days(d.AddDays(n)))
		require.Equal(t, d, d.AddDays(n).AddDays(-n))
		require.Equal(t, n > 0, d.Before(d.AddDays(n)))
		read, err := domain.ParseDate(d.String())
		require.NoError(t, err)
		require.Equal(t, d, read)
		value, err := d.Value()
		require.NoError(t, err)
		var scanned domain.Date
		require.NoError(t, scanned.Scan(value))
		require.Equal(t, d, scanned)
	})
}

func TestDateEdges(t *testing.T) {
	date := func(text string) domain.Date {
		d, err := domain.ParseDate(text)
		require.NoError(t, err)
		return d
	}
	require.Equal(t, date("2027-02-28"), date("2027-01-31").AddMonths(1))
	require.Equal(t, date("2028-02-29"), date("2028-01-31").AddMonths(1))
	require.Equal(t, date("2027-05-30"), date("2026-11-30").AddMonths(6))
	require.Equal(t, 17, date("2008-11-22").YearsUntil(date("2026-11-21")))
	require.Equal(t, 18, date("2008-11-21").YearsUntil(date("2026-11-21")))
	require.Equal(t, "21-11-2026", date("2026-11-21").Danish())
	for _, bad := range []string{"2026-02-30", "21-11-2026", "2026-1-1", "", "2026-11-21T00:00:00Z"} {
		_, err := domain.ParseDate(bad)
		require.Error(t, err, bad)
	}
	var none domain.Date
	require.True(t, none.IsZero())
	require.Empty(t, none.String())
}

func TestMay(t *testing.T) {
	require.Equal(t, domain.Unauthenticated, domain.KindOf(domain.Actor{}.May("redeemVoucher")))
	require.Equal(t, domain.Forbidden, domain.KindOf(domain.Actor{Role: domain.Finance}.May("redeemVoucher")))
	require.NoError(t, domain.Actor{Role: domain.PartnerRole}.May("redeemVoucher"))
	require.EqualError(t, domain.Actor{Role: domain.Administrator}.May("adoptVersion"), "the role administrator may not adoptVersion; who may: team_leader")
	require.Equal(t, domain.Forbidden, domain.KindOf(domain.Actor{Role: domain.Administrator}.May("getCitizen")), "no way to treatment data")
	for action, roles := range domain.Permissions {
		require.NotContains(t, roles, domain.System, action)
		require.True(t, len(roles) > 0 || action == "exchangeCitizenLink", action)
	}
}

func TestFollowUps(t *testing.T) {
	require.Empty(t, domain.Plan{}.FollowUps())
	ended := domain.Plan{EndDate: domain.Date{Year: 2026, Month: time.August, Day: 31}}
	require.Equal(t, []domain.Date{{Year: 2026, Month: time.September, Day: 30}, {Year: 2027, Month: time.February, Day: 28}}, ended.FollowUps())
}
