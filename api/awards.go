package api

import (
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showAward(a domain.Award) Award {
	shown := Award{
		ID: AwardID(a.ID), EnrolmentID: EnrolmentID(a.EnrolmentID), UnitID: UnitID(a.UnitID), ProgrammeID: ProgrammeID(a.ProgrammeID), VersionID: VersionID(a.VersionID),
		Kind: earned, Milestone: a.Milestone, Amount: a.Amount, Granted: a.Granted, Currency: a.Currency, State: a.State, ReachedOn: a.ReachedOn,
		RecordedBy: each(a.RecordedBy, func(p string) Person { return p }),
		DecidedBy:  a.DecidedBy, Reason: a.Reason.Reveal(), WaitsBecause: a.Waits(), WaitsSince: instant(a.WaitsSince), CreatedAt: a.CreatedAt,
	}
	if a.ByHand() {
		shown.Kind, shown.Milestone, shown.ProposedBy, shown.RecordedBy = byHand, 0, shown.RecordedBy[0], []Person{}
		shown.Grounds, shown.Evidence = a.Grounds.Reveal(), a.Evidence
	} else {
		shown.Explanation = showExplanation(a)
	}
	if a.DecidedAt != nil {
		shown.DecidedAt = *a.DecidedAt
	}
	return shown
}

// The kinds of award.
const (
	earned = "milestone"
	byHand = "by_hand"
)

// showDecided shows what became of an award that somebody proposed or approved.
func showDecided(d vouchers.Decided) AwardResult {
	shown := AwardResult{Award: showAward(d.Award), NextStep: showWanted(d.Needs)}
	if d.Voucher != nil {
		voucher := showVoucher(*d.Voucher)
		shown.Voucher = &voucher
	}
	return shown
}

// showWanted shows the approval that an award waits for; nil, so left out, for none.
func showWanted(w domain.Wanted) *NextStep {
	if w == (domain.Wanted{}) {
		return nil
	}
	return &NextStep{Number: w.Number, Of: w.Of, Role: w.Role}
}

// showAdjustment shows what an adjustment did, and the fact that caused it; the
// beginning or end of an enrolment is none.
func showAdjustment(a domain.AwardAdjustment) AwardAdjustment {
	shown := AwardAdjustment{AmountBefore: a.AmountBefore, AmountAfter: a.AmountAfter, CreatedAt: a.CreatedAt}
	cause, _ := vouchers.ReadFact(a.Cause)
	if a.GrantedAfter < a.GrantedBefore { // a voucher was voided: what is named is that
		shown.VoucherID = VoucherID(cause.ID)
		return shown
	}
	switch cause.Kind {
	case vouchers.AttendanceFact:
		shown.EventID = AttendanceEventID(cause.ID)
	case vouchers.GoalFact:
		shown.GoalID = GoalID(cause.ID)
	case vouchers.PlanFact:
		shown.PlanID = PlanID(cause.ID)
	case vouchers.PauseFact:
		shown.PauseID = PauseID(cause.ID)
	case vouchers.MoveFact:
		shown.MoveID = MoveID(cause.ID)
	}
	return shown
}

// GetAward answers getAward.
func (h *handlers) GetAward(ctx context.Context, r GetAwardRequestObject) (GetAwardResponseObject, error) {
	a, err := h.service.Award(ctx, auth.Actor(ctx), domain.ID(r.AwardID))
	if err != nil {
		return nil, err
	}
	adjustments, err := h.service.AwardAdjustments(ctx, auth.Actor(ctx), a.ID)
	if err != nil {
		return nil, err
	}
	approvals, err := h.service.AwardApprovals(ctx, auth.Actor(ctx), a.ID)
	if err != nil {
		return nil, err
	}
	shown := showAward(a)
	shown.Adjustments, shown.NextStep = each(adjustments, showAdjustment), showWanted(approvals.Needs)
	for _, p := range approvals.List {
		shown.Approvals = append(shown.Approvals, Approval{
			Step: p.Step, Number: p.Number, Person: p.Person, OnBehalfOf: p.OnBehalfOf, Role: p.Role, Amount: p.Amount, Pending: p.AwardVersion == approvals.Now, CreatedAt: p.CreatedAt,
		})
	}
	return GetAward200JSONResponse{shown, GetAward200ResponseHeaders{etag(a.Version)}}, nil
}

// ListAwards answers listAwards.
func (h *handlers) ListAwards(ctx context.Context, r ListAwardsRequestObject) (ListAwardsResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Awards(ctx, auth.Actor(ctx), p, vouchers.AwardFilter{
		EnrolmentID: domain.ID(r.Params.EnrolmentID), UnitID: domain.ID(r.Params.UnitID), ProgrammeID: domain.ID(r.Params.ProgrammeID), State: r.Params.State,
	})
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(a domain.Award) domain.ID { return a.ID }, showAward)
	return ListAwards200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// ApproveAward answers approveAward.
func (h *handlers) ApproveAward(ctx context.Context, r ApproveAwardRequestObject) (ApproveAwardResponseObject, error) {
	a, err := h.service.Approve(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), domain.ID(r.AwardID), version(r.Params.IfMatch))
	if err != nil {
		return nil, err
	}
	return ApproveAward201JSONResponse{showDecided(a.Value), ApproveAward201ResponseHeaders{replayed(a.Replayed)}}, nil
}

// RejectAward answers rejectAward.
func (h *handlers) RejectAward(ctx context.Context, r RejectAwardRequestObject) (RejectAwardResponseObject, error) {
	a, err := h.service.Reject(ctx, auth.Actor(ctx), vouchers.Key{}, domain.ID(r.AwardID), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return RejectAward200JSONResponse(showAward(a.Value.Award)), nil
}
