package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers/code"
)

// Voucher gives one voucher, without its code.
func (s *Service) Voucher(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Voucher, error) {
	return get(ctx, s, actor, "getVoucher", id, func(v domain.Voucher) bool { return actor.Reaches(v.UnitID) })
}

// VoucherFilter narrows a list of vouchers; zero fields narrow nothing.
type VoucherFilter struct {
	AwardID, UnitID, ProgrammeID domain.ID
	State                        domain.VoucherState
	Serial                       string
	Issued                       Period
}

// Vouchers lists vouchers within the actor's reach, newest first.
func (s *Service) Vouchers(ctx context.Context, actor domain.Actor, page store.Page, f VoucherFilter) (Listed[domain.Voucher], error) {
	return list[domain.Voucher](ctx, s, actor, "listVouchers", page, store.Eq("unit_id", actor.UnitID),
		store.Eq("award_id", f.AwardID), store.Eq("unit_id", f.UnitID), store.Eq("programme_id", f.ProgrammeID), store.Eq("state", f.State),
		store.Eq("serial", f.Serial), store.From("created_at", f.Issued.From), store.Before("created_at", f.Issued.Until))
}

// Reveal gives a voucher with its secret code, to be shown or printed for its
// holder, and notes in the audit log that it was taken out. Conflict when the
// code is worth nothing any more.
func (s *Service) Reveal(ctx context.Context, actor domain.Actor, action domain.Action, id domain.ID) (v domain.Voucher, secret code.Secret, err error) {
	err = s.write(ctx, actor, action, func(tx *store.Tx) error {
		v, secret, err = s.reveal(tx, action, id)
		return err
	})
	return v, secret, err
}

// reveal is Reveal in a transaction.
func (s *Service) reveal(tx *store.Tx, action domain.Action, id domain.ID) (v domain.Voucher, secret code.Secret, err error) {
	if v, err = store.Get[domain.Voucher](tx, id); err != nil {
		return v, secret, err
	}
	if !tx.Actor().Reaches(v.UnitID) {
		return v, secret, domain.OutOfReach()
	}
	if !v.Spendable() || !s.now().Before(v.ValidTo) {
		return v, secret, wrongState(v, "or its time has run out: its code opens nothing")
	}
	if secret, err = s.codes.Remake(v.ID, v.KeyID); err != nil {
		return v, "", err
	}
	return v, secret, tx.Audit(action, "voucher", id, s.now(), nil)
}
