package vouchers

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// VisitStory is all that was ever said about a visit, and what it has earned.
type VisitStory struct {
	Site        *time.Location
	Today       domain.Date
	Events      []domain.AttendanceEvent // oldest first
	Appointment Appointment              // of an unplanned visit the session has no ID
}

// VisitStory gives a visit with its history, for who is about to correct it.
func (s *Service) VisitStory(ctx context.Context, actor domain.Actor, attendance domain.ID) (v VisitStory, err error) {
	err = s.read(ctx, actor, "listAttendanceEvents", func(tx *store.Tx) error {
		if v.Site, err = tx.Zone(); err != nil {
			return err
		}
		v.Today = domain.DateOf(s.now(), v.Site)
		v.Events, err = store.All[domain.AttendanceEvent](tx, "revision", store.Is("attendance_id", attendance))
		if err == nil && (len(v.Events) == 0 || !actor.Reaches(v.Events[0].UnitID)) {
			err = domain.OutOfReach()
		}
		if err != nil {
			return err
		}
		if err := s.open(tx, pointers(v.Events)...); err != nil {
			return err
		}
		newest := domain.Attendance(v.Events[len(v.Events)-1])
		list := []Appointment{{
			Session: domain.Session{ID: value(newest.SessionID), PlanID: newest.PlanID, UnitID: newest.UnitID, StartsAt: newest.OccurredAt, LocalDate: newest.LocalDate, Kind: newest.Kind},
			Visit:   &newest,
		}}
		if list[0].Citizen, err = s.whose(tx, newest.PlanID); err != nil {
			return err
		}
		err = s.stands(tx, list)
		v.Appointment = list[0]
		return err
	})
	return v, err
}

// whose gives the citizen of a plan, with no more than the name opened.
func (s *Service) whose(tx *store.Tx, plan domain.ID) (c domain.Citizen, err error) {
	p, err := store.Get[domain.Plan](tx, plan)
	if err != nil {
		return c, err
	}
	if c, err = store.Get[domain.Citizen](tx, p.CitizenID); err != nil {
		return c, err
	}
	return c, s.open(tx, onlyName{&c})
}
