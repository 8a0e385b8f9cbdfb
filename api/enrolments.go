package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showEnrolment(e domain.Enrolment) Enrolment {
	return Enrolment{
		ID: EnrolmentID(e.ID), PlanID: PlanID(e.PlanID), UnitID: UnitID(e.UnitID), ProgrammeID: ProgrammeID(e.ProgrammeID), VersionID: VersionID(e.VersionID),
		StartDate: e.StartDate, State: e.State, EndedOn: e.EndedOn, ContinuesID: optional[enr](e.ContinuesID), MovedOn: e.MovedOn,
		RequiresApproval: e.RequiresApproval, ApprovalUntil: e.ApprovalUntil, CreatedAt: e.CreatedAt,
	}
}

func showStanding(s vouchers.Standing) Progress {
	p := s.Progress
	return Progress{
		EnrolmentID: EnrolmentID(s.EnrolmentID), ProgrammeID: ProgrammeID(s.ProgrammeID), Currency: s.Currency,
		MilestonesReached: p.Milestones, Met: p.MetTowardsNext, Needed: p.NeededForNext, NextAmount: p.NextAmount, NextDraws: p.NextDraws,
		Phase: p.Phase, Level: p.Level, Earned: p.Earned,
		LeftCount: p.LeftCount, LeftAmount: p.LeftAmount, LastDay: p.LastDay, Finished: p.Finished, WhyFinished: p.WhyFinished, NextDraw: s.Commitment, Text: Sentence(p.Text),
	}
}

func showMilestone(m vouchers.Milestone) Milestone {
	shown := Milestone{Number: m.Number, Reached: m.Reached, ReachedOn: m.ReachedOn, Amount: m.Amount, Currency: m.Currency, Missing: m.Missing}
	if m.Award != nil {
		award := showAward(*m.Award)
		shown.Award = &award
	}
	return shown
}

// CreateEnrolment answers createEnrolment.
func (h *handlers) CreateEnrolment(ctx context.Context, r CreateEnrolmentRequestObject) (CreateEnrolmentResponseObject, error) {
	a, err := h.service.Enrol(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), vouchers.Enrol{
		PlanID: domain.ID(r.Body.PlanID), ProgrammeID: domain.ID(r.Body.ProgrammeID), VersionID: domain.ID(r.Body.VersionID), StartDate: r.Body.StartDate,
		Phase: r.Body.Phase, Level: r.Body.Level,
	})
	if err != nil {
		return nil, err
	}
	return CreateEnrolment201JSONResponse{
		Body: EnrolmentResult{
			Enrolment: showEnrolment(a.Value.Enrolment), Episode: a.Value.Episode, Awards: each(a.Value.Awards, showAward), Vouchers: each(a.Value.Vouchers, showVoucher),
			Progress: showStanding(a.Value.Progress),
		},
		Headers: CreateEnrolment201ResponseHeaders{replayed(a.Replayed)},
	}, nil
}

// GetEnrolment answers getEnrolment.
func (h *handlers) GetEnrolment(ctx context.Context, r GetEnrolmentRequestObject) (GetEnrolmentResponseObject, error) {
	e, err := h.service.Enrolment(ctx, auth.Actor(ctx), domain.ID(r.EnrolmentID))
	if err != nil {
		return nil, err
	}
	return GetEnrolment200JSONResponse(showEnrolment(e)), nil
}

// EndEnrolment answers endEnrolment.
func (h *handlers) EndEnrolment(ctx context.Context, r EndEnrolmentRequestObject) (EndEnrolmentResponseObject, error) {
	e, err := h.service.EndEnrolment(ctx, auth.Actor(ctx), domain.ID(r.EnrolmentID), r.Body.EndedOn)
	if err != nil {
		return nil, err
	}
	return EndEnrolment200JSONResponse(showEnrolment(e)), nil
}

// ListEnrolments answers listEnrolments.
func (h *handlers) ListEnrolments(ctx context.Context, r ListEnrolmentsRequestObject) (ListEnrolmentsResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Enrolments(ctx, auth.Actor(ctx), p, vouchers.EnrolmentFilter{
		PlanID: domain.ID(r.Params.PlanID), UnitID: domain.ID(r.Params.UnitID), ProgrammeID: domain.ID(r.Params.ProgrammeID), State: r.Params.State,
	})
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(e domain.Enrolment) domain.ID { return e.ID }, showEnrolment)
	return ListEnrolments200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// ListMilestones answers listMilestones.
func (h *handlers) ListMilestones(ctx context.Context, r ListMilestonesRequestObject) (ListMilestonesResponseObject, error) {
	ms, err := h.service.Milestones(ctx, auth.Actor(ctx), domain.ID(r.EnrolmentID))
	if err != nil {
		return nil, err
	}
	return ListMilestones200JSONResponse{Data: each(ms, showMilestone)}, nil
}

// GetProgress answers getProgress.
func (h *handlers) GetProgress(ctx context.Context, r GetProgressRequestObject) (GetProgressResponseObject, error) {
	p, err := h.service.Progress(ctx, auth.Actor(ctx), domain.ID(r.EnrolmentID))
	if err != nil {
		return nil, err
	}
	shown := showStanding(p.Standing)
	shown.Received, shown.Waiting = &p.Received, &p.Waiting
	return GetProgress200JSONResponse(shown), nil
}
