package vouchers

import (
	"cmp"
	"context"
	"maps"
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
	Citizen  domain.Citizen     // only the ID, the reference and the name
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
	Vouchers []domain.Voucher // that are not replaced by others: only ID, serial, award, amounts and state
}

// Day gives the sessions of a day, or those that nobody has told of, within the
// actor's reach. However many there are, it asks the same few questions.
func (s *Service) Day(ctx context.Context, actor domain.Actor, in DayAsked) (d Day, err error) {
	err = s.store.LookMoment(ctx, s.call(actor, "listSessions"), func(tx *store.Tx) error {
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
		var sessions []domain.Session
		err = store.Sweep(tx, func(x domain.Session) error {
			sessions = append(sessions, x)
			return nil
		}, wanted...)
		if err != nil {
			return err
		}
		slices.SortFunc(sessions, byTime)
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

// Appointment gives one planned session with all that came of it, in a day that
// has no other.
func (s *Service) Appointment(ctx context.Context, actor domain.Actor, session domain.ID) (d Day, err error) {
	err = s.read(ctx, actor, "getSession", func(tx *store.Tx) error {
		if d.Site, err = tx.Zone(); err != nil {
			return err
		}
		row, err := store.Get[domain.Session](tx, session)
		if err == nil && !actor.Reaches(row.UnitID) {
			err = domain.OutOfReach()
		}
		if err != nil {
			return err
		}
		d.Date, d.Today = row.LocalDate, domain.DateOf(s.now(), d.Site)
		d.Appointments, err = s.appointments(tx, []domain.Session{row})
		return err
	})
	return d, err
}

// planOf is whose plan it is: all that is read of it.
type planOf struct{ ID, CitizenID domain.ID }

// TableName is the plans'.
func (planOf) TableName() string { return "plans" }

// Concerns says whose it is.
func (p planOf) Concerns() (row, of domain.Subject) {
	return domain.Plan{ID: p.ID, CitizenID: p.CitizenID}.Concerns()
}

// citizenLine is what is read of a citizen.
type citizenLine struct {
	ID        domain.ID
	Reference string
	Name      domain.Private
}

// TableName is the citizens'.
func (citizenLine) TableName() string { return "citizens" }

// Concerns says whose it is.
func (n citizenLine) Concerns() (row, of domain.Subject) { return domain.Citizen{ID: n.ID}.Concerns() }

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
	plans, citizens := map[domain.ID]domain.ID{}, map[domain.ID]domain.Citizen{}
	err := gatherRows(tx, "id", ids(sessions, func(x domain.Session) domain.ID { return x.PlanID }), func(p planOf) { plans[p.ID] = p.CitizenID })
	if err != nil {
		return nil, err
	}
	err = gatherRows(tx, "id", slices.Collect(maps.Values(plans)), func(c citizenLine) {
		citizens[c.ID] = domain.Citizen{ID: c.ID, Reference: c.Reference, Name: c.Name}
	})
	if err != nil {
		return nil, err
	}
	for i, session := range sessions {
		list[i] = Appointment{Session: session, Citizen: citizens[plans[session.PlanID]]}
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
	return list, nil
}

// byTime is the order of a day's sessions.
func byTime(a, b domain.Session) int {
	return cmp.Or(a.StartsAt.Compare(b.StartsAt), slices.Compare(a.ID[:], b.ID[:]))
}

func namesOn(list []Appointment) (rows []any) {
	for i := range list {
		rows = append(rows, onlyName{&list[i].Citizen})
	}
	return rows
}

// gatherRows hands the rows that have one of the IDs to fn, in no order, the quick way.
func gatherRows[T any](tx *store.Tx, column string, of []domain.ID, fn func(T), more ...store.Cond) error {
	for batch := range slices.Chunk(of, together) {
		err := store.Sweep(tx, func(row T) error {
			fn(row)
			return nil
		}, append(more, store.In(column, batch))...)
		if err != nil {
			return err
		}
	}
	return nil
}

// visited reads what was recorded of the sessions. Each has one attendance at most.
func (s *Service) visited(tx *store.Tx, list []Appointment) error {
	of := map[domain.ID]*domain.Attendance{}
	var known []domain.ID
	newer := func(e domain.AttendanceEvent) {
		visit := domain.Attendance(e)
		if before := of[value(e.SessionID)]; before == nil || before.Revision < e.Revision {
			of[value(e.SessionID)] = &visit
		}
		known = append(known, e.AttendanceID)
	}
	sessions := ids(list, func(a Appointment) domain.ID { return a.Session.ID })
	if err := gatherRows(tx, "session_id", sessions, newer, store.FirstEvents()); err != nil {
		return err
	}
	if err := gatherRows(tx, "attendance_id", slices.Clone(known), newer, store.From("revision", 2)); err != nil {
		return err
	}
	var again []any
	for _, visit := range of {
		again = append(again, visit)
	}
	if err := s.open(tx, again...); err != nil {
		return err
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
	of := map[domain.ID][]domain.Enrolment{}
	var enrolments []domain.ID
	err := gatherRows(tx, "plan_id", ids(list, func(a Appointment) domain.ID { return a.Session.PlanID }), func(e domain.Enrolment) {
		of[e.PlanID], enrolments = append(of[e.PlanID], e), append(enrolments, e.ID)
	})
	if err != nil {
		return err
	}
	earned, err := earnedBy(tx, list, enrolments)
	if err != nil {
		return err
	}
	for i := range list {
		a := &list[i]
		slices.SortFunc(of[a.Session.PlanID], func(a, b domain.Enrolment) int { return slices.Compare(a.ID[:], b.ID[:]) })
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
