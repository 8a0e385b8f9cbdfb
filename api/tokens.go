package api

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
)

func showToken(t domain.Token) Token {
	return Token{
		ID: TokenID(t.ID), Person: person(t.Person), Role: t.Role, UnitID: optional[unt](t.UnitID), PartnerID: optional[prt](t.PartnerID), TerminalID: optional[trm](t.TerminalID), Scopes: t.Scopes,
		CreatedAt: t.CreatedAt, ExpiresAt: instant(t.ExpiresAt), LastUsedAt: instant(t.LastUsedAt), ReplacesID: optional[tok](t.ReplacesID), RevokedAt: instant(t.RevokedAt),
	}
}

// CreateToken answers createToken.
func (h *handlers) CreateToken(ctx context.Context, r CreateTokenRequestObject) (CreateTokenResponseObject, error) {
	t, text, err := h.access.CreateToken(ctx, auth.Actor(ctx), access.TokenInput{
		Person: r.Body.Person, Role: r.Body.Role, UnitID: domain.ID(r.Body.UnitID), PartnerID: domain.ID(r.Body.PartnerID),
		Scopes: each(r.Body.Scopes, func(s Scope) domain.Action { return domain.Action(s) }), Days: r.Body.ExpiresInDays,
	})
	if err != nil {
		return nil, err
	}
	return CreateToken201JSONResponse{Token: showToken(t), Text: text}, nil
}

// overlap is how long a token goes on, unless something else is asked for, after
// another took over.
const overlap = time.Hour

// RotateToken answers rotateToken.
func (h *handlers) RotateToken(ctx context.Context, r RotateTokenRequestObject) (RotateTokenResponseObject, error) {
	lasts := overlap
	if r.Body.OverlapMinutes != nil {
		lasts = time.Duration(*r.Body.OverlapMinutes) * time.Minute
	}
	t, text, err := h.access.RotateToken(ctx, auth.Actor(ctx), domain.ID(r.TokenID), lasts)
	if err != nil {
		return nil, err
	}
	return RotateToken201JSONResponse{Token: showToken(t), Text: text}, nil
}

// GetToken answers getToken.
func (h *handlers) GetToken(ctx context.Context, r GetTokenRequestObject) (GetTokenResponseObject, error) {
	t, err := h.access.Token(ctx, auth.Actor(ctx), domain.ID(r.TokenID))
	if err != nil {
		return nil, err
	}
	return GetToken200JSONResponse(showToken(t)), nil
}

// RevokeToken answers revokeToken.
func (h *handlers) RevokeToken(ctx context.Context, r RevokeTokenRequestObject) (RevokeTokenResponseObject, error) {
	t, err := h.access.RevokeToken(ctx, auth.Actor(ctx), domain.ID(r.TokenID))
	if err != nil {
		return nil, err
	}
	return RevokeToken200JSONResponse(showToken(t)), nil
}

// ListTokens answers listTokens.
func (h *handlers) ListTokens(ctx context.Context, r ListTokensRequestObject) (ListTokensResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.access.Tokens(ctx, auth.Actor(ctx), p, access.TokenFilter{
		Person: personNamed(r.Params.Person), Role: r.Params.Role, UnitID: domain.ID(r.Params.UnitID), PartnerID: domain.ID(r.Params.PartnerID),
	})
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(t domain.Token) domain.ID { return t.ID }, showToken)
	return ListTokens200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}
