package vouchers

import (
	"context"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// UndoWindow is how long what was recorded with one tap can be undone without a
// reason, by who tapped.
const UndoWindow = 2 * time.Minute

const (
	mostAppointments = 400 // of one page
	missingDays      = 31  // so far back sessions are looked for that nobody has told of
)

// DayAsked says which sessions are wanted.
type DayAsked struct {
	Date    domain.Date // at the site; zero: today
	UnitID  domain.ID   // zero: of all units within reach
	Missing bool        // instead of a day's, those of the last month that nobody has told of
}

// Day is a day's sessions as those at work need them.
type Day struct {
	Date, Today  domain.Date
	Site         *time.Location
	Units        []domain.Unit // between which the actor can choose; nil: there is nothing to choose
	Appointments []Appointment // in order of time
	More         bool          // there are more than are shown: choose a unit
	Missing      int           // sessions of earlier days, in the last month, that nobody has told of
}

// Appointment is one planned session with all that came of it.
type Appointment struct {
	Session  domain.Session
	Citizen  domain.Citizen     // of the private texts only the name is opened
	Visit    *domain.Attendance // nil: nothing was ever recorded; one that was undone is withdrawn
	Undoable bool               // the actor recorded it a moment ago, and nothing stands in the way of time
	Standing []Standing         // of each of the plan's enrolments that runs
	Earned   []Reward           // what was reached with the visit
}

// Reward is what one visit has earned under one enrolment.
type Reward struct {
	Award    domain.Award
	Why      rules.Text       // "6. fremmøde · hvert 2. fremmøde giver 200 kr. · 3 af 6 gavekort"
	Needs    domain.Wanted    // the approval that it waits for; zero: none
	Vouchers []domain.Voucher // that are not replaced by others
}

// Day gives the sessions of a day, or those that nobody has told of, within the
// actor's reach. However many there are, it asks the same few questions.
func (s *Service) Day(ctx context.Context, actor domain.Actor, in DayAsked) (d Day, err error) {
	err = s.read(ctx, actor, "listSessions", func(tx *store.Tx) error {
		if d.Site, err = tx.Zone(); err != nil {
			return err
		}
		d.Today = domain.DateOf(s.now(), d.Site)
		if d.Date = in.Date; d.Date.IsZero() {
			d.Date = d.Today
		}
		units, err := d.units(tx, in.UnitID)
		if err != nil {
			return err
		}
		late := []store.Cond{units, store.OutcomeMissing(s.now()), store.From("local_date", d.Today.AddDays(-missingDays)), store.Before("local_date", d.Today)}
		wanted := []store.Cond{units, store.Is("state", sessionPlanned), store.Is("local_date", d.Date)}
		if in.Missing {
			wanted = late
		}
		sessions, err := store.All[domain.Session](tx, "", wanted...)
		if err != nil {
			return err
		}
		if d.Missing = len(sessions); !in.Missing {
			n, err := store.Count[domain.Session](tx, late...)
			if err != nil {
				return err
			}
			d.Missing = int(n)
		}
		if d.More = len(sessions) > mostAppointments; d.More {
			sessions = sessions[:mostAppointments]
		}
		d.Appointments, err = s.appointments(tx, sessions)
		return err
	})
	return d, err
}

// units wants sessions of the units within reach, or of the one that is chosen.
func (d *Day) units(tx *store.Tx, chosen domain.ID) (store.Cond, error) {
	if actor := tx.Actor(); actor.Restricted() {
		return store.Is("unit_id", actor.UnitID), nil
	}
	all, err := store.All[domain.Unit](tx, "name")
	if err != nil {
		return store.Cond{}, err
	}
	if len(all) > 1 {
		d.Units = all
	}
	if chosen != (domain.ID{}) {
		return store.Is("unit_id", chosen), nil
	}
	return store.In("unit_id", ids(all, func(u domain.Unit) domain.ID { return u.ID })), nil
}

// Appointment gives one planned session with all that came of it.
func (s *Service) Appointment(ctx context.Context, actor domain.Actor, session domain.ID) (a Appointment, err error) {
	err = s.read(ctx, actor, "getSession", func(tx *store.Tx) error {
		row, err := store.Get[domain.Session](tx, session)
		if err == nil && !actor.Reaches(row.UnitID) {
			err = domain.OutOfReach()
		}
		if err != nil {
			return err
		}
		list, err := s.appointments(tx, []domain.Session{row})
		if err == nil {
			a = list[0]
		}
		return err
	})
	return a, err
}

// onlyName opens of a citizen no more than the name.
type onlyName struct{ *domain.Citizen }

// Personal gives the name.
func (o onlyName) Personal() []domain.PersonalText {
	return []domain.PersonalText{{Column: "citizens.name", Row: o.ID, Text: &o.Name}}
}

// appointments reads what belongs to sessions, with as many queries however many
// they are.
func (s *Service) appointments(tx *store.Tx, sessions []domain.Session) ([]Appointment, error) {
	list := make([]Appointment, len(sessions))
	plans, err := byID(tx, ids(sessions, func(x domain.Session) domain.ID { return x.PlanID }), func(p domain.Plan) domain.ID { return p.ID })
	if err != nil {
		return nil, err
	}
	var whose []domain.ID
	for _, p := range plans {
		whose = append(whose, p.CitizenID)
	}
	citizens, err := byID(tx, whose, func(c domain.Citizen) domain.ID { return c.ID })
	if err != nil {
		return nil, err
	}
	for i, session := range sessions {
		list[i] = Appointment{Session: session, Citizen: citizens[plans[session.PlanID].CitizenID]}
	}
	if err := s.open(tx, namesOn(list)...); err != nil {
		return nil, err
	}
	if err := s.visited(tx, list); err != nil {
		return nil, err
	}
	if err := s.stands(tx, list); err != nil {
		return nil, err
	}
	slices.SortStableFunc(list, func(a, b Appointment) int { return a.Session.StartsAt.Compare(b.Session.StartsAt) })
	return list, nil
}

func namesOn(list []Appointment) (rows []any) {
	for i := range list {
		rows = append(rows, onlyName{&list[i].Citizen})
	}
	return rows
}

// byID reads rows by their ID.
func byID[T any](tx *store.Tx, of []domain.ID, id func(T) domain.ID) (map[domain.ID]T, error) {
	rows, err := among[T](tx, "id", of)
	found := make(map[domain.ID]T, len(rows))
	for _, row := range rows {
		found[id(row)] = row
	}
	return found, err
}

// visited reads what was recorded of the sessions. Each has one attendance at most.
func (s *Service) visited(tx *store.Tx, list []Appointment) error {
	first, err := store.All[domain.AttendanceEvent](tx, "", store.FirstOf(ids(list, func(a Appointment) domain.ID { return a.Session.ID })))
	if err != nil {
		return err
	}
	now, err := among[domain.Attendance](tx, "attendance_id", ids(first, func(e domain.AttendanceEvent) domain.ID { return e.AttendanceID }))
	if err != nil {
		return err
	}
	of := make(map[domain.ID]*domain.Attendance, len(now))
	for i := range now {
		of[value(now[i].SessionID)] = &now[i]
	}
	for i := range list {
		a := &list[i]
		if a.Visit = of[a.Session.ID]; a.Visit != nil {
			a.Undoable = s.undoable(tx.Actor(), *a.Visit)
		}
	}
	return nil
}

// stands reads how far each enrolment has come, and what the visits have earned.
func (s *Service) stands(tx *store.Tx, list []Appointment) error {
	enrolments, err := among[domain.Enrolment](tx, "plan_id", ids(list, func(a Appointment) domain.ID { return a.Session.PlanID }))
	if err != nil {
		return err
	}
	of := map[domain.ID][]domain.Enrolment{}
	for _, e := range enrolments {
		of[e.PlanID] = append(of[e.PlanID], e)
	}
	earned, err := s.earnedBy(tx, list, enrolments)
	if err != nil {
		return err
	}
	for i := range list {
		a := &list[i]
		for _, e := range of[a.Session.PlanID] {
			if e.State == "ended" {
				continue
			}
			standing, err := s.standing(tx, e)
			if err != nil {
				return err
			}
			a.Standing = append(a.Standing, standing)
		}
		if a.Visit != nil {
			a.Earned = earned[a.Visit.AttendanceID]
		}
	}
	return nil
}
