package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showWithholding(w domain.Withholding) Withholding {
	return Withholding{
		ID: WithholdingID(w.ID), AwardID: AwardID(w.AwardID), UnitID: UnitID(w.UnitID), Amount: w.Amount, Reason: w.Reason.Reveal(), Evidence: w.Evidence, State: w.State,
		ProposedBy: w.ProposedBy, DecidedBy: w.DecidedBy, DecidedAt: instant(w.DecidedAt), OnBehalfOf: w.OnBehalfOf, Comment: w.Comment.Reveal(), CreatedAt: w.CreatedAt,
	}
}

// ProposeWithholding answers proposeWithholding.
func (h *handlers) ProposeWithholding(ctx context.Context, r ProposeWithholdingRequestObject) (ProposeWithholdingResponseObject, error) {
	w, err := h.service.ProposeWithholding(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), vouchers.WithholdingInput{
		AwardID: domain.ID(r.AwardID), Reason: r.Body.Reason, Evidence: r.Body.Evidence,
	})
	if err != nil {
		return nil, err
	}
	return ProposeWithholding201JSONResponse{showWithholding(w.Value), ProposeWithholding201ResponseHeaders{replayed(w.Replayed)}}, nil
}

// ApproveWithholding answers approveWithholding.
func (h *handlers) ApproveWithholding(ctx context.Context, r ApproveWithholdingRequestObject) (ApproveWithholdingResponseObject, error) {
	w, err := h.service.ApproveWithholding(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), domain.ID(r.WithholdingID))
	if err != nil {
		return nil, err
	}
	return ApproveWithholding200JSONResponse{showWithholding(w.Value), ApproveWithholding200ResponseHeaders{replayed(w.Replayed)}}, nil
}

// RejectWithholding answers rejectWithholding.
func (h *handlers) RejectWithholding(ctx context.Context, r RejectWithholdingRequestObject) (RejectWithholdingResponseObject, error) {
	w, err := h.service.RejectWithholding(ctx, auth.Actor(ctx), domain.ID(r.WithholdingID), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return RejectWithholding200JSONResponse(showWithholding(w)), nil
}

// WithdrawWithholding answers withdrawWithholding.
func (h *handlers) WithdrawWithholding(ctx context.Context, r WithdrawWithholdingRequestObject) (WithdrawWithholdingResponseObject, error) {
	w, err := h.service.WithdrawWithholding(ctx, auth.Actor(ctx), domain.ID(r.WithholdingID))
	if err != nil {
		return nil, err
	}
	return WithdrawWithholding200JSONResponse(showWithholding(w)), nil
}

// GetWithholding answers getWithholding.
func (h *handlers) GetWithholding(ctx context.Context, r GetWithholdingRequestObject) (GetWithholdingResponseObject, error) {
	w, err := h.service.Withholding(ctx, auth.Actor(ctx), domain.ID(r.WithholdingID))
	if err != nil {
		return nil, err
	}
	return GetWithholding200JSONResponse(showWithholding(w)), nil
}

// ListWithholdings answers listWithholdings.
func (h *handlers) ListWithholdings(ctx context.Context, r ListWithholdingsRequestObject) (ListWithholdingsResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Withholdings(ctx, auth.Actor(ctx), p, vouchers.WithholdingFilter{AwardID: domain.ID(r.Params.AwardID), State: r.Params.State})
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(w domain.Withholding) domain.ID { return w.ID }, showWithholding)
	return ListWithholdings200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}
