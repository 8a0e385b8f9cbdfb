package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Attendance gives a visit as it now stands.
func (s *Service) Attendance(ctx context.Context, actor domain.Actor, id domain.ID) (a domain.Attendance, err error) {
	err = s.read(ctx, actor, "getAttendance", func(tx *store.Tx) error {
		a, err = store.First[domain.Attendance](tx, store.Is("attendance_id", id))
		if err == nil && !actor.Reaches(a.UnitID) {
			err = domain.OutOfReach()
		}
		if err != nil {
			return err
		}
		return s.open(tx, &a)
	})
	return a, err
}

// AttendanceEvents gives everything that was ever said about a visit, oldest
// first.
func (s *Service) AttendanceEvents(ctx context.Context, actor domain.Actor, id domain.ID) (events []domain.AttendanceEvent, err error) {
	err = s.read(ctx, actor, "listAttendanceEvents", func(tx *store.Tx) error {
		events, err = store.All[domain.AttendanceEvent](tx, "revision", store.Is("attendance_id", id))
		if err == nil && (len(events) == 0 || !actor.Reaches(events[0].UnitID)) {
			err = domain.OutOfReach()
		}
		if err != nil {
			return err
		}
		return s.open(tx, pointers(events)...)
	})
	return events, err
}

// AttendanceFilter narrows a list of visits; zero fields narrow nothing.
type AttendanceFilter struct {
	PlanID, UnitID, SessionID domain.ID
	Outcome                   string
	From, To                  domain.Date // the site's dates, both included
}

// Attendances lists visits within the actor's reach as they now stand.
func (s *Service) Attendances(ctx context.Context, actor domain.Actor, page store.Page, f AttendanceFilter) (Listed[domain.Attendance], error) {
	return list[domain.Attendance](ctx, s, actor, "listAttendances", page, store.Eq("unit_id", actor.UnitID),
		store.Eq("plan_id", f.PlanID), store.Eq("unit_id", f.UnitID), store.Eq("session_id", f.SessionID), store.Eq("outcome", f.Outcome),
		store.From("local_date", f.From), store.To("local_date", f.To))
}
