package vouchers

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// Two hats that hold the same people in another order, under a cap that counts
// them together, are drawn at once and neither waits for ever.
func TestRaceHatsOfTheSamePeople(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		const people = 6
		var programmes [2]domain.Programme
		for i, what := range []string{"phone", "group"} {
			programmes[i] = d.bowls(t, "hat-"+what, prizes+"\n    hat: {names: 2}", targetSessions, "{attend: ["+what+"]}", sixAtMost, fiveHundred, "caps:", "funder: staten\ncaps:")
		}
		for round := range 5 {
			day := fmt.Sprintf("2026-02-1%dT09:00:00Z", round)
			var hats [2]domain.ID
			for i, p := range programmes {
				made, err := d.CreateHat(t.Context(), d.as(domain.Caseworker), Key{}, HatInput{ProgrammeID: p.ID, UnitID: d.unit.ID, HeldAt: instant(day), Title: "Gruppen"})
				require.NoError(t, err)
				hats[i] = made.Value.ID
			}
			enter := func(plan domain.Plan, i int) {
				v := kind(visitAt(plan, day, domain.Attended), []string{"phone", "group"}[i])
				v.HatID = hats[i]
				_, err := d.Attend(t.Context(), d.as(domain.Caseworker), Key{}, v)
				require.NoError(t, err)
			}
			first := make([]domain.Plan, people)
			for n := range people {
				first[n], _ = d.join(t, fmt.Sprintf("P-%d-%d", round, n), programmes[0])
				enter(first[n], 0)
			}
			for n := range people { // the second plans are made in the other order
				enter(d.beside(t, first[people-1-n], fmt.Sprintf("Q-%d-%d", round, n), programmes[1]), 1)
			}
			atOnce(times(2, func(i int) {
				_, err := d.DrawHat(t.Context(), d.as(domain.Caseworker), Key{}, hats[i])
				require.NoError(t, err)
			})...)
		}
	})
}
