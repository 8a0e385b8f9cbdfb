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
	from, till int64         // the remembered span, in seconds since 1970 UTC: [from, till)
	offset     time.Duration // east of UTC, within the span
}

func (c *calendar) date(t time.Time) domain.Date {
	if at := t.Unix(); at < c.from || at >= c.till {
		c.remember(t.In(c.zone))
	}
	return domain.DateOf(t.UTC().Add(c.offset), time.UTC)
}

func (c *calendar) remember(t time.Time) {
	_, seconds := t.Zone()
	c.offset = time.Duration(seconds) * time.Second
	c.from, c.till = t.Unix(), t.Unix()+1
	if from, till := t.ZoneBounds(); !from.IsZero() && !till.IsZero() {
		c.from, c.till = from.Unix(), till.Unix()
	}
}
