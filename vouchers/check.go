package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Check tells a terminal whether a code can be spent there and how much is left,
// without taking anything. To a caller that is no enrolled terminal, every code
// that cannot be spent is simply unknown.
func (s *Service) Check(ctx context.Context, actor domain.Actor, text string) (v domain.Voucher, err error) {
	if err := actor.May("checkVoucher"); err != nil {
		return v, err
	}
	hash, err := s.readCode(ctx, actor, text)
	if err != nil {
		return v, err
	}
	err = s.store.Read(ctx, actor.MunicipalityID, func(tx *store.Tx) error {
		if v, err = store.First[domain.Voucher](tx, store.Is("lookup_hash", hash)); err != nil {
			return refuseUnknown(err)
		}
		loc, err := tx.Zone()
		if err != nil {
			return err
		}
		if err := unspendable(v, s.now(), loc); err != nil {
			return err
		}
		if !accepts(actor.Partner, v) {
			return wrongPartner()
		}
		return nil
	})
	if err != nil {
		v = domain.Voucher{}
		if actor.TerminalID == (domain.ID{}) && domain.KindOf(err) != domain.Unavailable {
			err = s.wrongCode(ctx, actor)
		}
	}
	return v, err
}
