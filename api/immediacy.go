package api

import (
	"context"

	"github.com/google/uuid"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// GetImmediacy answers getImmediacy.
func (h *handlers) GetImmediacy(ctx context.Context, r GetImmediacyRequestObject) (GetImmediacyResponseObject, error) {
	all, err := h.service.Immediacy(ctx, auth.Actor(ctx), vouchers.IssuedFilter{
		From: r.Params.From, To: r.Params.To, ProgrammeID: domain.ID(r.Params.ProgrammeID), UnitID: domain.ID(r.Params.UnitID),
	})
	if err != nil {
		return nil, err
	}
	return GetImmediacy200JSONResponse{Data: each(all, showImmediacy)}, nil
}

func showImmediacy(i vouchers.Immediacy) Immediacy {
	programme, _ := uuid.Parse(i.ProgrammeID) // a UUID that we wrote
	return Immediacy{
		ProgrammeID: ProgrammeID(programme), Programme: i.Programme, Vouchers: i.Vouchers, AtOnce: i.AtOnce, LongestWaitSeconds: int64(i.LongestWait.Seconds()),
		SameDay: i.SameDay, WithinWeek: i.WithinWeek, LongestDays: i.LongestDays,
	}
}
