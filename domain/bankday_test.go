package domain

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The days from Monday to Friday on which Danish banks were or will be closed, from
// Finans Danmark's calendars.
var closedDays = map[int]string{
	2022: "04-14 04-15 04-18 05-13 05-26 05-27 06-06 12-26",
	2023: "04-06 04-07 04-10 05-05 05-18 05-19 05-29 06-05 12-25 12-26",
	2024: "01-01 03-28 03-29 04-01 05-09 05-10 05-20 06-05 12-24 12-25 12-26 12-31",
	2025: "01-01 04-17 04-18 04-21 05-29 05-30 06-05 06-09 12-24 12-25 12-26 12-31",
	2026: "01-01 04-02 04-03 04-06 05-14 05-15 05-25 06-05 12-24 12-25 12-31",
	2027: "01-01 03-25 03-26 03-29 05-06 05-07 05-17 12-24 12-31",
	2028: "04-13 04-14 04-17 05-25 05-26 06-05 12-25 12-26",
}

func TestBankDay(t *testing.T) {
	for year, want := range closedDays {
		var closed []string
		for d := (Date{year, 1, 1}); d.Year == year; d = d.AddDays(1) {
			weekday := d.In(time.UTC).Weekday()
			if weekday == time.Saturday || weekday == time.Sunday {
				require.False(t, BankDay(d), d)
			} else if !BankDay(d) {
				closed = append(closed, fmt.Sprintf("%02d-%02d", d.Month, d.Day))
			}
		}
		require.Equal(t, want, strings.Join(closed, " "), year)
	}
}

func TestBankDayFrom(t *testing.T) {
	for from, want := range map[Date]Date{
		{2026, 11, 20}: {2026, 11, 20},
		{2026, 11, 21}: {2026, 11, 23},
		{2026, 12, 24}: {2026, 12, 28},
		{2026, 12, 31}: {2027, 1, 4},
		{2027, 3, 25}:  {2027, 3, 30},
	} {
		require.Equal(t, want, BankDayFrom(from), from)
	}
}

// Easter falls on a Sunday between 22 March and 25 April, and on these in the years
// that are hard to work out.
func TestEaster(t *testing.T) {
	for year := 1900; year < 2300; year++ {
		d := easter(year)
		require.Equal(t, time.Sunday, d.In(time.UTC).Weekday(), d)
		require.True(t, !d.Before(Date{year, 3, 22}) && !(Date{year, 4, 25}).Before(d), d)
	}
	for _, d := range []Date{{1943, 4, 25}, {1954, 4, 18}, {1981, 4, 19}, {2000, 4, 23}, {2008, 3, 23}, {2038, 4, 25}, {2049, 4, 18}, {2076, 4, 19}} {
		require.Equal(t, d, easter(d.Year))
	}
}
