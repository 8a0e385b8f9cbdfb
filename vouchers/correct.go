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
	HatID        domain.ID // the hat that the name goes into, when it is in none yet
	domain.Details
	Clear  []string // details to empty: arrived_at, left_at, test, task, makes_up, absence
	Reason string   // 1–500 letters, kept with the event
}

// Correct supersedes what was recorded about a visit and pays at once what the
// correction makes due. A voucher already issued stays. A correction of a
// withdrawn visit brings it back.
func (s *Service) Correct(ctx context.Context, actor domain.Actor, key Key, c Correction) (Answer[Attended], error) {
	return once(ctx, s, actor, "correctAttendance", key, func(tx *store.Tx) (Attended, error) {
		hat, err := hatNamed(tx, c.HatID)
		if err != nil {
			return Attended{}, err
		}
		corrected, err := s.supersede(tx, "correctAttendance", c.AttendanceID, c.Reason, func(f *domain.Fields, e *domain.AttendanceEvent) {
			e.Withdrawn = false
			amend(f, &e.Details, exact(c.Details), c.Clear)
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
		if err == nil {
			err = s.enter(tx, hat, corrected.Attendance)
		}
		return corrected, err
	})
}

// CancelAttendance withdraws a visit that was recorded by mistake: from then on
// it counts for nothing.
func (s *Service) CancelAttendance(ctx context.Context, actor domain.Actor, key Key, attendance domain.ID, reason string) (Answer[Attended], error) {
	return once(ctx, s, actor, "cancelAttendance", key, func(tx *store.Tx) (Attended, error) {
		return s.supersede(tx, "cancelAttendance", attendance, reason, func(_ *domain.Fields, e *domain.AttendanceEvent) { e.Withdrawn = true })
	})
}

// supersede adds an attendance's next event, made from its newest by change,
// and evaluates again from there.
func (s *Service) supersede(tx *store.Tx, action domain.Action, attendance domain.ID, reason string, change func(*domain.Fields, *domain.AttendanceEvent)) (Attended, error) {
	var f domain.Fields
	reason = f.Clean("reason", reason, 500, false)
	newest, err := store.First[domain.Attendance](tx, store.Is("attendance_id", attendance))
	if err != nil {
		return Attended{}, err
	}
	plan, err := lockPlan(tx, newest.PlanID)
	if err != nil {
		return Attended{}, err
	}
	loc, err := tx.Zone()
	if err != nil {
		return Attended{}, err
	}
	// Read again under the lock: another correction may have been faster.
	if newest, err = store.First[domain.Attendance](tx, store.Is("attendance_id", attendance)); err != nil {
		return Attended{}, err
	}
	event := domain.AttendanceEvent(newest)
	change(&f, &event)
	event.ID, event.Revision, event.Reason = store.NewID(), newest.Revision+1, domain.NewPrivate(reason)
	event.SourceRevision, event.SourceRecordedBy = 0, ""
	event.LocalDate = domain.DateOf(event.OccurredAt, loc)
	event.RecordedBy, event.CreatedAt = tx.Actor().Person, s.now()
	if err := checkNext(tx, &f, plan, newest, event, loc); err != nil {
		return Attended{}, err
	}
	if err := s.mayExcuse(tx, domain.AttendanceEvent(newest), event); err != nil {
		return Attended{}, err
	}
	if event.Withdrawn && newest.Withdrawn {
		return Attended{}, domain.Errorf(domain.Conflict, "wrong_state", "the attendance is already cancelled")
	}
	if err := s.seal(tx, plan.CitizenID, &event); err != nil {
		return Attended{}, err
	}
	if err := store.Insert(tx, &event); err != nil {
		return Attended{}, err
	}
	if err := tx.Audit(action, "attendance", attendance, event.CreatedAt, outcomeDetail(event)); err != nil {
		return Attended{}, err
	}
	return s.evaluate(tx, plan, event)
}

// checkNext refuses an event that cannot follow on a visit's newest one.
func checkNext(tx *store.Tx, f *domain.Fields, plan domain.Plan, newest domain.Attendance, e domain.AttendanceEvent, loc *time.Location) error {
	if e.Withdrawn {
		return f.Err()
	}
	checkVisit(f, e, plan, e.CreatedAt, loc)
	other, found, err := at(tx, e)
	if err != nil {
		return err
	}
	f.Check(!found, "occurred_at", "already_recorded", "another visit is recorded for that moment: %s", attendanceRef(other.AttendanceID))
	if newest.Withdrawn || !sameID(newest.MakesUp, e.MakesUp) || !newest.OccurredAt.Equal(e.OccurredAt) {
		if err := checkMakeUp(tx, f, e); err != nil {
			return err
		}
	}
	return f.Err()
}
