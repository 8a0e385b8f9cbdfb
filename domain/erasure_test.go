package domain

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// anyDay draws a day of some years, leap days and ends of months among them.
func anyDay(t *rapid.T, name string) Date {
	return Date{Year: 2024, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 3000).Draw(t, name))
}

// Whoever is due by the day that is told is due by the day that is asked for, and
// nobody else.
func TestErasureDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := Erasure{EraseAfterMonths: rapid.SampledFrom([]int{0, 7, 8, 12, 24, 120}).Draw(t, "months")}
		closed, today := anyDay(t, "closed"), anyDay(t, "today")
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			e = e.Changed(rapid.SampledFrom([]int{0, 7, 9, 12, 36}).Draw(t, "to"), anyDay(t, "changed on"))
		}
		day, last := e.Day(closed), e.LastDue(today)
		due := !last.IsZero() && !last.Before(closed)
		require.Equal(t, !day.IsZero() && !today.Before(day), due, "%+v: closed %s, told %s, last due on %s is %s", e, closed, day, today, last)
		require.False(t, due && today.Before(closed.AddMonths(FewestMonthsKept)))
	})
}

// What erases sooner waits, and can be taken back; what erases later holds at once.
func TestErasureChanged(t *testing.T) {
	today := Date{Year: 2026, Month: 11, Day: 22}
	later := today.AddDays(ErasureNotice)
	for name, c := range map[string]struct {
		from   Erasure
		months int
		on     Date
		want   Erasure
	}{
		"the first":                    {Erasure{}, 12, today, Erasure{0, 12, later}},
		"a shorter one":                {Erasure{EraseAfterMonths: 24}, 12, today, Erasure{24, 12, later}},
		"a longer one":                 {Erasure{EraseAfterMonths: 24}, 36, today, Erasure{EraseAfterMonths: 36}},
		"none":                         {Erasure{EraseAfterMonths: 24}, 0, today, Erasure{}},
		"taken back":                   {Erasure{24, 12, later}, 24, today.AddDays(13), Erasure{EraseAfterMonths: 24}},
		"the first taken back":         {Erasure{0, 12, later}, 0, today.AddDays(13), Erasure{}},
		"said twice":                   {Erasure{24, 12, later}, 12, today.AddDays(3), Erasure{24, 12, later}},
		"changed meanwhile":            {Erasure{24, 12, later}, 18, today.AddDays(3), Erasure{24, 18, later.AddDays(3)}},
		"it holds, and becomes longer": {Erasure{24, 12, later}, 24, later, Erasure{EraseAfterMonths: 24}},
		"it holds, and is said again":  {Erasure{24, 12, later}, 12, later, Erasure{EraseAfterMonths: 12}},
	} {
		require.Equal(t, c.want, c.from.Changed(c.months, c.on), name)
	}
	e := Erasure{24, 12, later}
	require.Equal(t, e, e.On(later.AddDays(-1)))
	require.Equal(t, Erasure{EraseAfterMonths: 12}, e.On(later))
	require.Equal(t, later, e.Day(Date{Year: 2025, Month: 1, Day: 1}), "not before the notice is over")
	require.Equal(t, Date{Year: 2027, Month: 5, Day: 1}, e.Day(Date{Year: 2026, Month: 5, Day: 1}))
	require.Equal(t, Date{Year: 2026, Month: 12, Day: 1}, e.Day(Date{Year: 2024, Month: 12, Day: 1}), "due before the change")
	require.Zero(t, e.Day(Date{}))
}
