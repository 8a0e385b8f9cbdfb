package vouchers

import (
	"fmt"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// copies are rows of a citizen with plan, enrolment and award, once for each of many,
// where a benchmark wants more than use cases make in its time.
type copies struct {
	citizen   domain.Citizen
	plan      domain.Plan
	enrolment domain.Enrolment
	award     domain.Award
	voucher   domain.Voucher // without an ID: none

	citizens   []domain.Citizen
	plans      []domain.Plan
	enrolments []domain.Enrolment
	awards     []domain.Award
	vouchers   []domain.Voucher
}

// copiesOf copies whoever has the award.
func copiesOf(tx *store.Tx, award domain.ID) (c copies) {
	c.award = must(store.Get[domain.Award](tx, award))
	c.enrolment = must(store.Get[domain.Enrolment](tx, c.award.EnrolmentID))
	c.plan = must(store.Get[domain.Plan](tx, c.enrolment.PlanID))
	c.citizen = must(store.Get[domain.Citizen](tx, c.plan.CitizenID))
	return c
}

// add adds so many copies, from a number on, each changed as it should be.
func (c *copies) add(from, many int, change func(n int, who *domain.Citizen, award *domain.Award)) {
	for n := from; n < from+many; n++ {
		who, plan, enrolment, award := c.citizen, c.plan, c.enrolment, c.award
		who.ID, who.Reference, who.Name = store.NewID(), fmt.Sprint("B-copy-", n), domain.Private{} // which is sealed for one row
		plan.ID, plan.CitizenID, plan.Reference = store.NewID(), who.ID, fmt.Sprint("P-copy-", n)
		enrolment.ID, enrolment.PlanID = store.NewID(), plan.ID
		award.ID, award.EnrolmentID = store.NewID(), enrolment.ID
		change(n, &who, &award)
		c.citizens, c.plans, c.enrolments, c.awards = append(c.citizens, who), append(c.plans, plan), append(c.enrolments, enrolment), append(c.awards, award)
		if v := c.voucher; v.ID != (domain.ID{}) {
			v.ID, v.AwardID, v.Serial = store.NewID(), award.ID, fmt.Sprintf("2026-%05d-COPY0", n)
			v.LookupHash = slices.Concat(v.ID[:], v.ID[:])
			c.vouchers = append(c.vouchers, v)
		}
	}
}

// insert stores them.
func (c *copies) insert(tx *store.Tx) error {
	for _, insert := range []func() error{
		func() error { return store.Insert(tx, &c.citizens) }, func() error { return store.Insert(tx, &c.plans) },
		func() error { return store.Insert(tx, &c.enrolments) }, func() error { return store.Insert(tx, &c.awards) },
	} {
		if err := insert(); err != nil {
			return err
		}
	}
	if len(c.vouchers) > 0 {
		if err := store.Insert(tx, &c.vouchers); err != nil {
			return err
		}
	}
	return tx.Audit("test", "citizen", c.citizen.ID, c.citizen.CreatedAt, nil)
}
