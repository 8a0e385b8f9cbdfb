package vouchers

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// Enrol says which plan joins which programme.
type Enrol struct {
	PlanID      domain.ID
	ProgrammeID domain.ID
	VersionID   domain.ID   // zero: the version in force on StartDate
	StartDate   domain.Date // day 0 of the rules; zero: the plan's start
	Phase       string      // of someone who comes back into another version: the phase to go on in; "": the one of the same name
	Level       int         // and the level there, from 1; 0: the first
}

// Enrolled is a new enrolment with what the visits recorded before it earned.
type Enrolled struct {
	Enrolment domain.Enrolment
	Episode   string // FirstEpisode, ContinuedEpisode or NewEpisode
	Awards    []domain.Award
	Vouchers  []domain.Voucher
	Progress  Standing
}

// causeEnrolment is what adjustments name when an enrolment itself began or ended.
const causeEnrolment = "enrolment"

// Enrol puts a plan into a programme version, to which it stays pinned, and
// evaluates the visits already recorded. Where the rules say so, it goes on with
// the episode of a citizen who has come back. Conflict if the plan is in the
// programme already, or the citizen comes back too late; Invalid if the citizen
// is outside its ages or no version is in force on the start date.
func (s *Service) Enrol(ctx context.Context, actor domain.Actor, key Key, in Enrol) (Answer[Enrolled], error) {
	return once(ctx, s, actor, "createEnrolment", key, func(tx *store.Tx) (Enrolled, error) {
		plan, err := lockPlan(tx, in.PlanID)
		if err != nil {
			return Enrolled{}, err
		}
		return s.enrol(tx, plan, in)
	})
}

// enrol is Enrol for a plan that is locked.
func (s *Service) enrol(tx *store.Tx, plan domain.Plan, in Enrol) (Enrolled, error) {
	if in.StartDate.IsZero() {
		in.StartDate = plan.StartDate
	}
	version, doc, err := s.versionFor(tx, in)
	if err != nil {
		return Enrolled{}, err
	}
	if err := s.checkEnrolment(tx, plan, in, doc); err != nil {
		return Enrolled{}, err
	}
	state, err := json.Marshal(rules.Start(doc, in.StartDate))
	if err != nil {
		return Enrolled{}, err
	}
	e := domain.Enrolment{
		MunicipalityID: plan.MunicipalityID, ID: store.NewID(), PlanID: plan.ID, UnitID: plan.UnitID, ProgrammeID: version.ProgrammeID,
		VersionID: version.ID, StartDate: in.StartDate, State: "active", RuleState: state, Version: 1, CreatedAt: s.now(),
	}
	episode, move, err := s.readmit(tx, plan, in, doc, &e)
	if err == nil {
		err = goesOn(in, move)
	}
	if err != nil {
		return Enrolled{}, err
	}
	if err := s.addEnrolment(tx, e, move); err != nil {
		return Enrolled{}, err
	}
	if err := s.commitFirst(tx, e, doc); err != nil {
		return Enrolled{}, err
	}
	if e, err = s.linked(tx, e); err != nil {
		return Enrolled{}, err
	}
	var earned Earned
	facts, err := history(tx, e, doc)
	if err == nil && (len(facts) > 0 || e.ContinuesID != nil || e.CountedTo != nil) {
		err = s.evaluateOne(tx, e, change{cause: causeEnrolment}, &earned)
	}
	if err != nil {
		return Enrolled{}, err
	}
	if e, err = store.Get[domain.Enrolment](tx, e.ID); err != nil {
		return Enrolled{}, err
	}
	standing, err := s.standing(tx, e)
	return Enrolled{Enrolment: e, Episode: episode, Awards: earned.Awards, Vouchers: earned.Vouchers, Progress: standing}, err
}

// addEnrolment stores an enrolment, with the move that brings it into its version.
func (s *Service) addEnrolment(tx *store.Tx, e domain.Enrolment, move *domain.EnrolmentMove) error {
	if err := store.Insert(tx, &e); err != nil {
		return err
	}
	said := map[string]any{"programme_version": e.VersionID}
	if e.ContinuesID != nil {
		said["continues_enrolment"] = *e.ContinuesID
	}
	if err := tx.Audit("createEnrolment", "enrolment", e.ID, e.CreatedAt, domain.Detail(said)); err != nil {
		return err
	}
	if e.RequiresApproval {
		if _, err := s.demandOf(tx, e, "as in the enrolment before"); err != nil {
			return err
		}
	}
	if move == nil {
		return nil
	}
	if err := s.sealFor(tx, e.PlanID, move); err != nil {
		return err
	}
	if err := store.Insert(tx, move); err != nil {
		return err
	}
	return auditMove(tx, *move)
}

// versionFor finds the version asked for, or the one in force on the start date.
func (s *Service) versionFor(tx *store.Tx, in Enrol) (v domain.ProgrammeVersion, doc rules.Document, err error) {
	versions, err := store.All[domain.ProgrammeVersion](tx, "number", store.Eq("id", in.VersionID), store.Eq("programme_id", in.ProgrammeID))
	if err != nil {
		return v, doc, err
	}
	if in.ProgrammeID == (domain.ID{}) && in.VersionID == (domain.ID{}) {
		return v, doc, domain.InvalidField("programme_id", "required", "say which programme, or which version_id")
	}
	if len(versions) == 0 {
		return v, doc, domain.Errorf(domain.NotFound, "not_found", "there is no such programme version within your reach, or the programme has none yet: write one and have it adopted")
	}
	for _, candidate := range versions {
		if candidate.InForce(in.StartDate) {
			v = candidate
		}
	}
	if v.ID == (domain.ID{}) {
		return v, doc, domain.InvalidField("start_date", "not_in_force", "no adopted version of the programme is in force on %s: adopt one, or choose another start_date", in.StartDate)
	}
	doc, err = s.document(tx, v.ID)
	return v, doc, err
}

func (s *Service) checkEnrolment(tx *store.Tx, plan domain.Plan, in Enrol, doc rules.Document) error {
	// Locked, so that two plans of one person do not enrol at once.
	citizen, err := store.GetLocked[domain.Citizen](tx, plan.CitizenID)
	if err != nil {
		return err
	}
	today, err := s.today(tx)
	if err != nil {
		return err
	}
	var f domain.Fields
	f.Check(plan.EndDate.IsZero(), "plan_id", "ended", "the plan ended on %s", plan.EndDate)
	f.Check(!in.StartDate.Before(plan.StartDate), "start_date", "before_plan", "must not be before the plan began on %s", plan.StartDate)
	f.Check(today.Days(in.StartDate) <= 366, "start_date", "too_far_ahead", "is more than a year ahead: check the year")
	age := citizen.BirthDate.YearsUntil(in.StartDate)
	f.Check(doc.Age.Includes(age), "plan_id", "outside_age", "the citizen is %d years old on %s; the programme is for %s", age, in.StartDate, ages(doc))
	pause, unsaid, err := unstated(tx, plan.ID, in.StartDate, doc)
	if err != nil {
		return err
	}
	f.Check(!unsaid, "plan_id", "pause_not_stated", "the plan is paused %s, and the programme does not say what a pause for %s does", span(pause), pause.Reason)
	other, err := s.rewardedTwice(tx, plan, doc, in.StartDate, domain.ID{})
	if err != nil {
		return err
	}
	f.Check(other == "" || !plan.EndDate.IsZero(), "plan_id", "already_enrolled", "the citizen is in the programme %s, which rewards the same: a session, goal or task pays once, so end that enrolment first, or start after its end", other)
	return f.Err()
}

// EndEnrolment ends an enrolment: visits after that date count no more.
func (s *Service) EndEnrolment(ctx context.Context, actor domain.Actor, id domain.ID, on domain.Date) (e domain.Enrolment, err error) {
	err = s.write(ctx, actor, "endEnrolment", func(tx *store.Tx) error {
		if e, err = store.Get[domain.Enrolment](tx, id); err != nil {
			return err
		}
		if _, err := lockPlan(tx, e.PlanID); err != nil {
			return err
		}
		if e, err = store.Get[domain.Enrolment](tx, id); err != nil {
			return err
		}
		if e.State != "active" {
			return domain.Errorf(domain.Conflict, "wrong_state", "the enrolment ended on %s", e.EndedOn)
		}
		if on.Before(e.StartDate) {
			return domain.InvalidField("ended_on", "before_start", "must not be before the enrolment began on %s", e.StartDate)
		}
		today, err := s.today(tx)
		if err != nil {
			return err
		}
		if today.Before(on) {
			return domain.InvalidField("ended_on", "in_the_future", "must not be after today, %s", today)
		}
		return s.endEnrolment(tx, &e, on, change{cause: causeEnrolment}, &Earned{})
	})
	return e, err
}

// endEnrolment ends an enrolment of a locked plan and evaluates it again, for
// visits may already be recorded after that date.
func (s *Service) endEnrolment(tx *store.Tx, e *domain.Enrolment, on domain.Date, c change, earned *Earned) (err error) {
	if *e, err = lockedSharer(tx, *e); err != nil {
		return err
	}
	if err := store.Set[domain.Enrolment](tx, e.ID, e.Version, map[string]any{"state": "ended", "ended_on": on}); err != nil {
		return err
	}
	e.State, e.EndedOn, e.Version = "ended", on, e.Version+1
	if err := tx.Audit("endEnrolment", "enrolment", e.ID, s.now(), domain.Detail(map[string]any{"ended_on": on})); err != nil {
		return err
	}
	if err := s.evaluateOne(tx, *e, c, earned); err != nil {
		return err
	}
	ended, err := store.Get[domain.Enrolment](tx, e.ID)
	*e = ended
	return err
}

// ages says in words whom a programme is for.
func ages(doc rules.Document) string {
	if doc.Age.To == 0 {
		return fmt.Sprintf("ages %d and over", doc.Age.From)
	}
	return fmt.Sprintf("ages %d to %d", doc.Age.From, doc.Age.To)
}

// Enrolment gives one enrolment.
func (s *Service) Enrolment(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Enrolment, error) {
	return get(ctx, s, actor, "getEnrolment", id, func(e domain.Enrolment) bool { return actor.Reaches(e.UnitID) })
}

// EnrolmentFilter narrows a list of enrolments; zero fields narrow nothing.
type EnrolmentFilter struct {
	PlanID, UnitID, ProgrammeID domain.ID
	State                       string
}

// Enrolments lists enrolments within the actor's reach, newest first.
func (s *Service) Enrolments(ctx context.Context, actor domain.Actor, page store.Page, f EnrolmentFilter) (Listed[domain.Enrolment], error) {
	return list[domain.Enrolment](ctx, s, actor, "listEnrolments", page, store.Eq("unit_id", actor.UnitID),
		store.Eq("plan_id", f.PlanID), store.Eq("unit_id", f.UnitID), store.Eq("programme_id", f.ProgrammeID), store.Eq("state", f.State))
}
