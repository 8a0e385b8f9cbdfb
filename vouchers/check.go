package vouchers

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Checked is a voucher that can be spent where it was asked about.
type Checked struct {
	domain.Voucher
	Most int64          // what the partner may take of it now, by its contract: 1 … Balance
	Site *time.Location // where its days are days
}

// Check tells a terminal whether a code can be spent there and how much is left,
// without taking anything. What the caps of its partner's contract leave nothing of
// is refused as a purchase would be. To a caller that is no enrolled terminal, every code
// that cannot be spent is simply unknown.
func (s *Service) Check(ctx context.Context, actor domain.Actor, text string) (v Checked, err error) {
	if err := actor.May("checkVoucher"); err != nil {
		return v, err
	}
	hash, err := s.readCode(ctx, actor, text)
	if err != nil {
		return v, err
	}
	err = s.store.Read(ctx, actor.MunicipalityID, func(tx *store.Tx) error {
		if v.Voucher, err = store.First[domain.Voucher](tx, store.Is("lookup_hash", hash)); err != nil {
			return refuseUnknown(err)
		}
		loc, err := tx.Zone()
		if err != nil {
			return err
		}
		now := s.now()
		if err := unspendable(v.Voucher, now, loc); err != nil {
			return err
		}
		today := domain.DateOf(now, loc)
		if err := closed(actor.Partner, today); err != nil {
			return err
		}
		if !accepts(actor.Partner, v.Voucher) {
			return wrongPartner()
		}
		limits, err := caps(tx, actor.Partner, v.ID, today, loc)
		if err != nil {
			return err
		}
		v.Site = loc
		v.Most, err = within(limits, v.Voucher, loc)
		return err
	})
	if err != nil {
		v = Checked{}
		if actor.TerminalID == (domain.ID{}) && domain.KindOf(err) != domain.Unavailable {
			err = s.wrongCode(ctx, actor)
		}
	}
	return v, err
}

// within gives the most of a voucher that fits in limits; limit_exceeded when
// nothing does, or less than all of one that must be spent whole.
func within(limits []domain.Limit, v domain.Voucher, loc *time.Location) (int64, error) {
	least := int64(1)
	if !v.Partial {
		least = v.Balance
	}
	if limit, exceeded := domain.Tightest(least, limits...); exceeded {
		return 0, limitExceeded(limit, v.Currency, loc)
	}
	most := v.Balance
	for _, limit := range limits {
		most = min(most, limit.Left)
	}
	return most, nil
}
