package api

import (
	"context"
	"strconv"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/vouchers"
)

// ClosePeriod answers closePeriod.
func (h *handlers) ClosePeriod(ctx context.Context, r ClosePeriodRequestObject) (ClosePeriodResponseObject, error) {
	a, err := h.settlement.Close(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), r.Body.Through)
	if err != nil {
		return nil, err
	}
	return ClosePeriod201JSONResponse{showClosed(a.Value), ClosePeriod201ResponseHeaders{replayed(a.Replayed)}}, nil
}

func showClosing(c domain.Closing) Closing {
	return Closing{ID: ClosingID(c.ID), Number: c.Number, Through: c.Through, Postings: c.Postings, ClosedBy: c.ClosedBy, CreatedAt: c.CreatedAt}
}

func showClosed(c settlement.Closed) ClosingResult {
	return ClosingResult{Closing: showClosing(c.Closing), Totals: each(c.Totals, func(t domain.ClosingTotal) ClosingTotal {
		return ClosingTotal{
			Account: t.Account, Currency: t.Currency, ProgrammeID: ProgrammeID(t.ProgrammeID), UnitID: UnitID(t.UnitID), BudgetID: optional[bdg](t.BudgetID), Amount: t.Amount,
			PostingsURL: postings(behindTotal(c.Closing, t)),
		}
	})}
}

// behindTotal selects the postings that a closing's total is the sum of.
func behindTotal(c domain.Closing, t domain.ClosingTotal) vouchers.PostingFilter {
	behind := vouchers.PostingFilter{Account: ledger.Account(t.Account), Currency: t.Currency, ProgrammeID: t.ProgrammeID, UnitID: t.UnitID, To: c.Through}
	if t.BudgetID == nil {
		behind.Budgeted = "no"
	} else {
		behind.BudgetID = *t.BudgetID
	}
	return behind
}

// ListClosings answers listClosings.
func (h *handlers) ListClosings(ctx context.Context, r ListClosingsRequestObject) (ListClosingsResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.settlement.Closings(ctx, auth.Actor(ctx), p)
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(c domain.Closing) domain.ID { return c.ID }, showClosing)
	return ListClosings200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// GetClosing answers getClosing.
func (h *handlers) GetClosing(ctx context.Context, r GetClosingRequestObject) (GetClosingResponseObject, error) {
	c, err := h.settlement.Closing(ctx, auth.Actor(ctx), domain.ID(r.ClosingID))
	if err != nil {
		return nil, err
	}
	shown := showClosed(c)
	if r.Params.Format == "csv" {
		return closingTable(shown), nil
	}
	return GetClosing200JSONResponse(shown), nil
}

func closingTable(c ClosingResult) table {
	return table{
		heading: []string{"through", "account", "currency", "programme_id", "unit_id", "budget_id", "amount"},
		rows: func(row func(...string) error) error {
			for _, t := range c.Totals {
				if err := row(c.Closing.Through.String(), t.Account, t.Currency, t.ProgrammeID.String(), t.UnitID.String(), shown[bdg](domain.ID(t.BudgetID)), strconv.FormatInt(t.Amount, 10)); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
