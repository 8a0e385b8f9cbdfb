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

// Settled is a settlement with its corrections, in their order.
type Settled struct {
	domain.Settlement
	Corrections []domain.SettlementCorrection
}

// settledNow reads a settlement as it is now.
func settledNow(tx *store.Tx, id domain.ID) (Settled, error) {
	row, err := store.Get[domain.Settlement](tx, id)
	if err != nil {
		return Settled{}, err
	}
	list, err := withCorrections(tx, []domain.Settlement{row})
	if err != nil {
		return Settled{}, err
	}
	return list[0], nil
}

// withCorrections adds their corrections to settlements.
func withCorrections(tx *store.Tx, rows []domain.Settlement) ([]Settled, error) {
	var ids []domain.ID
	for _, row := range rows {
		if row.State == domain.SettlementBounced || row.State == domain.SettlementReversed {
			ids = append(ids, row.ID)
		}
	}
	of := map[domain.ID][]domain.SettlementCorrection{}
	if len(ids) > 0 {
		corrections, err := store.All[domain.SettlementCorrection](tx, "number", store.In("settlement_id", ids))
		if err != nil {
			return nil, err
		}
		for _, c := range corrections {
			of[c.SettlementID] = append(of[c.SettlementID], c)
		}
	}
	list := make([]Settled, len(rows))
	for i, row := range rows {
		list[i] = Settled{row, of[row.ID]}
	}
	return list, nil
}

// Settlement gives one settlement; to a partner its own, once the run is approved.
func (s *Service) Settlement(ctx context.Context, actor domain.Actor, id domain.ID) (row Settled, err error) {
	err = s.store.Look(ctx, s.call(actor, "getSettlement"), func(tx *store.Tx) error {
		row, err = settledNow(tx, id)
		if err == nil && !mayRead(actor, row.Settlement) {
			row, err = Settled{}, domain.OutOfReach()
		}
		return err
	})
	return row, err
}

// Filter narrows a list of settlements; zero fields narrow nothing.
type Filter struct {
	RunID, PartnerID domain.ID
	State            domain.SettlementState
	Number           string
	CarriedIntoID    domain.ID // whose balance, or a correction of it, this one took over; not for partners
}

// Settlements lists settlements, newest first; to a partner its own, once their run
// is approved.
func (s *Service) Settlements(ctx context.Context, actor domain.Actor, page store.Page, f Filter) (l store.Listed[Settled], err error) {
	conds := []store.Cond{store.Eq("run_id", f.RunID), store.Eq("partner_id", f.PartnerID), store.Eq("state", f.State), store.Eq("number", f.Number)}
	if actor.Role != domain.PartnerRole {
		conds = append(conds, store.CarriedInto(actor.MunicipalityID, f.CarriedIntoID))
	} else {
		conds = append(conds, store.Is("partner_id", actor.Partner.ID), store.Not("state", domain.SettlementDraft))
	}
	err = s.store.Look(ctx, s.call(actor, "listSettlements"), func(tx *store.Tx) error {
		rows, more, err := store.List[domain.Settlement](tx, page, conds...)
		if err != nil {
			return err
		}
		l.More = more
		l.Rows, err = withCorrections(tx, rows)
		return err
	})
	return l, err
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
