package vouchers

import (
	"github.com/fasthold/fasthold/domain"
	settlements "github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
)

// budgetWaiting are the awards that wait for money, whatever else they wait for.
func budgetWaiting(tx *store.Tx, _ domain.Actor, after store.Place, limit int) (list []Waiting, err error) {
	rows, err := store.Oldest[domain.Award](tx, "waits_since", after, limit, store.Is("state", domain.AwardProposed), store.WithoutMoney())
	for _, a := range rows {
		list = append(list, Waiting{
			Kind: WaitingBudget, ID: a.ID, Version: a.Version, Since: *a.WaitsSince, Amount: a.Owed() - a.Reserved, Currency: a.Currency,
			UnitID: &a.UnitID, ProgrammeID: &a.ProgrammeID, Because: a.Waits(), Next: nextAppropriate,
		})
	}
	return list, err
}

// runsWaiting are the settlement runs that go no further without finance, but for drafts
// of the actor's own. Who had a hand in what a draft pays for is looked at when it is
// approved: to look here would be to go through all its lines.
func runsWaiting(tx *store.Tx, actor domain.Actor, after store.Place, limit int) ([]Waiting, error) {
	me := domain.Fold(actor.Person)
	return gather(after, limit,
		func(after store.Place) ([]domain.SettlementRun, error) {
			return store.Oldest[domain.SettlementRun](tx, "created_at", after, limit, store.In("state", []domain.RunState{domain.RunDraft, domain.RunApproved, domain.RunFiled}))
		},
		func(r domain.SettlementRun) store.Place { return store.Place{Since: r.CreatedAt, ID: r.ID} },
		func(rows []domain.SettlementRun) (list []Waiting, err error) {
			dues, err := tx.DuesOf(ids(rows, func(r domain.SettlementRun) domain.ID { return r.ID }))
			if err != nil {
				return nil, err
			}
			for _, r := range rows {
				if r.State == domain.RunDraft && r.MadeBy == me {
					continue
				}
				due := dues[r.ID]
				list = append(list, Waiting{
					Kind: WaitingRun, ID: r.ID, Version: r.Version, Since: r.CreatedAt, Amount: due.Amount, Currency: r.Currency,
					Next: settlements.Next(r.State, due), Run: int64(r.Number), Partners: due.Partners,
				})
			}
			return list, nil
		})
}

// holdsWaiting are the redemptions held out of the runs that the actor may decide on.
func holdsWaiting(tx *store.Tx, actor domain.Actor, after store.Place, limit int) ([]Waiting, error) {
	me := domain.Fold(actor.Person)
	return gather(after, limit,
		func(after store.Place) ([]domain.SettlementHold, error) {
			return store.Oldest[domain.SettlementHold](tx, "held_at", after, limit, store.Is("decision", ""), store.Not("held_by", me))
		},
		func(h domain.SettlementHold) store.Place { return store.Place{Since: h.HeldAt, ID: h.ID} },
		func(rows []domain.SettlementHold) (list []Waiting, err error) {
			hands, err := handsOnHeld(tx, rows)
			for _, h := range rows {
				if hands[h.RedemptionID].MaySettle(actor) == nil {
					list = append(list, Waiting{Kind: WaitingHold, ID: h.ID, Since: h.HeldAt, Amount: h.Amount, Currency: h.Currency, Next: nextDecide})
				}
			}
			return list, err
		})
}

// handsOnHeld gives who has had a hand in the vouchers of redemptions that are held, by
// redemption.
func handsOnHeld(tx *store.Tx, rows []domain.SettlementHold) (map[domain.ID]domain.Hands, error) {
	bought, err := among[domain.Redemption](tx, "id", ids(rows, func(h domain.SettlementHold) domain.ID { return h.RedemptionID }))
	if err != nil {
		return nil, err
	}
	of, err := tx.HandsOnVouchers(ids(bought, func(r domain.Redemption) domain.ID { return r.VoucherID }))
	hands := make(map[domain.ID]domain.Hands, len(bought))
	for _, r := range bought {
		hands[r.ID] = of[r.VoucherID]
	}
	return hands, err
}
