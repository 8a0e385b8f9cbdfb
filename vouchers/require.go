package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// DemandInput says whether an enrolment's awards need approval.
type DemandInput struct {
	Required bool
	Until    domain.Date // last day on which they do; zero: until it is said anew
	Reason   string      // 1–500 letters; personal: sealed
}

// DemandApproval says that an enrolment's awards need approval from now on, or need
// it no more. What waits already goes on waiting. Conflict once the enrolment has
// ended.
func (s *Service) DemandApproval(ctx context.Context, actor domain.Actor, enrolment domain.ID, in DemandInput) (d domain.ApprovalDemand, err error) {
	err = s.write(ctx, actor, "demandApproval", func(tx *store.Tx) error {
		e, err := store.Get[domain.Enrolment](tx, enrolment)
		if err != nil {
			return err
		}
		if _, err := lockPlan(tx, e.PlanID); err != nil {
			return err
		}
		if e, err = store.Get[domain.Enrolment](tx, enrolment); err != nil {
			return err
		}
		if e.State != "active" {
			return domain.Errorf(domain.Conflict, "wrong_state", "the enrolment ended on %s: it earns no more awards", e.EndedOn)
		}
		today, err := s.today(tx)
		if err != nil {
			return err
		}
		var f domain.Fields
		reason := f.Clean("reason", in.Reason, 500, false)
		f.Check(in.Until.IsZero() || in.Required, "until", "contradiction", "must be left out when required is false")
		f.Check(in.Until.IsZero() || !in.Until.Before(today), "until", "in_the_past", "must not be before today, %s", today)
		if err := f.Err(); err != nil {
			return err
		}
		if err := store.Set[domain.Enrolment](tx, e.ID, e.Version, map[string]any{"requires_approval": in.Required, "approval_until": in.Until}); err != nil {
			return err
		}
		e.RequiresApproval, e.ApprovalUntil = in.Required, in.Until
		if d, err = s.demandOf(tx, e, reason); err != nil {
			return err
		}
		return tx.Audit("demandApproval", "enrolment", e.ID, d.CreatedAt, domain.Detail(map[string]any{"required": in.Required, "until": in.Until}))
	})
	return d, err
}

// demandOf stores why an enrolment's awards need approval, or need it no more.
func (s *Service) demandOf(tx *store.Tx, e domain.Enrolment, reason string) (domain.ApprovalDemand, error) {
	d := domain.ApprovalDemand{
		MunicipalityID: e.MunicipalityID, ID: store.NewID(), EnrolmentID: e.ID, Required: e.RequiresApproval, Until: e.ApprovalUntil,
		Reason: domain.NewPrivate(reason), SetBy: domain.Fold(tx.Actor().Person), CreatedAt: s.now(),
	}
	if err := s.sealFor(tx, e.PlanID, &d); err != nil {
		return d, err
	}
	return d, store.Insert(tx, &d)
}

// ApprovalDemands gives what was said of an enrolment's need for approval, oldest
// first.
func (s *Service) ApprovalDemands(ctx context.Context, actor domain.Actor, enrolment domain.ID) (all []domain.ApprovalDemand, err error) {
	err = s.read(ctx, actor, "listApprovalDemands", func(tx *store.Tx) error {
		e, err := store.Get[domain.Enrolment](tx, enrolment)
		if err == nil && !actor.Reaches(e.UnitID) {
			err = domain.OutOfReach()
		}
		if err != nil {
			return err
		}
		if all, err = store.All[domain.ApprovalDemand](tx, "enrolment_id, id", store.Is("enrolment_id", enrolment)); err != nil {
			return err
		}
		return s.open(tx, pointers(all)...)
	})
	return all, err
}
