package vouchers

import (
	"context"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Approve answers for a proposed award and issues its voucher, unless the amount
// takes another person: then the answer says whom, and the award waits. The actor
// approves in their own right, or as the deputy of somebody away who has the unit.
// Forbidden to whom domain.Hands or the limits do not let; Conflict unless it is
// proposed and waits for approval, to whose step is not next, while a withholding of
// it waits, and to who has approved it already while another person is needed.
// Stale unless version is that of the award last read; 0 approves it as it is now.
func (s *Service) Approve(ctx context.Context, actor domain.Actor, key Key, award domain.ID, version int64) (Answer[Decided], error) {
	return once(ctx, s, actor, "approveAward", key, func(tx *store.Tx) (Decided, error) {
		a, away, err := s.lockDecidable(tx, award)
		if err == nil {
			a, err = s.counted(tx, a, false)
		}
		if err == nil {
			err = approvable(a)
		}
		if err == nil {
			err = asRead(a, version)
		}
		if err == nil {
			err = unwithheld(tx, a)
		}
		if err == nil {
			err = s.fits(tx, a)
		}
		if err == nil {
			err = inTurn(tx, a)
		}
		if err == nil {
			a, err = s.mustFund(tx, a)
		}
		if err != nil {
			return Decided{}, err
		}
		a, mine, needs, err := s.approve(tx, a, away)
		if err != nil || needs != (domain.Wanted{}) {
			return Decided{Award: a, Needs: needs}, err
		}
		return s.issueApproved(tx, a, mine)
	})
}

// lockDecidable gives an award that waits for approval, locked, and for whom away
// the actor stands in there: nobody, in whoever has the unit themself.
func (s *Service) lockDecidable(tx *store.Tx, id domain.ID) (a domain.Award, away []string, err error) {
	if a, err = store.Get[domain.Award](tx, id); err != nil {
		return a, nil, err
	}
	if away, err = s.standsIn(tx, tx.Actor(), a.UnitID); err != nil {
		return a, nil, err
	}
	if len(away) > 0 {
		tx.Reach(a.UnitID)
	}
	if a, err = lockAward(tx, id); err == nil {
		err = approvable(a)
	}
	return a, away, err
}

// issueApproved issues what is missing of an award that is approved.
func (s *Service) issueApproved(tx *store.Tx, a domain.Award, mine domain.Approval) (Decided, error) {
	doc, err := s.document(tx, a.VersionID)
	if err != nil {
		return Decided{}, err
	}
	v, err := s.issue(tx, &a, doc)
	if err != nil {
		return Decided{}, err
	}
	a.Become(domain.AwardIssued, s.now())
	if a, err = s.decide(tx, "approveAward", a, mine.OnBehalfOf); err == nil {
		a, err = s.counted(tx, a, false)
	}
	return Decided{Award: a, Voucher: &v}, err
}

// approve records the actor's approval of an award as it is, and gives the award,
// the approval and what is still needed. Who has approved it already may do so again
// once nobody else is needed, as when the limits were raised since.
func (s *Service) approve(tx *store.Tx, a domain.Award, away []string) (_ domain.Award, mine domain.Approval, needs domain.Wanted, err error) {
	w, err := s.asked(tx, a)
	if err != nil {
		return a, mine, needs, err
	}
	actor := tx.Actor()
	mine = s.approval(actor, a, domain.StepApproved, w.limits)
	again := slices.ContainsFunc(w.before, func(b domain.Approval) bool { return b.Person == mine.Person })
	if w.enough {
		w.hands.Approved = nil
	}
	if err := w.turn(actor); err != nil {
		return a, mine, needs, err
	}
	if mine.OnBehalfOf, err = mayApprove(w.hands, actor, away, a, w.limits); err != nil {
		return a, mine, needs, err
	}
	mine.Number = w.wanted.Number
	if again {
		a, err = s.approveAgain(tx, a, mine, w.limits)
		return a, mine, needs, err
	}
	needs = w.limits.Needs(a.Amount, append(w.lasting, mine))
	if err := store.Insert(tx, &mine); err != nil || needs == (domain.Wanted{}) {
		return a, mine, needs, err
	}
	return a, mine, needs, tx.Audit(actionFirstApproval, "award", a.ID, mine.CreatedAt, forWhom(map[string]any{"amount": a.Amount, "step": mine.Number}, mine.OnBehalfOf))
}

// forWhom is an audit entry's detail, with for whom it was done.
func forWhom(detail map[string]any, away string) domain.Raw {
	if away != "" {
		detail["on_behalf_of"] = away
	}
	return domain.Detail(detail)
}

// mayApprove refuses who may not approve an award, themself or for whom they stand
// in: a deputy may no more than both. It gives the absent person for whom it is done.
func mayApprove(h domain.Hands, actor domain.Actor, away []string, a domain.Award, l domain.ApprovalLimits) (string, error) {
	err := h.MayApprove(actor, a, l)
	if err != nil || len(away) == 0 {
		return "", err
	}
	for _, person := range away {
		if err = h.MayApprove(domain.Actor{Person: person, Role: actor.Role}, a, l); err == nil {
			return person, nil
		}
	}
	return "", inTheirStead(err, away)
}

// inTheirStead says why a deputy may not decide for the last of those away.
func inTheirStead(err error, away []string) error {
	return domain.Errorf(domain.KindOf(err), domain.CodeOf(err), "you stand in for %s, who may not decide on it either: someone else must", away[len(away)-1])
}

// approveAgain records the approval of an award that nobody else is needed for by
// who has approved it before. What they may approve alone now they answer for anew,
// and so the award counts up; else theirs counts together with another's.
func (s *Service) approveAgain(tx *store.Tx, a domain.Award, mine domain.Approval, l domain.ApprovalLimits) (domain.Award, error) {
	if l.Needs(a.Amount, []domain.Approval{mine}) != (domain.Wanted{}) {
		return a, nil
	}
	if err := store.Set[domain.Award](tx, a.ID, a.Version, map[string]any{"state": a.State}); err != nil {
		return a, err
	}
	a.Version++
	mine.AwardVersion = a.Version
	return a, store.Insert(tx, &mine)
}

// actionFirstApproval is what the audit log calls an approval that needs another.
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
