package vouchers

import (
	"github.com/fasthold/fasthold/domain"
	settlements "github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
)

// budgetWaiting are the awards that wait for money, whatever else they wait for.
func budgetWaiting(tx *store.Tx, _ domain.Actor, after store.Place, limit int) ([]Waiting, error) {
	return gather(after, limit,
		func(after store.Place) ([]domain.Award, error) {
			return store.Oldest[domain.Award](tx, "waits_since", after, limit, store.Is("state", domain.AwardProposed), store.WithoutMoney())
		},
		func(a domain.Award) store.Place { return store.Place{Since: *a.WaitsSince, ID: a.ID} },
		func(rows []domain.Award) (list []Waiting, err error) {
			for _, a := range rows {
				list = append(list, Waiting{
					Kind: WaitingBudget, ID: a.ID, Version: a.Version, Since: *a.WaitsSince, Amount: a.Owed() - a.Reserved, Currency: a.Currency,
					UnitID: &a.UnitID, ProgrammeID: &a.ProgrammeID, Because: a.Waits(), Next: nextAppropriate,
				})
			}
			return list, nil
		})
}

// runsWaiting are the settlement runs that go no further without the actor.
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
			for _, h := range rows {
				list = append(list, Waiting{Kind: WaitingHold, ID: h.ID, Since: h.HeldAt, Amount: h.Amount, Currency: h.Currency, Next: nextDecide})
			}
			return list, nil
		})
}
