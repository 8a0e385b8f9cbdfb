package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
)

// showSettlement shows a partner nothing of how the municipality sees its account,
// nor which draft may take a balance over.
func showSettlement(to domain.Actor, row settlement.Settled) Settlement {
	shown := Settlement{
		ID: SettlementID(row.ID), SettlementRunID: SettlementRunID(row.RunID), PartnerID: PartnerID(row.PartnerID), Number: row.Number, Method: row.Method, IBAN: domain.IBANFor(to, row.IBAN),
		AccountChanged: row.AccountChanged, Currency: row.Currency, Lines: row.Lines, Amount: row.Amount, CarriedIn: row.CarriedIn, Total: row.Total, State: string(row.State),
		CarriedIntoID: optional[stl](row.CarriedIntoID), PaidOn: row.PaidOn, ReconciledAt: instant(row.ReconciledAt), CreatedAt: row.CreatedAt,
		BouncedAt: instant(row.BouncedAt), BouncedBy: person(row.BouncedBy), BouncedBecause: row.BouncedBecause,
		Corrections: each(row.Corrections, func(c domain.SettlementCorrection) SettlementCorrection { return showCorrection(to, c) }),
	}
	if to.Role == domain.PartnerRole {
		shown.AccountChanged, shown.CarriedIntoID, shown.BouncedBy, shown.BouncedBecause = false, SettlementID{}, "", ""
	}
	return shown
}

func showCorrection(to domain.Actor, c domain.SettlementCorrection) SettlementCorrection {
	shown := SettlementCorrection{Amount: c.Amount, Cause: c.Cause, HappenedOn: c.HappenedOn}
	if to.Role != domain.PartnerRole {
		shown.ID, shown.Reason, shown.MadeBy, shown.CreatedAt, shown.CarriedIntoID = SettlementCorrectionID(c.ID), c.Reason, person(c.MadeBy), c.CreatedAt, optional[stl](c.CarriedIntoID)
	}
	return shown
}

// showLine shows a partner neither what the voucher was for nor its ID, which says
// when it was made (showRedemption).
func showLine(to domain.Actor, line domain.SettlementLine) SettlementLine {
	shown := SettlementLine{
		Kind: line.Kind, RedemptionID: RedemptionID(line.RedemptionID), Serial: line.Serial, TerminalID: TerminalID(line.TerminalID), BranchID: optional[brn](line.BranchID), HappenedAt: line.HappenedAt, Amount: line.Amount,
	}
	if line.Kind == domain.LineReversal {
		shown.ReversalID = ReversalID(line.ID)
	}
	if to.Role != domain.PartnerRole {
		shown.VoucherID, shown.ProgrammeID, shown.UnitID, shown.BudgetID = VoucherID(line.VoucherID), ProgrammeID(line.ProgrammeID), UnitID(line.UnitID), optional[bdg](line.BudgetID)
	}
	return shown
}

// GetSettlement answers getSettlement.
func (h *handlers) GetSettlement(ctx context.Context, r GetSettlementRequestObject) (GetSettlementResponseObject, error) {
	row, err := h.settlement.Settlement(ctx, auth.Actor(ctx), domain.ID(r.SettlementID))
	if err != nil {
		return nil, err
	}
	return GetSettlement200JSONResponse(showSettlement(auth.Actor(ctx), row)), nil
}

// ListSettlements answers listSettlements.
func (h *handlers) ListSettlements(ctx context.Context, r ListSettlementsRequestObject) (ListSettlementsResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.settlement.Settlements(ctx, auth.Actor(ctx), p, settlement.Filter{
		RunID: domain.ID(r.Params.SettlementRunID), PartnerID: domain.ID(r.Params.PartnerID), State: domain.SettlementState(r.Params.State), CarriedIntoID: domain.ID(r.Params.CarriedIntoID),
	})
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(row settlement.Settled) domain.ID { return row.ID }, func(row settlement.Settled) Settlement { return showSettlement(auth.Actor(ctx), row) })
	return ListSettlements200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// ListSettlementLines answers listSettlementLines.
func (h *handlers) ListSettlementLines(ctx context.Context, r ListSettlementLinesRequestObject) (ListSettlementLinesResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.settlement.SettlementLines(ctx, auth.Actor(ctx), domain.ID(r.SettlementID), p)
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(line domain.SettlementLine) domain.ID { return line.ID }, func(line domain.SettlementLine) SettlementLine { return showLine(auth.Actor(ctx), line) })
	return ListSettlementLines200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// BounceSettlement answers bounceSettlement.
func (h *handlers) BounceSettlement(ctx context.Context, r BounceSettlementRequestObject) (BounceSettlementResponseObject, error) {
	a, err := h.settlement.Bounce(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), domain.ID(r.SettlementID), settlement.Bounced{Reason: r.Body.Reason, AlthoughReconciled: r.Body.AlthoughReconciled})
	if err != nil {
		return nil, err
	}
	return BounceSettlement200JSONResponse{showSettlement(auth.Actor(ctx), a.Value), BounceSettlement200ResponseHeaders{replayed(a.Replayed)}}, nil
}

// UnbounceSettlement answers unbounceSettlement.
func (h *handlers) UnbounceSettlement(ctx context.Context, r UnbounceSettlementRequestObject) (UnbounceSettlementResponseObject, error) {
	a, err := h.settlement.Unbounce(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), domain.ID(r.SettlementID), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return UnbounceSettlement200JSONResponse{showSettlement(auth.Actor(ctx), a.Value), UnbounceSettlement200ResponseHeaders{replayed(a.Replayed)}}, nil
}
