package vouchers

import (
	"context"
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// endReasons are how a plan can end.
var endReasons = []string{planCompleted, "dropped_out", "moved", "other"}

// planCompleted is the one that is a milestone.
const planCompleted = "completed"

// maxStartAhead is how far ahead a plan's start may lie, in days: further is a
// slip of the keyboard.
const maxStartAhead = 366

// PlanInput is what is said about a new treatment plan.
type PlanInput struct {
	CitizenID           domain.ID
	Reference           string      // the plan's number in the case system, unique
	AssessmentDate      domain.Date // of the whole-person assessment, no later than StartDate
	AssessmentReference string      // its case reference, never its contents
	StartDate           domain.Date
}

// CreatePlan adds a plan for a citizen within reach; it belongs to the citizen's
// unit, and to the caseload of the caseworker who makes it. Conflict if the
// reference is taken.
func (s *Service) CreatePlan(ctx context.Context, actor domain.Actor, in PlanInput) (p domain.Plan, err error) {
	err = s.write(ctx, actor, "createPlan", func(tx *store.Tx) error {
		today, err := s.today(tx)
		if err != nil {
			return err
		}
		var f domain.Fields
		citizen, err := store.Refer(tx, "citizen_id", in.CitizenID, func(c domain.Citizen) bool { return actor.Reaches(c.UnitID) })
		if err := f.Merge(err); err != nil {
			return err
		}
		p = s.newPlan(tx, &f, citizen, in, today)
		if err := f.Err(); err != nil {
			return err
		}
		return s.addPlan(tx, "createPlan", p)
	})
	return p, err
}

// newPlan makes a citizen's plan of what is said and notes what is wrong with it.
func (s *Service) newPlan(tx *store.Tx, f *domain.Fields, citizen domain.Citizen, in PlanInput, today domain.Date) domain.Plan {
	actor := tx.Actor()
	p := domain.Plan{
		MunicipalityID: actor.MunicipalityID, ID: store.NewID(), CitizenID: citizen.ID, UnitID: citizen.UnitID,
		Reference: reference(f, "reference", in.Reference), AssessmentDate: in.AssessmentDate, AssessmentReference: in.AssessmentReference,
		StartDate: in.StartDate, Version: 1, CreatedAt: s.now(),
	}
	if actor.Role == domain.Caseworker {
		p.Caseworker = domain.Fold(actor.Person)
	}
	checkStart(f, p, citizen, today)
	checkAssessment(f, &p, today)
	return p
}

// checkStart notes what is wrong with the day a plan begins.
func checkStart(f *domain.Fields, p domain.Plan, citizen domain.Citizen, today domain.Date) {
	switch {
	case p.StartDate.IsZero():
		f.Add("start_date", "required", "must not be empty")
	case p.StartDate.Before(citizen.BirthDate) || citizen.BirthDate.IsZero() && p.StartDate.YearsUntil(today) > 120:
		f.Add("start_date", "too_long_ago", "must not be before the citizen was born")
	case today.Days(p.StartDate) > maxStartAhead:
		f.Add("start_date", "too_far_ahead", "must not be more than a year ahead: check the year")
	}
}

// checkAssessment cleans what is said of the assessment that the plan rests on
// and notes what is wrong with it.
func checkAssessment(f *domain.Fields, p *domain.Plan, today domain.Date) {
	p.AssessmentReference = reference(f, "assessment_reference", p.AssessmentReference)
	switch {
	case p.AssessmentDate.IsZero():
		f.Add("assessment_date", "required", "must not be empty: a plan rests on a whole-person assessment")
	case today.Before(p.AssessmentDate):
		f.Add("assessment_date", "in_the_future", "must not be after today, %s", today)
	case !p.StartDate.IsZero() && p.StartDate.Before(p.AssessmentDate):
		f.Add("assessment_date", "after_start", "must not be after the plan's start, %s", p.StartDate)
	case p.AssessmentDate.YearsUntil(today) > 20:
		f.Add("assessment_date", "too_long_ago", "must not be more than 20 years ago: check the year")
	}
}

// addPlan stores a plan that was checked. An import may leave the assessment
// out, which only the case system knows; UpdatePlan adds it.
func (s *Service) addPlan(tx *store.Tx, action domain.Action, p domain.Plan) error {
	if err := opens(tx, p.CitizenID); err != nil {
		return err
	}
	if err := store.Insert(tx, &p); err != nil {
		return err
	}
	return tx.Audit(action, "plan", p.ID, p.CreatedAt, nil)
}

// PlanChange says what to change; nil stays as it is. EndDate and EndReason come
// together.
type PlanChange struct {
	AssessmentDate      *domain.Date
	AssessmentReference *string
	EndDate             *domain.Date
	EndReason           *string // completed, dropped_out, moved or other
	Caseworker          *string // whose caseload it is in. A team leader says so, and never of a plan of their own caseload
}

// ChangedPlan is a plan as it is now, and what its end led to.
type ChangedPlan struct {
	domain.Plan
	Earned
}

// UpdatePlan corrects the assessment or ends the plan, and with it its
// enrolments and what is planned after that day. A plan that has ended stays
// ended: a new course of treatment has a new plan. Stale unless version is the
// one last read.
func (s *Service) UpdatePlan(ctx context.Context, actor domain.Actor, id domain.ID, version int64, in PlanChange) (changed ChangedPlan, err error) {
	err = s.write(ctx, actor, "updatePlan", func(tx *store.Tx) error {
		p, err := lockPlan(tx, id)
		if err != nil {
			return err
		}
		ends := in.EndDate != nil || in.EndReason != nil
		if ends && !p.EndDate.IsZero() {
			return domain.Errorf(domain.Conflict, "plan_ended", "the plan ended on %s and cannot end again or be reopened: make a new plan", p.EndDate)
		}
		if err := handOver(actor, &p, in.Caseworker); err != nil {
			return err
		}
		if err := s.amendPlan(tx, &p, in); err != nil {
			return err
		}
		p.Version = version + 1
		err = store.Set[domain.Plan](tx, id, version, map[string]any{
			"assessment_date": p.AssessmentDate, "assessment_reference": p.AssessmentReference, "end_date": p.EndDate, "end_reason": p.EndReason, "ended_by": p.EndedBy,
			"caseworker": p.Caseworker,
		})
		if err == nil && ends {
			changed.Earned, err = s.closePlan(tx, p)
		}
		if err == nil && ends {
			err = s.closes(tx, p.CitizenID)
		}
		if err != nil {
			return err
		}
		changed.Plan = p
		if err := tx.Audit("updatePlan", "plan", id, s.now(), domain.Detail(map[string]any{"end_reason": p.EndReason, "caseworker": p.Caseworker})); err != nil {
			return err
		}
		return s.open(tx, &changed.Earned)
	})
	return changed, err
}

// handOver puts a plan into another caseload. Nobody takes one out of their own,
// for then they could decide on its awards.
func handOver(actor domain.Actor, p *domain.Plan, to *string) error {
	if to == nil || domain.Fold(*to) == p.Caseworker {
		return nil
	}
	switch {
	case actor.Role == domain.Caseworker:
		return domain.Errorf(domain.Forbidden, "forbidden", "a team leader says whose caseload a plan is in")
	case p.Caseworker == domain.Fold(actor.Person):
		return domain.Errorf(domain.Forbidden, "own_caseload", "the plan is in your own caseload: another team leader must hand it over")
	}
	var f domain.Fields
	p.Caseworker = domain.Fold(f.Clean("caseworker", *to, 100, false))
	return f.Err()
}

// amendPlan puts a change into a plan and checks it.
func (s *Service) amendPlan(tx *store.Tx, p *domain.Plan, in PlanChange) error {
	today, err := s.today(tx)
	if err != nil {
		return err
	}
	var f domain.Fields
	if in.AssessmentDate != nil || in.AssessmentReference != nil {
		domain.Set(&p.AssessmentDate, in.AssessmentDate)
		domain.Set(&p.AssessmentReference, in.AssessmentReference)
		checkAssessment(&f, p, today)
	}
	if in.EndDate != nil || in.EndReason != nil {
		domain.Set(&p.EndDate, in.EndDate)
		domain.Set(&p.EndReason, in.EndReason)
		p.EndedBy = strings.ToLower(tx.Actor().Person)
		checkEnd(&f, *p, today)
	}
	return f.Err()
}

func checkEnd(f *domain.Fields, p domain.Plan, today domain.Date) {
	f.Check(slices.Contains(endReasons, p.EndReason), "end_reason", "unknown", "must be one of %s", strings.Join(endReasons, ", "))
	switch {
	case p.EndDate.IsZero():
		f.Add("end_date", "required", "must not be empty")
	case p.EndDate.Before(p.StartDate):
		f.Add("end_date", "before_start", "must not be before the plan's start, %s", p.StartDate)
	case today.Before(p.EndDate):
		f.Add("end_date", "in_the_future", "must not be after today, %s", today)
	}
}

// closePlan ends the enrolments of a plan that has ended, pays what its end makes
// due, also to those that ended before, and withdraws what is planned after it.
func (s *Service) closePlan(tx *store.Tx, p domain.Plan) (earned Earned, err error) {
	enrolments, err := store.All[domain.Enrolment](tx, "programme_id", store.Is("plan_id", p.ID))
	if err != nil {
		return earned, err
	}
	cause := change{cause: Fact{PlanFact, p.ID}.String()}
	for _, e := range enrolments {
		on := p.EndDate
		if on.Before(e.StartDate) {
			on = e.StartDate
		}
		if e.State == "active" {
			err = s.endEnrolment(tx, &e, on, cause, &earned)
		} else if counts(e, p.EndDate) {
			err = s.evaluateOne(tx, e, cause, &earned)
		}
		if err != nil {
			return earned, err
		}
	}
	return earned, withdrawAfter(tx, p)
}

// withdrawAfter withdraws the sessions planned after a plan's last day, but for
// those with an attendance.
func withdrawAfter(tx *store.Tx, p domain.Plan) error {
	after := p.EndDate.AddDays(1)
	sessions, err := store.All[domain.Session](tx, "id", store.Is("plan_id", p.ID), store.Is("state", sessionPlanned), store.From("local_date", after))
	if err != nil {
		return err
	}
	for _, session := range sessions {
		recorded, err := attended(tx, session.ID)
		if err == nil && !recorded {
			err = store.Set[domain.Session](tx, session.ID, session.Version, map[string]any{"state": sessionWithdrawn})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Plan gives one plan of a unit within reach.
func (s *Service) Plan(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Plan, error) {
	return get(ctx, s, actor, "getPlan", id, func(p domain.Plan) bool { return actor.Reaches(p.UnitID) })
}

// PlanFilter narrows a list of plans; zero fields narrow nothing.
type PlanFilter struct {
	CitizenID domain.ID
	UnitID    domain.ID
	Reference string
	Running   *bool // true: only plans that have not ended; false: only those that have
}

// Plans lists the plans of the units within reach, newest first.
func (s *Service) Plans(ctx context.Context, actor domain.Actor, page store.Page, f PlanFilter) (Listed[domain.Plan], error) {
	conds := []store.Cond{store.Eq("unit_id", actor.UnitID), store.Eq("citizen_id", f.CitizenID), store.Eq("unit_id", f.UnitID), store.Eq("reference", f.Reference)}
	if f.Running != nil && *f.Running {
		conds = append(conds, store.Is("end_reason", ""))
	} else if f.Running != nil {
		conds = append(conds, store.In("end_reason", endReasons))
	}
	return list[domain.Plan](ctx, s, actor, "listPlans", page, conds...)
}
