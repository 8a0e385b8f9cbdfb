package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showPartner(to domain.Actor, p domain.Partner) Partner {
	return Partner{
		ID: PartnerID(p.ID), Name: p.Name, CVR: p.CVR, State: p.State, CreatedAt: p.CreatedAt,
		Categories:   each(p.Categories, func(word string) Category { return word }),
		ContractFrom: p.ContractFrom, ContractTo: p.ContractTo, MostPerMonth: p.MostPerMonth, MostPerVoucher: p.MostPerVoucher,
		Method: p.Method, IBAN: domain.IBANFor(to, p.IBAN),
	}
}

// CreatePartner answers createPartner.
func (h *handlers) CreatePartner(ctx context.Context, r CreatePartnerRequestObject) (CreatePartnerResponseObject, error) {
	p, err := h.service.CreatePartner(ctx, auth.Actor(ctx), vouchers.PartnerInput{
		Name: r.Body.Name, CVR: r.Body.CVR, Categories: r.Body.Categories,
		Contract: domain.Contract{ContractFrom: r.Body.ContractFrom, ContractTo: r.Body.ContractTo, MostPerMonth: r.Body.MostPerMonth, MostPerVoucher: r.Body.MostPerVoucher},
	})
	if err != nil {
		return nil, err
	}
	return CreatePartner201JSONResponse{showPartner(auth.Actor(ctx), p), CreatePartner201ResponseHeaders{etag(p.Version)}}, nil
}

// GetPartner answers getPartner.
func (h *handlers) GetPartner(ctx context.Context, r GetPartnerRequestObject) (GetPartnerResponseObject, error) {
	p, err := h.service.Partner(ctx, auth.Actor(ctx), domain.ID(r.PartnerID))
	if err != nil {
		return nil, err
	}
	return GetPartner200JSONResponse{showPartner(auth.Actor(ctx), p), GetPartner200ResponseHeaders{etag(p.Version)}}, nil
}

// UpdatePartner answers updatePartner.
func (h *handlers) UpdatePartner(ctx context.Context, r UpdatePartnerRequestObject) (UpdatePartnerResponseObject, error) {
	change := vouchers.PartnerChange{
		Name: given(r.Body.Name), State: given(r.Body.State),
		ContractFrom: given(r.Body.ContractFrom), ContractTo: given(r.Body.ContractTo), ContractOpen: r.Body.ContractOpen,
		MostPerMonth: r.Body.MostPerMonth, MostPerVoucher: r.Body.MostPerVoucher,
	}
	if r.Body.Categories != nil {
		change.Categories = &r.Body.Categories
	}
	p, err := h.service.UpdatePartner(ctx, auth.Actor(ctx), domain.ID(r.PartnerID), version(r.Params.IfMatch), change)
	if err != nil {
		return nil, err
	}
	return UpdatePartner200JSONResponse{showPartner(auth.Actor(ctx), p), UpdatePartner200ResponseHeaders{etag(p.Version)}}, nil
}

// SetPartnerPayment answers setPartnerPayment.
func (h *handlers) SetPartnerPayment(ctx context.Context, r SetPartnerPaymentRequestObject) (SetPartnerPaymentResponseObject, error) {
	p, err := h.service.SetPartnerPayment(ctx, auth.Actor(ctx), domain.ID(r.PartnerID), version(r.Params.IfMatch), vouchers.PaymentInput{
		Method: r.Body.Method, IBAN: r.Body.IBAN, RegistrationNumber: r.Body.RegistrationNumber, AccountNumber: r.Body.AccountNumber,
	})
	if err != nil {
		return nil, err
	}
	shown := showPartner(auth.Actor(ctx), p)
	if r.Body.AccountNumber != "" {
		shown.ReadBack = "Registration number " + r.Body.RegistrationNumber + ", account number " + r.Body.AccountNumber + ": nothing can check these numbers, so read them back to the partner"
	}
	return SetPartnerPayment200JSONResponse{shown, SetPartnerPayment200ResponseHeaders{etag(p.Version)}}, nil
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
	data, more, next := listed(l, func(p domain.Partner) domain.ID { return p.ID }, func(p domain.Partner) Partner { return showPartner(auth.Actor(ctx), p) })
	return ListPartners200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}
