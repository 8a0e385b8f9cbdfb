package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showPartner(p domain.Partner) Partner {
	return Partner{
		ID: PartnerID(p.ID), Name: p.Name, CVR: p.CVR, State: p.State, CreatedAt: p.CreatedAt,
		Categories: each(p.Categories, func(word string) Category { return word }),
	}
}

// CreatePartner answers createPartner.
func (h *handlers) CreatePartner(ctx context.Context, r CreatePartnerRequestObject) (CreatePartnerResponseObject, error) {
	p, err := h.service.CreatePartner(ctx, auth.Actor(ctx), vouchers.PartnerInput{Name: r.Body.Name, CVR: r.Body.CVR, Categories: r.Body.Categories})
	if err != nil {
		return nil, err
	}
	return CreatePartner201JSONResponse{showPartner(p), CreatePartner201ResponseHeaders{etag(p.Version)}}, nil
}

// GetPartner answers getPartner.
func (h *handlers) GetPartner(ctx context.Context, r GetPartnerRequestObject) (GetPartnerResponseObject, error) {
	p, err := h.service.Partner(ctx, auth.Actor(ctx), domain.ID(r.PartnerID))
	if err != nil {
		return nil, err
	}
	return GetPartner200JSONResponse{showPartner(p), GetPartner200ResponseHeaders{etag(p.Version)}}, nil
}

// UpdatePartner answers updatePartner.
func (h *handlers) UpdatePartner(ctx context.Context, r UpdatePartnerRequestObject) (UpdatePartnerResponseObject, error) {
	change := vouchers.PartnerChange{Name: given(r.Body.Name), State: given(r.Body.State)}
	if r.Body.Categories != nil {
		change.Categories = &r.Body.Categories
	}
	p, err := h.service.UpdatePartner(ctx, auth.Actor(ctx), domain.ID(r.PartnerID), version(r.Params.IfMatch), change)
	if err != nil {
		return nil, err
	}
	return UpdatePartner200JSONResponse{showPartner(p), UpdatePartner200ResponseHeaders{etag(p.Version)}}, nil
}

// ListPartners answers listPartners.
func (h *handlers) ListPartners(ctx context.Context, r ListPartnersRequestObject) (ListPartnersResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Partners(ctx, auth.Actor(ctx), p, vouchers.PartnerFilter{CVR: r.Params.CVR, State: r.Params.State})
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(p domain.Partner) domain.ID { return p.ID }, showPartner)
	return ListPartners200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}
