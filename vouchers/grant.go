package vouchers

import (
	"cmp"
	"context"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// GrantInput is what is said about an award by hand. The decision rests on an
// individual judgement, so it says why, and where that is evidenced.
type GrantInput struct {
	EnrolmentID domain.ID
	Amount      int64  // minor units of the programme's currency
	Grounds     string // personal: sealed
	Evidence    string // a reference in the case system, never its contents
}

// ProposeGrant gives an award by hand: it waits for another person's approval,
// unless the limits let the actor's role give so much alone. What is proposed
// counts towards the programme's caps at once. Invalid when they leave less;
// Conflict unless the enrolment is active, and "budget_exhausted" when there is no
// money for it.
func (s *Service) ProposeGrant(ctx context.Context, actor domain.Actor, key Key, in GrantInput) (Answer[Decided], error) {
	return once(ctx, s, actor, "proposeGrant", key, func(tx *store.Tx) (Decided, error) {
		if !actor.IsPerson() {
			return Decided{}, domain.Errorf(domain.Forbidden, "not_a_person", "a person proposes an award by hand, not a job or a till")
		}
		e, err := s.grantable(tx, in.EnrolmentID)
		if err != nil {
			return Decided{}, err
		}
		doc, err := s.document(tx, e.VersionID)
		if err != nil {
			return Decided{}, err
		}
		a, err := s.newGrant(tx, e, doc, in)
		if err != nil {
			return Decided{}, err
		}
		d, err := s.grant(tx, e, doc, a)
		if err != nil {
			return Decided{}, err
		}
		if e, err = s.linked(tx, e); err != nil {
			return Decided{}, err
		}
		return d, s.again(tx, e, settlement{cause: Fact{AwardFact, a.ID}.String(), result: &Earned{}})
	})
}

// grantable gives an active enrolment within reach, locked and evaluated as of
// today.
func (s *Service) grantable(tx *store.Tx, id domain.ID) (domain.Enrolment, error) {
	e, err := store.Get[domain.Enrolment](tx, id)
	if err != nil {
		return e, err
	}
	if _, err := lockPlan(tx, e.PlanID); err != nil {
		return e, err
	}
	if e, err = store.Get[domain.Enrolment](tx, id); err != nil {
		return e, err
	}
	today, err := s.today(tx)
	if err != nil {
		return e, err
	}
	if e.State != "active" || today.Before(e.StartDate) {
		return e, domain.Errorf(domain.Conflict, "wrong_state", "the enrolment is not active today: an award by hand is for someone in the programme")
	}
	if e.CountedTo == nil {
		return e, nil
	}
	if err := s.again(tx, e, settlement{cause: causeEnrolment, result: &Earned{}}); err != nil {
		return e, err
	}
	return store.Get[domain.Enrolment](tx, id)
}

// newGrant checks what is said of an award by hand and makes it.
func (s *Service) newGrant(tx *store.Tx, e domain.Enrolment, doc rules.Document, in GrantInput) (a domain.Award, err error) {
	today, err := s.today(tx)
	if err != nil {
		return a, err
	}
	room, err := s.room(tx, e)
	if err != nil {
		return a, err
	}
	there, err := store.Count[domain.Award](tx, store.Is("enrolment_id", e.ID), store.Before("milestone", 1))
	if err != nil {
		return a, err
	}
	var f domain.Fields
	grounds := f.Clean("grounds", in.Grounds, 500, false)
	evidence := reference(&f, "evidence", in.Evidence)
	switch {
	case in.Amount <= 0:
		f.Add("amount", "out_of_range", "must be above 0")
	case room <= 0:
		f.Add("amount", "over_cap", "nothing is left: the programme's caps are reached")
	case in.Amount > room:
		f.Add("amount", "over_cap", "must be at most %s: the programme's caps leave no more", domain.FormatMoneyShort(room, doc.Currency))
	}
	if err := f.Err(); err != nil {
		return a, err
	}
	a = domain.Award{
		MunicipalityID: e.MunicipalityID, ID: store.NewID(), EnrolmentID: e.ID, UnitID: e.UnitID, ProgrammeID: e.ProgrammeID, VersionID: e.VersionID,
		Milestone: -int(there) - 1, Amount: in.Amount, Currency: doc.Currency, ReachedOn: today, WaitsBecause: domain.Strings{domain.BecauseByHand},
		Explanation: domain.Raw("{}"), RecordedBy: domain.Strings{domain.Fold(tx.Actor().Person)},
		Grounds: domain.NewPrivate(grounds), Evidence: evidence, Version: 1, CreatedAt: s.now(),
	}
	a.Become(domain.AwardProposed, a.CreatedAt)
	return a, s.sealFor(tx, e.PlanID, &a)
}

// room is what the caps leave an enrolment for an award by hand today.
func (s *Service) room(tx *store.Tx, e domain.Enrolment) (int64, error) {
	if err := tx.Flush(); err != nil { // vouchers just issued count
		return 0, err
	}
	doc, state, err := s.ruleState(tx, e)
	if err != nil {
		return 0, err
	}
	out, err := s.beside(tx, e)
	if err != nil {
		return 0, err
	}
	today, err := s.today(tx)
	return state.Room(doc, out.under(doc, e.ProgrammeID), today), err
}

// fits refuses to approve an award by hand for which the caps have no room any
// more: where they count what is issued, that is now, not when it was proposed.
func (s *Service) fits(tx *store.Tx, a domain.Award) error {
	if !a.ByHand() {
		return nil
	}
	e, err := store.Get[domain.Enrolment](tx, a.EnrolmentID)
	if err != nil {
		return err
	}
	room, err := s.room(tx, e)
	if err == nil && room < 0 {
		return domain.Errorf(domain.Conflict, "over_cap", "the programme's caps leave too little for it now: reject it, or have a smaller one proposed")
	}
	return err
}

// grant stores an award by hand, and issues its voucher where the limits let the
// actor's role give so much alone. Nothing is promised for which there is no money.
func (s *Service) grant(tx *store.Tx, e domain.Enrolment, doc rules.Document, a domain.Award) (Decided, error) {
	l, err := limitsNow(tx, a.ProgrammeID)
	if err != nil {
		return Decided{}, err
	}
	if enough, err := s.fund(tx, &a); err != nil || !enough {
		return Decided{}, cmp.Or(err, error(nothingToGive(a)))
	}
	d := Decided{Award: a, Needs: l.Needs(a.Amount, nil)}
	if a.Amount <= l.Grant(tx.Actor().Role) {
		v, err := s.issue(tx, &d.Award, doc)
		if err != nil {
			return Decided{}, err
		}
		d.Award.Become(domain.AwardIssued, a.CreatedAt)
		d.Voucher, d.Needs = &v, domain.Wanted{}
	}
	if err := store.Insert(tx, &d.Award); err != nil {
		return Decided{}, err
	}
	step := s.approval(tx.Actor(), a, domain.StepProposed, l)
	if err := store.Insert(tx, &step); err != nil {
		return Decided{}, err
	}
	return d, tx.Audit("proposeGrant", "award", a.ID, a.CreatedAt, domain.Detail(map[string]any{"enrolment": e.ID, "amount": a.Amount, "state": d.Award.State}))
}

// WithdrawGrant takes a proposal by hand back. Only who made it may, and only
// while it waits.
func (s *Service) WithdrawGrant(ctx context.Context, actor domain.Actor, award domain.ID) (a domain.Award, err error) {
	err = s.write(ctx, actor, "withdrawGrant", func(tx *store.Tx) error {
		if a, err = lockAward(tx, award); err != nil {
			return err
		}
		if err := proposed(a); err != nil {
			return err
		}
		if !a.ByHand() || !slices.Contains(a.RecordedBy, domain.Fold(actor.Person)) {
			return domain.Errorf(domain.Conflict, "not_your_proposal", "only who proposed an award by hand may withdraw it: reject it, with a reason")
		}
		a.Become(domain.AwardWithdrawn, s.now())
		if _, err := s.fund(tx, &a); err != nil {
			return err
		}
		if a, err = s.letGo(tx, a); err != nil {
			return err
		}
		if err := tx.Audit("withdrawGrant", "award", a.ID, s.now(), nil); err != nil {
			return err
		}
		if a, err = s.counted(tx, a, true); err != nil {
			return err
		}
		return s.open(tx, &a)
	})
	return a, err
}

// letGo frees what an award by hand, which ends without a voucher, has kept of the
// caps.
func (s *Service) letGo(tx *store.Tx, a domain.Award) (domain.Award, error) {
	before := a
	a.Amount = 0
	err := s.saveAward(tx, settlement{cause: Fact{AwardFact, a.ID}.String(), result: &Earned{}}, before, a)
	a.Version++
	return a, err
}
