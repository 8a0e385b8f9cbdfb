package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
)

func showHold(h domain.SettlementHold) SettlementHold {
	return SettlementHold{
		ID: SettlementHoldID(h.ID), RedemptionID: RedemptionID(h.RedemptionID), PartnerID: PartnerID(h.PartnerID), Amount: h.Amount, Currency: h.Currency, Cause: h.Cause, Reason: h.Reason,
		HeldBy: h.HeldBy, HeldAt: h.HeldAt, Decision: h.Decision, DecidedBy: h.DecidedBy, DecidedAt: instant(h.DecidedAt), Comment: h.Comment,
	}
}

// HoldRedemption answers holdRedemption.
func (h *handlers) HoldRedemption(ctx context.Context, r HoldRedemptionRequestObject) (HoldRedemptionResponseObject, error) {
	a, err := h.settlement.Hold(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), domain.ID(r.Body.RedemptionID), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return HoldRedemption201JSONResponse{showHold(a.Value), HoldRedemption201ResponseHeaders{replayed(a.Replayed)}}, nil
}

// ReleaseSettlementHold answers releaseSettlementHold.
func (h *handlers) ReleaseSettlementHold(ctx context.Context, r ReleaseSettlementHoldRequestObject) (ReleaseSettlementHoldResponseObject, error) {
	a, err := h.settlement.ReleaseHold(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), domain.ID(r.SettlementHoldID), r.Body.Comment)
	if err != nil {
		return nil, err
	}
	return ReleaseSettlementHold200JSONResponse{showHold(a.Value), ReleaseSettlementHold200ResponseHeaders{replayed(a.Replayed)}}, nil
}

// RejectSettlementHold answers rejectSettlementHold.
func (h *handlers) RejectSettlementHold(ctx context.Context, r RejectSettlementHoldRequestObject) (RejectSettlementHoldResponseObject, error) {
	a, err := h.settlement.RejectHold(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), domain.ID(r.SettlementHoldID), r.Body.Comment)
	if err != nil {
		return nil, err
	}
	return RejectSettlementHold200JSONResponse{showHold(a.Value), RejectSettlementHold200ResponseHeaders{replayed(a.Replayed)}}, nil
}

// GetSettlementHold answers getSettlementHold.
func (h *handlers) GetSettlementHold(ctx context.Context, r GetSettlementHoldRequestObject) (GetSettlementHoldResponseObject, error) {
	hold, err := h.settlement.SettlementHold(ctx, auth.Actor(ctx), domain.ID(r.SettlementHoldID))
	if err != nil {
		return nil, err
	}
	return GetSettlementHold200JSONResponse(showHold(hold)), nil
}

// ListSettlementHolds answers listSettlementHolds.
func (h *handlers) ListSettlementHolds(ctx context.Context, r ListSettlementHoldsRequestObject) (ListSettlementHoldsResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.settlement.Holds(ctx, auth.Actor(ctx), p, settlement.HoldFilter{Decision: r.Params.Decision, Cause: r.Params.Cause, PartnerID: domain.ID(r.Params.PartnerID)})
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(h domain.SettlementHold) domain.ID { return h.ID }, showHold)
	return ListSettlementHolds200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}
