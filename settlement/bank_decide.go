package settlement

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// SetAside says why an entry is about no settlement: a fee, or somebody else's money.
func (s *Service) SetAside(ctx context.Context, actor domain.Actor, id domain.ID, reason string) (e domain.BankEntry, err error) {
	call := s.call(actor, "setAsideBankEntry")
	err = s.store.Perform(ctx, call, func(tx *store.Tx) error {
		var f domain.Fields
		reason = f.Clean("reason", reason, 500, false)
		if err := f.Err(); err != nil {
			return err
		}
		if e, err = store.Get[domain.BankEntry](tx, id); err != nil {
			return err
		}
		e.State, e.DecidedBy, e.DecidedAt, e.Comment = domain.EntrySetAside, domain.Fold(actor.Person), &call.At, reason
		e.SettlementID, e.Paid = nil, false
		if err := decide(tx, &e, domain.EntryUnmatched); err != nil {
			return err
		}
		return tx.Audit(call.Action, "bank_entry", e.ID, call.At, domain.Detail(map[string]any{"amount": e.Amount, "reason": reason}))
	})
	return e, err
}

// Unmatch takes back that an entry was set aside, or that it is the payment of a
// settlement or its return: the entry waits again, and so does the settlement, which
// stays booked as it is, since another entry may be the right one. If none is, the
// settlement bounces, or did not come back (Bounce, Unbounce).
func (s *Service) Unmatch(ctx context.Context, actor domain.Actor, id domain.ID) (e domain.BankEntry, err error) {
	call := s.call(actor, "unmatchBankEntry")
	err = s.store.Perform(ctx, call, func(tx *store.Tx) error {
		if e, err = store.Get[domain.BankEntry](tx, id); err != nil {
			return err
		}
		from, was := e.State, e.SettlementID
		switch {
		case from == domain.EntryUnmatched:
			return domain.Errorf(domain.Conflict, "wrong_state", "the entry is not matched and not set aside")
		case from == domain.EntryMatched && e.Amount < 0:
			if err := s.unconfirm(tx, *was); err != nil {
				return err
			}
		}
		e.State, e.SettlementID, e.Paid, e.DecidedBy, e.DecidedAt, e.Comment = domain.EntryUnmatched, nil, false, "", nil, ""
		if err := decide(tx, &e, from); err != nil {
			return err
		}
		detail := map[string]any{"amount": e.Amount, "was": from}
		if was != nil {
			detail["settlement"] = *was
		}
		return tx.Audit(call.Action, "bank_entry", e.ID, call.At, domain.Detail(detail))
	})
	return e, err
}

// unconfirm makes a settlement that is paid wait for the bank again, and its run
// with it.
func (s *Service) unconfirm(tx *store.Tx, id domain.ID) error {
	row, run, err := lockSettlement(tx, id)
	if err != nil {
		return err
	}
	if row.State == domain.SettlementReversed {
		return nil // that it was paid after all is booked, and nothing waits for it
	}
	if row.State != domain.SettlementPaid || row.ReconciledAt == nil {
		return domain.Errorf(domain.Conflict, "wrong_state", "settlement %s is %s: only a payment that is confirmed and did not come back can be taken back", row.Number, row.State)
	}
	if err := store.Set[domain.Settlement](tx, row.ID, row.Version, map[string]any{"reconciled_at": nil}); err != nil {
		return err
	}
	if run.State != domain.RunReconciled {
		return nil
	}
	run.State = domain.RunPaid
	return s.change(tx, &run, "unmatchBankEntry", map[string]any{"state": run.State, "reconciled_at": nil}, nil)
}
