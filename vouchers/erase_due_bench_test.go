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
			copies := copiesOf(tx, plan.CitizenID, v)
			for n := range batch {
				copies.add(from + n)
			}
			return copies.insert(tx)
		}))
	}
}

// copies are rows of a citizen with a voucher, once for each of many.
type copies struct {
	citizen    domain.Citizen
	plan       domain.Plan
	enrolment  domain.Enrolment
	award      domain.Award
	voucher    domain.Voucher
	citizens   []domain.Citizen
	plans      []domain.Plan
	enrolments []domain.Enrolment
	awards     []domain.Award
	vouchers   []domain.Voucher
}

func copiesOf(tx *store.Tx, citizen domain.ID, v domain.Voucher) (c copies) {
	c.citizen, c.voucher = must(store.Get[domain.Citizen](tx, citizen)), must(store.Get[domain.Voucher](tx, v.ID))
	c.award = must(store.Get[domain.Award](tx, v.AwardID))
	c.enrolment = must(store.Get[domain.Enrolment](tx, c.award.EnrolmentID))
	c.plan = must(store.Get[domain.Plan](tx, c.enrolment.PlanID))
	return c
}

func (c *copies) add(n int) {
	who := c.citizen
	who.ID, who.Reference = store.NewID(), fmt.Sprint("B-held-", n)
	if n%2 == 0 {
		who.KeptUntil, who.KeptBy = date("2036-01-01"), "leder@varde.dk"
	}
	c.citizens = append(c.citizens, who)
	plan, enrolment, award, v := c.plan, c.enrolment, c.award, c.voucher
	plan.ID, plan.CitizenID, plan.Reference = store.NewID(), who.ID, fmt.Sprint("P-held-", n)
	enrolment.ID, enrolment.PlanID = store.NewID(), plan.ID
	award.ID, award.EnrolmentID = store.NewID(), enrolment.ID
	v.ID, v.AwardID, v.Serial = store.NewID(), award.ID, fmt.Sprintf("2026-%05d-HELD0", n)
	v.LookupHash = append([]byte(nil), v.ID[:]...)
	v.LookupHash = append(v.LookupHash, v.ID[:]...)
	c.plans, c.enrolments, c.awards, c.vouchers = append(c.plans, plan), append(c.enrolments, enrolment), append(c.awards, award), append(c.vouchers, v)
}

func (c *copies) insert(tx *store.Tx) error {
	for _, insert := range []func() error{
		func() error { return store.Insert(tx, &c.citizens) }, func() error { return store.Insert(tx, &c.plans) }, func() error { return store.Insert(tx, &c.enrolments) },
		func() error { return store.Insert(tx, &c.awards) }, func() error { return store.Insert(tx, &c.vouchers) },
	} {
		if err := insert(); err != nil {
			return err
		}
	}
	return tx.Audit("test", "citizen", c.citizen.ID, c.citizen.CreatedAt, nil)
}
