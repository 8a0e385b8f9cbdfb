package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/vouchers"
)

func showProgramme(p domain.Programme) Programme {
	return Programme{ID: ProgrammeID(p.ID), Slug: p.Slug, Title: Text{DA: p.TitleDA, EN: p.TitleEN}, CreatedAt: p.CreatedAt}
}

// CreateProgramme answers createProgramme.
func (h *handlers) CreateProgramme(ctx context.Context, r CreateProgrammeRequestObject) (CreateProgrammeResponseObject, error) {
	p, err := h.service.CreateProgramme(ctx, auth.Actor(ctx), vouchers.ProgrammeInput{Slug: r.Body.Slug, Title: rules.Text(r.Body.Title)})
	if err != nil {
		return nil, err
	}
	return CreateProgramme201JSONResponse(showProgramme(p)), nil
}

// GetProgramme answers getProgramme.
func (h *handlers) GetProgramme(ctx context.Context, r GetProgrammeRequestObject) (GetProgrammeResponseObject, error) {
	p, err := h.service.Programme(ctx, auth.Actor(ctx), domain.ID(r.ProgrammeID))
	if err != nil {
		return nil, err
	}
	return GetProgramme200JSONResponse(showProgramme(p)), nil
}

// ListProgrammes answers listProgrammes.
func (h *handlers) ListProgrammes(ctx context.Context, r ListProgrammesRequestObject) (ListProgrammesResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Programmes(ctx, auth.Actor(ctx), p, r.Params.Slug)
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(p domain.Programme) domain.ID { return p.ID }, showProgramme)
	return ListProgrammes200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}
