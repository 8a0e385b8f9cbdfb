package vouchers

import (
	"context"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Approve answers for a proposed award and issues its voucher, unless the amount
// takes a second person: then the answer says so, and the award waits. Forbidden
// to whom domain.Hands or the limits do not let; Conflict unless it is proposed,
// "budget_exhausted" when there is no money for it now, and to who has approved it already while another person is needed. Stale unless
// version is that of the award last read; 0 approves it as it is now.
func (s *Service) Approve(ctx context.Context, actor domain.Actor, key Key, award domain.ID, version int64) (Answer[Decided], error) {
	return once(ctx, s, actor, "approveAward", key, func(tx *store.Tx) (Decided, error) {
		a, err := lockAward(tx, award)
		if err == nil {
			err = proposed(a)
		}
		if err == nil {
			a, err = s.counted(tx, a, false)
		}
		if err == nil {
			err = proposed(a)
		}
		if err == nil && version != 0 && version != a.Version {
			err = domain.Errorf(domain.Stale, "stale", "the award has changed since: read it again")
		}
		if err == nil {
			err = s.fits(tx, a)
		}
		if err == nil {
			a, err = s.mustFund(tx, a)
		}
		if err != nil {
			return Decided{}, err
		}
		a, needs, err := s.approve(tx, a)
		if err != nil || needs != "" {
			return Decided{Award: a, Needs: needs}, err
		}
		return s.issueApproved(tx, a)
	})
}

// issueApproved issues what is missing of an award that is approved.
func (s *Service) issueApproved(tx *store.Tx, a domain.Award) (Decided, error) {
	doc, err := s.document(tx, a.VersionID)
	if err != nil {
		return Decided{}, err
	}
	v, err := s.issue(tx, &a, doc)
	if err != nil {
		return Decided{}, err
	}
	a.State = domain.AwardIssued
	if a, err = s.decide(tx, "approveAward", a); err == nil {
		a, err = s.counted(tx, a, false)
	}
	return Decided{Award: a, Voucher: &v}, err
}

// approve records the actor's approval of an award as it is, and gives the award
// and what is still needed. Who has approved it already may do so again once
// nobody else is needed, as when the limits were raised since.
func (s *Service) approve(tx *store.Tx, a domain.Award) (_ domain.Award, needs string, err error) {
	l, err := limitsNow(tx)
	if err != nil {
		return a, "", err
	}
	h, err := handsOn(tx, a)
	if err != nil {
		return a, "", err
	}
	before, err := approvalsNow(tx, a)
	if err != nil {
		return a, "", err
	}
	actor := tx.Actor()
	mine := s.approval(actor, a, domain.StepApproved, l)
	if needs = l.Needs(a.Amount, append(lasting(h, a, l, before), mine)); needs != "" {
		for _, b := range before {
			h.Approved = append(h.Approved, b.Person)
		}
	}
	if err := h.MayApprove(actor, a, l); err != nil {
		return a, "", err
	}
	if slices.ContainsFunc(before, func(b domain.Approval) bool { return b.Person == mine.Person }) {
		return s.approveAgain(tx, a, mine, l)
	}
	if err := store.Insert(tx, &mine); err != nil || needs == "" {
		return a, needs, err
	}
	return a, needs, tx.Audit(actionFirstApproval, "award", a.ID, mine.CreatedAt, domain.Detail(map[string]any{"amount": a.Amount, "needs": needs}))
}

// approveAgain records the approval of an award that nobody else is needed for by
// who has approved it before. What they may approve alone now they answer for anew,
// and so the award counts up; else theirs counts together with another's.
func (s *Service) approveAgain(tx *store.Tx, a domain.Award, mine domain.Approval, l domain.ApprovalLimits) (domain.Award, string, error) {
	if l.Needs(a.Amount, []domain.Approval{mine}) != "" {
		return a, "", nil
	}
	if err := store.Set[domain.Award](tx, a.ID, a.Version, map[string]any{"state": a.State}); err != nil {
		return a, "", err
	}
	a.Version++
	mine.AwardVersion = a.Version
	return a, "", store.Insert(tx, &mine)
}

// actionFirstApproval is what the audit log calls an approval that needs a second.
const actionFirstApproval domain.Action = "firstApproval"

// approval is the row that says who answers for an award as it is.
func (s *Service) approval(actor domain.Actor, a domain.Award, step string, l domain.ApprovalLimits) domain.Approval {
	return domain.Approval{
		MunicipalityID: a.MunicipalityID, ID: store.NewID(), AwardID: a.ID, AwardVersion: a.Version, Step: step,
		Person: domain.Fold(actor.Person), Role: actor.Role, Amount: a.Amount, Limits: l.Number, CreatedAt: s.now(),
	}
}

// approvalsNow reads the approvals of an award as it is; those of what it was
// before have lapsed.
func approvalsNow(tx *store.Tx, a domain.Award) ([]domain.Approval, error) {
	return store.All[domain.Approval](tx, "id", store.Is("award_id", a.ID), store.Is("award_version", a.Version), store.Is("step", domain.StepApproved))
}

// lasting leaves those approvals whose people may still approve, under the limits
// and the caseloads of now.
func lasting(h domain.Hands, a domain.Award, l domain.ApprovalLimits, approvals []domain.Approval) []domain.Approval {
	h.Approved = nil
	return slices.DeleteFunc(slices.Clone(approvals), func(p domain.Approval) bool {
		return h.MayApprove(domain.Actor{Person: p.Person, Role: p.Role}, a, l) != nil
	})
}

// handsOn says who has had a hand in an award, but for its approvals.
func handsOn(tx *store.Tx, a domain.Award) (h domain.Hands, err error) {
	if a.ByHand() {
		h.Proposed = a.RecordedBy
	} else {
		h.Recorded = a.RecordedBy
	}
	e, err := store.Get[domain.Enrolment](tx, a.EnrolmentID)
	if err != nil {
		return h, err
	}
	plan, err := store.Get[domain.Plan](tx, e.PlanID)
	h.Caseworker = plan.Caseworker
	return h, err
}

// Approvals is who has answered for an award, oldest first, and what it waits for:
// "" when it waits for nobody.
type Approvals struct {
	List  []domain.Approval
	Needs string // domain.FirstApproval, domain.SecondApproval or domain.MoreBudget
	Now   int64  // the award's version: approvals of another have lapsed
}

// AwardApprovals gives the approvals of an award within reach. It is the rest of
// what Award gives, which has left the entry in the access log.
func (s *Service) AwardApprovals(ctx context.Context, actor domain.Actor, award domain.ID) (list Approvals, err error) {
	if err := actor.May("getAward"); err != nil {
		return list, err
	}
	err = s.store.Read(ctx, actor.MunicipalityID, func(tx *store.Tx) error {
		a, err := store.Get[domain.Award](tx, award)
		if err == nil && !actor.Reaches(a.UnitID) {
			err = domain.OutOfReach()
		}
		if err != nil {
			return err
		}
		list.Now = a.Version
		if list.List, err = store.All[domain.Approval](tx, "id", store.Is("award_id", award)); err != nil || a.State != domain.AwardProposed {
			return err
		}
		if a.WaitsForBudget() {
			list.Needs = domain.MoreBudget
			return nil
		}
		l, err := limitsNow(tx)
		if err != nil {
			return err
		}
		h, err := handsOn(tx, a)
		if err != nil {
			return err
		}
		now, err := approvalsNow(tx, a)
		if list.Needs = l.Needs(a.Amount, lasting(h, a, l, now)); list.Needs == "" {
			list.Needs = domain.FirstApproval // nobody has called since it is enough
		}
		return err
	})
	return list, err
}
