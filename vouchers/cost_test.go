package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// What a version can still cost is that of one person, and of all who are in it.
func TestVersionCost(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, e := d.join(t, "P-1", d.move)
		cost := func() VersionCost { return must(d.VersionCost(t.Context(), d.as(domain.Finance), e.VersionID)) }
		all := rules.Cost{Certain: 120000, Expected: 120000, Worst: 120000}
		require.Equal(t, VersionCost{Currency: "DKK", Person: all, Enrolled: 1, Expected: 120000, Worst: 120000}, cost())
		d.attended(t, plan, "2026-02-03T09:00:00Z")
		d.attended(t, plan, "2026-02-10T09:00:00Z")
		d.join(t, "P-2", d.move)
		require.Equal(t, VersionCost{Currency: "DKK", Person: all, Enrolled: 2, Expected: 220000, Worst: 220000}, cost())
		_, err := d.EndEnrolment(t.Context(), d.as(domain.Caseworker), e.ID, date("2026-03-02"))
		require.NoError(t, err)
		require.Equal(t, int64(120000), cost().Worst)

		_, drawing := d.join(t, "P-3", d.bowls(t, "skaalen", slips))
		drawn := must(d.VersionCost(t.Context(), d.as(domain.Finance), drawing.VersionID))
		require.Equal(t, int64(75000), drawn.Worst, "the cap")
		require.Zero(t, drawn.Person.Certain)
		require.Positive(t, drawn.Expected)
		forbidden(t, d.desk, map[domain.Action]func(domain.Actor) error{
			"getVersionCost": func(a domain.Actor) error { return second(d.VersionCost(t.Context(), a, e.VersionID)) },
		})
	})
}
