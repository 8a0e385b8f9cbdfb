package api

import (
	"context"
	"net/url"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
)

// InvitationLink is where an invited person chooses how to sign in. The secret is
// in the fragment, which a browser sends to nobody. It is a path alone where the
// service's address is nil.
func InvitationLink(address *url.URL, text string) string {
	link := url.URL{Path: "/invitation", Fragment: text}
	if address != nil {
		link.Scheme, link.Host = address.Scheme, address.Host
	}
	return link.String()
}

func showAccount(a domain.Account) StaffAccount {
	return StaffAccount{
		ID: AccountID(a.ID), Person: person(a.Person), State: a.State, CreatedBy: person(a.CreatedBy), CreatedAt: a.CreatedAt,
		ActiveSince: instant(a.ActiveSince), SuspendedAt: instant(a.SuspendedAt),
	}
}

func showRecovery(r domain.Recovery) Recovery {
	return Recovery{
		ID: RecoveryID(r.ID), AccountID: AccountID(r.AccountID), State: r.State, Reason: r.Reason, StartedBy: person(r.StartedBy), ConfirmedBy: person(r.ConfirmedBy),
		CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt, EndedBy: person(r.EndedBy), EndedAt: instant(r.EndedAt),
	}
}

// CreateAccount answers createAccount.
func (h *handlers) CreateAccount(ctx context.Context, r CreateAccountRequestObject) (CreateAccountResponseObject, error) {
	i, err := h.access.Invite(ctx, auth.Actor(ctx), r.Body.Person)
	if err != nil {
		return nil, err
	}
	return CreateAccount201JSONResponse{Account: showAccount(i.Account), Link: InvitationLink(h.public, i.Text), ExpiresAt: i.Until}, nil
}

// ListAccounts answers listAccounts.
func (h *handlers) ListAccounts(ctx context.Context, r ListAccountsRequestObject) (ListAccountsResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.access.Accounts(ctx, auth.Actor(ctx), p, access.AccountFilter{Person: personNamed(r.Params.Person), State: r.Params.State})
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(a domain.Account) domain.ID { return a.ID }, showAccount)
	return ListAccounts200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// GetAccount answers getAccount.
func (h *handlers) GetAccount(ctx context.Context, r GetAccountRequestObject) (GetAccountResponseObject, error) {
	a, err := h.access.Account(ctx, auth.Actor(ctx), domain.ID(r.AccountID))
	if err != nil {
		return nil, err
	}
	return GetAccount200JSONResponse(showAccount(a)), nil
}

// SuspendAccount answers suspendAccount.
func (h *handlers) SuspendAccount(ctx context.Context, r SuspendAccountRequestObject) (SuspendAccountResponseObject, error) {
	a, err := h.access.SuspendAccount(ctx, auth.Actor(ctx), domain.ID(r.AccountID))
	if err != nil {
		return nil, err
	}
	return SuspendAccount200JSONResponse(showAccount(a)), nil
}

// ResumeAccount answers resumeAccount.
func (h *handlers) ResumeAccount(ctx context.Context, r ResumeAccountRequestObject) (ResumeAccountResponseObject, error) {
	a, err := h.access.ResumeAccount(ctx, auth.Actor(ctx), domain.ID(r.AccountID))
	if err != nil {
		return nil, err
	}
	return ResumeAccount200JSONResponse(showAccount(a)), nil
}
