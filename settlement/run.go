package settlement

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Run is a settlement run with what its settlements add up to.
type Run struct {
	domain.SettlementRun
	Sum  store.RunSum
	Held int64 // redemptions in its currency that somebody has to decide on, now
}

// record reads a run as it is now.
func record(tx *store.Tx, id domain.ID) (Run, error) {
	run, err := store.Get[domain.SettlementRun](tx, id)
	if err != nil {
		return Run{}, err
	}
	return summed(tx, run)
}

// summed adds up a run.
func summed(tx *store.Tx, run domain.SettlementRun) (Run, error) {
	runs, err := summedAll(tx, []domain.SettlementRun{run})
	if err != nil {
		return Run{}, err
	}
	return runs[0], nil
}

// summedAll adds up runs, with as many queries however many they are in one currency.
func summedAll(tx *store.Tx, rows []domain.SettlementRun) ([]Run, error) {
	ids := make([]domain.ID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	sums, err := tx.RunSums(ids)
	if err != nil {
		return nil, err
	}
	of := map[domain.ID]store.RunSum{}
	for _, sum := range sums {
		of[sum.RunID] = sum
	}
	held, runs := map[string]int64{}, make([]Run, len(rows))
	for i, row := range rows {
		n, known := held[row.Currency]
		if !known {
			if n, err = store.Count[domain.SettlementHold](tx, store.Is("decision", ""), store.Is("currency", row.Currency)); err != nil {
				return nil, err
			}
			held[row.Currency] = n
		}
		sum := of[row.ID]
		sum.RunID = row.ID
		runs[i] = Run{row, sum, n}
	}
	return runs, nil
}

// Run gives one settlement run.
func (s *Service) Run(ctx context.Context, actor domain.Actor, id domain.ID) (r Run, err error) {
	err = s.store.Look(ctx, s.call(actor, "getSettlementRun"), func(tx *store.Tx) error {
		r, err = record(tx, id)
		return err
	})
	return r, err
}

// RunFilter narrows a list of settlement runs; zero fields narrow nothing.
type RunFilter struct {
	State    domain.RunState
	Currency string
}

// Runs lists settlement runs, newest first.
func (s *Service) Runs(ctx context.Context, actor domain.Actor, page store.Page, f RunFilter) (l store.Listed[Run], err error) {
	err = s.store.Look(ctx, s.call(actor, "listSettlementRuns"), func(tx *store.Tx) error {
		rows, more, err := store.List[domain.SettlementRun](tx, page, store.Eq("state", f.State), store.Eq("currency", f.Currency))
		if err != nil {
			return err
		}
		l.More = more
		l.Rows, err = summedAll(tx, rows)
		return err
	})
	return l, err
}

// lockRun reads a run that nobody else may change until this is done, and that
// must be in one of the states: Conflict else.
func lockRun(tx *store.Tx, id domain.ID, remedy string, states ...domain.RunState) (domain.SettlementRun, error) {
	run, err := store.GetLocked[domain.SettlementRun](tx, id)
	if err != nil {
		return run, err
	}
	for _, state := range states {
		if run.State == state {
			return run, nil
		}
	}
	return run, domain.Errorf(domain.Conflict, "wrong_state", "run %d is %s: %s", run.Number, run.State, remedy)
}

// lockSettlement reads a settlement as it is, with its run, which nobody else may
// change until this is done: what is due in it stays due.
func lockSettlement(tx *store.Tx, id domain.ID) (row domain.Settlement, run domain.SettlementRun, err error) {
	if row, err = store.Get[domain.Settlement](tx, id); err != nil {
		return row, run, err
	}
	if run, err = store.GetLocked[domain.SettlementRun](tx, row.RunID); err != nil {
		return row, run, err
	}
	row, err = store.Get[domain.Settlement](tx, id)
	return row, run, err
}

// change moves a locked run on and leaves the audit entry.
func (s *Service) change(tx *store.Tx, run *domain.SettlementRun, action domain.Action, columns map[string]any, detail map[string]any) error {
	if err := store.Set[domain.SettlementRun](tx, run.ID, run.Version, columns); err != nil {
		return err
	}
	run.Version++
	return tx.Audit(action, "settlement_run", run.ID, s.now(), domain.Detail(detail))
}
