package vouchers

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// Void ends a voucher that should not have been issued; what is left goes back
// to the budget. Where a correction has taken the award back, what is voided
// counts as not granted, so that it can be earned again. Conflict when nothing
// is left.
func (s *Service) Void(ctx context.Context, actor domain.Actor, key Key, id domain.ID, reason string) (Answer[domain.Voucher], error) {
	return once(ctx, s, actor, "voidVoucher", key, func(tx *store.Tx) (domain.Voucher, error) {
		there, err := store.Get[domain.Voucher](tx, id)
		if err != nil {
			return there, err
		}
		award, err := lockAward(tx, there.AwardID)
		if err != nil {
			return there, err
		}
		voided, err := s.withVoucher(tx, "voidVoucher", id, reason, func(v *domain.Voucher, at time.Time) error {
			if v.Balance == 0 {
				return wrongState(*v, "nothing is left to void")
			}
			if err := s.ungrant(tx, award, *v); err != nil {
				return err
			}
			return s.end(tx, v, domain.Void, at, ledger.Book.Void)
		})
		if err == nil {
			_, err = s.counted(tx, award, true)
		}
		return voided, err
	})
}

// ungrant takes a voided balance off what an award has granted, down to what it
// is still owed.
func (s *Service) ungrant(tx *store.Tx, a domain.Award, v domain.Voucher) error {
	back := min(v.Balance, a.Granted-a.Amount)
	if back <= 0 {
		return nil
	}
	before := a
	if a.Granted -= back; a.Granted == 0 && a.State != domain.AwardRejected {
		a.Become(unpaidState(a), s.now())
	}
	return s.saveAward(tx, settlement{cause: v.ID.String(), result: &Earned{}}, before, a)
}
