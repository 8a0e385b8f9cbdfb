package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// ProposeGrant answers proposeGrant.
func (h *handlers) ProposeGrant(ctx context.Context, r ProposeGrantRequestObject) (ProposeGrantResponseObject, error) {
	a, err := h.service.ProposeGrant(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), vouchers.GrantInput{
		EnrolmentID: domain.ID(r.EnrolmentID), Amount: r.Body.Amount, Grounds: r.Body.Grounds, Evidence: r.Body.Evidence,
	})
	if err != nil {
		return nil, err
	}
	return ProposeGrant201JSONResponse{showDecided(a.Value), ProposeGrant201ResponseHeaders{replayed(a.Replayed)}}, nil
}

// WithdrawGrant answers withdrawGrant.
func (h *handlers) WithdrawGrant(ctx context.Context, r WithdrawGrantRequestObject) (WithdrawGrantResponseObject, error) {
	a, err := h.service.WithdrawGrant(ctx, auth.Actor(ctx), domain.ID(r.AwardID))
	if err != nil {
		return nil, err
	}
	return WithdrawGrant200JSONResponse(showAward(a)), nil
}
