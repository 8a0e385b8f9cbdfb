package settlement

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Story is a settlement as finance, or its partner, looks at it.
type Story struct {
	Desk
	Settled
	Run       domain.SettlementRun
	Into      *domain.Settlement  // the one that took its total over; nil: none, or not for the partner to know
	From      []domain.Settlement // those whose totals it took over, or a correction
	Lines     []domain.SettlementLine
	More      bool
	Terminals map[string]string // label by ID
}

// SettlementStory gives one settlement and a page of its lines, newest first; to a
// partner its own, once the run is approved.
func (s *Service) SettlementStory(ctx context.Context, actor domain.Actor, id domain.ID, page store.Page) (x Story, err error) {
	err = s.store.Look(ctx, s.call(actor, "listSettlementLines"), func(tx *store.Tx) error {
		if x.Settled, err = settledNow(tx, id); err != nil {
			return err
		}
		if !mayRead(actor, x.Settlement) {
			return domain.OutOfReach()
		}
		if x.Desk, err = s.desk(tx); err != nil {
			return err
		}
		if x.Run, err = store.Get[domain.SettlementRun](tx, x.RunID); err != nil {
			return err
		}
		if x.Lines, x.More, err = store.List[domain.SettlementLine](tx, page, store.Is("settlement_id", id)); err != nil {
			return err
		}
		if x.Terminals, err = tillsOf(tx, x.PartnerID); err != nil || actor.Role == domain.PartnerRole {
			return err
		}
		return x.carried(tx)
	})
	return x, err
}

// carried finds where a settlement's total went, and whose, or whose correction, it took over.
func (x *Story) carried(tx *store.Tx) (err error) {
	if x.CarriedIntoID != nil {
		into, err := store.Get[domain.Settlement](tx, *x.CarriedIntoID)
		if err != nil {
			return err
		}
		x.Into = &into
	}
	x.From, err = store.All[domain.Settlement](tx, "number", store.CarriedInto(x.MunicipalityID, x.ID))
	return err
}

// tillsOf gives the labels of a partner's tills by their IDs.
func tillsOf(tx *store.Tx, partner domain.ID) (map[string]string, error) {
	rows, err := store.All[domain.Terminal](tx, "", store.Is("partner_id", partner))
	labels := make(map[string]string, len(rows))
	for _, row := range rows {
		labels[row.ID.String()] = row.Label
	}
	return labels, err
}
