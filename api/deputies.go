package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showDeputy(d domain.Deputy) Deputy {
	shown := Deputy{
		ID: DeputyID(d.ID), Person: d.Person, Role: d.Role, UnitID: optional[unt](d.UnitID), Deputy: d.Deputy, FirstDay: d.FirstDay, LastDay: d.LastDay, State: "named",
		WithdrawnAt: instant(d.WithdrawnAt), WithdrawnBy: d.WithdrawnBy, CreatedAt: d.CreatedAt,
	}
	if d.WithdrawnAt != nil {
		shown.State = "withdrawn"
	}
	return shown
}

// CreateDeputy answers createDeputy.
func (h *handlers) CreateDeputy(ctx context.Context, r CreateDeputyRequestObject) (CreateDeputyResponseObject, error) {
	d, err := h.service.CreateDeputy(ctx, auth.Actor(ctx), vouchers.DeputyInput{Deputy: r.Body.Deputy, FirstDay: r.Body.FirstDay, LastDay: r.Body.LastDay})
	if err != nil {
		return nil, err
	}
	return CreateDeputy201JSONResponse(showDeputy(d)), nil
}

// WithdrawDeputy answers withdrawDeputy.
func (h *handlers) WithdrawDeputy(ctx context.Context, r WithdrawDeputyRequestObject) (WithdrawDeputyResponseObject, error) {
	d, err := h.service.WithdrawDeputy(ctx, auth.Actor(ctx), domain.ID(r.DeputyID))
	if err != nil {
		return nil, err
	}
	return WithdrawDeputy200JSONResponse(showDeputy(d)), nil
}

// ListDeputies answers listDeputies.
func (h *handlers) ListDeputies(ctx context.Context, r ListDeputiesRequestObject) (ListDeputiesResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Deputies(ctx, auth.Actor(ctx), p)
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l.Listed, func(d domain.Deputy) domain.ID { return d.ID }, showDeputy)
	return ListDeputies200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}
