package settlement

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// matched notes that the payment of a settlement is found in a bank statement, once.
// When all payments of its run are, the run is reconciled. Conflict unless the
// settlement is paid, or came back.
func (s *Service) matched(tx *store.Tx, row domain.Settlement) (domain.Settlement, error) {
	row, run, err := lockSettlement(tx, row.ID)
	if err != nil {
		return row, err
	}
	if row.ReconciledAt != nil || row.State != domain.SettlementPaid && row.State != domain.SettlementBounced {
		return row, domain.Errorf(domain.Conflict, "wrong_state", "settlement %s is %s: only a payment that is not matched yet can be", row.Number, row.State)
	}
	at := s.now()
	if err := store.Set[domain.Settlement](tx, row.ID, row.Version, map[string]any{"reconciled_at": at}); err != nil {
		return row, err
	}
	row.ReconciledAt, row.Version = &at, row.Version+1
	if err := tx.Audit("matchSettlement", "settlement", row.ID, at, domain.Detail(map[string]any{"number": row.Number, "total": row.Total})); err != nil {
		return row, err
	}
	return row, s.reconciled(tx, &run)
}

// reconciled moves a locked run that is paid on, once every payment of it is found
// in a bank statement or came back.
func (s *Service) reconciled(tx *store.Tx, run *domain.SettlementRun) error {
	if run.State != domain.RunPaid {
		return nil
	}
	r, err := summed(tx, *run)
	if err != nil || r.Sum.Unmatched > 0 {
		return err
	}
	at := s.now()
	run.State, run.ReconciledAt = domain.RunReconciled, &at
	return s.change(tx, run, "reconcileSettlementRun", map[string]any{"state": run.State, "reconciled_at": at}, nil)
}
