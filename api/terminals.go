package api

import (
	"context"
	"net/http"
	"time"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers/code"
)

func showTerminal(t domain.Terminal) Terminal {
	shown := Terminal{
		ID: TerminalID(t.ID), PartnerID: PartnerID(t.PartnerID), BranchID: BranchID(t.BranchID), Label: t.Label, State: t.State, CreatedAt: t.CreatedAt,
		MostPerVoucher: t.MostPerVoucher, MostPerHour: t.MostPerHour, MostPerDay: t.MostPerDay,
	}
	if t.EnrolledAt != nil {
		shown.EnrolledAt = *t.EnrolledAt
	}
	return shown
}

// showInvitation shows a terminal's code, and as an address and a picture of it
// where the server knows what its own address is. The code is behind the #, which
// a browser keeps to itself.
func (h *handlers) showInvitation(in access.TerminalInvitation) (TerminalInvitation, error) {
	shown := TerminalInvitation{Terminal: showTerminal(in.Terminal), Code: in.Code, ExpiresAt: in.Until}
	if h.public == nil {
		return shown, nil
	}
	address := *h.public
	address.Path, address.Fragment = tillPath, in.Code
	shown.Address = address.String()
	picture, err := code.LinkSVG(shown.Address, "Kode til kassen")
	shown.QRSVG = string(picture)
	return shown, err
}

// CreateTerminal answers createTerminal.
func (h *handlers) CreateTerminal(ctx context.Context, r CreateTerminalRequestObject) (CreateTerminalResponseObject, error) {
	in, err := h.access.CreateTerminal(ctx, auth.Actor(ctx), domain.ID(r.PartnerID), access.TerminalInput{Label: r.Body.Label, BranchID: domain.ID(r.Body.BranchID)})
	if err != nil {
		return nil, err
	}
	shown, err := h.showInvitation(in)
	return CreateTerminal201JSONResponse(shown), err
}

// RenewTerminalCode answers renewTerminalCode.
func (h *handlers) RenewTerminalCode(ctx context.Context, r RenewTerminalCodeRequestObject) (RenewTerminalCodeResponseObject, error) {
	in, err := h.access.RenewTerminalCode(ctx, auth.Actor(ctx), domain.ID(r.TerminalID))
	if err != nil {
		return nil, err
	}
	shown, err := h.showInvitation(in)
	return RenewTerminalCode200JSONResponse(shown), err
}

// tillCookieLasts is as long as browsers keep a cookie. The till's page gives it
// anew.
const tillCookieLasts = 400 * 24 * time.Hour

// tillCookie keeps a till's key in a browser.
func tillCookie(key string) *http.Cookie {
	return auth.Cookie(auth.TillCookie, key, time.Now().Add(tillCookieLasts))
}

// EnrolTerminal answers enrolTerminal.
func (h *handlers) EnrolTerminal(ctx context.Context, r EnrolTerminalRequestObject) (EnrolTerminalResponseObject, error) {
	from := auth.Actor(ctx)
	in, err := h.access.EnrolTerminal(ctx, access.Device{Address: from.Address, RequestID: from.RequestID}, r.Body.Code)
	if err != nil {
		return nil, err
	}
	shown := TerminalEnrolment{TerminalID: TerminalID(in.ID), Label: in.Label, PartnerName: in.Partner.Name, MunicipalityName: in.Municipality.Name}
	if r.Body.Keep == "token" {
		shown.Key = in.Key
		return EnrolTerminal201JSONResponse{Body: shown}, nil
	}
	cookie := tillCookie(in.Key).String()
	return EnrolTerminal201JSONResponse{shown, EnrolTerminal201ResponseHeaders{&cookie}}, nil
}

// GetTerminal answers getTerminal.
func (h *handlers) GetTerminal(ctx context.Context, r GetTerminalRequestObject) (GetTerminalResponseObject, error) {
	t, err := h.access.Terminal(ctx, auth.Actor(ctx), domain.ID(r.TerminalID))
	if err != nil {
		return nil, err
	}
	return GetTerminal200JSONResponse{showTerminal(t), GetTerminal200ResponseHeaders{etag(t.Version)}}, nil
}

// UpdateTerminal answers updateTerminal.
func (h *handlers) UpdateTerminal(ctx context.Context, r UpdateTerminalRequestObject) (UpdateTerminalResponseObject, error) {
	t, err := h.access.UpdateTerminal(ctx, auth.Actor(ctx), domain.ID(r.TerminalID), version(r.Params.IfMatch), access.TerminalChange{
		Label: given(r.Body.Label), BranchID: given(domain.ID(r.Body.BranchID)), MostPerVoucher: r.Body.MostPerVoucher, MostPerHour: r.Body.MostPerHour, MostPerDay: r.Body.MostPerDay,
	})
	if err != nil {
		return nil, err
	}
	return UpdateTerminal200JSONResponse{showTerminal(t), UpdateTerminal200ResponseHeaders{etag(t.Version)}}, nil
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
