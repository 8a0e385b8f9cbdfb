package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// undone is the reason that an event bears by which one tap was undone.
const undone = "Fortrudt straks efter registreringen."

// undoable reports whether the actor may still undo what was recorded: only what
// they said last themself, and only as the first word about the visit.
func (s *Service) undoable(actor domain.Actor, a domain.Attendance) bool {
	return !a.Withdrawn && a.Revision == 1 && a.RecordedBy == actor.Person && s.now().Before(a.CreatedAt.Add(UndoWindow))
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
