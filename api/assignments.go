package api

import (
	"context"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
)

func showAssignment(a domain.Assignment) Assignment {
	return Assignment{
		ID: AssignmentID(a.ID), Person: person(a.Person), Role: a.Role, UnitID: optional[unt](a.UnitID), PartnerID: optional[prt](a.PartnerID), Source: a.Source,
		CreatedAt: a.CreatedAt, CreatedBy: person(a.CreatedBy), RevokedAt: instant(a.RevokedAt), RevokedBy: person(a.RevokedBy),
	}
}

// CreateAssignment answers createAssignment.
func (h *handlers) CreateAssignment(ctx context.Context, r CreateAssignmentRequestObject) (CreateAssignmentResponseObject, error) {
	a, err := h.access.Assign(ctx, auth.Actor(ctx), access.AssignmentInput{
		Person: r.Body.Person, Role: r.Body.Role, UnitID: domain.ID(r.Body.UnitID), PartnerID: domain.ID(r.Body.PartnerID),
	})
	if err != nil {
		return nil, err
	}
	return CreateAssignment201JSONResponse(showAssignment(a)), nil
}

// RevokeAssignment answers revokeAssignment.
func (h *handlers) RevokeAssignment(ctx context.Context, r RevokeAssignmentRequestObject) (RevokeAssignmentResponseObject, error) {
	a, err := h.access.Unassign(ctx, auth.Actor(ctx), domain.ID(r.AssignmentID))
	if err != nil {
		return nil, err
	}
	return RevokeAssignment200JSONResponse(showAssignment(a)), nil
}

// ListAssignments answers listAssignments.
func (h *handlers) ListAssignments(ctx context.Context, r ListAssignmentsRequestObject) (ListAssignmentsResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.access.Assignments(ctx, auth.Actor(ctx), p, access.AssignmentFilter{
		Person: r.Params.Person, Role: r.Params.Role, UnitID: domain.ID(r.Params.UnitID), State: r.Params.State,
	})
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(a domain.Assignment) domain.ID { return a.ID }, showAssignment)
	return ListAssignments200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}
