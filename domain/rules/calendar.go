package rules

import (
	"time"

	"github.com/fasthold/fasthold/domain"
)

// calendar tells the site's dates. It remembers the span of the zone's offset it
// looked up last, because looking one up costs more than all else that a visit
// does, and visits come in order: two look-ups a year are enough.
type calendar struct {
	zone       *time.Location
	from, till int64 // the remembered span, in seconds since 1970 UTC: [from, till)
	offset     int64 // seconds east of UTC, within the span
}

const secondsADay = 24 * 60 * 60

// day gives the site's date as a number of days since 1 January 1970, with which
// phases and weeks are reckoned.
func (c *calendar) day(t time.Time) int {
	at := t.Unix()
	if at < c.from || at >= c.till {
		c.remember(t.In(c.zone))
	}
	at += c.offset
	day := at / secondsADay
	if at%secondsADay < 0 {
		day--
	}
	return int(day)
}

func (c *calendar) remember(t time.Time) {
	_, seconds := t.Zone()
	c.offset = int64(seconds)
	c.from, c.till = t.Unix(), t.Unix()+1
	if from, till := t.ZoneBounds(); !from.IsZero() && !till.IsZero() {
		c.from, c.till = from.Unix(), till.Unix()
	}
}

// dayOf is the number of a date, and dateOf the date with that number.
func dayOf(d domain.Date) int { return int(d.In(time.UTC).Unix() / secondsADay) }
func dateOf(day int) domain.Date {
	return domain.DateOf(time.Unix(int64(day)*secondsADay, 0), time.UTC)
}

// weekdays are the days' short names as time.Weekday counts them.
var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// weekday gives the name of a day's weekday: 1 January 1970 was a Thursday.
func weekday(day int) string { return weekdays[((day+4)%7+7)%7] }
