package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
)

func showTerminal(t domain.Terminal) Terminal {
	return Terminal{ID: TerminalID(t.ID), PartnerID: PartnerID(t.PartnerID), Label: t.Label, State: t.State, CreatedAt: t.CreatedAt}
}

// CreateTerminal answers createTerminal.
func (h *handlers) CreateTerminal(ctx context.Context, r CreateTerminalRequestObject) (CreateTerminalResponseObject, error) {
	t, text, err := h.access.CreateTerminal(ctx, auth.Actor(ctx), domain.ID(r.PartnerID), r.Body.Label)
	if err != nil {
		return nil, err
	}
	return CreateTerminal201JSONResponse{Terminal: showTerminal(t), Token: text}, nil
}

// GetTerminal answers getTerminal.
func (h *handlers) GetTerminal(ctx context.Context, r GetTerminalRequestObject) (GetTerminalResponseObject, error) {
	t, err := h.access.Terminal(ctx, auth.Actor(ctx), domain.ID(r.TerminalID))
	if err != nil {
		return nil, err
	}
	return GetTerminal200JSONResponse(showTerminal(t)), nil
}

// RevokeTerminal answers revokeTerminal.
func (h *handlers) RevokeTerminal(ctx context.Context, r RevokeTerminalRequestObject) (RevokeTerminalResponseObject, error) {
	t, err := h.access.RevokeTerminal(ctx, auth.Actor(ctx), domain.ID(r.TerminalID))
	if err != nil {
		return nil, err
	}
	return RevokeTerminal200JSONResponse(showTerminal(t)), nil
}

// ListTerminals answers listTerminals.
func (h *handlers) ListTerminals(ctx context.Context, r ListTerminalsRequestObject) (ListTerminalsResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.access.Terminals(ctx, auth.Actor(ctx), domain.ID(r.PartnerID), p, r.Params.State)
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(t domain.Terminal) domain.ID { return t.ID }, showTerminal)
	return ListTerminals200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}
