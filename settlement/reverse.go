package settlement

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// ReverseRun undoes the approval of a run before it is paid: what is due in it goes
// into the partners' next settlements instead. What of it was paid already stays
// paid. Who reverses a run whose payment file is made has to keep the bank from
// paying it. Conflict once all of it is paid: then only what comes back bounces.
func (s *Service) ReverseRun(ctx context.Context, actor domain.Actor, key store.Key, id domain.ID, reason string) (store.Answer[Run], error) {
	call := s.call(actor, "reverseSettlementRun")
	call.Key = key
	return store.Once(ctx, s.store, call, nil, func(tx *store.Tx) (Run, error) {
		var f domain.Fields
		reason = f.Clean("reason", reason, 500, false)
		if err := f.Err(); err != nil {
			return Run{}, err
		}
		run, err := lockRun(tx, id, "a draft is made again, and what is paid bounces when it comes back", domain.RunApproved, domain.RunFiled)
		if err != nil {
			return Run{}, err
		}
		n, err := tx.ReverseSettlements(run.ID)
		if err != nil {
			return Run{}, err
		}
		run.State, run.ReversedBy, run.ReversedAt, run.ReversedBecause = domain.RunReversed, domain.Fold(actor.Person), &call.At, reason
		columns := map[string]any{"state": run.State, "reversed_by": run.ReversedBy, "reversed_at": run.ReversedAt, "reversed_because": run.ReversedBecause}
		if err := s.change(tx, &run, call.Action, columns, map[string]any{"settlements": n}); err != nil {
			return Run{}, err
		}
		return summed(tx, run)
	})
}
