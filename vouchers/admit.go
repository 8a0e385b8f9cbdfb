package vouchers

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Newcomer is all that is said about a person on their first day: who they are,
// their plan, and where they are to begin.
type Newcomer struct {
	Citizen     CitizenInput // the day of birth may be left out where there is a CPR number
	Plan        PlanInput    // its citizen is the new one
	Goals       []string     // their wordings
	Sessions    SessionsInput
	ProgrammeID domain.ID // that the plan joins on its first day; zero: none yet
}

// Planned reports whether sessions are asked for.
func (n Newcomer) Planned() bool { return !n.Sessions.StartsAt.IsZero() }

// Admitted is what Admit made.
type Admitted struct{ CitizenID, PlanID domain.ID }

// admits are the actions that Admit is made of.
var admits = []domain.Action{"createCitizen", "createPlan", "createGoal", "planSessions", "createEnrolment"}

// Admit takes a new citizen in, with plan, goals, sessions and enrolment, all or
// nothing. What is wrong is told all at once; the fields of the plan are called
// "plan.…", those of the sessions "sessions.…" and those of the enrolment
// "enrolment.…". Conflict if another citizen has the CPR number.
func (s *Service) Admit(ctx context.Context, actor domain.Actor, key Key, in Newcomer) (Answer[Admitted], error) {
	for _, action := range admits {
		if err := actor.May(action); err != nil {
			return Answer[Admitted]{}, err
		}
	}
	if cpr, err := domain.ParseCPR(in.Citizen.CPR); err == nil && in.Citizen.BirthDate.IsZero() {
		in.Citizen.BirthDate = cpr.Born()
	}
	admitted, err := once(ctx, s, actor, "createCitizen", key, func(tx *store.Tx) (Admitted, error) { return s.admit(tx, in) })
	return admitted, s.noteTaken(ctx, actor, "createCitizen", err)
}

// arrival is a newcomer who was checked.
type arrival struct {
	citizen domain.Citizen
	cpr     domain.CPR
	plan    domain.Plan
	goals   []domain.Goal
	starts  []time.Time
}

func (s *Service) admit(tx *store.Tx, in Newcomer) (Admitted, error) {
	a, err := s.checkArrival(tx, in)
	if err != nil {
		return Admitted{}, err
	}
	if err := s.identify(tx, &a.citizen, a.cpr); err != nil {
		return Admitted{}, err
	}
	if err := s.addCitizen(tx, "createCitizen", a.citizen); err != nil {
		return Admitted{}, err
	}
	if err := s.addPlan(tx, "createPlan", a.plan); err != nil {
		return Admitted{}, err
	}
	for i := range a.goals {
		if err := s.addGoal(tx, a.plan, &a.goals[i]); err != nil {
			return Admitted{}, err
		}
	}
	if len(a.starts) > 0 {
		if _, err := s.addSessions(tx, a.plan, in.Sessions.Kind, a.starts); err != nil {
			return Admitted{}, err
		}
	}
	if in.ProgrammeID != (domain.ID{}) {
		var f domain.Fields
		_, err := s.enrol(tx, a.plan, Enrol{PlanID: a.plan.ID, ProgrammeID: in.ProgrammeID})
		if err := prefixed(&f, "enrolment.", err); err != nil {
			return Admitted{}, err
		}
		if err := f.Err(); err != nil {
			return Admitted{}, err
		}
	}
	return Admitted{a.citizen.ID, a.plan.ID}, nil
}

// checkArrival refuses a newcomer of whom something cannot be, and names all of it.
func (s *Service) checkArrival(tx *store.Tx, in Newcomer) (a arrival, err error) {
	today, err := s.today(tx)
	if err != nil {
		return a, err
	}
	loc, err := tx.Zone()
	if err != nil {
		return a, err
	}
	var f, planned domain.Fields
	if a.citizen, a.cpr, err = s.newCitizen(tx, &f, in.Citizen, today); err != nil {
		return a, err
	}
	if err := untaken[domain.Citizen](tx, &f, a.citizen.Reference); err != nil {
		return a, err
	}
	a.plan = s.newPlan(tx, &planned, a.citizen, in.Plan, today)
	if err := untaken[domain.Plan](tx, &planned, a.plan.Reference); err != nil {
		return a, err
	}
	if err := prefixed(&f, "plan.", planned.Err()); err != nil {
		return a, err
	}
	for _, wording := range in.Goals {
		a.goals = append(a.goals, s.newGoal(&f, a.plan, GoalInput{Wording: wording}))
	}
	if in.Planned() {
		a.starts, err = s.checkSeries(in.Sessions, a.plan, loc)
		if err := prefixed(&f, "sessions.", err); err != nil {
			return a, err
		}
	}
	return a, f.Err()
}

// untaken notes a number that another row has already.
func untaken[T any](tx *store.Tx, f *domain.Fields, number string) error {
	n, err := store.Count[T](tx, store.Is("reference", number))
	f.Check(n == 0 || number == "", "reference", "already_exists", "is taken: check the number, or find the one that has it")
	return err
}

// prefixed notes what err says of fields, each under a longer name. Any other
// error is given back.
func prefixed(f *domain.Fields, prefix string, err error) error {
	fields := domain.FieldsOf(err)
	for _, field := range fields {
		f.Add(prefix+field.Field, field.Code, "%s", field.Message)
	}
	if len(fields) > 0 {
		return nil
	}
	return err
}
