package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
)

func showRun(r settlement.Run) SettlementRun {
	return SettlementRun{
		ID: SettlementRunID(r.ID), Number: r.Number, PeriodFrom: r.PeriodFrom, PeriodTo: r.PeriodTo, Currency: r.Currency, State: string(r.State),
		Settlements: r.Sum.Settlements, Lines: r.Sum.Lines, Amount: r.Sum.Amount, CarriedIn: r.Sum.CarriedIn, Payable: r.Sum.Payable, Held: r.Held,
		MadeBy: r.MadeBy, MadeAt: r.MadeAt, ApprovedBy: r.ApprovedBy, ApprovedAt: instant(r.ApprovedAt), FiledBy: r.FiledBy, FiledAt: instant(r.FiledAt),
		MessageID: r.MessageID, ExecuteOn: r.ExecuteOn, PaidBy: r.PaidBy, PaidAt: instant(r.PaidAt), PaidOn: r.PaidOn, ReconciledAt: instant(r.ReconciledAt),
		ReversedBy: r.ReversedBy, ReversedAt: instant(r.ReversedAt), ReversedBecause: r.ReversedBecause, CreatedAt: r.CreatedAt,
	}
}

// CreateSettlementRun answers createSettlementRun.
func (h *handlers) CreateSettlementRun(ctx context.Context, r CreateSettlementRunRequestObject) (CreateSettlementRunResponseObject, error) {
	a, err := h.settlement.DraftRun(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), settlement.Period{From: r.Body.PeriodFrom, To: r.Body.PeriodTo, Currency: r.Body.Currency})
	if err != nil {
		return nil, err
	}
	return CreateSettlementRun201JSONResponse{showRun(a.Value), CreateSettlementRun201ResponseHeaders{replayed(a.Replayed)}}, nil
}

// RemakeSettlementRun answers remakeSettlementRun.
func (h *handlers) RemakeSettlementRun(ctx context.Context, r RemakeSettlementRunRequestObject) (RemakeSettlementRunResponseObject, error) {
	a, err := h.settlement.RemakeRun(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), domain.ID(r.SettlementRunID), settlement.Period{From: r.Body.PeriodFrom, To: r.Body.PeriodTo})
	if err != nil {
		return nil, err
	}
	return RemakeSettlementRun200JSONResponse{showRun(a.Value), RemakeSettlementRun200ResponseHeaders{replayed(a.Replayed)}}, nil
}

// ApproveSettlementRun answers approveSettlementRun.
func (h *handlers) ApproveSettlementRun(ctx context.Context, r ApproveSettlementRunRequestObject) (ApproveSettlementRunResponseObject, error) {
	a, err := h.settlement.ApproveRun(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), domain.ID(r.SettlementRunID), version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	return ApproveSettlementRun200JSONResponse{showRun(a.Value), ApproveSettlementRun200ResponseHeaders{replayed(a.Replayed)}}, nil
}

// PaySettlementRun answers paySettlementRun.
func (h *handlers) PaySettlementRun(ctx context.Context, r PaySettlementRunRequestObject) (PaySettlementRunResponseObject, error) {
	paid := settlement.Paid{On: r.Body.PaidOn}
	for _, id := range r.Body.SettlementIds {
		paid.Settlements = append(paid.Settlements, domain.ID(id))
	}
	a, err := h.settlement.PayRun(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), domain.ID(r.SettlementRunID), paid)
	if err != nil {
		return nil, err
	}
	return PaySettlementRun200JSONResponse{showRun(a.Value), PaySettlementRun200ResponseHeaders{replayed(a.Replayed)}}, nil
}

// ReverseSettlementRun answers reverseSettlementRun.
func (h *handlers) ReverseSettlementRun(ctx context.Context, r ReverseSettlementRunRequestObject) (ReverseSettlementRunResponseObject, error) {
	a, err := h.settlement.ReverseRun(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), domain.ID(r.SettlementRunID), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return ReverseSettlementRun200JSONResponse{showRun(a.Value), ReverseSettlementRun200ResponseHeaders{replayed(a.Replayed)}}, nil
}

// GetSettlementRun answers getSettlementRun.
func (h *handlers) GetSettlementRun(ctx context.Context, r GetSettlementRunRequestObject) (GetSettlementRunResponseObject, error) {
	run, err := h.settlement.Run(ctx, auth.Actor(ctx), domain.ID(r.SettlementRunID))
	if err != nil {
		return nil, err
	}
	return GetSettlementRun200JSONResponse{showRun(run), GetSettlementRun200ResponseHeaders{etag(run.Version)}}, nil
}

// ListSettlementRuns answers listSettlementRuns.
func (h *handlers) ListSettlementRuns(ctx context.Context, r ListSettlementRunsRequestObject) (ListSettlementRunsResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.settlement.Runs(ctx, auth.Actor(ctx), p, settlement.RunFilter{State: domain.RunState(r.Params.State), Currency: r.Params.Currency})
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(r settlement.Run) domain.ID { return r.ID }, showRun)
	return ListSettlementRuns200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}
