package vouchers

import (
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// figuring is what the figures of a year are made of. It is read without whom it is
// about: nobody sees more of them than numbers.
type figuring struct {
	units, programmes map[domain.ID]int // from 1 on
	names             [2][]string       // of units and of programmes, in that order
	at                spot              // what is chosen
	first, last       domain.Date
	began             []planLine                // in the year, and by today
	plans             map[domain.ID]planLine    // those and the ones that were visited under
	of                map[domain.ID][]domain.ID // plan → the programmes that it is or was enrolled in
	outcomes          []store.Outcomes
	received          []store.Received
}

// planLine is what figures need of a plan.
type planLine struct {
	ID, CitizenID, UnitID domain.ID
	StartDate, EndDate    domain.Date
	EndReason             string
}

// TableName says that it is a plan.
func (planLine) TableName() string { return "plans" }

// enrolmentLine is what figures need of an enrolment.
type enrolmentLine struct{ PlanID, ProgrammeID domain.ID }

// TableName says that it is an enrolment.
func (enrolmentLine) TableName() string { return "enrolments" }

func newFiguring(units []domain.Unit, programmes []domain.Programme) *figuring {
	w := &figuring{units: map[domain.ID]int{}, programmes: map[domain.ID]int{}, plans: map[domain.ID]planLine{}, of: map[domain.ID][]domain.ID{}}
	for i, u := range units {
		w.units[u.ID] = i + 1
		w.names[0] = append(w.names[0], u.Name)
	}
	for i, p := range programmes {
		w.programmes[p.ID] = i + 1
		w.names[1] = append(w.names[1], p.Slug)
	}
	return w
}

// read reads a year's plans, visits and vouchers, with as many queries however many
// they are.
func (w *figuring) read(tx *store.Tx, year int, today domain.Date) (err error) {
	w.first, w.last = domain.Date{Year: year, Month: time.January, Day: 1}, domain.Date{Year: year, Month: time.December, Day: 31}
	var units, known, seen []domain.ID
	for id := range w.units {
		units = append(units, id)
	}
	note := func(p planLine) { w.plans[p.ID], known = p, append(known, p.ID) }
	err = store.Sweep(tx, func(p planLine) error {
		w.began = append(w.began, p)
		note(p)
		return nil
	}, store.In("unit_id", units), store.From("start_date", w.first), store.To("start_date", w.last), store.To("start_date", today))
	if err != nil {
		return err
	}
	if w.outcomes, err = tx.OutcomesBetween(units, w.first, w.last); err != nil {
		return err
	}
	for _, o := range w.outcomes {
		if _, there := w.plans[o.PlanID]; !there {
			w.plans[o.PlanID] = planLine{}
			seen = append(seen, o.PlanID)
		}
	}
	if err := gatherRows(tx, "id", seen, note); err != nil {
		return err
	}
	if err := gatherRows(tx, "plan_id", known, func(e enrolmentLine) { w.of[e.PlanID] = append(w.of[e.PlanID], e.ProgrammeID) }); err != nil {
		return err
	}
	w.received, err = tx.ReceivedBetween(units, w.first, w.last)
	return err
}

// unitAt is the chosen unit, or the only one that the actor reaches; zero: all.
func (w *figuring) unitAt() (id domain.ID) {
	for unit, i := range w.units {
		if i == w.at.unit || len(w.units) == 1 {
			id = unit
		}
	}
	return id
}

// programmeAt is the chosen programme; zero: all.
func (w *figuring) programmeAt() (id domain.ID) {
	for programme, i := range w.programmes {
		if i == w.at.programme {
			id = programme
		}
	}
	return id
}
