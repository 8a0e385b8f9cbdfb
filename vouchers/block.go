package vouchers

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// Block stops a voucher at once; its balance is kept. Conflict unless it can be
// spent.
func (s *Service) Block(ctx context.Context, actor domain.Actor, id domain.ID, reason string) (v domain.Voucher, err error) {
	err = s.write(ctx, actor, "blockVoucher", func(tx *store.Tx) error {
		v, err = s.block(tx, "blockVoucher", id, reason)
		return err
	})
	return v, err
}

// block is Block for an action.
func (s *Service) block(tx *store.Tx, action domain.Action, id domain.ID, reason string) (domain.Voucher, error) {
	return s.withVoucher(tx, action, id, reason, func(v *domain.Voucher, _ time.Time) error {
		if !v.Spendable() {
			return wrongState(*v, "only one that can be spent can be blocked")
		}
		v.State = domain.Blocked
		return store.Set[domain.Voucher](tx, v.ID, v.Version, map[string]any{"state": v.State, "reason": v.Reason})
	})
}

// Unblock lets a blocked voucher be spent again. Conflict unless it is blocked.
func (s *Service) Unblock(ctx context.Context, actor domain.Actor, id domain.ID, reason string) (v domain.Voucher, err error) {
	err = s.write(ctx, actor, "unblockVoucher", func(tx *store.Tx) error {
		v, err = s.withVoucher(tx, "unblockVoucher", id, reason, func(v *domain.Voucher, _ time.Time) error {
			if v.State != domain.Blocked {
				return wrongState(*v, "only a blocked one can be unblocked")
			}
			v.State = v.LiveState()
			return store.Set[domain.Voucher](tx, v.ID, v.Version, map[string]any{"state": v.State, "reason": v.Reason})
		})
		return err
	})
	return v, err
}

// end closes a live voucher, for the reason that it holds, and books where its
// balance goes.
func (s *Service) end(tx *store.Tx, v *domain.Voucher, state domain.VoucherState, at time.Time, entry func(ledger.Book, domain.Voucher, domain.ID, int64) ledger.Entry) error {
	book, err := tx.Book(at)
	if err != nil {
		return err
	}
	if err := tx.Close(*v, state, map[string]any{"reason": v.Reason}); err != nil {
		return err
	}
	if v.Balance > 0 {
		if err := tx.Post(entry(book, *v, v.ID, v.Balance)); err != nil {
			return err
		}
	}
	v.State, v.Balance, v.Version = state, 0, v.Version+1
	return nil
}

// withVoucher locks a voucher within the actor's reach, runs change on it with
// the reason in its place and the time, and leaves the audit entry, of that same
// time.
func (s *Service) withVoucher(tx *store.Tx, action domain.Action, id domain.ID, reason string, change func(*domain.Voucher, time.Time) error) (domain.Voucher, error) {
	var f domain.Fields
	reason = f.Clean("reason", reason, 500, false)
	if err := f.Err(); err != nil {
		return domain.Voucher{}, err
	}
	v, err := store.GetLocked[domain.Voucher](tx, id)
	if err != nil {
		return v, err
	}
	if !tx.Actor().Reaches(v.UnitID) {
		return v, domain.OutOfReach()
	}
	before, at := v, s.now()
	v.Reason = domain.NewPrivate(reason)
	if err := s.sealVoucher(tx, &v); err != nil {
		return v, err
	}
	if err := change(&v, at); err != nil {
		return v, err
	}
	if v.Version == before.Version {
		v.Version++ // store.Set counted it up
	}
	return v, tx.Audit(action, "voucher", id, at, domain.Detail(map[string]any{"from": before.State, "balance": before.Balance}))
}

func wrongState(v domain.Voucher, remedy string) error {
	return domain.Errorf(domain.Conflict, "wrong_state", "the voucher is %s: %s", v.State, remedy)
}
