package api

import (
	"context"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
)

// StartRecovery answers startRecovery.
func (h *handlers) StartRecovery(ctx context.Context, r StartRecoveryRequestObject) (StartRecoveryResponseObject, error) {
	half, err := h.access.StartRecovery(ctx, auth.Actor(ctx), domain.ID(r.AccountID), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return StartRecovery201JSONResponse{Recovery: showRecovery(half.Recovery), Half: half.Text}, nil
}

// ListRecoveries answers listRecoveries.
func (h *handlers) ListRecoveries(ctx context.Context, r ListRecoveriesRequestObject) (ListRecoveriesResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.access.Recoveries(ctx, auth.Actor(ctx), p, access.RecoveryFilter{AccountID: domain.ID(r.Params.AccountID), State: r.Params.State})
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(r domain.Recovery) domain.ID { return r.ID }, showRecovery)
	return ListRecoveries200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// GetRecovery answers getRecovery.
func (h *handlers) GetRecovery(ctx context.Context, r GetRecoveryRequestObject) (GetRecoveryResponseObject, error) {
	found, err := h.access.Recovery(ctx, auth.Actor(ctx), domain.ID(r.RecoveryID))
	if err != nil {
		return nil, err
	}
	return GetRecovery200JSONResponse(showRecovery(found)), nil
}

// ConfirmRecovery answers confirmRecovery.
func (h *handlers) ConfirmRecovery(ctx context.Context, r ConfirmRecoveryRequestObject) (ConfirmRecoveryResponseObject, error) {
	half, err := h.access.ConfirmRecovery(ctx, auth.Actor(ctx), domain.ID(r.RecoveryID))
	if err != nil {
		return nil, err
	}
	return ConfirmRecovery200JSONResponse{Recovery: showRecovery(half.Recovery), Half: half.Text}, nil
}

// WithdrawRecovery answers withdrawRecovery.
func (h *handlers) WithdrawRecovery(ctx context.Context, r WithdrawRecoveryRequestObject) (WithdrawRecoveryResponseObject, error) {
	ended, err := h.access.WithdrawRecovery(ctx, auth.Actor(ctx), domain.ID(r.RecoveryID))
	if err != nil {
		return nil, err
	}
	return WithdrawRecovery200JSONResponse(showRecovery(ended)), nil
}
