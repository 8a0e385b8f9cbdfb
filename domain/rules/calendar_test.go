package rules

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain"
)

// The remembered offset gives the date that the zone itself gives, most of all
// around the instants at which it changes, some of them at midnight.
func TestCalendar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"Europe/Copenhagen", "America/Sao_Paulo", "Asia/Beirut", "Pacific/Apia", "UTC"}).Draw(t, "zone")
		zone, err := time.LoadLocation(name)
		require.NoError(t, err)
		c := calendar{zone: zone}
		at := time.Unix(rapid.Int64Range(-3e9, 5e9).Draw(t, "instant"), 0)
		for range 8 {
			require.Equal(t, domain.DateOf(at, zone), dateOf(c.day(at)), "%s in %s", at.UTC(), name)
			at = at.Add(time.Duration(rapid.IntRange(0, 48).Draw(t, "hours later")) * time.Hour)
			if _, change := at.In(zone).ZoneBounds(); !change.IsZero() && rapid.Bool().Draw(t, "to the next change") {
				at = change.Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "second")) * time.Second)
			}
		}
	})
}
