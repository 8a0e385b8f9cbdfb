package settlement

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// ApproveRun answers for a draft: what is owed in it is due, and what comes to
// nothing or less goes forward to the partner's next settlement. Forbidden to who
// made the draft and to who had a hand in an award that it pays for. Stale unless
// version is that of the draft last read, 0 approves it as it is; Conflict
// "draft_outdated" when something in it was held or a partner's account changed
// since: it must be made again.
func (s *Service) ApproveRun(ctx context.Context, actor domain.Actor, key store.Key, id domain.ID, version int64) (store.Answer[Run], error) {
	call := s.call(actor, "approveSettlementRun")
	call.Key = key
	return store.Once(ctx, s.store, call, nil, func(tx *store.Tx) (Run, error) {
		if err := tx.LockHolds(true); err != nil {
			return Run{}, err
		}
		run, err := lockRun(tx, id, "only a draft can be approved", domain.RunDraft)
		if err != nil {
			return Run{}, err
		}
		if version != 0 && version != run.Version {
			return Run{}, domain.Errorf(domain.Stale, "stale", "the draft was made again since: read it again")
		}
		if err := mayApprove(tx, run); err != nil {
			return Run{}, err
		}
		if err := tx.ApproveSettlements(run.ID); err != nil {
			return Run{}, err
		}
		run.State, run.ApprovedBy, run.ApprovedAt = domain.RunApproved, domain.Fold(actor.Person), &call.At
		columns := map[string]any{"state": run.State, "approved_by": run.ApprovedBy, "approved_at": run.ApprovedAt}
		if err := s.change(tx, &run, call.Action, columns, nil); err != nil {
			return Run{}, err
		}
		return summed(tx, run)
	})
}

// mayApprove refuses who may not approve a draft, and a draft that is not to be.
func mayApprove(tx *store.Tx, run domain.SettlementRun) error {
	if domain.Fold(tx.Actor().Person) == run.MadeBy {
		return domain.Errorf(domain.Forbidden, "own_draft", "you made this draft: someone else must approve it")
	}
	hands, err := tx.HandsOnRun(run.ID)
	if err == nil {
		err = hands.MaySettle(tx.Actor())
	}
	if err != nil {
		return err
	}
	held, err := tx.HeldLines(run.ID)
	if err == nil && held > 0 {
		err = outdated("%d of its redemptions are held since", held)
	}
	if err != nil {
		return err
	}
	return accountsHold(tx, run)
}

// accountsHold refuses a draft without settlements, and one that would pay a
// partner in another way than is agreed now.
func accountsHold(tx *store.Tx, run domain.SettlementRun) error {
	settlements, err := store.All[domain.Settlement](tx, "", store.Is("run_id", run.ID))
	if err == nil && len(settlements) == 0 {
		err = nothing()
	}
	if err != nil {
		return err
	}
	partners, err := store.All[domain.Partner](tx, "")
	if err != nil {
		return err
	}
	now := map[domain.ID]store.Account{}
	for _, p := range partners {
		now[p.ID] = accountOf(p)
	}
	for _, row := range settlements {
		if agreed := now[row.PartnerID]; agreed.Method != row.Method || agreed.IBAN != row.IBAN {
			return outdated("how the partner of %s is paid was changed since", row.Number)
		}
	}
	return correctedSince(tx, run, settlements)
}

func outdated(format string, args ...any) error {
	return domain.Errorf(domain.Conflict, "draft_outdated", format+": make the draft again", args...)
}
