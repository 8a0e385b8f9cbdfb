package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showMunicipality(m domain.Municipality) Municipality {
	return Municipality{ID: MunicipalityID(m.MunicipalityID), Name: m.Name, TimeZone: m.TimeZone, ReversalMinutes: m.ReversalMinutes, FinanceEmail: m.FinanceEmail,
		MostPerVoucher: m.MostPerVoucher, MostPerHour: m.MostPerHour, MostPerDay: m.MostPerDay,
		EraseAfterMonths: m.EraseAfterMonths, EraseNextMonths: m.EraseNextMonths, EraseNextFrom: m.EraseNextFrom, CreatedAt: m.CreatedAt}
}

// GetMunicipality answers getMunicipality.
func (h *handlers) GetMunicipality(ctx context.Context, _ GetMunicipalityRequestObject) (GetMunicipalityResponseObject, error) {
	m, err := h.service.Municipality(ctx, auth.Actor(ctx))
	if err != nil {
		return nil, err
	}
	return GetMunicipality200JSONResponse{showMunicipality(m), GetMunicipality200ResponseHeaders{etag(m.Version)}}, nil
}

// UpdateMunicipality answers updateMunicipality.
func (h *handlers) UpdateMunicipality(ctx context.Context, r UpdateMunicipalityRequestObject) (UpdateMunicipalityResponseObject, error) {
	m, err := h.service.UpdateMunicipality(ctx, auth.Actor(ctx), version(r.Params.IfMatch),
		vouchers.MunicipalityChange{
			Name: given(r.Body.Name), ReversalMinutes: r.Body.ReversalMinutes, FinanceEmail: r.Body.FinanceEmail,
			MostPerVoucher: r.Body.MostPerVoucher, MostPerHour: r.Body.MostPerHour, MostPerDay: r.Body.MostPerDay, EraseAfterMonths: r.Body.EraseAfterMonths,
		})
	if err != nil {
		return nil, err
	}
	return UpdateMunicipality200JSONResponse{showMunicipality(m), UpdateMunicipality200ResponseHeaders{etag(m.Version)}}, nil
}

// CreateMunicipality answers createMunicipality.
func (h *handlers) CreateMunicipality(ctx context.Context, r CreateMunicipalityRequestObject) (CreateMunicipalityResponseObject, error) {
	m, err := h.service.CreateMunicipality(ctx, auth.Actor(ctx),
		vouchers.MunicipalityInput{Name: r.Body.Name, TimeZone: r.Body.TimeZone, ReversalMinutes: r.Body.ReversalMinutes})
	if err != nil {
		return nil, err
	}
	return CreateMunicipality201JSONResponse{showMunicipality(m), CreateMunicipality201ResponseHeaders{etag(m.Version)}}, nil
}

// ListMunicipalities answers listMunicipalities.
func (h *handlers) ListMunicipalities(ctx context.Context, r ListMunicipalitiesRequestObject) (ListMunicipalitiesResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Municipalities(ctx, auth.Actor(ctx), p)
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(m domain.Municipality) domain.ID { return m.MunicipalityID }, showMunicipality)
	return ListMunicipalities200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}
