package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
)

func showIdentity(i domain.Identity) Identity {
	shown := Identity{ID: IdentityID(i.ID), Person: person(i.Person), Issuer: i.Issuer, Subject: i.Subject, CreatedAt: i.CreatedAt}
	if i.ReleasedAt != nil {
		shown.ReleasedAt = *i.ReleasedAt
	}
	return shown
}

// ListIdentities answers listIdentities.
func (h *handlers) ListIdentities(ctx context.Context, r ListIdentitiesRequestObject) (ListIdentitiesResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.access.Identities(ctx, auth.Actor(ctx), p, personNamed(r.Params.Person))
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(i domain.Identity) domain.ID { return i.ID }, showIdentity)
	return ListIdentities200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// ReleaseIdentity answers releaseIdentity.
func (h *handlers) ReleaseIdentity(ctx context.Context, r ReleaseIdentityRequestObject) (ReleaseIdentityResponseObject, error) {
	i, err := h.access.ReleaseIdentity(ctx, auth.Actor(ctx), domain.ID(r.IdentityID))
	if err != nil {
		return nil, err
	}
	return ReleaseIdentity200JSONResponse(showIdentity(i)), nil
}
