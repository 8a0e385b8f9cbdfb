package vouchers

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Reissued is a voucher that died and the one that took its balance over.
type Reissued struct{ Old, New domain.Voucher }

// Reissue replaces a lost voucher: the old code dies at once, and what was left
// is on a new voucher with the same validity. The new one keeps the amount of
// the old, so that a purchase taken back later has room on it. Conflict when
// nothing is left.
func (s *Service) Reissue(ctx context.Context, actor domain.Actor, key Key, id domain.ID, reason string) (Answer[Reissued], error) {
	return once(ctx, s, actor, "reissueVoucher", key, func(tx *store.Tx) (Reissued, error) {
		var replacement domain.Voucher
		old, err := s.withVoucher(tx, "reissueVoucher", id, reason, func(v *domain.Voucher, at time.Time) (err error) {
			if v.Balance == 0 {
				return wrongState(*v, "nothing is left to re-issue")
			}
			replacement, err = s.replace(tx, v, at)
			return err
		})
		return Reissued{Old: old, New: replacement}, err
	})
}

// replace makes the voucher that takes over, for the same reason.
func (s *Service) replace(tx *store.Tx, old *domain.Voucher, at time.Time) (domain.Voucher, error) {
	book, err := tx.Book(at)
	if err != nil {
		return domain.Voucher{}, err
	}
	v := *old
	v.CreatedAt = at
	s.mint(&v)
	v.State, v.ReplacesID, v.Reason, v.IssuedBy = v.LiveState(), &old.ID, domain.NewPrivate(old.Reason.Reveal()), tx.Actor().Person
	if err := s.sealVoucher(tx, &v); err != nil {
		return v, err
	}
	if err := tx.Append(&v); err != nil {
		return v, err
	}
	if err := tx.Post(book.Reissue(*old, v)); err != nil {
		return v, err
	}
	if err := tx.Close(*old, domain.Replaced, map[string]any{"replaced_by_id": v.ID, "reason": old.Reason}); err != nil {
		return v, err
	}
	old.State, old.Balance, old.ReplacedByID, old.Version = domain.Replaced, 0, &v.ID, old.Version+1
	return v, nil
}
