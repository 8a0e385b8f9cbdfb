package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Reverse takes a redemption back, whole, within the municipality's window. The
// money goes back to the voucher, or to the one that replaced it; if that has
// expired or was voided meanwhile, the money goes where its balance went. A till
// takes back only what was paid there, so that a stolen one undoes no other's day.
// It opens the partner's caps again, but not the till's limits (Redeem).
func (s *Service) Reverse(ctx context.Context, actor domain.Actor, key Key, redemption domain.ID, reason string) (Answer[domain.Reversal], error) {
	return once(ctx, s, actor, "reverseRedemption", key, func(tx *store.Tx) (domain.Reversal, error) {
		var f domain.Fields
		reason = f.Clean("reason", reason, 500, false)
		if err := f.Err(); err != nil {
			return domain.Reversal{}, err
		}
		r, err := store.Get[domain.Redemption](tx, redemption)
		if err != nil {
			return domain.Reversal{}, err
		}
		if !actor.Serves(r.PartnerID) {
			return domain.Reversal{}, domain.OutOfReach()
		}
		if actor.Kind == domain.ByTerminal && r.TerminalID != actor.TerminalID {
			return domain.Reversal{}, domain.Errorf(domain.Forbidden, "another_till", "it was paid at another till: take it back there, or ask the municipality's finance department")
		}
		m, err := store.First[domain.Municipality](tx)
		if err != nil {
			return domain.Reversal{}, err
		}
		if until := undoUntil(m, r); s.now().After(until) {
			return domain.Reversal{}, domain.Errorf(domain.Conflict, "too_late", "a redemption can be reversed for %s only: settle it with the customer in another way", until.Sub(r.CreatedAt))
		}
		return s.reverse(tx, r, reason)
	})
}

func (s *Service) reverse(tx *store.Tx, r domain.Redemption, reason string) (domain.Reversal, error) {
	now := s.now()
	book, err := tx.Book(now)
	if err != nil {
		return domain.Reversal{}, err
	}
	v, err := newest(tx, r.VoucherID)
	if err != nil {
		return domain.Reversal{}, err
	}
	if err := notRejected(tx, r); err != nil {
		return domain.Reversal{}, err
	}
	reversal := domain.Reversal{
		MunicipalityID: r.MunicipalityID, ID: store.NewID(), RedemptionID: r.ID, VoucherID: v.ID, Amount: r.Amount,
		Reason: reason, ReversedBy: tx.Actor().Person, CreatedAt: now,
	}
	// Inserted now, so that a second reversal fails before it moves anything.
	if err := store.Insert(tx, &reversal); err != nil {
		if store.IsDuplicate(err) {
			err = domain.Errorf(domain.Conflict, "already_reversed", "this redemption is already reversed")
		}
		return reversal, err
	}
	if err := tx.Post(book.Reverse(v, r, reversal.ID)); err != nil {
		return reversal, err
	}
	switch v.State {
	case domain.Expired:
		err = tx.Post(book.Expire(v, reversal.ID, r.Amount))
	case domain.Void:
		err = tx.Post(book.Void(v, reversal.ID, r.Amount))
	default:
		_, err = tx.Credit(v.ID, r.Amount)
	}
	if err != nil {
		return reversal, err
	}
	loc, err := tx.Zone()
	if err != nil {
		return reversal, err
	}
	// Last: redemptions of the partner's may wait for this row.
	if err := tx.GiveBack(r.PartnerID, domain.DateOf(r.CreatedAt, loc), r.Amount); err != nil {
		return reversal, err
	}
	return reversal, tx.Audit("reverseRedemption", "redemption", r.ID, now, domain.Detail(map[string]any{"voucher": v.ID, "amount": r.Amount}))
}

// newest follows a voucher's re-issues to the one that is alive, and locks it.
func newest(tx *store.Tx, id domain.ID) (domain.Voucher, error) {
	for {
		v, err := store.GetLocked[domain.Voucher](tx, id)
		if err != nil || v.ReplacedByID == nil {
			return v, err
		}
		id = *v.ReplacedByID
	}
}

// notRejected refuses a redemption for which the partner is never paid: its money
// is the budget's again. The voucher is locked, and so nobody rejects it meanwhile.
func notRejected(tx *store.Tx, r domain.Redemption) error {
	n, err := store.Count[domain.SettlementHold](tx, store.Is("redemption_id", r.ID), store.Is("decision", domain.HoldRejected))
	if err == nil && n > 0 {
		err = domain.Errorf(domain.Conflict, "disallowed", "the municipality has refused to pay for this redemption: it cannot be taken back, ask its finance department")
	}
	return err
}
