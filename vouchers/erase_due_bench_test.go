package vouchers

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// BenchmarkEraseDue looks for whom to erase, among so many whose time is over and who
// are held back: by a leader's word, or by a voucher that can still be spent.
func BenchmarkEraseDue(b *testing.B) {
	for _, dialect := range storetest.Dialects {
		for _, held := range []int{0, 1000, 10_000} {
			b.Run(fmt.Sprint(dialect.Name, "/", held, " held"), func(b *testing.B) {
				d := story{desk: newDesk(b, storetest.Open(b, dialect.URL(b)))} // whose copies no code belongs to: nothing is verified
				d.move = d.inForce(b, "move-2026", "2025-01-01")
				d.holds(b, held)
				b.ResetTimer()
				for b.Loop() {
					d.erases(b, 0)
				}
			})
		}
	}
}

// holds makes so many citizens whose time is over and who are held back, every other
// one by each reason.
func (d story) holds(t testing.TB, many int) {
	t.Helper()
	plan, _ := d.join(t, "P-1", d.move)
	d.attended(t, plan, "2026-02-03T09:00:00Z")
	v := d.attended(t, plan, "2026-02-10T09:00:00Z").Vouchers[0]
	d.ends(t, plan.ID)
	d.erasesSoon(t)
	d.time.setDate("2026-11-02")
	const batch = 500
	for from := 0; from < many; from += batch {
		require.NoError(t, d.store.Write(t.Context(), keyJob(d.home.MunicipalityID), func(tx *store.Tx) error {
			c := copiesOf(tx, v.AwardID)
			c.voucher = must(store.Get[domain.Voucher](tx, v.ID))
			c.add(from, batch, func(n int, who *domain.Citizen, _ *domain.Award) {
				if n%2 == 0 {
					who.KeptUntil, who.KeptBy = date("2036-01-01"), "leder@varde.dk"
				}
			})
			return c.insert(tx)
		}))
	}
}
