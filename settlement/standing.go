package settlement

import (
	"maps"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// What the shop has got for a redemption.
const (
	StandsUnsettled = "unsettled" // no approved run has it
	StandsHeld      = "held"      // it waits for somebody to decide on it
	StandsRejected  = "rejected"  // it is not paid
	StandsSettled   = "settled"   // an approved run has it, and it is to be paid
	StandsPaid      = "paid"      // it was paid, or set off against what the shop owed
)

// Standing is where the payment of a redemption is.
type Standing struct {
	State      string
	Settlement *domain.Settlement // whose line it is, from the approval on; nil: none
}

// Standings says of redemptions where their payment is, in a number of queries that
// does not grow with them.
func Standings(tx *store.Tx, redemptions []domain.ID) (map[domain.ID]Standing, error) {
	found := make(map[domain.ID]Standing, len(redemptions))
	for _, id := range redemptions {
		found[id] = Standing{State: StandsUnsettled}
	}
	holds, err := store.All[domain.SettlementHold](tx, "", store.In("redemption_id", redemptions), store.Not("decision", domain.HoldReleased))
	if err != nil {
		return nil, err
	}
	for _, h := range holds {
		if h.Decision == domain.HoldRejected {
			found[h.RedemptionID] = Standing{State: StandsRejected}
		} else {
			found[h.RedemptionID] = Standing{State: StandsHeld}
		}
	}
	lines, err := store.All[domain.SettlementLine](tx, "", store.In("id", redemptions))
	if err != nil {
		return nil, err
	}
	known, err := onward(tx, lines)
	if err != nil {
		return nil, err
	}
	for _, line := range lines {
		row := known[line.SettlementID].Settlement
		switch {
		case row.State == domain.SettlementDraft:
		case known.paid(row.ID):
			found[line.ID] = Standing{StandsPaid, &row}
		default:
			found[line.ID] = Standing{StandsSettled, &row}
		}
	}
	return found, nil
}

// trail are settlements with those that they were carried into, by their IDs.
type trail map[domain.ID]Settled

// onward reads the settlements of lines and follows them: a query or two for each time
// that one was carried on, not for each line.
func onward(tx *store.Tx, lines []domain.SettlementLine) (trail, error) {
	known, wanted := trail{}, map[domain.ID]bool{}
	for _, line := range lines {
		wanted[line.SettlementID] = true
	}
	for len(wanted) > 0 {
		rows, err := store.All[domain.Settlement](tx, "", store.In("id", slices.Collect(maps.Keys(wanted))))
		if err != nil {
			return nil, err
		}
		list, err := withCorrections(tx, rows)
		if err != nil {
			return nil, err
		}
		for _, row := range list {
			known[row.ID] = row
		}
		clear(wanted)
		for _, row := range list {
			if row.CarriedIntoID != nil && known[*row.CarriedIntoID].ID == (domain.ID{}) {
				wanted[*row.CarriedIntoID] = true
			}
		}
	}
	return known, nil
}

// paid says whether the shop has the money of a settlement: from itself, or from the one
// that it was carried into when it came back or its run was reversed.
func (known trail) paid(id domain.ID) bool {
	for range known {
		row := known[id]
		if row.State == domain.SettlementPaid || row.State == domain.SettlementForward || (undone{row.Settlement, row.Corrections}).hasMoney() {
			return true
		}
		if row.CarriedIntoID == nil {
			return false
		}
		id = *row.CarriedIntoID
	}
	return false
}
