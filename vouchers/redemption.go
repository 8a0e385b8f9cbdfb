package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// RedemptionRecord is a redemption with what became of it.
type RedemptionRecord struct {
	domain.Redemption
	Reversal *domain.Reversal // nil while it stands
}

// Redemption gives one redemption; a partner sees only its own.
func (s *Service) Redemption(ctx context.Context, actor domain.Actor, id domain.ID) (record RedemptionRecord, err error) {
	err = s.read(ctx, actor, "getRedemption", func(tx *store.Tx) error {
		r, err := store.Get[domain.Redemption](tx, id)
		if err != nil {
			return err
		}
		if !actor.Serves(r.PartnerID) {
			return domain.OutOfReach()
		}
		records, err := withReversals(tx, []domain.Redemption{r})
		if err == nil {
			record = records[0]
		}
		return err
	})
	return record, err
}

// RedemptionFilter narrows a list of redemptions; zero fields narrow nothing.
type RedemptionFilter struct {
	PartnerID, TerminalID, VoucherID domain.ID
	Period
}

// Redemptions lists redemptions, newest first; a partner sees only its own.
func (s *Service) Redemptions(ctx context.Context, actor domain.Actor, page store.Page, f RedemptionFilter) (l Listed[RedemptionRecord], err error) {
	err = s.read(ctx, actor, "listRedemptions", func(tx *store.Tx) error {
		rows, more, err := store.List[domain.Redemption](tx, page, store.Eq("partner_id", actor.Partner.ID), store.Eq("partner_id", f.PartnerID),
			store.Eq("terminal_id", f.TerminalID), store.Eq("voucher_id", f.VoucherID), store.From("created_at", f.From), store.Before("created_at", f.Until))
		if err != nil {
			return err
		}
		l.More = more
		l.Rows, err = withReversals(tx, rows)
		return err
	})
	return l, err
}

// withReversals finds which of the redemptions were taken back.
func withReversals(tx *store.Tx, rows []domain.Redemption) ([]RedemptionRecord, error) {
	records, ids := make([]RedemptionRecord, len(rows)), make([]domain.ID, len(rows))
	for i, r := range rows {
		records[i].Redemption, ids[i] = r, r.ID
	}
	reversals, err := store.All[domain.Reversal](tx, "", store.In("redemption_id", ids))
	for _, back := range reversals {
		for i := range records {
			if records[i].ID == back.RedemptionID {
				records[i].Reversal = &back
			}
		}
	}
	return records, err
}
