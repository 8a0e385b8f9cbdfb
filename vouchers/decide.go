package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Decided is an award that someone has proposed or decided on.
type Decided struct {
	Award   domain.Award
	Voucher *domain.Voucher // nil: none was issued
	Needs   string          // what the award still waits for: domain.FirstApproval or domain.SecondApproval; "": nothing
}

// Reject ends a proposed award, with a reason: nothing more is issued for it.
// Forbidden to whom domain.Hands does not let.
func (s *Service) Reject(ctx context.Context, actor domain.Actor, key Key, award domain.ID, reason string) (Answer[Decided], error) {
	return once(ctx, s, actor, "rejectAward", key, func(tx *store.Tx) (Decided, error) {
		var f domain.Fields
		reason = f.Clean("reason", reason, 500, false)
		if err := f.Err(); err != nil {
			return Decided{}, err
		}
		a, err := decidable(tx, award)
		if err != nil {
			return Decided{}, err
		}
		a.State, a.Reason = domain.AwardRejected, domain.NewPrivate(reason)
		if _, err := s.fund(tx, &a); err != nil {
			return Decided{}, err
		}
		if err := s.sealAward(tx, a.ID, &a); err != nil {
			return Decided{}, err
		}
		if a, err = s.decide(tx, "rejectAward", a); err == nil && a.ByHand() {
			a, err = s.letGo(tx, a)
		}
		if err == nil {
			a, err = s.counted(tx, a, true)
		}
		return Decided{Award: a}, err
	})
}

// decidable gives a proposed award that the actor may decide on.
func decidable(tx *store.Tx, id domain.ID) (domain.Award, error) {
	a, err := lockAward(tx, id)
	if err == nil {
		err = proposed(a)
	}
	if err != nil {
		return a, err
	}
	l, err := limitsNow(tx)
	if err != nil {
		return a, err
	}
	h, err := handsOn(tx, a)
	if err != nil {
		return a, err
	}
	return a, h.MayDecide(tx.Actor(), a, l)
}

// proposed refuses an award that does not wait for a decision.
func proposed(a domain.Award) error {
	if a.State != domain.AwardProposed {
		return domain.Errorf(domain.Conflict, "wrong_state", "the award is %s: only a proposed one can be decided on", a.State)
	}
	return nil
}

// counted evaluates an award's enrolment again where caps count what is issued,
// or others of the citizen, and gives the award as it is then. Sunk says that less
// is issued than before.
func (s *Service) counted(tx *store.Tx, a domain.Award, sunk bool) (domain.Award, error) {
	e, err := store.Get[domain.Enrolment](tx, a.EnrolmentID)
	if err != nil || e.CountedTo == nil {
		return a, err
	}
	if err := s.again(tx, e, settlement{cause: Fact{AwardFact, a.ID}.String(), result: &Earned{}, sunk: sunk}); err != nil {
		return a, err
	}
	return store.Get[domain.Award](tx, a.ID)
}

// lockAward reads an award within the actor's reach and makes other changes to
// its enrolment wait for this one.
func lockAward(tx *store.Tx, id domain.ID) (domain.Award, error) {
	a, err := store.Get[domain.Award](tx, id)
	if err != nil {
		return a, err
	}
	e, err := store.Get[domain.Enrolment](tx, a.EnrolmentID)
	if err != nil {
		return a, err
	}
	if _, err := lockPlan(tx, e.PlanID); err != nil {
		return a, err
	}
	if err := lockSharers(tx, e); err != nil {
		return a, err
	}
	return store.Get[domain.Award](tx, id)
}

func (s *Service) decide(tx *store.Tx, action domain.Action, a domain.Award) (domain.Award, error) {
	now := s.now()
	a.DecidedBy, a.DecidedAt = tx.Actor().Person, &now
	err := store.Set[domain.Award](tx, a.ID, a.Version, map[string]any{
		"state": a.State, "granted": a.Granted, "budget_id": a.BudgetID, "reserved": a.Reserved, "decided_by": a.DecidedBy, "decided_at": a.DecidedAt, "reason": a.Reason,
	})
	a.Version++
	if err != nil {
		return a, err
	}
	return a, tx.Audit(action, "award", a.ID, now, domain.Detail(map[string]any{"amount": a.Amount}))
}

// Award gives one award.
func (s *Service) Award(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Award, error) {
	return get(ctx, s, actor, "getAward", id, func(a domain.Award) bool { return actor.Reaches(a.UnitID) })
}

// AwardFilter narrows a list of awards; zero fields narrow nothing.
type AwardFilter struct {
	EnrolmentID, UnitID, ProgrammeID domain.ID
	State                            string
}

// Awards lists awards within the actor's reach, newest first.
func (s *Service) Awards(ctx context.Context, actor domain.Actor, page store.Page, f AwardFilter) (Listed[domain.Award], error) {
	return list[domain.Award](ctx, s, actor, "listAwards", page, store.Eq("unit_id", actor.UnitID),
		store.Eq("enrolment_id", f.EnrolmentID), store.Eq("unit_id", f.UnitID), store.Eq("programme_id", f.ProgrammeID), store.Eq("state", f.State))
}

// AwardAdjustments gives what late and corrected visits did to an award. It is the
// rest of what Award gives, which has left the entry in the access log.
func (s *Service) AwardAdjustments(ctx context.Context, actor domain.Actor, award domain.ID) (list []domain.AwardAdjustment, err error) {
	if err := actor.May("getAward"); err != nil {
		return nil, err
	}
	err = s.store.Read(ctx, actor.MunicipalityID, func(tx *store.Tx) error {
		a, err := store.Get[domain.Award](tx, award)
		if err != nil {
			return err
		}
		if !actor.Reaches(a.UnitID) {
			return domain.OutOfReach()
		}
		list, err = store.All[domain.AwardAdjustment](tx, "id", store.Is("award_id", award))
		return err
	})
	return list, err
}
