package api

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func showAttendance(a domain.Attendance) Attendance {
	return Attendance{
		ID: AttendanceID(a.AttendanceID), PlanID: PlanID(a.PlanID), UnitID: UnitID(a.UnitID), SessionID: optional[ses](a.SessionID),
		OccurredAt: a.OccurredAt, LocalDate: a.LocalDate, Kind: a.Kind, Outcome: a.Outcome, Withdrawn: a.Withdrawn, Revision: a.Revision,
		ArrivedAt: instant(a.ArrivedAt), LeftAt: instant(a.LeftAt), Test: a.Test, Task: a.Task, MakesUp: optional[att](a.MakesUp), Absence: showAbsence(a.Details),
		Reason: a.Reason.Reveal(), RecordedBy: a.RecordedBy, SourceRecordedBy: a.SourceRecordedBy, CreatedAt: a.CreatedAt,
	}
}

func showAttendanceEvent(e domain.AttendanceEvent) AttendanceEvent {
	return AttendanceEvent{
		ID: AttendanceEventID(e.ID), AttendanceID: AttendanceID(e.AttendanceID), SessionID: optional[ses](e.SessionID),
		OccurredAt: e.OccurredAt, LocalDate: e.LocalDate, Kind: e.Kind, Outcome: e.Outcome, Withdrawn: e.Withdrawn, Revision: e.Revision,
		ArrivedAt: instant(e.ArrivedAt), LeftAt: instant(e.LeftAt), Test: e.Test, Task: e.Task, MakesUp: optional[att](e.MakesUp), Absence: showAbsence(e.Details),
		Reason: e.Reason.Reveal(), RecordedBy: e.RecordedBy, SourceRecordedBy: e.SourceRecordedBy, CreatedAt: e.CreatedAt,
	}
}

func showAbsence(d domain.Details) Absence {
	return Absence{Reason: d.AbsenceReason, NoticeAt: instant(d.NoticeAt)}
}

// instant is what at points to, or the zero time, which is left out of the answer.
func instant(at *time.Time) (t time.Time) {
	if at != nil {
		t = *at
	}
	return t
}

func showAttended(a vouchers.Attended) AttendanceResult {
	return AttendanceResult{
		Attendance: showAttendance(a.Attendance), Awards: each(a.Awards, showAward), Vouchers: each(a.Vouchers, showVoucher), Progress: each(a.Progress, showStanding),
	}
}

// RecordAttendance answers recordAttendance.
func (h *handlers) RecordAttendance(ctx context.Context, r RecordAttendanceRequestObject) (RecordAttendanceResponseObject, error) {
	a, err := h.service.Attend(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), vouchers.Visit{
		PlanID: domain.ID(r.Body.PlanID), SessionID: domain.ID(r.Body.SessionID), OccurredAt: r.Body.OccurredAt, Kind: r.Body.Kind, Outcome: r.Body.Outcome, HatID: domain.ID(r.Body.HatID),
		Details: domain.Details{
			ArrivedAt: given(r.Body.ArrivedAt), LeftAt: given(r.Body.LeftAt), Test: r.Body.Test, Task: r.Body.Task, MakesUp: given(domain.ID(r.Body.MakesUp)),
			AbsenceReason: r.Body.Absence.Reason, NoticeAt: given(r.Body.Absence.NoticeAt),
		},
	})
	if err != nil {
		return nil, err
	}
	return RecordAttendance201JSONResponse{showAttended(a.Value), RecordAttendance201ResponseHeaders{replayed(a.Replayed)}}, nil
}

// CorrectAttendance answers correctAttendance.
func (h *handlers) CorrectAttendance(ctx context.Context, r CorrectAttendanceRequestObject) (CorrectAttendanceResponseObject, error) {
	a, err := h.service.Correct(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), vouchers.Correction{
		AttendanceID: domain.ID(r.AttendanceID), OccurredAt: r.Body.OccurredAt, Kind: r.Body.Kind, Outcome: r.Body.Outcome, HatID: domain.ID(r.Body.HatID),
		Details: domain.Details{
			ArrivedAt: given(r.Body.ArrivedAt), LeftAt: given(r.Body.LeftAt), Test: r.Body.Test, Task: r.Body.Task, MakesUp: given(domain.ID(r.Body.MakesUp)),
			AbsenceReason: r.Body.Absence.Reason, NoticeAt: given(r.Body.Absence.NoticeAt),
		},
		Clear: r.Body.Clear, Reason: r.Body.Reason,
	})
	if err != nil {
		return nil, err
	}
	return CorrectAttendance201JSONResponse{showAttended(a.Value), CorrectAttendance201ResponseHeaders{replayed(a.Replayed)}}, nil
}

// CancelAttendance answers cancelAttendance.
func (h *handlers) CancelAttendance(ctx context.Context, r CancelAttendanceRequestObject) (CancelAttendanceResponseObject, error) {
	a, err := h.service.CancelAttendance(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), domain.ID(r.AttendanceID), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return CancelAttendance201JSONResponse{showAttended(a.Value), CancelAttendance201ResponseHeaders{replayed(a.Replayed)}}, nil
}

// GetAttendance answers getAttendance.
func (h *handlers) GetAttendance(ctx context.Context, r GetAttendanceRequestObject) (GetAttendanceResponseObject, error) {
	a, err := h.service.Attendance(ctx, auth.Actor(ctx), domain.ID(r.AttendanceID))
	if err != nil {
		return nil, err
	}
	return GetAttendance200JSONResponse(showAttendance(a)), nil
}

// ListAttendances answers listAttendances.
func (h *handlers) ListAttendances(ctx context.Context, r ListAttendancesRequestObject) (ListAttendancesResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.service.Attendances(ctx, auth.Actor(ctx), p, vouchers.AttendanceFilter{
		PlanID: domain.ID(r.Params.PlanID), UnitID: domain.ID(r.Params.UnitID), SessionID: domain.ID(r.Params.SessionID),
		Outcome: r.Params.Outcome, From: r.Params.From, To: r.Params.To,
	})
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(a domain.Attendance) domain.ID { return a.ID }, showAttendance)
	return ListAttendances200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// ListAttendanceEvents answers listAttendanceEvents.
func (h *handlers) ListAttendanceEvents(ctx context.Context, r ListAttendanceEventsRequestObject) (ListAttendanceEventsResponseObject, error) {
	events, err := h.service.AttendanceEvents(ctx, auth.Actor(ctx), domain.ID(r.AttendanceID))
	if err != nil {
		return nil, err
	}
	return ListAttendanceEvents200JSONResponse{Data: each(events, showAttendanceEvent)}, nil
}
