package vouchers

import (
	"fmt"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// cadences are the days between the sessions of a series.
var cadences = map[string]int{"day": 1, "week": 7, "two_weeks": 14}

// series gives the instants of count sessions, days apart, at the same time of
// day at the site: over a change of the clocks the wall clock decides, not the
// hours between. A time of day that one of the dates does not have is an error
// that names the date.
func series(first time.Time, days, count int, loc *time.Location) ([]time.Time, error) {
	starts := []time.Time{first}
	wall := first.In(loc)
	for i := 1; i < count; i++ {
		at, ok := onWall(wall, i*days, loc)
		if !ok {
			date := domain.DateOf(wall, loc).AddDays(i * days)
			return nil, fmt.Errorf("%s has no %s o'clock at the site, because the clocks change that day: choose another time, or plan that day by itself", date, wall.Format("15:04"))
		}
		starts = append(starts, at)
	}
	return starts, nil
}

// onWall gives the instant at which the site's clocks show the same time as wall
// some days later; false if they skip it. Of two such instants, when the clocks
// go back, it is the first.
func onWall(wall time.Time, days int, loc *time.Location) (time.Time, bool) {
	asUTC := time.Date(wall.Year(), wall.Month(), wall.Day()+days, wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), time.UTC)
	var best time.Time
	for _, near := range []time.Time{asUTC.AddDate(0, 0, -1), asUTC.AddDate(0, 0, 1)} {
		_, offset := near.In(loc).Zone()
		at := asUTC.Add(-time.Duration(offset) * time.Second)
		_, there := at.In(loc).Zone()
		if there == offset && (best.IsZero() || at.Before(best)) {
			best = at
		}
	}
	return best, !best.IsZero()
}
