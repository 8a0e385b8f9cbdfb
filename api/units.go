package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showUnit(u domain.Unit) Unit {
	return Unit{ID: UnitID(u.ID), Name: u.Name, OrganisationID: u.Organisation, NotifyEmail: u.NotifyEmail, CreatedAt: u.CreatedAt}
}

// CreateUnit answers createUnit.
func (h *handlers) CreateUnit(ctx context.Context, r CreateUnitRequestObject) (CreateUnitResponseObject, error) {
	u, err := h.service.CreateUnit(ctx, auth.Actor(ctx), r.Body.Name)
	if err != nil {
		return nil, err
	}
	return CreateUnit201JSONResponse{showUnit(u), CreateUnit201ResponseHeaders{etag(u.Version)}}, nil
}

// GetUnit answers getUnit.
func (h *handlers) GetUnit(ctx context.Context, r GetUnitRequestObject) (GetUnitResponseObject, error) {
	u, err := h.service.Unit(ctx, auth.Actor(ctx), domain.ID(r.UnitID))
	if err != nil {
		return nil, err
	}
	return GetUnit200JSONResponse{showUnit(u), GetUnit200ResponseHeaders{etag(u.Version)}}, nil
}

// UpdateUnit answers updateUnit.
func (h *handlers) UpdateUnit(ctx context.Context, r UpdateUnitRequestObject) (UpdateUnitResponseObject, error) {
	u, err := h.service.UpdateUnit(ctx, auth.Actor(ctx), domain.ID(r.UnitID), version(r.Params.IfMatch), vouchers.UnitChange{Name: given(r.Body.Name), NotifyEmail: r.Body.NotifyEmail})
	if err != nil {
		return nil, err
	}
	return UpdateUnit200JSONResponse{showUnit(u), UpdateUnit200ResponseHeaders{etag(u.Version)}}, nil
}

// SetUnitOrganisation answers setUnitOrganisation.
func (h *handlers) SetUnitOrganisation(ctx context.Context, r SetUnitOrganisationRequestObject) (SetUnitOrganisationResponseObject, error) {
	u, err := h.access.SetOrganisation(ctx, auth.Actor(ctx), domain.ID(r.UnitID), version(r.Params.IfMatch), r.Body.OrganisationID)
	if err != nil {
		return nil, err
	}
	return SetUnitOrganisation200JSONResponse{showUnit(u), SetUnitOrganisation200ResponseHeaders{etag(u.Version)}}, nil
}

// ListUnits answers listUnits.
func (h *handlers) ListUnits(ctx context.Context, r ListUnitsRequestObject) (ListUnitsResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Units(ctx, auth.Actor(ctx), p)
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(u domain.Unit) domain.ID { return u.ID }, showUnit)
	return ListUnits200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}
