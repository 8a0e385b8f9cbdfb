package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showEmergency(e domain.EmergencyAccess) EmergencyAccess {
	return EmergencyAccess{
		ID: EmergencyAccessID(e.ID), Person: e.Person, Role: e.Role, UnitID: optional[unt](e.UnitID), CitizenID: CitizenID(e.CitizenID), CitizenUnitID: optional[unt](e.CitizenUnitID),
		Reason: e.Reason.Reveal(), CreatedAt: e.CreatedAt, ExpiresAt: e.ExpiresAt, RevokedAt: instant(e.RevokedAt), RevokedBy: e.RevokedBy,
		ReviewedAt: instant(e.ReviewedAt), ReviewedBy: e.ReviewedBy, Comment: e.Comment.Reveal(),
	}
}

// CreateEmergencyAccess answers createEmergencyAccess.
func (h *handlers) CreateEmergencyAccess(ctx context.Context, r CreateEmergencyAccessRequestObject) (CreateEmergencyAccessResponseObject, error) {
	e, err := h.service.TakeEmergencyAccess(ctx, auth.Actor(ctx), vouchers.EmergencyInput{
		CitizenID: domain.ID(r.Body.CitizenID), Reference: r.Body.Reference, CPR: r.Body.CPR, Reason: r.Body.Reason,
	})
	if err != nil {
		return nil, err
	}
	return CreateEmergencyAccess201JSONResponse(showEmergency(e)), nil
}

// GetEmergencyRecord answers getEmergencyRecord.
func (h *handlers) GetEmergencyRecord(ctx context.Context, r GetEmergencyRecordRequestObject) (GetEmergencyRecordResponseObject, error) {
	d, err := h.service.EmergencyRecord(ctx, auth.Actor(ctx), domain.ID(r.EmergencyAccessID))
	if err != nil {
		return nil, err
	}
	return GetEmergencyRecord200JSONResponse{
		Citizen: showCitizen(d.Citizen), Unit: showUnit(d.Unit), Plans: each(d.Plans, showPlan), Goals: each(d.Goals, showGoal), Sessions: each(d.Sessions, showSession),
		Pauses: each(d.Pauses, showPause), AttendanceEvents: each(d.Events, showAttendanceEvent), Enrolments: each(d.Enrolments, showEnrolment),
		Programmes: each(d.Programmes, showProgramme), Vouchers: each(d.Vouchers, showVoucher),
	}, nil
}

// ListEmergencyAccesses answers listEmergencyAccesses.
func (h *handlers) ListEmergencyAccesses(ctx context.Context, r ListEmergencyAccessesRequestObject) (ListEmergencyAccessesResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.EmergencyAccesses(ctx, auth.Actor(ctx), p)
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(e domain.EmergencyAccess) domain.ID { return e.ID }, showEmergency)
	return ListEmergencyAccesses200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// RevokeEmergencyAccess answers revokeEmergencyAccess.
func (h *handlers) RevokeEmergencyAccess(ctx context.Context, r RevokeEmergencyAccessRequestObject) (RevokeEmergencyAccessResponseObject, error) {
	e, err := h.service.RevokeEmergencyAccess(ctx, auth.Actor(ctx), domain.ID(r.EmergencyAccessID))
	if err != nil {
		return nil, err
	}
	return RevokeEmergencyAccess200JSONResponse(showEmergency(e)), nil
}

// ReviewEmergencyAccess answers reviewEmergencyAccess.
func (h *handlers) ReviewEmergencyAccess(ctx context.Context, r ReviewEmergencyAccessRequestObject) (ReviewEmergencyAccessResponseObject, error) {
	e, err := h.service.ReviewEmergencyAccess(ctx, auth.Actor(ctx), domain.ID(r.EmergencyAccessID), r.Body.Comment)
	if err != nil {
		return nil, err
	}
	return ReviewEmergencyAccess200JSONResponse(showEmergency(e)), nil
}
