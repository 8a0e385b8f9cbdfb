package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showCitizen(c domain.Citizen) Citizen {
	return Citizen{
		ID: CitizenID(c.ID), UnitID: UnitID(c.UnitID), Reference: c.Reference, Name: c.Name.Reveal(), CPR: c.CPR.Reveal(), Phone: c.Phone.Reveal(),
		BirthDate: c.BirthDate, ClosedOn: c.ClosedOn, KeptUntil: c.KeptUntil, KeptBecause: c.KeptBecause.Reveal(), KeptBy: c.KeptBy, CreatedAt: c.CreatedAt,
	}
}

// listCitizen leaves out the CPR number, which nobody needs of many at once.
func listCitizen(c domain.Citizen) Citizen {
	c.CPR = domain.Private{}
	return showCitizen(c)
}

// CreateCitizen answers createCitizen.
func (h *handlers) CreateCitizen(ctx context.Context, r CreateCitizenRequestObject) (CreateCitizenResponseObject, error) {
	c, err := h.service.CreateCitizen(ctx, auth.Actor(ctx), vouchers.CitizenInput{
		UnitID: domain.ID(r.Body.UnitID), Reference: r.Body.Reference, Name: r.Body.Name, CPR: r.Body.CPR, Phone: r.Body.Phone, BirthDate: r.Body.BirthDate,
	})
	if err != nil {
		return nil, err
	}
	return CreateCitizen201JSONResponse{showCitizen(c), CreateCitizen201ResponseHeaders{etag(c.Version)}}, nil
}

// GetCitizen answers getCitizen.
func (h *handlers) GetCitizen(ctx context.Context, r GetCitizenRequestObject) (GetCitizenResponseObject, error) {
	c, err := h.service.Citizen(ctx, auth.Actor(ctx), domain.ID(r.CitizenID))
	if err != nil {
		return nil, err
	}
	return GetCitizen200JSONResponse{showCitizen(c), GetCitizen200ResponseHeaders{etag(c.Version)}}, nil
}

// UpdateCitizen answers updateCitizen.
func (h *handlers) UpdateCitizen(ctx context.Context, r UpdateCitizenRequestObject) (UpdateCitizenResponseObject, error) {
	c, err := h.service.UpdateCitizen(ctx, auth.Actor(ctx), domain.ID(r.CitizenID), version(r.Params.IfMatch), vouchers.CitizenChange{
		UnitID: given(domain.ID(r.Body.UnitID)), Reference: given(r.Body.Reference), Name: given(r.Body.Name), CPR: r.Body.CPR, Phone: r.Body.Phone,
		BirthDate: given(r.Body.BirthDate),
	})
	if err != nil {
		return nil, err
	}
	return UpdateCitizen200JSONResponse{showCitizen(c), UpdateCitizen200ResponseHeaders{etag(c.Version)}}, nil
}

// KeepCitizen answers keepCitizen.
func (h *handlers) KeepCitizen(ctx context.Context, r KeepCitizenRequestObject) (KeepCitizenResponseObject, error) {
	c, err := h.service.Keep(ctx, auth.Actor(ctx), domain.ID(r.CitizenID), version(r.Params.IfMatch), vouchers.KeepInput{Until: r.Body.Until, Reason: r.Body.Reason})
	if err != nil {
		return nil, err
	}
	return KeepCitizen200JSONResponse{showCitizen(c), KeepCitizen200ResponseHeaders{etag(c.Version)}}, nil
}

// ListCitizens answers listCitizens.
func (h *handlers) ListCitizens(ctx context.Context, r ListCitizensRequestObject) (ListCitizensResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Citizens(ctx, auth.Actor(ctx), p, vouchers.CitizenFilter{UnitID: domain.ID(r.Params.UnitID), Reference: r.Params.Reference})
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(c domain.Citizen) domain.ID { return c.ID }, listCitizen)
	return ListCitizens200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// LookUpCitizens answers lookUpCitizens.
func (h *handlers) LookUpCitizens(ctx context.Context, r LookUpCitizensRequestObject) (LookUpCitizensResponseObject, error) {
	found, err := h.service.LookUp(ctx, auth.Actor(ctx), vouchers.Lookup{CPR: r.Body.CPR, Name: r.Body.Name, UnitID: domain.ID(r.Body.UnitID)})
	if err != nil {
		return nil, err
	}
	data := make([]Citizen, len(found.Citizens))
	for i, c := range found.Citizens {
		if data[i] = listCitizen(c); r.Body.CPR != "" {
			data[i] = showCitizen(c)
		}
	}
	return LookUpCitizens200JSONResponse{Data: data, HasMore: found.More}, nil
}
