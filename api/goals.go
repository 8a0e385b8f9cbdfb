package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showGoal(g domain.Goal) Goal {
	return Goal{
		ID: GoalID(g.ID), PlanID: PlanID(g.PlanID), ParentID: optional[gol](g.ParentID), Kind: g.Kind, Wording: g.Wording.Reveal(),
		State: g.State, ReachedOn: g.ReachedOn, ReachedBy: each(g.ReachedBy, func(p string) Person { return p }), CreatedAt: g.CreatedAt,
	}
}

func showChangedGoal(g vouchers.ChangedGoal) ChangedGoal {
	now := showGoal(g.Goal)
	return ChangedGoal{
		ID: now.ID, PlanID: now.PlanID, ParentID: now.ParentID, Kind: now.Kind, Wording: now.Wording, State: now.State,
		ReachedOn: now.ReachedOn, ReachedBy: now.ReachedBy, CreatedAt: now.CreatedAt,
		Awards: each(g.Awards, showAward), Vouchers: each(g.Vouchers, showVoucher), Progress: each(g.Progress, showStanding),
	}
}

// CreateGoal answers createGoal.
func (h *handlers) CreateGoal(ctx context.Context, r CreateGoalRequestObject) (CreateGoalResponseObject, error) {
	g, err := h.service.CreateGoal(ctx, auth.Actor(ctx), domain.ID(r.PlanID), vouchers.GoalInput{Wording: r.Body.Wording, Kind: r.Body.Kind, ParentID: domain.ID(r.Body.ParentID)})
	if err != nil {
		return nil, err
	}
	return CreateGoal201JSONResponse{showGoal(g), CreateGoal201ResponseHeaders{etag(g.Version)}}, nil
}

// GetGoal answers getGoal.
func (h *handlers) GetGoal(ctx context.Context, r GetGoalRequestObject) (GetGoalResponseObject, error) {
	g, err := h.service.Goal(ctx, auth.Actor(ctx), domain.ID(r.GoalID))
	if err != nil {
		return nil, err
	}
	return GetGoal200JSONResponse{showGoal(g), GetGoal200ResponseHeaders{etag(g.Version)}}, nil
}

// UpdateGoal answers updateGoal.
func (h *handlers) UpdateGoal(ctx context.Context, r UpdateGoalRequestObject) (UpdateGoalResponseObject, error) {
	g, err := h.service.UpdateGoal(ctx, auth.Actor(ctx), domain.ID(r.GoalID), version(r.Params.IfMatch), vouchers.GoalChange{
		Wording: given(r.Body.Wording), State: given(r.Body.State), ReachedOn: given(r.Body.ReachedOn),
	})
	if err != nil {
		return nil, err
	}
	return UpdateGoal200JSONResponse{showChangedGoal(g), UpdateGoal200ResponseHeaders{etag(g.Version)}}, nil
}

// ListGoals answers listGoals.
func (h *handlers) ListGoals(ctx context.Context, r ListGoalsRequestObject) (ListGoalsResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Goals(ctx, auth.Actor(ctx), domain.ID(r.PlanID), p, r.Params.State)
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(g domain.Goal) domain.ID { return g.ID }, showGoal)
	return ListGoals200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}
