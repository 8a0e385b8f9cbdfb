package settlement

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// actionHold is what the audit log calls a hold, whoever places it.
const actionHold domain.Action = "holdRedemption"

func newHold(r domain.Redemption, cause, reason, by string, at time.Time) domain.SettlementHold {
	return domain.SettlementHold{
		MunicipalityID: r.MunicipalityID, ID: store.NewID(), RedemptionID: r.ID, PartnerID: r.PartnerID, Amount: r.Amount, Currency: r.Currency,
		Cause: cause, Reason: reason, HeldBy: by, HeldAt: at,
	}
}

// Hold keeps a redemption out of settlement for a reason, until another person has
// decided on it. Conflict when it is held, rejected or taken back already, and
// "already_settled" once a run that takes it is approved; one in a draft makes that
// draft wait for being made again.
func (s *Service) Hold(ctx context.Context, actor domain.Actor, key store.Key, redemption domain.ID, reason string) (store.Answer[domain.SettlementHold], error) {
	call := s.call(actor, actionHold)
	call.Key = key
	return store.Once(ctx, s.store, call, nil, func(tx *store.Tx) (h domain.SettlementHold, err error) {
		var f domain.Fields
		reason = f.Clean("reason", reason, 500, false)
		r, err := store.Refer(tx, "redemption_id", redemption, store.Everyone[domain.Redemption])
		if err = f.Merge(err); err == nil {
			err = f.Err()
		}
		if err != nil {
			return h, err
		}
		return s.hold(tx, r, reason, call.At)
	})
}

// hold is Hold for a redemption that is there.
func (s *Service) hold(tx *store.Tx, r domain.Redemption, reason string, at time.Time) (h domain.SettlementHold, err error) {
	if err = tx.LockHolds(false); err == nil {
		err = unsettled(tx, r)
	}
	if err == nil {
		err = standing(tx, r)
	}
	if err != nil {
		return h, err
	}
	h = newHold(r, domain.HeldByHand, reason, domain.Fold(tx.Actor().Person), at)
	if err := store.Insert(tx, &h); store.IsDuplicate(err) {
		return h, domain.Errorf(domain.Conflict, "already_held", "this redemption is held or rejected already")
	} else if err != nil {
		return h, err
	}
	return h, tx.Audit(actionHold, "settlement_hold", h.ID, h.HeldAt, domain.Detail(map[string]any{"redemption": r.ID, "cause": h.Cause, "amount": r.Amount}))
}

// unsettled refuses a redemption that an approved run has taken. A draft that has
// taken it, or takes it now, cannot be approved before this is done, and then sees it:
// see store.Tx.LockHolds.
func unsettled(tx *store.Tx, r domain.Redemption) error {
	line, err := store.Get[domain.SettlementLine](tx, r.ID)
	if domain.KindOf(err) == domain.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	run, err := store.GetLocked[domain.SettlementRun](tx, line.RunID)
	if err == nil && run.State != domain.RunDraft {
		err = domain.Errorf(domain.Conflict, "already_settled", "run %d has settled this redemption: only taking it back undoes that, in the next run", run.Number)
	}
	return err
}

// standing refuses a redemption that was taken back: it nets to nothing.
func standing(tx *store.Tx, r domain.Redemption) error {
	n, err := store.Count[domain.Reversal](tx, store.Is("redemption_id", r.ID))
	if err == nil && n > 0 {
		err = domain.Errorf(domain.Conflict, "already_reversed", "this redemption was taken back: settled together they come to nothing")
	}
	return err
}

// ReleaseHold lets the next run take a held redemption. Forbidden to who held it
// and to who had a hand in its award.
func (s *Service) ReleaseHold(ctx context.Context, actor domain.Actor, key store.Key, id domain.ID, comment string) (store.Answer[domain.SettlementHold], error) {
	return s.decideHold(ctx, actor, "releaseSettlementHold", key, id, domain.HoldReleased, comment)
}

// RejectHold refuses to pay for a held redemption, for good: the money is the
// budget's again. Forbidden as for ReleaseHold; Conflict "already_reversed" when it
// was taken back meanwhile, and "already_settled" where a run has settled it.
func (s *Service) RejectHold(ctx context.Context, actor domain.Actor, key store.Key, id domain.ID, comment string) (store.Answer[domain.SettlementHold], error) {
	return s.decideHold(ctx, actor, "rejectSettlementHold", key, id, domain.HoldRejected, comment)
}

func (s *Service) decideHold(ctx context.Context, actor domain.Actor, action domain.Action, key store.Key, id domain.ID, decision, comment string) (store.Answer[domain.SettlementHold], error) {
	call := s.call(actor, action)
	call.Key = key
	return store.Once(ctx, s.store, call, nil, func(tx *store.Tx) (domain.SettlementHold, error) {
		var f domain.Fields
		comment = f.Clean("comment", comment, 500, false)
		if err := f.Err(); err != nil {
			return domain.SettlementHold{}, err
		}
		h, err := store.GetLocked[domain.SettlementHold](tx, id)
		if err != nil {
			return h, err
		}
		if h.Decision != "" {
			return h, domain.Errorf(domain.Conflict, "already_decided", "%s has %s it", h.DecidedBy, h.Decision)
		}
		h.Decision, h.DecidedBy, h.DecidedAt, h.Comment = decision, domain.Fold(actor.Person), &call.At, comment
		if h.DecidedBy == h.HeldBy {
			return h, ownHold()
		}
		if err := s.judge(tx, h); err != nil {
			return h, err
		}
		columns := map[string]any{"decision": h.Decision, "decided_by": h.DecidedBy, "decided_at": h.DecidedAt, "comment": h.Comment}
		if err := store.Change[domain.SettlementHold](tx, columns, store.Is("id", h.ID), store.Is("decision", "")); err != nil {
			return h, err
		}
		return h, tx.Audit(action, "settlement_hold", h.ID, call.At, domain.Detail(map[string]any{"redemption": h.RedemptionID, "amount": h.Amount}))
	})
}

// judge checks who decides on a hold, and books a rejection. The voucher's lock
// keeps the redemption from being taken back meanwhile.
func (s *Service) judge(tx *store.Tx, h domain.SettlementHold) error {
	r, err := store.Get[domain.Redemption](tx, h.RedemptionID)
	if err != nil {
		return err
	}
	hands, err := tx.HandsOnVoucher(r.VoucherID)
	if err == nil {
		err = hands.MaySettle(tx.Actor())
	}
	if err != nil || h.Decision == domain.HoldReleased {
		return err
	}
	if err := unsettled(tx, r); err != nil {
		return err
	}
	v, err := store.GetLocked[domain.Voucher](tx, r.VoucherID)
	if err == nil {
		err = standing(tx, r)
	}
	if err != nil {
		return err
	}
	book, err := tx.Book(*h.DecidedAt)
	if err != nil {
		return err
	}
	return tx.Post(book.Disallow(v, r, h.ID))
}

// HoldFilter narrows a list of holds; zero fields narrow nothing.
type HoldFilter struct {
	Decision  string // open, released or rejected
	Cause     string
	PartnerID domain.ID
}

// HoldOpen asks for holds that nobody has decided on.
const HoldOpen = "open"

// SettlementHold gives one hold.
func (s *Service) SettlementHold(ctx context.Context, actor domain.Actor, id domain.ID) (domain.SettlementHold, error) {
	return store.One(ctx, s.store, s.call(actor, "getSettlementHold"), id, store.Everyone[domain.SettlementHold])
}

// Holds lists holds, newest first.
func (s *Service) Holds(ctx context.Context, actor domain.Actor, page store.Page, f HoldFilter) (store.Listed[domain.SettlementHold], error) {
	decision := store.Eq("decision", f.Decision)
	if f.Decision == HoldOpen {
		decision = store.Is("decision", "")
	}
	return store.Several[domain.SettlementHold](ctx, s.store, s.call(actor, "listSettlementHolds"), page, decision, store.Eq("cause", f.Cause), store.Eq("partner_id", f.PartnerID))
}
