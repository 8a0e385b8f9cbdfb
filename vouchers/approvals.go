package vouchers

import (
	"context"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// asked is how far the approval of an award has come.
type asked struct {
	limits  domain.ApprovalLimits
	hands   domain.Hands      // with all who have approved it as it is
	before  []domain.Approval // of the award as it is
	lasting []domain.Approval // those of them that count
	wanted  domain.Wanted     // the next one
	enough  bool              // those that last are enough: somebody only has to call
}

// asked reads how far the approval of an award has come.
func (s *Service) asked(tx *store.Tx, a domain.Award) (w asked, err error) {
	if w.limits, err = limitsNow(tx, a.ProgrammeID); err != nil {
		return w, err
	}
	if w.hands, err = handsOn(tx, a); err != nil {
		return w, err
	}
	if w.before, err = approvalsNow(tx, a); err != nil {
		return w, err
	}
	w.weigh(a)
	return w, nil
}

// weigh says what the approvals there are leave to be wanted.
func (w *asked) weigh(a domain.Award) {
	w.lasting = lasting(w.hands, a, w.limits, w.before)
	w.wanted = w.limits.Needs(a.Amount, w.lasting)
	if w.enough = w.wanted == (domain.Wanted{}); w.enough { // nobody has called since it is enough
		w.wanted = domain.Wanted{Number: 1, Of: 1, Role: w.limits.Steps[0].Role}
	}
	for _, p := range w.before {
		w.hands.Approved = append(w.hands.Approved, p.People()...)
	}
}

// turn refuses who is not next.
func (w *asked) turn(actor domain.Actor) error {
	if actor.IsPerson() && actor.Role != w.wanted.Role { // who is nobody is told that
		return domain.Errorf(domain.Conflict, "not_your_step", "step %d of %d comes next, by a %s", w.wanted.Number, w.wanted.Of, w.wanted.Role.Words())
	}
	return nil
}

// lasting leaves those approvals whose people may still approve, under the limits
// and the caseloads of now.
func lasting(h domain.Hands, a domain.Award, l domain.ApprovalLimits, approvals []domain.Approval) []domain.Approval {
	h.Approved = nil
	return slices.DeleteFunc(slices.Clone(approvals), func(p domain.Approval) bool {
		return slices.ContainsFunc(p.People(), func(name string) bool {
			return h.MayApprove(domain.Actor{Person: name, Role: p.Role}, a, l) != nil
		})
	})
}

// handsOn says who has had a hand in an award, but for its approvals.
func handsOn(tx *store.Tx, a domain.Award) (h domain.Hands, err error) {
	e, err := store.Get[domain.Enrolment](tx, a.EnrolmentID)
	if err != nil {
		return h, err
	}
	plan, err := store.Get[domain.Plan](tx, e.PlanID)
	return handsIn(a, plan), err
}

// handsIn says who has had a hand in an award of a plan, but for its approvals.
func handsIn(a domain.Award, plan domain.Plan) (h domain.Hands) {
	if a.ByHand() {
		h.Proposed = a.RecordedBy
	} else {
		h.Recorded = a.RecordedBy
	}
	h.Caseworker = plan.Caseworker
	return h
}

// Approvals is who has answered for an award, oldest first, and what it waits for.
type Approvals struct {
	List  []domain.Approval
	Needs domain.Wanted // zero: nobody's approval
	Now   int64         // the award's version: approvals of another have lapsed
}

// AwardApprovals gives the approvals of an award within reach. It is the rest of
// what Award gives, which has left the entry in the access log.
func (s *Service) AwardApprovals(ctx context.Context, actor domain.Actor, award domain.ID) (list Approvals, err error) {
	if err := actor.May("getAward"); err != nil {
		return list, err
	}
	err = s.store.Read(ctx, actor.MunicipalityID, func(tx *store.Tx) error {
		a, err := s.reachedAward(tx, actor, award)
		if err != nil {
			return err
		}
		list.Now = a.Version
		if list.List, err = store.All[domain.Approval](tx, "id", store.Is("award_id", award)); err != nil || a.State != domain.AwardProposed || !domain.Approvable(a.WaitsBecause) {
			return err
		}
		w, err := s.asked(tx, a)
		list.Needs = w.wanted
		return err
	})
	return list, err
}

// reachedAward reads an award that the actor reaches, themself or as a deputy.
func (s *Service) reachedAward(tx *store.Tx, actor domain.Actor, id domain.ID) (domain.Award, error) {
	a, err := store.Get[domain.Award](tx, id)
	if err == nil {
		_, err = s.standsIn(tx, actor, a.UnitID)
	}
	return a, err
}
