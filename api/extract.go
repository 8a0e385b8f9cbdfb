package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showReceived(r vouchers.Received) Received {
	return Received{Year: r.Year, Currency: r.Currency, Vouchers: r.Vouchers, Issued: r.Issued, TakenBack: r.TakenBack, Lapsed: r.Lapsed, Spent: r.Spent}
}

// ExportCitizen answers exportCitizen.
func (h *handlers) ExportCitizen(ctx context.Context, r ExportCitizenRequestObject) (ExportCitizenResponseObject, error) {
	actor := auth.Actor(ctx)
	x, err := h.service.Extract(ctx, actor, domain.ID(r.CitizenID))
	if err != nil {
		return nil, err
	}
	return ExportCitizen200JSONResponse{
		TakenAt: x.TakenAt, Citizen: showCitizen(x.Citizen), Unit: showUnit(x.Unit), Plans: each(x.Plans, showPlan), Goals: each(x.Goals, showGoal),
		Sessions: each(x.Sessions, showSession), Pauses: each(x.Pauses, showPause), AttendanceEvents: each(x.Events, showAttendanceEvent),
		Enrolments: each(x.Enrolments, showEnrolment), Programmes: each(x.Programmes, showProgramme), Moves: each(x.Moves, showMove),
		ApprovalDemands: each(x.Demands, showApprovalDemand), Withholdings: each(x.Withheld, showWithholding),
		Awards: each(x.Awards, showAward), Vouchers: each(x.Vouchers, showVoucher),
		Redemptions: each(x.Redemptions, func(r vouchers.RedemptionRecord) Redemption { return showRecord(actor, r) }), Received: each(x.Received, showReceived),
	}, nil
}
