package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showSession(s domain.Session) Session {
	return Session{
		ID: SessionID(s.ID), PlanID: PlanID(s.PlanID), UnitID: UnitID(s.UnitID), StartsAt: s.StartsAt, LocalDate: s.LocalDate,
		Kind: s.Kind, State: s.State, CreatedAt: s.CreatedAt,
	}
}

// PlanSessions answers planSessions.
func (h *handlers) PlanSessions(ctx context.Context, r PlanSessionsRequestObject) (PlanSessionsResponseObject, error) {
	in := vouchers.SessionsInput{StartsAt: r.Body.StartsAt, Kind: r.Body.Kind}
	if again := r.Body.Repeat; again.Every != "" {
		in.Repeat = &vouchers.Repeat{Every: again.Every, Count: again.Count}
	}
	sessions, err := h.service.PlanSessions(ctx, auth.Actor(ctx), domain.ID(r.PlanID), in)
	if err != nil {
		return nil, err
	}
	return PlanSessions201JSONResponse{Data: each(sessions, showSession)}, nil
}

// GetSession answers getSession.
func (h *handlers) GetSession(ctx context.Context, r GetSessionRequestObject) (GetSessionResponseObject, error) {
	s, err := h.service.Session(ctx, auth.Actor(ctx), domain.ID(r.SessionID))
	if err != nil {
		return nil, err
	}
	return GetSession200JSONResponse{showSession(s), GetSession200ResponseHeaders{etag(s.Version)}}, nil
}

// UpdateSession answers updateSession.
func (h *handlers) UpdateSession(ctx context.Context, r UpdateSessionRequestObject) (UpdateSessionResponseObject, error) {
	s, err := h.service.UpdateSession(ctx, auth.Actor(ctx), domain.ID(r.SessionID), version(r.Params.IfMatch), vouchers.SessionChange{
		StartsAt: given(r.Body.StartsAt), Kind: given(r.Body.Kind), State: given(r.Body.State),
	})
	if err != nil {
		return nil, err
	}
	return UpdateSession200JSONResponse{showSession(s), UpdateSession200ResponseHeaders{etag(s.Version)}}, nil
}

// ListSessions answers listSessions.
func (h *handlers) ListSessions(ctx context.Context, r ListSessionsRequestObject) (ListSessionsResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Sessions(ctx, auth.Actor(ctx), p, vouchers.SessionFilter{
		PlanID: domain.ID(r.Params.PlanID), UnitID: domain.ID(r.Params.UnitID), From: r.Params.From, To: r.Params.To, State: r.Params.State,
		Outcome: r.Params.Outcome,
	})
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(s domain.Session) domain.ID { return s.ID }, showSession)
	return ListSessions200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}
