package vouchers

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// In Copenhagen the clocks go from 02:00 to 03:00 on 29 March 2026 and from
// 03:00 back to 02:00 on 25 October 2026.
func TestSeries(t *testing.T) {
	for name, c := range map[string]struct {
		zone, first string
		days, count int
		want        []string // instants; nil: refused
		says        string
	}{
		"one":                     {"Europe/Copenhagen", "2026-03-29T01:30:00Z", 0, 1, []string{"2026-03-29T01:30:00Z"}, ""},
		"weekly into summer":      {"Europe/Copenhagen", "2026-03-22T09:00:00Z", 7, 3, []string{"2026-03-22T09:00:00Z", "2026-03-29T08:00:00Z", "2026-04-05T08:00:00Z"}, ""},
		"weekly into winter":      {"Europe/Copenhagen", "2026-10-18T08:00:00Z", 7, 3, []string{"2026-10-18T08:00:00Z", "2026-10-25T09:00:00Z", "2026-11-01T09:00:00Z"}, ""},
		"two weeks over both":     {"Europe/Copenhagen", "2026-03-24T15:15:00Z", 14, 17, nil, ""},
		"daily at 02:30, spring":  {"Europe/Copenhagen", "2026-03-27T01:30:00Z", 1, 3, nil, "2026-03-29 has no 02:30"},
		"daily at 03:00, spring":  {"Europe/Copenhagen", "2026-03-28T02:00:00Z", 1, 2, []string{"2026-03-28T02:00:00Z", "2026-03-29T01:00:00Z"}, ""},
		"daily at 02:30, autumn":  {"Europe/Copenhagen", "2026-10-24T00:30:00Z", 1, 3, []string{"2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"}, ""},
		"from the second 02:30":   {"Europe/Copenhagen", "2026-10-25T01:30:00Z", 1, 2, []string{"2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"}, ""},
		"late evening at site":    {"Europe/Copenhagen", "2026-03-27T22:30:00Z", 1, 3, []string{"2026-03-27T22:30:00Z", "2026-03-28T22:30:00Z", "2026-03-29T21:30:00Z"}, ""},
		"half an hour, Lord Howe": {"Australia/Lord_Howe", "2026-10-03T15:15:00Z", 1, 1, []string{"2026-10-03T15:15:00Z"}, ""},
		"skipped, Lord Howe":      {"Australia/Lord_Howe", "2026-10-02T15:45:00Z", 1, 2, nil, "2026-10-04 has no 02:15"},
		"a day that never was":    {"Pacific/Apia", "2011-12-29T20:00:00Z", 1, 2, nil, "2011-12-30 has no 10:00"},
	} {
		t.Run(name, func(t *testing.T) {
			loc := must(time.LoadLocation(c.zone))
			got, err := series(instant(c.first), c.days, c.count, loc)
			if c.says != "" {
				require.ErrorContains(t, err, c.says)
				return
			}
			require.NoError(t, err)
			for i, want := range c.want {
				require.Equal(t, want, got[i].UTC().Format(time.RFC3339))
			}
			require.Len(t, got, c.count)
			for _, at := range got {
				require.Equal(t, instant(c.first).In(loc).Format("15:04"), at.In(loc).Format("15:04"))
			}
		})
	}
}

// Whenever a series starts, its sessions are its cadence apart on the calendar
// and at the same time on the wall, or it is refused.
func TestSeriesKeepsTheWallClock(t *testing.T) {
	loc := must(time.LoadLocation("Europe/Copenhagen"))
	rapid.Check(t, func(t *rapid.T) {
		first := time.Unix(rapid.Int64Range(1.6e9, 2.2e9).Draw(t, "first"), 0)
		days := rapid.SampledFrom([]int{1, 7, 14}).Draw(t, "days")
		starts, err := series(first, days, rapid.IntRange(1, maxSeries).Draw(t, "count"), loc)
		if err != nil {
			require.Equal(t, 2, first.In(loc).Hour(), "only 02:00 to 02:59 is ever skipped")
			return
		}
		y, m, day := first.In(loc).Date()
		for i, at := range starts {
			require.Equal(t, first.In(loc).Format(time.TimeOnly), at.In(loc).Format(time.TimeOnly))
			gotY, gotM, gotDay := at.In(loc).Date()
			require.Equal(t, time.Date(y, m, day+i*days, 0, 0, 0, 0, time.UTC), time.Date(gotY, gotM, gotDay, 0, 0, 0, 0, time.UTC))
		}
	})
}
