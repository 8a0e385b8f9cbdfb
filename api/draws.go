package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showDraw(d vouchers.Draw) Draw {
	shown := Draw{
		Number: d.Number, Commitment: d.Commitment, CommittedAt: d.CommittedAt, Seed: d.Revealed, AttendanceID: optional[att](d.AttendanceID),
		Slips: each(d.Slips, func(s vouchers.Slip) DrawnSlip { return DrawnSlip(s) }),
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
