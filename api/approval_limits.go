package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showApprovalLimits(l domain.ApprovalLimits) ApprovalLimits {
	return ApprovalLimits{
		ProgrammeID: optional[prg](l.ProgrammeID), Steps: each(l.Steps, func(s domain.ApprovalStep) ApprovalStep { return ApprovalStep{Role: s.Role, Above: s.Above} }), AutomaticMost: l.AutomaticMost,
		LeaderMost: l.LeaderMost, LeaderGrant: l.LeaderGrant, CaseworkerGrant: l.CaseworkerGrant, OwnCaseload: l.OwnCaseload, RemindDays: l.RemindDays,
		ChangedBy: l.ChangedBy, CreatedAt: l.CreatedAt,
	}
}

// GetApprovalLimits answers getApprovalLimits.
func (h *handlers) GetApprovalLimits(ctx context.Context, r GetApprovalLimitsRequestObject) (GetApprovalLimitsResponseObject, error) {
	l, err := h.service.ApprovalLimits(ctx, auth.Actor(ctx), domain.ID(r.Params.ProgrammeID))
	if err != nil {
		return nil, err
	}
	return GetApprovalLimits200JSONResponse{showApprovalLimits(l), GetApprovalLimits200ResponseHeaders{etag(int64(l.Number))}}, nil
}

// UpdateApprovalLimits answers updateApprovalLimits.
func (h *handlers) UpdateApprovalLimits(ctx context.Context, r UpdateApprovalLimitsRequestObject) (UpdateApprovalLimitsResponseObject, error) {
	l, err := h.service.UpdateApprovalLimits(ctx, auth.Actor(ctx), version(r.Params.IfMatch), vouchers.ApprovalLimitsInput{
		ProgrammeID: domain.ID(r.Body.ProgrammeID), Steps: each(r.Body.Steps, func(s ApprovalStep) domain.ApprovalStep { return domain.ApprovalStep{Role: s.Role, Above: s.Above} }),
		AutomaticMost: r.Body.AutomaticMost, LeaderMost: r.Body.LeaderMost, LeaderGrant: r.Body.LeaderGrant,
		CaseworkerGrant: r.Body.CaseworkerGrant, OwnCaseload: r.Body.OwnCaseload, RemindDays: r.Body.RemindDays,
	})
	if err != nil {
		return nil, err
	}
	return UpdateApprovalLimits200JSONResponse{showApprovalLimits(l), UpdateApprovalLimits200ResponseHeaders{etag(int64(l.Number))}}, nil
}

// DeleteApprovalLimits answers deleteApprovalLimits.
func (h *handlers) DeleteApprovalLimits(ctx context.Context, r DeleteApprovalLimitsRequestObject) (DeleteApprovalLimitsResponseObject, error) {
	l, err := h.service.DeleteApprovalLimits(ctx, auth.Actor(ctx), domain.ID(r.Params.ProgrammeID))
	if err != nil {
		return nil, err
	}
	return DeleteApprovalLimits200JSONResponse{showApprovalLimits(l), DeleteApprovalLimits200ResponseHeaders{etag(int64(l.Number))}}, nil
}
