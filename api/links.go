package api

import (
	"bytes"
	"context"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers/code"
)

// linkAddress is the address that a citizen's link opens. The secret stands after
// the #, which browsers send to no server.
func (h *handlers) linkAddress(secret string) (string, error) {
	if h.public == nil {
		return "", domain.Errorf(domain.Unavailable, "public_url_missing", "the server does not know the address that people use: whoever runs it sets FASTHOLD_PUBLIC_URL")
	}
	at := *h.public
	at.Path, at.Fragment = "/me", secret
	return at.String(), nil
}

// newLink makes a citizen's link, if there is an address for it.
func (h *handlers) newLink(ctx context.Context, action domain.Action, citizen CitizenID) (made access.NewLink, address string, err error) {
	if _, err := h.linkAddress(""); err != nil {
		return made, "", err
	}
	if made, err = h.access.CreateCitizenLink(ctx, auth.Actor(ctx), action, domain.ID(citizen)); err != nil {
		return made, "", err
	}
	address, err = h.linkAddress(made.Text)
	return made, address, err
}

// CreateCitizenLink answers createCitizenLink.
func (h *handlers) CreateCitizenLink(ctx context.Context, r CreateCitizenLinkRequestObject) (CreateCitizenLinkResponseObject, error) {
	made, address, err := h.newLink(ctx, "createCitizenLink", r.CitizenID)
	if err != nil {
		return nil, err
	}
	qr, err := code.LinkSVG(address, "Link")
	if err != nil {
		return nil, err
	}
	return CreateCitizenLink201JSONResponse{
		ID: LinkID(made.Link.ID), CitizenID: CitizenID(made.Link.CitizenID), Link: address, SMS: web.SMS(made, address), QR: string(qr), ExpiresAt: made.Link.ExpiresAt,
	}, nil
}

// CreateCitizenLetter answers createCitizenLetter.
func (h *handlers) CreateCitizenLetter(ctx context.Context, r CreateCitizenLetterRequestObject) (CreateCitizenLetterResponseObject, error) {
	made, address, err := h.newLink(ctx, "createCitizenLetter", r.CitizenID)
	if err != nil {
		return nil, err
	}
	html, err := web.Letter(made, address, h.public.Host+"/me")
	if err != nil {
		return nil, err
	}
	return CreateCitizenLetter201TextHTMLCharsetUTF8Response{
		Body: bytes.NewReader(html), ContentLength: int64(len(html)), Headers: CreateCitizenLetter201ResponseHeaders{web.LetterPolicy},
	}, nil
}

// ListCitizenLinks answers listCitizenLinks.
func (h *handlers) ListCitizenLinks(ctx context.Context, r ListCitizenLinksRequestObject) (ListCitizenLinksResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.access.CitizenLinks(ctx, auth.Actor(ctx), domain.ID(r.CitizenID), p)
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(l access.ListedLink) domain.ID { return l.ID }, showLink)
	return ListCitizenLinks200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

func showLink(l access.ListedLink) CitizenLink {
	shown := CitizenLink{
		ID: LinkID(l.ID), CitizenID: CitizenID(l.CitizenID), State: l.Now, CreatedBy: l.CreatedBy, CreatedAt: l.CreatedAt, ExpiresAt: l.ExpiresAt,
	}
	if l.UsedAt != nil {
		shown.UsedAt = *l.UsedAt
	}
	if l.RevokedAt != nil {
		shown.RevokedAt = *l.RevokedAt
	}
	return shown
}

func showEnded(e access.Ended) EndedAccess { return EndedAccess{Links: e.Links, SignIns: e.SignIns} }

// RevokeCitizenAccess answers revokeCitizenAccess.
func (h *handlers) RevokeCitizenAccess(ctx context.Context, r RevokeCitizenAccessRequestObject) (RevokeCitizenAccessResponseObject, error) {
	ended, err := h.access.RevokeCitizenAccess(ctx, auth.Actor(ctx), domain.ID(r.CitizenID))
	if err != nil {
		return nil, err
	}
	return RevokeCitizenAccess200JSONResponse(showEnded(ended)), nil
}

// ClearCitizenPIN answers clearCitizenPIN.
func (h *handlers) ClearCitizenPIN(ctx context.Context, r ClearCitizenPINRequestObject) (ClearCitizenPINResponseObject, error) {
	ended, err := h.access.ClearCitizenPIN(ctx, auth.Actor(ctx), domain.ID(r.CitizenID), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return ClearCitizenPIN200JSONResponse(showEnded(ended)), nil
}

// ExchangeCitizenLink answers exchangeCitizenLink.
func (h *handlers) ExchangeCitizenLink(ctx context.Context, r ExchangeCitizenLinkRequestObject) (ExchangeCitizenLinkResponseObject, error) {
	visit, err := h.access.ExchangeCitizenLink(ctx, r.Body.Token, r.Body.PIN)
	if err != nil {
		return nil, err
	}
	return ExchangeCitizenLink201JSONResponse{
		CitizenSignIn{Until: visit.Until, PINSet: visit.PIN},
		ExchangeCitizenLink201ResponseHeaders{auth.Cookie(auth.CitizenCookie, visit.Text, visit.Until).String()},
	}, nil
}
