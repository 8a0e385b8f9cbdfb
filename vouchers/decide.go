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
	Needs   domain.Wanted   // the approval that the award still waits for; zero: none
}

// Reject ends a proposed award, with a reason: nothing more is issued for it. Who
// may decide on it may reject it; a caseworker only when it is their step. Forbidden
// to whom domain.Hands does not let.
func (s *Service) Reject(ctx context.Context, actor domain.Actor, key Key, award domain.ID, reason string) (Answer[Decided], error) {
	return s.reject(ctx, actor, key, Deciding{AwardID: award}, reason)
}

// reject is Reject; Stale unless the award is as it was read.
func (s *Service) reject(ctx context.Context, actor domain.Actor, key Key, d Deciding, reason string) (Answer[Decided], error) {
	return once(ctx, s, actor, "rejectAward", key, func(tx *store.Tx) (Decided, error) {
		var f domain.Fields
		reason = f.Clean("reason", reason, 500, false)
		if err := f.Err(); err != nil {
			return Decided{}, err
		}
		a, away, err := s.decidable(tx, d.AwardID)
		if err == nil {
			err = asRead(a, d.Version)
		}
		if err != nil {
			return Decided{}, err
		}
		a.Become(domain.AwardRejected, s.now())
		a.Reason = domain.NewPrivate(reason)
		if _, err := s.fund(tx, &a); err != nil {
			return Decided{}, err
		}
		if err := s.sealAward(tx, a.ID, &a); err != nil {
			return Decided{}, err
		}
		if a, err = s.decide(tx, "rejectAward", a, away); err == nil && a.ByHand() {
			a, err = s.letGo(tx, a)
		}
		if err == nil {
			a, err = s.counted(tx, a, true)
		}
		return Decided{Award: a}, err
	})
}

// decidable gives a proposed award that the actor may decide on, and for whom away
// they do: "" in their own right.
func (s *Service) decidable(tx *store.Tx, id domain.ID) (domain.Award, string, error) {
	a, away, err := s.lockDecidable(tx, id)
	if err != nil {
		return a, "", err
	}
	w, err := s.asked(tx, a)
	if err != nil {
		return a, "", err
	}
	actor := tx.Actor()
	if err := w.mayReject(actor); err != nil {
		return a, "", err
	}
	if err := w.hands.MayDecide(actor, a, w.limits); err != nil || len(away) == 0 {
		return a, "", err
	}
	for _, person := range away {
		if err = w.hands.MayDecide(domain.Actor{Person: person, Role: actor.Role}, a, w.limits); err == nil {
			return a, person, nil
		}
	}
	return a, "", inTheirStead(err, away)
}

// mayReject refuses a caseworker whose step is not next.
func (w *asked) mayReject(actor domain.Actor) error {
	if actor.Role == domain.TeamLeader {
		return nil
	}
	return w.turn(actor)
}

// proposed refuses an award that does not wait for a decision.
func proposed(a domain.Award) error {
	if a.State != domain.AwardProposed {
		return domain.Errorf(domain.Conflict, "wrong_state", "the award is %s: only a proposed one can be decided on", a.State)
	}
	return nil
}

// asRead refuses an award that has changed since a version was read; 0: none was.
func asRead(a domain.Award, version int64) error {
	if version != 0 && version != a.Version {
		return domain.Errorf(domain.Stale, "stale", "the award has changed since: read it again")
	}
	return nil
}

// approvable refuses an award that does not wait for approval.
func approvable(a domain.Award) error {
	if err := proposed(a); err != nil {
		return err
	}
	if !domain.Approvable(a.WaitsBecause) {
		return waitsForMoney()
	}
	return nil
}

func waitsForMoney() error {
	return domain.Errorf(domain.Conflict, "waits_for_budget", "the award waits for money, not for approval: it is issued as soon as its budget has some")
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

// decide stores what was decided of an award, for whoever is away.
func (s *Service) decide(tx *store.Tx, action domain.Action, a domain.Award, away string) (domain.Award, error) {
	now := s.now()
	a.DecidedBy, a.DecidedAt = tx.Actor().Person, &now
	err := store.Set[domain.Award](tx, a.ID, a.Version, map[string]any{
		"state": a.State, "waits_since": a.WaitsSince, "granted": a.Granted, "budget_id": a.BudgetID, "reserved": a.Reserved,
		"decided_by": a.DecidedBy, "decided_at": a.DecidedAt, "reason": a.Reason,
	})
	a.Version++
	if err != nil {
		return a, err
	}
	return a, tx.Audit(action, "award", a.ID, now, forWhom(map[string]any{"amount": a.Amount}, away))
}

// Award gives one award, within reach or that a deputy may decide on.
func (s *Service) Award(ctx context.Context, actor domain.Actor, id domain.ID) (a domain.Award, err error) {
	err = s.read(ctx, actor, "getAward", func(tx *store.Tx) error {
		if a, err = s.reachedAward(tx, actor, id); err != nil {
			return err
		}
		return s.open(tx, &a)
	})
	return a, err
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
		if _, err := s.reachedAward(tx, actor, award); err != nil {
			return err
		}
		list, err = store.All[domain.AwardAdjustment](tx, "id", store.Is("award_id", award))
		return err
	})
	return list, err
}
