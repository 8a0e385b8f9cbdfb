package vouchers

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Correction says what was wrong about a recorded visit. What is left out stays
// as it is.
type Correction struct {
	AttendanceID domain.ID
	OccurredAt   time.Time
	Kind         string
	Outcome      string
	Reason       string // 1–500 letters, kept with the event
}

// Correct supersedes what was recorded about a visit and pays at once what the
// correction makes due. A voucher already issued stays. A correction of a
// withdrawn visit brings it back.
func (s *Service) Correct(ctx context.Context, actor domain.Actor, key Key, c Correction) (Answer[Attended], error) {
	return once(ctx, s, actor, "correctAttendance", key, func(tx *store.Tx) (Attended, error) {
		return s.supersede(tx, "correctAttendance", c.AttendanceID, c.Reason, func(e *domain.AttendanceEvent) {
			e.Withdrawn = false
			if !c.OccurredAt.IsZero() {
				e.OccurredAt = c.OccurredAt.UTC().Truncate(time.Microsecond)
			}
			if c.Kind != "" {
				e.Kind = c.Kind
			}
			if c.Outcome != "" {
				e.Outcome = c.Outcome
			}
		})
	})
}

// CancelAttendance withdraws a visit that was recorded by mistake: from then on
// it counts for nothing.
func (s *Service) CancelAttendance(ctx context.Context, actor domain.Actor, key Key, attendance domain.ID, reason string) (Answer[Attended], error) {
	return once(ctx, s, actor, "cancelAttendance", key, func(tx *store.Tx) (Attended, error) {
		return s.supersede(tx, "cancelAttendance", attendance, reason, func(e *domain.AttendanceEvent) { e.Withdrawn = true })
	})
}

// supersede adds an attendance's next event, made from its newest by change,
// and evaluates again from there.
func (s *Service) supersede(tx *store.Tx, action domain.Action, attendance domain.ID, reason string, change func(*domain.AttendanceEvent)) (Attended, error) {
	var f domain.Fields
	reason = clean(&f, "reason", reason, 500, false)
	newest, err := store.First[domain.Attendance](tx, store.Is("attendance_id", attendance))
	if err != nil {
		return Attended{}, err
	}
	plan, err := lockPlan(tx, newest.PlanID)
	if err != nil {
		return Attended{}, err
	}
	loc, err := s.zone(tx)
	if err != nil {
		return Attended{}, err
	}
	// Read again under the lock: another correction may have been faster.
	if newest, err = store.First[domain.Attendance](tx, store.Is("attendance_id", attendance)); err != nil {
		return Attended{}, err
	}
	event := domain.AttendanceEvent(newest)
	change(&event)
	event.ID, event.Revision, event.Reason = store.NewID(), newest.Revision+1, reason
	event.SourceRevision, event.SourceRecordedBy = 0, ""
	event.LocalDate = domain.DateOf(event.OccurredAt, loc)
	event.RecordedBy, event.CreatedAt = tx.Actor().Person, s.now()
	if !event.Withdrawn {
		checkVisit(&f, event, plan, event.CreatedAt, loc)
		if there, found, err := at(tx, event); err != nil {
			return Attended{}, err
		} else if found {
			f.Add("occurred_at", "already_recorded", "another visit is recorded for that moment: %s", attendanceRef(there.AttendanceID))
		}
	}
	if err := f.Err(); err != nil {
		return Attended{}, err
	}
	if event.Withdrawn && newest.Withdrawn {
		return Attended{}, domain.Errorf(domain.Conflict, "wrong_state", "the attendance is already cancelled")
	}
	if err := store.Insert(tx, &event); err != nil {
		return Attended{}, err
	}
	if err := tx.Audit(action, "attendance", attendance, event.CreatedAt, detail(map[string]any{"revision": event.Revision, "outcome": event.Outcome})); err != nil {
		return Attended{}, err
	}
	return s.evaluate(tx, plan, event)
}
