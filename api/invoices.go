package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
)

func showInvoice(i domain.Invoice) (Invoice, error) {
	same := func(word string) string { return word }
	shown := Invoice{
		ID: InvoiceID(i.ID), Kind: i.Kind, CVR: i.CVR, Number: i.Number, IssuedOn: i.IssuedOn, Currency: i.Currency, Amount: i.Amount, Gln: i.GLN, PeriodFrom: i.PeriodFrom, PeriodTo: i.PeriodTo,
		IBAN: i.IBAN, OrderReferences: each(i.OrderReferences, same), Corrects: each(i.Corrects, same), State: i.State, ReceivedBy: i.ReceivedBy, DecidedBy: i.DecidedBy, Comment: i.Comment, CreatedAt: i.CreatedAt,
	}
	differences, err := settlement.Differences(i)
	if err != nil {
		return Invoice{}, err
	}
	shown.Differences = each(differences, func(d domain.Difference) InvoiceDifference {
		return InvoiceDifference{Field: d.Field, Invoice: d.Invoice, Expected: d.Expected}
	})
	if i.PartnerID != nil {
		shown.PartnerID = PartnerID(*i.PartnerID)
	}
	if i.SettlementID != nil {
		shown.SettlementID = SettlementID(*i.SettlementID)
	}
	if i.InvoiceID != nil {
		shown.InvoiceID = InvoiceID(*i.InvoiceID)
	}
	if i.DecidedAt != nil {
		shown.DecidedAt = *i.DecidedAt
	}
	return shown, nil
}

// CreateInvoice answers createInvoice.
func (h *handlers) CreateInvoice(ctx context.Context, r CreateInvoiceRequestObject) (CreateInvoiceResponseObject, error) {
	form, err := readForm(r.Body, "file")
	if err != nil {
		return nil, err
	}
	if len(form["file"]) == 0 {
		return nil, malformed(domain.FieldError{Field: "file", Code: "required", Message: "send the invoice or credit note"})
	}
	i, err := h.settlement.TakeInvoice(ctx, auth.Actor(ctx), form["file"])
	if err != nil {
		return nil, err
	}
	shown, err := showInvoice(i)
	return CreateInvoice201JSONResponse(shown), err
}

// GetInvoice answers getInvoice.
func (h *handlers) GetInvoice(ctx context.Context, r GetInvoiceRequestObject) (GetInvoiceResponseObject, error) {
	i, err := h.settlement.Invoice(ctx, auth.Actor(ctx), domain.ID(r.InvoiceID))
	if err != nil {
		return nil, err
	}
	shown, err := showInvoice(i)
	return GetInvoice200JSONResponse(shown), err
}

// ListInvoices answers listInvoices.
func (h *handlers) ListInvoices(ctx context.Context, r ListInvoicesRequestObject) (ListInvoicesResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.settlement.Invoices(ctx, auth.Actor(ctx), p, settlement.InvoiceFilter{State: r.Params.State, CVR: r.Params.CVR, SettlementID: domain.ID(r.Params.SettlementID)})
	if err != nil {
		return nil, err
	}
	var unshown error
	data, more, next := listed(l, func(i domain.Invoice) domain.ID { return i.ID }, func(i domain.Invoice) Invoice {
		shown, err := showInvoice(i)
		if err != nil {
			unshown = err
		}
		return shown
	})
	return ListInvoices200JSONResponse{Data: data, HasMore: more, NextCursor: next}, unshown
}

// AcceptInvoice answers acceptInvoice.
func (h *handlers) AcceptInvoice(ctx context.Context, r AcceptInvoiceRequestObject) (AcceptInvoiceResponseObject, error) {
	i, err := h.settlement.AcceptInvoice(ctx, auth.Actor(ctx), domain.ID(r.InvoiceID), r.Body.Comment)
	if err != nil {
		return nil, err
	}
	shown, err := showInvoice(i)
	return AcceptInvoice200JSONResponse(shown), err
}

// RejectInvoice answers rejectInvoice.
func (h *handlers) RejectInvoice(ctx context.Context, r RejectInvoiceRequestObject) (RejectInvoiceResponseObject, error) {
	i, err := h.settlement.RejectInvoice(ctx, auth.Actor(ctx), domain.ID(r.InvoiceID), r.Body.Comment)
	if err != nil {
		return nil, err
	}
	shown, err := showInvoice(i)
	return RejectInvoice200JSONResponse(shown), err
}
