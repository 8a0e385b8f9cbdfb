package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showPause(p domain.Pause) Pause {
	return Pause{
		ID: PauseID(p.ID), PlanID: PlanID(p.PlanID), Reason: p.Reason, FirstDay: p.FirstDay, LastDay: p.LastDay, Withdrawn: p.Withdrawn,
		ChangedBecause: p.ChangedBecause.Reveal(), CreatedAt: p.CreatedAt,
	}
}

func showPauseResult(r vouchers.PauseResult) PauseResult {
	return PauseResult{
		Pause: showPause(r.Pause), Awards: each(r.Awards, showAward), Vouchers: each(r.Vouchers, showVoucher), Progress: each(r.Progress, showStanding),
	}
}

// CreatePause answers createPause.
func (h *handlers) CreatePause(ctx context.Context, r CreatePauseRequestObject) (CreatePauseResponseObject, error) {
	p, err := h.service.CreatePause(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), domain.ID(r.PlanID), vouchers.PauseInput{
		Reason: r.Body.Reason, FirstDay: r.Body.FirstDay, LastDay: r.Body.LastDay,
	})
	if err != nil {
		return nil, err
	}
	return CreatePause201JSONResponse{showPauseResult(p.Value), CreatePause201ResponseHeaders{replayed(p.Replayed)}}, nil
}

// GetPause answers getPause.
func (h *handlers) GetPause(ctx context.Context, r GetPauseRequestObject) (GetPauseResponseObject, error) {
	p, err := h.service.Pause(ctx, auth.Actor(ctx), domain.ID(r.PauseID))
	if err != nil {
		return nil, err
	}
	return GetPause200JSONResponse{showPause(p), GetPause200ResponseHeaders{etag(p.Version)}}, nil
}

// UpdatePause answers updatePause.
func (h *handlers) UpdatePause(ctx context.Context, r UpdatePauseRequestObject) (UpdatePauseResponseObject, error) {
	p, err := h.service.UpdatePause(ctx, auth.Actor(ctx), domain.ID(r.PauseID), version(r.Params.IfMatch), vouchers.PauseChange{
		LastDay: r.Body.LastDay, Open: r.Body.Open, Withdrawn: r.Body.Withdrawn, Because: r.Body.Because,
	})
	if err != nil {
		return nil, err
	}
	return UpdatePause200JSONResponse{showPauseResult(p), UpdatePause200ResponseHeaders{etag(p.Pause.Version)}}, nil
}

// ListPauses answers listPauses.
func (h *handlers) ListPauses(ctx context.Context, r ListPausesRequestObject) (ListPausesResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Pauses(ctx, auth.Actor(ctx), domain.ID(r.PlanID), p)
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(p domain.Pause) domain.ID { return p.ID }, showPause)
	return ListPauses200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}
