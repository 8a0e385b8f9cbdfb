package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showApprovalDemand(d domain.ApprovalDemand) ApprovalDemand {
	return ApprovalDemand{Required: d.Required, Until: d.Until, Reason: d.Reason.Reveal(), SetBy: d.SetBy, CreatedAt: d.CreatedAt}
}

// DemandApproval answers demandApproval.
func (h *handlers) DemandApproval(ctx context.Context, r DemandApprovalRequestObject) (DemandApprovalResponseObject, error) {
	d, err := h.service.DemandApproval(ctx, auth.Actor(ctx), domain.ID(r.EnrolmentID), vouchers.DemandInput{Required: r.Body.Required, Until: r.Body.Until, Reason: r.Body.Reason})
	if err != nil {
		return nil, err
	}
	return DemandApproval201JSONResponse(showApprovalDemand(d)), nil
}

// ListApprovalDemands answers listApprovalDemands.
func (h *handlers) ListApprovalDemands(ctx context.Context, r ListApprovalDemandsRequestObject) (ListApprovalDemandsResponseObject, error) {
	all, err := h.service.ApprovalDemands(ctx, auth.Actor(ctx), domain.ID(r.EnrolmentID))
	if err != nil {
		return nil, err
	}
	return ListApprovalDemands200JSONResponse{Data: each(all, showApprovalDemand)}, nil
}
