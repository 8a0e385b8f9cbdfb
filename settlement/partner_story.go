package settlement

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// OwnSettlements are what a partner was paid, newest first.
type OwnSettlements struct {
	Desk
	Rows []Settled
	Runs map[domain.ID]domain.SettlementRun // of the rows, by their IDs
	More bool
}

// OwnSettlements gives a partner a page of its settlements, each from the approval on.
func (s *Service) OwnSettlements(ctx context.Context, actor domain.Actor, page store.Page) (l OwnSettlements, err error) {
	err = s.store.Look(ctx, s.call(actor, "listSettlements"), func(tx *store.Tx) error {
		if l.Desk, err = s.desk(tx); err != nil {
			return err
		}
		rows, more, err := store.List[domain.Settlement](tx, page, store.Is("partner_id", actor.Partner.ID), store.Not("state", domain.SettlementDraft))
		if err != nil {
			return err
		}
		l.More = more
		if l.Rows, err = withCorrections(tx, rows); err != nil {
			return err
		}
		var runs []domain.ID
		for _, row := range rows {
			runs = append(runs, row.RunID)
		}
		l.Runs, err = keyed(tx, runs, func(run domain.SettlementRun) domain.ID { return run.ID })
		return err
	})
	return l, err
}

// OwnPurchase is a purchase as the shop looks at it.
type OwnPurchase struct {
	domain.Redemption
	Back    bool // it was taken back
	Payment Standing
}

// OwnPurchases are what a partner took, newest first.
type OwnPurchases struct {
	Desk
	Rows  []OwnPurchase
	More  bool
	Tills map[string]string // labels by ID
}

// OwnPurchases gives a partner a page of what it took, and where the payment of each
// is.
func (s *Service) OwnPurchases(ctx context.Context, actor domain.Actor, page store.Page) (l OwnPurchases, err error) {
	err = s.store.Look(ctx, s.call(actor, "listRedemptions"), func(tx *store.Tx) error {
		if l.Desk, err = s.desk(tx); err != nil {
			return err
		}
		if l.Tills, err = tillsOf(tx, actor.Partner.ID); err != nil {
			return err
		}
		rows, more, err := store.List[domain.Redemption](tx, page, store.Is("partner_id", actor.Partner.ID))
		if err != nil {
			return err
		}
		l.More = more
		ids := make([]domain.ID, len(rows))
		for i, row := range rows {
			ids[i] = row.ID
		}
		where, err := Standings(tx, ids)
		if err != nil {
			return err
		}
		back, err := store.All[domain.Reversal](tx, "", store.In("redemption_id", ids))
		undone := map[domain.ID]bool{}
		for _, r := range back {
			undone[r.RedemptionID] = true
		}
		for _, row := range rows {
			l.Rows = append(l.Rows, OwnPurchase{row, undone[row.ID], where[row.ID]})
		}
		return err
	})
	return l, err
}
