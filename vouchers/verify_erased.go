package vouchers

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// citizens checks that of somebody who was erased no plan runs and neither reference nor
// date of birth is left, and that each other citizen counts as closed once no plan runs, no sooner and not from before it ended.
func (v verifier) citizens() (rows int, err error) {
	erased, runs, ended := map[domain.ID]bool{}, map[domain.ID]bool{}, map[domain.ID]domain.Date{}
	err = store.Each(v.tx, func(k domain.DataKey) error {
		if k.CitizenID != nil && k.DestroyedAt != nil {
			erased[*k.CitizenID] = true
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	err = store.Each(v.tx, func(p domain.Plan) error {
		if p.EndDate.IsZero() {
			runs[p.CitizenID] = true
		} else if ended[p.CitizenID].Before(p.EndDate) {
			ended[p.CitizenID] = p.EndDate
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	err = store.Each(v.tx, func(c domain.Citizen) error {
		rows++
		open := erased[c.ID] || runs[c.ID]
		v.differ(!erased[c.ID] || !runs[c.ID], "citizen %s: is erased, and a plan runs", c.ID)
		v.differ(erased[c.ID] == c.Erased() && erased[c.ID] == (c.Reference == c.Pseudonym()), "citizen %s: is erased %t, and has a date of birth %t and a reference %t", c.ID, erased[c.ID], !c.Erased(), c.Reference != c.Pseudonym())
		v.differ(!erased[c.ID] || c.CPRHash == nil, "citizen %s: is erased, and can be found by CPR number", c.ID)
		v.differ(open == c.ClosedOn.IsZero(), "citizen %s: is closed on %q, while a plan runs is %t and erased is %t", c.ID, c.ClosedOn, runs[c.ID], erased[c.ID])
		v.differ(open || !c.ClosedOn.Before(ended[c.ID]), "citizen %s: is closed on %s, a plan ended on %s", c.ID, c.ClosedOn, ended[c.ID])
		return nil
	})
	return rows, err
}
