package settlement

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Period is what a settlement run is of.
type Period struct {
	From, To domain.Date // both included; To is not after today
	Currency string      // ISO 4217; "": DKK
}

// DraftRun makes the draft of a settlement run: one line for every redemption and
// reversal up to the end of the period that no run has taken before and nothing
// holds, and for each partner a settlement that adds them up with what earlier ones
// left. What looks wrong it holds out. Conflict "draft_exists" while another draft
// waits for approval, and "nothing_to_settle". Forbidden to who had a hand in an
// award that it would pay for.
func (s *Service) DraftRun(ctx context.Context, actor domain.Actor, key store.Key, in Period) (store.Answer[Run], error) {
	call := s.call(actor, "createSettlementRun")
	call.Key = key
	return store.Once(ctx, s.store, call, nil, func(tx *store.Tx) (Run, error) {
		run := domain.SettlementRun{MunicipalityID: actor.MunicipalityID, ID: store.NewID(), State: domain.RunDraft, Version: 1, CreatedAt: call.At}
		if err := s.describe(tx, &run, in); err != nil {
			return Run{}, err
		}
		var err error
		if run.Number, err = tx.NextRun(); err != nil {
			return Run{}, err
		}
		if err := store.Insert(tx, &run); store.IsDuplicate(err) {
			return Run{}, domain.Errorf(domain.Conflict, "draft_exists", "a draft in %s waits already: approve it, or make it again for this period", run.Currency)
		} else if err != nil {
			return Run{}, err
		}
		built, err := s.build(tx, run)
		if err == nil && built.empty() {
			err = nothing()
		}
		if err != nil {
			return Run{}, err
		}
		if err := tx.Audit(call.Action, "settlement_run", run.ID, call.At, built.detail()); err != nil {
			return Run{}, err
		}
		return summed(tx, run)
	})
}

// RemakeRun makes a draft again, of the same period or another: what was redeemed,
// taken back, held and released since is in it then. Conflict once it is approved.
func (s *Service) RemakeRun(ctx context.Context, actor domain.Actor, key store.Key, id domain.ID, in Period) (store.Answer[Run], error) {
	call := s.call(actor, "remakeSettlementRun")
	call.Key = key
	return store.Once(ctx, s.store, call, nil, func(tx *store.Tx) (Run, error) {
		run, err := lockRun(tx, id, "only a draft can be made again; after approval it is reversed", domain.RunDraft)
		if err != nil {
			return Run{}, err
		}
		if in.From.IsZero() && in.To.IsZero() {
			in.From, in.To = run.PeriodFrom, run.PeriodTo
		}
		in.Currency = run.Currency
		if err := s.describe(tx, &run, in); err != nil {
			return Run{}, err
		}
		if err := tx.Undraft(run.ID); err != nil {
			return Run{}, err
		}
		built, err := s.build(tx, run)
		if err != nil {
			return Run{}, err
		}
		err = store.Set[domain.SettlementRun](tx, run.ID, run.Version, map[string]any{"period_from": run.PeriodFrom, "period_to": run.PeriodTo, "made_by": run.MadeBy, "made_at": run.MadeAt})
		if err != nil {
			return Run{}, err
		}
		run.Version++
		if err := tx.Audit(call.Action, "settlement_run", run.ID, call.At, built.detail()); err != nil {
			return Run{}, err
		}
		return summed(tx, run)
	})
}

// describe puts a period into a run, and who makes it.
func (s *Service) describe(tx *store.Tx, run *domain.SettlementRun, in Period) error {
	loc, err := tx.Zone()
	if err != nil {
		return err
	}
	if in.Currency == "" {
		in.Currency = "DKK"
	}
	var f domain.Fields
	now := s.now()
	f.Check(!in.From.IsZero(), "period_from", "required", "must be the first day of the period, as 2026-11-01")
	f.Check(!in.To.IsZero(), "period_to", "required", "must be the last day of the period, as 2026-11-30")
	f.Check(!in.To.Before(in.From), "period_to", "contradiction", "must not be before period_from")
	f.Check(!domain.DateOf(now, loc).Before(in.To), "period_to", "in_future", "must be today or earlier")
	if err := f.Err(); err != nil {
		return err
	}
	run.PeriodFrom, run.PeriodTo, run.Currency, run.MadeBy, run.MadeAt = in.From, in.To, in.Currency, domain.Fold(tx.Actor().Person), now
	return nil
}

func nothing() error {
	return domain.Errorf(domain.Conflict, "nothing_to_settle", "nothing was redeemed up to the end of the period that is not settled or held: take a later period, or decide on what is held")
}

// lookBack is how far before the end of earlier runs a run looks for what they did
// not see: what was being written while they were made, or by a server whose clock
// was behind.
const lookBack = 35 * 24 * time.Hour

// since is how far back a run in a currency has to look: earlier runs saw all that
// is older, and took it unless it was held.
func since(tx *store.Tx, currency string, loc *time.Location) (from time.Time, err error) {
	runs, err := store.All[domain.SettlementRun](tx, "", store.Is("currency", currency), store.Not("state", domain.RunDraft))
	for _, run := range runs {
		seen := run.PeriodTo.AddDays(1).In(loc)
		if run.MadeAt.Before(seen) {
			seen = run.MadeAt
		}
		if seen = seen.Add(-lookBack); seen.After(from) {
			from = seen
		}
	}
	return from.UTC(), err
}
