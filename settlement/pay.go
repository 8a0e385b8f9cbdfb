package settlement

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// Paid says what of a run was paid.
type Paid struct {
	On          domain.Date // today or earlier, and not before the run was approved
	Settlements []domain.ID // only these, all of which are due; none: all that is due
}

// PayRun says that what is due in a run was paid, and books it. What goes to a bank
// account needs the payment file first. The run is paid when nothing of it is due
// any more. Conflict when a settlement that is named is not due.
func (s *Service) PayRun(ctx context.Context, actor domain.Actor, key store.Key, id domain.ID, in Paid) (store.Answer[Run], error) {
	call := s.call(actor, "paySettlementRun")
	call.Key = key
	return store.Once(ctx, s.store, call, nil, func(tx *store.Tx) (Run, error) {
		run, err := lockRun(tx, id, "only what is approved and not paid yet can be paid", domain.RunApproved, domain.RunFiled)
		if err != nil {
			return Run{}, err
		}
		if err := paidOn(tx, run, in.On, call); err != nil {
			return Run{}, err
		}
		due, err := dueOf(tx, run, in.Settlements)
		if err != nil {
			return Run{}, err
		}
		if err := s.pay(tx, &run, due, in.On); err != nil {
			return Run{}, err
		}
		return summed(tx, run)
	})
}

// paidOn checks the day on which something was paid.
func paidOn(tx *store.Tx, run domain.SettlementRun, on domain.Date, call store.Call) error {
	loc, err := tx.Zone()
	if err != nil {
		return err
	}
	var f domain.Fields
	f.Check(!on.IsZero(), "paid_on", "required", "must be the day on which it was paid, as 2026-11-21")
	f.Check(!domain.DateOf(call.At, loc).Before(on), "paid_on", "in_future", "must be today or earlier")
	f.Check(on.IsZero() || !on.Before(domain.DateOf(*run.ApprovedAt, loc)), "paid_on", "too_early", "must not be before the run was approved, on %s", domain.DateOf(*run.ApprovedAt, loc))
	return f.Err()
}

// dueOf gives what is due in a run: all of it that can be paid, or what is named,
// which must be.
func dueOf(tx *store.Tx, run domain.SettlementRun, named []domain.ID) (ids []domain.ID, err error) {
	rows, err := store.All[domain.Settlement](tx, "", store.Is("run_id", run.ID), store.Is("state", domain.SettlementDue))
	if err != nil {
		return nil, err
	}
	if rows, err = invoiced(tx, rows, named); err != nil {
		return nil, err
	}
	for _, row := range rows {
		if row.Method == domain.ByBank && run.State != domain.RunFiled {
			return nil, domain.Errorf(domain.Conflict, "no_payment_file", "settlement %s is paid by a payment file: make the run's first", row.Number)
		}
		ids = append(ids, row.ID)
	}
	if len(named) > 0 && len(ids) != len(named) {
		return nil, domain.Errorf(domain.Conflict, "not_due", "not all of the settlements named are due in run %d: read it again", run.Number)
	}
	return ids, nil
}

// pay marks settlements of a locked run as paid and books them, each once. When
// nothing is due in it any more, the run is paid.
func (s *Service) pay(tx *store.Tx, run *domain.SettlementRun, due []domain.ID, on domain.Date) error {
	if err := s.book(tx, due, on); err != nil {
		return err
	}
	r, err := summed(tx, *run)
	if err != nil {
		return err
	}
	columns := map[string]any{}
	if now := s.now(); r.Sum.Unpaid == 0 {
		run.State, run.PaidBy, run.PaidAt, run.PaidOn = domain.RunPaid, domain.Fold(tx.Actor().Person), &now, on
		columns = map[string]any{"state": run.State, "paid_by": run.PaidBy, "paid_at": run.PaidAt, "paid_on": run.PaidOn}
	}
	if err := s.change(tx, run, "paySettlementRun", columns, map[string]any{"settlements": len(due), "paid_on": on}); err != nil {
		return err
	}
	return s.reconciled(tx, run)
}

// book marks settlements as paid and books what went to their partners.
func (s *Service) book(tx *store.Tx, due []domain.ID, on domain.Date) error {
	paid, err := tx.PaySettlements(due, on)
	if err == nil && len(paid) != len(due) {
		err = domain.Errorf(domain.Conflict, "not_due", "somebody else has paid or reversed some of it: read the run again")
	}
	if err != nil {
		return err
	}
	shares, err := sharesOf(tx, due)
	if err != nil {
		return err
	}
	at := s.now()
	book, err := tx.Book(at)
	if err != nil {
		return err
	}
	for _, row := range paid {
		if err := tx.Post(book.Pay(payment(row, shares))); err != nil {
			return err
		}
		if err := tx.Audit("paySettlement", "settlement", row.ID, at, domain.Detail(map[string]any{"number": row.Number, "total": row.Total, "paid_on": on})); err != nil {
			return err
		}
	}
	return nil
}

// payment is what a settlement's partner is paid.
func payment(row domain.Settlement, shares map[domain.ID][]ledger.Share) ledger.Payment {
	return ledger.Payment{
		MunicipalityID: row.MunicipalityID, SettlementID: row.ID, PartnerID: row.PartnerID, Reference: row.ID, Currency: row.Currency, Shares: shares[row.ID],
	}
}

func sharesOf(tx *store.Tx, ids []domain.ID) (map[domain.ID][]ledger.Share, error) {
	list, err := tx.SettlementShares(ids)
	shares := map[domain.ID][]ledger.Share{}
	for _, share := range list {
		shares[share.SettlementID] = append(shares[share.SettlementID], share.Share)
	}
	return shares, err
}
