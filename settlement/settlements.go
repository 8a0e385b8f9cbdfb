package settlement

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// mayRead says whose settlements an actor may read: a partner its own, once their
// run is approved.
func mayRead(actor domain.Actor, row domain.Settlement) bool {
	return actor.Serves(row.PartnerID) && (actor.Role != domain.PartnerRole || row.State != domain.SettlementDraft)
}

// Settlement gives one settlement; to a partner its own, once the run is approved.
func (s *Service) Settlement(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Settlement, error) {
	return store.One(ctx, s.store, s.call(actor, "getSettlement"), id, func(row domain.Settlement) bool { return mayRead(actor, row) })
}

// Filter narrows a list of settlements; zero fields narrow nothing.
type Filter struct {
	RunID, PartnerID domain.ID
	State            domain.SettlementState
	CarriedIntoID    domain.ID // whose balance this one took over; not for partners
}

// Settlements lists settlements, newest first; to a partner its own, once their run
// is approved.
func (s *Service) Settlements(ctx context.Context, actor domain.Actor, page store.Page, f Filter) (store.Listed[domain.Settlement], error) {
	conds := []store.Cond{store.Eq("run_id", f.RunID), store.Eq("partner_id", f.PartnerID), store.Eq("state", f.State)}
	if actor.Role != domain.PartnerRole {
		conds = append(conds, store.Eq("carried_into_id", f.CarriedIntoID))
	} else {
		conds = append(conds, store.Is("partner_id", actor.Partner.ID), store.Not("state", domain.SettlementDraft))
	}
	return store.Several[domain.Settlement](ctx, s.store, s.call(actor, "listSettlements"), page, conds...)
}

// SettlementLines lists the lines of a settlement, newest first; to a partner those
// of its own, once the run is approved.
func (s *Service) SettlementLines(ctx context.Context, actor domain.Actor, id domain.ID, page store.Page) (l store.Listed[domain.SettlementLine], err error) {
	err = s.store.Look(ctx, s.call(actor, "listSettlementLines"), func(tx *store.Tx) error {
		row, err := store.Get[domain.Settlement](tx, id)
		if err == nil && !mayRead(actor, row) {
			err = domain.OutOfReach()
		}
		if err != nil {
			return err
		}
		l.Rows, l.More, err = store.List[domain.SettlementLine](tx, page, store.Is("settlement_id", id))
		return err
	})
	return l, err
}
