package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showDraw(d vouchers.Draw) Draw {
	shown := Draw{
		Number: d.Number, Commitment: d.Commitment, CommittedAt: d.CommittedAt, Seed: d.Revealed,
		Slips: each(d.Slips, func(s vouchers.Slip) DrawnSlip { return DrawnSlip(s) }),
	}
	switch d.Taker.Kind {
	case vouchers.AttendanceFact:
		shown.AttendanceID = AttendanceID(d.Taker.ID)
	case vouchers.GoalFact:
		shown.GoalID = GoalID(d.Taker.ID)
	case vouchers.PlanFact:
		shown.PlanID = PlanID(d.Taker.ID)
	}
	if d.TakenAt != nil {
		shown.TakenAt = *d.TakenAt
	}
	return shown
}

// ListDraws answers listDraws.
func (h *handlers) ListDraws(ctx context.Context, r ListDrawsRequestObject) (ListDrawsResponseObject, error) {
	draws, err := h.service.Draws(ctx, auth.Actor(ctx), domain.ID(r.EnrolmentID))
	if err != nil {
		return nil, err
	}
	return ListDraws200JSONResponse{Data: each(draws, showDraw)}, nil
}
