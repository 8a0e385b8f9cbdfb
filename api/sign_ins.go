package api

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
)

// showSignIn shows what somebody got in with: a sign-in, or a program's token.
func showSignIn(t domain.Token) SignIn {
	prefix := tok{}.String()
	if t.Kind == domain.BySignIn {
		prefix = sgn{}.String()
	}
	shown := SignIn{
		ID: show(prefix, t.ID), Kind: t.Kind, Person: person(t.Person), Role: t.Role, UnitID: optional[unt](t.UnitID), PartnerID: optional[prt](t.PartnerID), Method: t.Method,
		CreatedAt: t.CreatedAt, LastUsedAt: instant(t.LastUsedAt), Until: t.Ends(), AssignmentID: optional[asg](t.AssignmentID),
	}
	if t.ProvedAt != nil {
		shown.FreshUntil = t.ProvedAt.Add(domain.FreshFor)
	}
	return shown
}

// showCurrent shows who is asking, with all that they could be here.
func (h *handlers) showCurrent(ctx context.Context) (SignIn, access.Current, error) {
	now, err := h.access.Current(ctx, auth.Actor(ctx))
	if err != nil {
		return SignIn{}, now, err
	}
	shown := showSignIn(now.Token)
	shown.Assignments = each(now.Assignments, showAssignment)
	return shown, now, nil
}

// GetSignIn answers getSignIn.
func (h *handlers) GetSignIn(ctx context.Context, _ GetSignInRequestObject) (GetSignInResponseObject, error) {
	shown, _, err := h.showCurrent(ctx)
	if err != nil {
		return nil, err
	}
	return GetSignIn200JSONResponse(shown), nil
}

// EndSignIn answers endSignIn.
func (h *handlers) EndSignIn(ctx context.Context, _ EndSignInRequestObject) (EndSignInResponseObject, error) {
	if err := h.access.EndSignIn(ctx, auth.Actor(ctx)); err != nil {
		return nil, err
	}
	return EndSignIn200JSONResponse{Ended{Ended: 1}, EndSignIn200ResponseHeaders{auth.NoCookie(auth.StaffCookie).String()}}, nil
}

// SwitchAssignment answers switchAssignment.
func (h *handlers) SwitchAssignment(ctx context.Context, r SwitchAssignmentRequestObject) (SwitchAssignmentResponseObject, error) {
	text, err := h.access.Switch(ctx, auth.Actor(ctx), domain.ID(r.Body.AssignmentID))
	if err != nil {
		return nil, err
	}
	shown, now, err := h.showCurrent(ctx)
	if err != nil {
		return nil, err
	}
	var until time.Time
	if now.Token.ExpiresAt != nil {
		until = *now.Token.ExpiresAt
	}
	return SwitchAssignment200JSONResponse{shown, SwitchAssignment200ResponseHeaders{auth.Cookie(auth.StaffCookie, text, until).String()}}, nil
}

// ListSignIns answers listSignIns.
func (h *handlers) ListSignIns(ctx context.Context, r ListSignInsRequestObject) (ListSignInsResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.access.SignIns(ctx, auth.Actor(ctx), p, r.Params.Person)
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(t domain.Token) domain.ID { return t.ID }, showSignIn)
	return ListSignIns200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// EndOneSignIn answers endOneSignIn.
func (h *handlers) EndOneSignIn(ctx context.Context, r EndOneSignInRequestObject) (EndOneSignInResponseObject, error) {
	if err := h.access.EndOneSignIn(ctx, auth.Actor(ctx), domain.ID(r.SignInID)); err != nil {
		return nil, err
	}
	return EndOneSignIn200JSONResponse{Ended: 1}, nil
}

// EndSignIns answers endSignIns.
func (h *handlers) EndSignIns(ctx context.Context, r EndSignInsRequestObject) (EndSignInsResponseObject, error) {
	n, err := h.access.EndSignIns(ctx, auth.Actor(ctx), r.Body.Person)
	if err != nil {
		return nil, err
	}
	return EndSignIns200JSONResponse{Ended: n}, nil
}
