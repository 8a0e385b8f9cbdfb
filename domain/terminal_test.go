package domain

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestLimitsOr(t *testing.T) {
	all := Limits{1, 2, 3}
	require.Equal(t, all, Limits{}.Or(all))
	require.Equal(t, Limits{1, 7, 3}, Limits{MostPerHour: 7}.Or(all))
	require.Equal(t, Limits{7, 8, 9}, Limits{7, 8, 9}.Or(all))
}

// An hour is one of the clock at the site, also where summer time begins and
// ends and where the clock is half an hour off; a day is the site's calendar's.
func TestSpanOf(t *testing.T) {
	for _, c := range []struct{ site, at, hour, day string }{
		{"Europe/Copenhagen", "2026-03-02T10:59:59.999999Z", "2026-03-02T10:00:00Z", "2026-03-02"},
		{"Europe/Copenhagen", "2026-03-02T11:00:00Z", "2026-03-02T11:00:00Z", "2026-03-02"},
		{"Europe/Copenhagen", "2026-03-02T22:59:00Z", "2026-03-02T22:00:00Z", "2026-03-02"},
		{"Europe/Copenhagen", "2026-03-02T23:00:00Z", "2026-03-02T23:00:00Z", "2026-03-03"},
		{"Europe/Copenhagen", "2026-03-29T00:59:59Z", "2026-03-29T00:00:00Z", "2026-03-29"}, // 01:59:59
		{"Europe/Copenhagen", "2026-03-29T01:00:01Z", "2026-03-29T01:00:00Z", "2026-03-29"}, // 03:00:01
		{"Europe/Copenhagen", "2026-10-25T00:30:00Z", "2026-10-25T00:00:00Z", "2026-10-25"}, // 02:30, summer time
		{"Europe/Copenhagen", "2026-10-25T01:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25"}, // 02:30 again
		{"Europe/Copenhagen", "2026-10-24T21:59:59Z", "2026-10-24T21:00:00Z", "2026-10-24"}, // summer time's midnight
		{"Europe/Copenhagen", "2026-10-25T22:59:59Z", "2026-10-25T22:00:00Z", "2026-10-25"}, // a day of 25 hours
		{"Asia/Kolkata", "2026-03-02T10:40:00Z", "2026-03-02T10:30:00Z", "2026-03-02"},
	} {
		site, err := time.LoadLocation(c.site)
		require.NoError(t, err)
		at, err := time.Parse(time.RFC3339, c.at)
		require.NoError(t, err)
		span := SpanOf(at, site)
		require.Equal(t, []string{c.hour, c.day}, []string{span.Hour.Format(time.RFC3339Nano), span.Day.String()}, "%s in %s", c.at, c.site)
	}
}

func TestExceeded(t *testing.T) {
	site, err := time.LoadLocation("Europe/Copenhagen")
	require.NoError(t, err)
	at := time.Date(2026, 10, 25, 9, 20, 0, 0, time.UTC)
	span, limits := SpanOf(at, site), Limits{100, 300, 1000}
	earlier, later := span.Hour.Add(-time.Hour), span.Hour.Add(time.Hour)
	day := Limit{CapDay, 1000, 50, time.Date(2026, 10, 25, 23, 0, 0, 0, time.UTC)}
	hour := Limit{CapHour, 300, 60, span.Hour.Add(time.Hour)}
	for name, c := range map[string]struct {
		taken     Taken
		amount    int64
		want      Limit
		ofVoucher int64
	}{
		"fresh":                 {Taken{}, 100, Limit{}, 0},
		"voucher":               {Taken{}, 101, Limit{Cap: CapVoucher, Most: 100, Left: 100}, 0},
		"the same voucher":      {Taken{}, 61, Limit{Cap: CapVoucher, Most: 100, Left: 60}, 40},
		"the whole of it":       {Taken{}, 1, Limit{Cap: CapVoucher, Most: 100, Left: 0}, 100},
		"hour":                  {Taken{&span.Hour, 240, span.Day, 240}, 61, hour, 0},
		"to the last":           {Taken{&span.Hour, 240, span.Day, 240}, 60, Limit{}, 0},
		"an earlier hour":       {Taken{&earlier, 300, span.Day, 300}, 100, Limit{}, 0},
		"day":                   {Taken{&earlier, 300, span.Day, 950}, 51, day, 0},
		"an earlier day":        {Taken{&earlier, 300, span.Day.AddDays(-1), 1000}, 100, Limit{}, 0},
		"the least left":        {Taken{&span.Hour, 240, span.Day, 950}, 101, day, 0},
		"lowered since":         {Taken{&span.Hour, 400, span.Day, 400}, 1, Limit{CapHour, 300, 0, span.Hour.Add(time.Hour)}, 0},
		"a clock that is ahead": {Taken{&later, 240, span.Day, 240}, 61, Limit{CapHour, 300, 60, later.Add(time.Hour)}, 0},
	} {
		worst, exceeded := limits.Exceeded(c.taken, c.ofVoucher, span, site, c.amount)
		require.Equal(t, c.want, worst, name)
		require.Equal(t, c.want != Limit{}, exceeded, name)
	}
}
