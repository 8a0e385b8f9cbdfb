package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	settlements "github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
)

// RedemptionRecord is a redemption with what became of it.
type RedemptionRecord struct {
	domain.Redemption
	Reversal *domain.Reversal     // nil while it stands
	Payment  settlements.Standing // zero where it was not asked for
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
		records, err := withPayments(tx, []domain.Redemption{r})
		if err == nil {
			record = records[0]
		}
		return err
	})
	return record, err
}

// RedemptionFilter narrows a list of redemptions; zero fields narrow nothing.
type RedemptionFilter struct {
	PartnerID, BranchID, TerminalID, VoucherID domain.ID
	Period
}

// conds are the filter's conditions, and that a partner sees only its own.
func (f RedemptionFilter) conds(actor domain.Actor) []store.Cond {
	return []store.Cond{
		store.Eq("partner_id", actor.Partner.ID), store.Eq("partner_id", f.PartnerID), store.AtBranch(f.BranchID), store.Eq("terminal_id", f.TerminalID),
		store.Eq("voucher_id", f.VoucherID), store.From("created_at", f.From), store.Before("created_at", f.Until),
	}
}

// Redemptions lists redemptions, newest first; a partner sees only its own.
func (s *Service) Redemptions(ctx context.Context, actor domain.Actor, page store.Page, f RedemptionFilter) (l Listed[RedemptionRecord], err error) {
	err = s.read(ctx, actor, "listRedemptions", func(tx *store.Tx) error {
		rows, more, err := store.List[domain.Redemption](tx, page, f.conds(actor)...)
		if err != nil {
			return err
		}
		l.More = more
		l.Rows, err = withPayments(tx, rows)
		return err
	})
	return l, err
}

// EachRedemption hands redemptions to fn, newest first, holding a thousand at a
// time; a partner's own alone to a partner.
func (s *Service) EachRedemption(ctx context.Context, actor domain.Actor, f RedemptionFilter, fn func(RedemptionRecord) error) error {
	return s.read(ctx, actor, "listRedemptions", func(tx *store.Tx) error {
		page := store.Page{Limit: 1000}
		for {
			rows, more, err := store.List[domain.Redemption](tx, page, f.conds(actor)...)
			if err != nil {
				return err
			}
			records, err := withPayments(tx, rows)
			if err != nil {
				return err
			}
			for _, r := range records {
				if err := fn(r); err != nil {
					return err
				}
			}
			if !more {
				return nil
			}
			page.After = rows[len(rows)-1].ID
		}
	})
}

// withPayments finds what became of redemptions, and where their payment is.
func withPayments(tx *store.Tx, rows []domain.Redemption) ([]RedemptionRecord, error) {
	records, err := withReversals(tx, rows)
	if err != nil {
		return nil, err
	}
	ids := make([]domain.ID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	payments, err := settlements.Standings(tx, ids)
	for i := range records {
		records[i].Payment = payments[records[i].ID]
	}
	return records, err
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
