package vouchers

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// BenchmarkInbox reads what waits for a team leader, 500 awards among those of 10,000
// citizens: the first page, the last, and the first for somebody who may decide on none
// of them and for whom all are passed over.
func BenchmarkInbox(b *testing.B) {
	const citizens, waiting, batch = 10_000, 500, 500
	for _, dialect := range storetest.Dialects {
		b.Run(dialect.Name, func(b *testing.B) {
			d := story{desk: newDesk(b, storetest.Open(b, dialect.URL(b)))} // whose copies rest on no visits: nothing is verified
			_, _, visit := d.proposal(b, "P-1", d.proposes(b))
			for from := 0; from < citizens; from += batch {
				require.NoError(b, d.store.Write(b.Context(), keyJob(d.home.MunicipalityID), func(tx *store.Tx) error {
					c := copiesOf(tx, visit.Awards[0].ID)
					c.add(from, batch, func(n int, _ *domain.Citizen, a *domain.Award) {
						if at := a.WaitsSince.Add(time.Duration(n) * time.Second); n < waiting {
							a.WaitsSince = &at
						} else {
							a.State, a.WaitsSince, a.Reserved = domain.AwardDenied, nil, 0
						}
					})
					return c.insert(tx)
				}))
			}
			recorder := d.leaderOf(d.unit.ID)
			recorder.Person = d.as(domain.Caseworker).Person // who recorded what all rest on
			var last store.Place
			for in := must(d.Inbox(b.Context(), d.leaderOf(d.unit.ID), last)); in.More; in = must(d.Inbox(b.Context(), d.leaderOf(d.unit.ID), last)) {
				last = in.Mine[len(in.Mine)-1].Place()
			}
			for name, ask := range map[string]struct {
				actor domain.Actor
				after store.Place
			}{"first": {actor: d.leaderOf(d.unit.ID)}, "last": {d.leaderOf(d.unit.ID), last}, "none": {actor: recorder}} {
				b.Run(name, func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						must(d.Inbox(b.Context(), ask.actor, ask.after))
					}
				})
			}
		})
	}
}
