package settlement

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
)

// idAt is an ID that was made at a time.
func idAt(at time.Time) (id domain.ID) {
	ms := at.UnixMilli()
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	id[6], id[8] = 0x70, 0x80
	return id
}

// What is booked later than it happened lies on the first day that was open when it
// was booked: after the closing that was there then, not one before or after it.
func TestOpens(t *testing.T) {
	t.Parallel()
	day := func(n int) domain.Date { return domain.Date{Year: 2026, Month: 11, Day: n} }
	noon := func(n int) time.Time { return time.Date(2026, 11, n, 12, 0, 0, 0, time.UTC) }
	b := &ClosedBooks{closings: []domain.Closing{
		{ID: idAt(noon(12)), Number: 1, Through: day(10)}, {ID: idAt(noon(22)), Number: 2, Through: day(20)},
	}}
	for name, c := range map[string]struct {
		made        time.Time
		day, booked int
		want        bool
	}{
		"on its own day":                         {noon(5), 5, 5, true},
		"before any closing":                     {noon(5), 5, 11, false},
		"after the first":                        {noon(15), 5, 11, true},
		"after the first, as if after both":      {noon(15), 5, 21, false},
		"after both":                             {noon(25), 5, 21, true},
		"after both, as if only after the first": {noon(25), 5, 11, false},
		"what was open":                          {noon(15), 11, 12, false},
		"no first open day":                      {noon(15), 5, 12, false},
		"at the same time, before":               {noon(12).Add(-time.Second), 5, 11, true},
		"at the same time, after":                {noon(22).Add(time.Second), 5, 11, true},
		"at the same time, after it":             {noon(22).Add(time.Second), 5, 21, true},
	} {
		require.Equal(t, c.want, b.Opens(idAt(c.made), day(c.day), day(c.booked)), name)
	}
}
