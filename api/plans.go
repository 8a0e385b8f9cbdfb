package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showPlan(p domain.Plan) Plan {
	state := "running"
	if !p.EndDate.IsZero() {
		state = "ended"
	}
	return Plan{
		ID: PlanID(p.ID), CitizenID: CitizenID(p.CitizenID), UnitID: UnitID(p.UnitID), Reference: p.Reference,
		AssessmentDate: p.AssessmentDate, AssessmentReference: p.AssessmentReference, StartDate: p.StartDate,
		EndDate: p.EndDate, EndReason: p.EndReason, EndedBy: p.EndedBy, Caseworker: p.Caseworker, State: state, CreatedAt: p.CreatedAt,
		FollowUpsDue: each(p.FollowUps(), func(d domain.Date) domain.Date { return d }),
	}
}

func showChangedPlan(p vouchers.ChangedPlan) ChangedPlan {
	now := showPlan(p.Plan)
	return ChangedPlan{
		ID: now.ID, CitizenID: now.CitizenID, UnitID: now.UnitID, Reference: now.Reference, AssessmentDate: now.AssessmentDate,
		AssessmentReference: now.AssessmentReference, StartDate: now.StartDate, EndDate: now.EndDate, EndReason: now.EndReason, EndedBy: now.EndedBy, Caseworker: now.Caseworker,
		State: now.State, FollowUpsDue: now.FollowUpsDue, CreatedAt: now.CreatedAt,
		Awards: each(p.Awards, showAward), Vouchers: each(p.Vouchers, showVoucher), Progress: each(p.Progress, showStanding),
	}
}

// CreatePlan answers createPlan.
func (h *handlers) CreatePlan(ctx context.Context, r CreatePlanRequestObject) (CreatePlanResponseObject, error) {
	p, err := h.service.CreatePlan(ctx, auth.Actor(ctx), vouchers.PlanInput{
		CitizenID: domain.ID(r.Body.CitizenID), Reference: r.Body.Reference, AssessmentDate: r.Body.AssessmentDate,
		AssessmentReference: r.Body.AssessmentReference, StartDate: r.Body.StartDate,
	})
	if err != nil {
		return nil, err
	}
	return CreatePlan201JSONResponse{showPlan(p), CreatePlan201ResponseHeaders{etag(p.Version)}}, nil
}

// GetPlan answers getPlan.
func (h *handlers) GetPlan(ctx context.Context, r GetPlanRequestObject) (GetPlanResponseObject, error) {
	p, err := h.service.Plan(ctx, auth.Actor(ctx), domain.ID(r.PlanID))
	if err != nil {
		return nil, err
	}
	return GetPlan200JSONResponse{showPlan(p), GetPlan200ResponseHeaders{etag(p.Version)}}, nil
}

// UpdatePlan answers updatePlan.
func (h *handlers) UpdatePlan(ctx context.Context, r UpdatePlanRequestObject) (UpdatePlanResponseObject, error) {
	p, err := h.service.UpdatePlan(ctx, auth.Actor(ctx), domain.ID(r.PlanID), version(r.Params.IfMatch), vouchers.PlanChange{
		AssessmentDate: given(r.Body.AssessmentDate), AssessmentReference: given(r.Body.AssessmentReference),
		EndDate: given(r.Body.EndDate), EndReason: given(r.Body.EndReason), Caseworker: given(r.Body.Caseworker),
	})
	if err != nil {
		return nil, err
	}
	return UpdatePlan200JSONResponse{showChangedPlan(p), UpdatePlan200ResponseHeaders{etag(p.Version)}}, nil
}

// ListPlans answers listPlans.
func (h *handlers) ListPlans(ctx context.Context, r ListPlansRequestObject) (ListPlansResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	f := vouchers.PlanFilter{CitizenID: domain.ID(r.Params.CitizenID), UnitID: domain.ID(r.Params.UnitID), Reference: r.Params.Reference}
	if r.Params.State != "" {
		running := r.Params.State == "running"
		f.Running = &running
	}
	l, err := h.service.Plans(ctx, auth.Actor(ctx), p, f)
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(p domain.Plan) domain.ID { return p.ID }, showPlan)
	return ListPlans200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}
