package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showMove(m domain.EnrolmentMove) Move {
	return Move{
		ID: MoveID(m.ID), EnrolmentID: EnrolmentID(m.EnrolmentID), Number: m.Number, FromVersionID: VersionID(m.FromVersionID), ToVersionID: VersionID(m.ToVersionID),
		On: m.MovedOn, Phase: m.Phase, Level: m.Level, Reason: m.Reason.Reveal(), MovedBy: m.MovedBy, CreatedAt: m.CreatedAt,
	}
}

func showAwardChange(c vouchers.AwardChange) AwardChange {
	return AwardChange{Milestone: c.Milestone, AwardID: AwardID(c.AwardID), Currency: c.Currency, Before: c.Before, After: c.After, Granted: c.Granted}
}

// MoveEnrolment answers moveEnrolment.
func (h *handlers) MoveEnrolment(ctx context.Context, r MoveEnrolmentRequestObject) (MoveEnrolmentResponseObject, error) {
	a, err := h.service.Move(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), domain.ID(r.EnrolmentID), vouchers.Move{
		VersionID: domain.ID(r.Body.VersionID), FromVersionID: domain.ID(r.Body.FromVersionID), On: r.Body.On,
		Phase: r.Body.Phase, Level: r.Body.Level, Reason: r.Body.Reason,
	})
	if err != nil {
		return nil, err
	}
	return MoveEnrolment201JSONResponse{
		Body: MoveResult{
			Move: showMove(a.Value.Move), Enrolment: showEnrolment(a.Value.Enrolment), Awards: each(a.Value.Awards, showAward),
			Vouchers: each(a.Value.Vouchers, showVoucher), Progress: showStanding(a.Value.Progress),
		},
		Headers: MoveEnrolment201ResponseHeaders{replayed(a.Replayed)},
	}, nil
}

// PreviewMove answers previewMove.
func (h *handlers) PreviewMove(ctx context.Context, r PreviewMoveRequestObject) (PreviewMoveResponseObject, error) {
	p, err := h.service.PreviewMove(ctx, auth.Actor(ctx), domain.ID(r.EnrolmentID), vouchers.Move{
		VersionID: domain.ID(r.Body.VersionID), On: r.Body.On, Phase: r.Body.Phase, Level: r.Body.Level,
	})
	if err != nil {
		return nil, err
	}
	return PreviewMove200JSONResponse{
		Changes: each(p.Changes, showChange), Before: showStanding(p.Before), After: showStanding(p.After), Awards: each(p.Awards, showAwardChange),
	}, nil
}

// ListMoves answers listMoves.
func (h *handlers) ListMoves(ctx context.Context, r ListMovesRequestObject) (ListMovesResponseObject, error) {
	moves, err := h.service.Moves(ctx, auth.Actor(ctx), domain.ID(r.EnrolmentID))
	if err != nil {
		return nil, err
	}
	return ListMoves200JSONResponse{Data: each(moves, showMove)}, nil
}
