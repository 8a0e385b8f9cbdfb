package vouchers

import (
	"context"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// WithholdingInput is why an award is to be withheld, and where that is evidenced.
type WithholdingInput struct {
	AwardID  domain.ID
	Reason   string // personal: sealed
	Evidence string // a reference in the case system, never its contents
}

// ProposeWithholding asks that an award which was earned is withheld: it waits, or its
// vouchers are not used in any part. It stays as it is until another person decides.
// Conflict when it is in another state, was used, or a withholding of it waits already.
func (s *Service) ProposeWithholding(ctx context.Context, actor domain.Actor, key Key, in WithholdingInput) (Answer[domain.Withholding], error) {
	return once(ctx, s, actor, "proposeWithholding", key, func(tx *store.Tx) (w domain.Withholding, err error) {
		if !actor.IsPerson() {
			return w, domain.Errorf(domain.Forbidden, "not_a_person", "a person withholds an award, not a job or a till")
		}
		var f domain.Fields
		reason := f.Clean("reason", in.Reason, 500, false)
		evidence := reference(&f, "evidence", in.Evidence)
		if err := f.Err(); err != nil {
			return w, err
		}
		a, err := lockAward(tx, in.AwardID)
		if err == nil {
			err = unwithheld(tx, a)
		}
		if err == nil {
			_, err = unused(tx, a)
		}
		if err != nil {
			return w, err
		}
		w = domain.Withholding{
			MunicipalityID: a.MunicipalityID, ID: store.NewID(), AwardID: a.ID, UnitID: a.UnitID, Amount: a.Amount, Reason: domain.NewPrivate(reason), Evidence: evidence,
			State: domain.WithholdingProposed, ProposedBy: domain.Fold(actor.Person), Version: 1, CreatedAt: s.now(),
		}
		if err := s.sealAward(tx, a.ID, &w); err != nil {
			return w, err
		}
		if err := store.Insert(tx, &w); err != nil {
			return w, err
		}
		return w, tx.Audit("proposeWithholding", "withholding", w.ID, w.CreatedAt, domain.Detail(map[string]any{"award": a.ID, "amount": a.Amount}))
	})
}

// unwithheld refuses an award of which a withholding waits.
func unwithheld(tx *store.Tx, a domain.Award) error {
	n, err := store.Count[domain.Withholding](tx, store.Is("award_id", a.ID), store.Is("state", domain.WithholdingProposed))
	if err == nil && n > 0 {
		return withholdingWaits()
	}
	return err
}

func withholdingWaits() error {
	return domain.Errorf(domain.Conflict, "withholding_waits", "somebody has proposed to withhold the award: decide on that first")
}

// unused gives the vouchers of an award that can be withheld, locked so that none is
// used meanwhile.
func unused(tx *store.Tx, a domain.Award) ([]domain.Voucher, error) {
	switch {
	case a.State != domain.AwardProposed && a.State != domain.AwardIssued, a.Amount == 0:
		return nil, domain.Errorf(domain.Conflict, "wrong_state", "the award is %s: only one that waits or is issued can be withheld", a.State)
	case a.State == domain.AwardProposed && a.ByHand():
		return nil, domain.Errorf(domain.Conflict, "wrong_state", "the award is only proposed by hand: reject it")
	}
	list, err := store.AllLocked[domain.Voucher](tx, "valid_to, id", store.Is("award_id", a.ID), store.In("state", []domain.VoucherState{domain.Issued, domain.PartlyRedeemed, domain.Blocked}))
	if err != nil {
		return nil, err
	}
	left := int64(0)
	for _, v := range list {
		left += v.Balance
	}
	if left != a.Granted {
		return nil, domain.Errorf(domain.Conflict, "already_used", "something of the award was spent, has lapsed or was voided: only what nobody has used can be withheld")
	}
	return list, nil
}

// ApproveWithholding withholds the award: its vouchers are void, and it is never
// issued again. Forbidden to who proposed it, themself or by a deputy; Conflict unless
// the withholding waits, and once the award was used.
func (s *Service) ApproveWithholding(ctx context.Context, actor domain.Actor, key Key, id domain.ID) (Answer[domain.Withholding], error) {
	return once(ctx, s, actor, "approveWithholding", key, func(tx *store.Tx) (domain.Withholding, error) {
		w, a, err := s.lockWithholding(tx, id)
		if err != nil {
			return w, err
		}
		list, err := unused(tx, a)
		if err != nil {
			return w, err
		}
		if err := s.withhold(tx, a, list); err != nil {
			return w, err
		}
		return s.decideWithholding(tx, "approveWithholding", w, domain.WithholdingApproved)
	})
}

// withheldReason is the reason that a voucher of a withheld award bears.
const withheldReason = "withheld: another person approved that the award is withheld"

// withhold voids an award's vouchers and ends it.
func (s *Service) withhold(tx *store.Tx, a domain.Award, list []domain.Voucher) (err error) {
	st := settlement{cause: Fact{AwardFact, a.ID}.String(), result: &Earned{}}
	for _, v := range list {
		if a, err = s.takeVoucherBack(tx, st, a, v, withheldReason); err != nil {
			return err
		}
	}
	before := a
	a.Become(domain.AwardWithheld, s.now())
	if a.ByHand() {
		a.Amount = 0
	}
	if _, err := s.fund(tx, &a); err != nil {
		return err
	}
	if err := s.saveAward(tx, st, before, a); err != nil {
		return err
	}
	a.Version++
	_, err = s.counted(tx, a, true)
	return err
}

// RejectWithholding lets the citizen keep the award, with a reason. Forbidden to who
// proposed it: they withdraw it.
func (s *Service) RejectWithholding(ctx context.Context, actor domain.Actor, id domain.ID, reason string) (w domain.Withholding, err error) {
	err = s.write(ctx, actor, "rejectWithholding", func(tx *store.Tx) error {
		var f domain.Fields
		reason = f.Clean("reason", reason, 500, false)
		if err := f.Err(); err != nil {
			return err
		}
		if w, _, err = s.lockWithholding(tx, id); err != nil {
			return err
		}
		w.Comment = domain.NewPrivate(reason)
		if err := s.sealAward(tx, w.AwardID, &w); err != nil {
			return err
		}
		if w, err = s.decideWithholding(tx, "rejectWithholding", w, domain.WithholdingRejected); err != nil {
			return err
		}
		return s.open(tx, &w)
	})
	return w, err
}

// WithdrawWithholding takes the proposal back. Only who made it may, while it waits.
func (s *Service) WithdrawWithholding(ctx context.Context, actor domain.Actor, id domain.ID) (w domain.Withholding, err error) {
	err = s.write(ctx, actor, "withdrawWithholding", func(tx *store.Tx) error {
		if w, err = s.reachedWithholding(tx, id); err != nil {
			return err
		}
		if _, err := lockAward(tx, w.AwardID); err != nil {
			return err
		}
		if w, err = store.Get[domain.Withholding](tx, id); err != nil {
			return err
		}
		switch {
		case w.State != domain.WithholdingProposed:
			return decidedAlready(w)
		case w.ProposedBy != domain.Fold(actor.Person):
			return domain.Errorf(domain.Conflict, "not_your_proposal", "only who proposed it may withdraw it: reject it, with a reason")
		}
		if w, err = s.decideWithholding(tx, "withdrawWithholding", w, domain.WithholdingWithdrawn); err != nil {
			return err
		}
		return s.open(tx, &w)
	})
	return w, err
}

func decidedAlready(w domain.Withholding) error {
	return domain.Errorf(domain.Conflict, "wrong_state", "the withholding is %s: only a proposed one can be decided on", w.State)
}

// reachedWithholding reads a withholding that the actor reaches, themself or as a
// deputy.
func (s *Service) reachedWithholding(tx *store.Tx, id domain.ID) (domain.Withholding, error) {
	w, err := store.Get[domain.Withholding](tx, id)
	if err == nil {
		_, err = s.standsIn(tx, tx.Actor(), w.UnitID)
	}
	return w, err
}

// lockWithholding gives a withholding that the actor may decide on, with its award,
// locked, and says in it for whom they stand in.
func (s *Service) lockWithholding(tx *store.Tx, id domain.ID) (w domain.Withholding, a domain.Award, err error) {
	if w, err = store.Get[domain.Withholding](tx, id); err != nil {
		return w, a, err
	}
	actor := tx.Actor()
	away, err := s.standsIn(tx, actor, w.UnitID)
	if err != nil {
		return w, a, err
	}
	if len(away) > 0 {
		tx.Reach(w.UnitID)
	}
	if a, err = lockAward(tx, w.AwardID); err != nil {
		return w, a, err
	}
	if w, err = store.Get[domain.Withholding](tx, id); err != nil {
		return w, a, err
	}
	if w.State != domain.WithholdingProposed {
		return w, a, decidedAlready(w)
	}
	w.OnBehalfOf, err = mayDecideWithholding(w, actor, away)
	return w, a, err
}

// mayDecideWithholding refuses who proposed a withholding, and gives for whom away
// the actor decides on it.
func mayDecideWithholding(w domain.Withholding, actor domain.Actor, away []string) (string, error) {
	switch {
	case !actor.IsPerson():
		return "", domain.Errorf(domain.Forbidden, "not_a_person", "a person decides on withholdings, not a job or a till")
	case w.ProposedBy == domain.Fold(actor.Person):
		return "", domain.Errorf(domain.Forbidden, "own_proposal", "you proposed it: someone else must decide")
	case len(away) == 0:
		return "", nil
	}
	i := slices.IndexFunc(away, func(p string) bool { return p != w.ProposedBy })
	if i < 0 {
		return "", domain.Errorf(domain.Forbidden, "own_proposal", "you stand in for %s, who proposed it: someone else must decide", w.ProposedBy)
	}
	return away[i], nil
}

// decideWithholding stores what became of a withholding.
func (s *Service) decideWithholding(tx *store.Tx, action domain.Action, w domain.Withholding, state string) (domain.Withholding, error) {
	now := s.now()
	w.State, w.DecidedBy, w.DecidedAt = state, domain.Fold(tx.Actor().Person), &now
	err := store.Set[domain.Withholding](tx, w.ID, w.Version, map[string]any{
		"state": w.State, "decided_by": w.DecidedBy, "decided_at": now, "on_behalf_of": w.OnBehalfOf, "comment": w.Comment,
	})
	w.Version++
	if err != nil {
		return w, err
	}
	return w, tx.Audit(action, "withholding", w.ID, now, forWhom(map[string]any{"award": w.AwardID}, w.OnBehalfOf))
}

// Withholding gives one withholding.
func (s *Service) Withholding(ctx context.Context, actor domain.Actor, id domain.ID) (w domain.Withholding, err error) {
	err = s.read(ctx, actor, "getWithholding", func(tx *store.Tx) error {
		if w, err = s.reachedWithholding(tx, id); err != nil {
			return err
		}
		return s.open(tx, &w)
	})
	return w, err
}

// WithholdingFilter narrows a list of withholdings; zero fields narrow nothing.
type WithholdingFilter struct {
	AwardID domain.ID
	State   string
}

// Withholdings lists withholdings within the actor's reach, newest first.
func (s *Service) Withholdings(ctx context.Context, actor domain.Actor, page store.Page, f WithholdingFilter) (Listed[domain.Withholding], error) {
	return list[domain.Withholding](ctx, s, actor, "listWithholdings", page, store.Eq("unit_id", actor.UnitID), store.Eq("award_id", f.AwardID), store.Eq("state", f.State))
}
