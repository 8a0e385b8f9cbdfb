package vouchers

import (
	"context"
	"fmt"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// The reasons that events bear which one tap has made.
const (
	undone = "Fortrudt straks efter registreringen."
	tapped = "Registreret på dagens liste." // in the place of one that was undone, or was pending
)

// Tap records with one tap what happened at a planned session: anew, or in the
// place of what was undone, or was pending. The same tap again changes nothing.
// Conflict when somebody has told it otherwise.
func (s *Service) Tap(ctx context.Context, actor domain.Actor, session domain.ID, outcome string) error {
	if err := actor.May("recordAttendance"); err != nil {
		return err
	}
	var planned domain.Session
	var there []domain.Attendance
	err := s.store.Read(ctx, actor.MunicipalityID, func(tx *store.Tx) (err error) {
		if planned, err = store.Get[domain.Session](tx, session); err != nil {
			return err
		}
		first, err := store.All[domain.AttendanceEvent](tx, "", store.Is("session_id", session), store.FirstEvents())
		if err != nil {
			return err
		}
		there, err = store.All[domain.Attendance](tx, "", store.In("attendance_id", ids(first, func(e domain.AttendanceEvent) domain.ID { return e.AttendanceID })))
		return err
	})
	if err != nil {
		return err
	}
	if len(there) > 0 && untold(domain.AttendanceEvent(there[0])) {
		return s.tapAgain(ctx, actor, there[0], outcome)
	}
	_, err = s.Attend(ctx, actor, Key{}, Visit{PlanID: planned.PlanID, SessionID: session, Outcome: outcome})
	return err
}

// untold reports whether an event leaves open what happened.
func untold(e domain.AttendanceEvent) bool { return e.Withdrawn || e.Outcome == domain.Pending }

// tapAgain records what happened where an attendance is there that leaves it open.
func (s *Service) tapAgain(ctx context.Context, actor domain.Actor, there domain.Attendance, outcome string) error {
	key := Key{Value: fmt.Sprintf("tap-%s-%d-%s", there.AttendanceID, there.Revision, outcome)}
	_, err := once(ctx, s, actor, "correctAttendance", key, func(tx *store.Tx) (Attended, error) {
		late := false
		a, err := s.supersede(tx, "correctAttendance", there.AttendanceID, tapped, func(_ *domain.Fields, e *domain.AttendanceEvent) {
			late = !untold(*e)
			e.Withdrawn, e.Outcome = false, outcome
		})
		if err == nil && late {
			err = domain.Errorf(domain.Conflict, "already_recorded", "somebody was faster: correct attendance %s instead of recording it again", attendanceRef(there.AttendanceID))
		}
		return a, err
	})
	return err
}

// undoable reports whether the actor may still undo what was recorded: only what
// they said last themself, with one tap or as the first word about the visit.
func (s *Service) undoable(actor domain.Actor, a domain.Attendance) bool {
	return !a.Withdrawn && (a.Revision == 1 || a.Reason.Reveal() == tapped) && a.RecordedBy == actor.Person && s.now().Before(a.CreatedAt.Add(UndoWindow))
}

// Undo withdraws what the actor recorded a moment ago. What it earned is taken
// back as the rules say. Conflict when somebody has said more of the visit since,
// when the moment has passed, or when a voucher that it earned is spent: then a
// correction, with its reason, is what is left.
func (s *Service) Undo(ctx context.Context, actor domain.Actor, key Key, attendance domain.ID) (Answer[Attended], error) {
	return once(ctx, s, actor, "cancelAttendance", key, func(tx *store.Tx) (Attended, error) {
		newest, err := store.First[domain.Attendance](tx, store.Is("attendance_id", attendance))
		if err != nil {
			return Attended{}, err
		}
		if _, err := lockPlan(tx, newest.PlanID); err != nil {
			return Attended{}, err
		}
		if newest, err = store.First[domain.Attendance](tx, store.Is("attendance_id", attendance)); err != nil {
			return Attended{}, err
		}
		if err := s.open(tx, &newest); err != nil {
			return Attended{}, err
		}
		if !s.undoable(actor, newest) {
			return Attended{}, domain.Errorf(domain.Conflict, "undo_over", "the moment in which it could be undone has passed, or somebody has changed it since: correct it, with a reason")
		}
		if err := unspent(tx, newest); err != nil {
			return Attended{}, err
		}
		return s.supersede(tx, "cancelAttendance", attendance, undone, func(_ *domain.Fields, e *domain.AttendanceEvent) { e.Withdrawn = true })
	})
}

// unspent refuses a visit of which a voucher was used already. The vouchers stay
// locked, so that none is used meanwhile.
func unspent(tx *store.Tx, visit domain.Attendance) error {
	enrolments, err := store.All[domain.Enrolment](tx, "", store.Is("plan_id", visit.PlanID))
	if err != nil {
		return err
	}
	awards, err := awardedOn(tx, ids(enrolments, func(e domain.Enrolment) domain.ID { return e.ID }), map[domain.Date]bool{visit.LocalDate: true})
	if err != nil {
		return err
	}
	var reached []domain.ID
	for _, a := range awards {
		_, by, err := earnedWith(a)
		if err != nil {
			return err
		}
		if by == visit.AttendanceID {
			reached = append(reached, a.ID)
		}
	}
	issued, err := store.AllLocked[domain.Voucher](tx, "valid_to, id", store.In("award_id", reached))
	for _, v := range issued {
		if v.Balance != v.Amount && v.State != domain.Void && v.State != domain.Replaced {
			return domain.Errorf(domain.Conflict, "voucher_spent", "voucher %s, which the visit earned, is used already: correct the visit, with a reason; what was spent stays spent", v.Serial)
		}
	}
	return err
}
