package vouchers

import (
	"context"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// Attended is what a recorded visit led to.
type Attended struct {
	Attendance domain.Attendance
	Earned
}

// Earned is what a change has led to.
type Earned struct {
	Awards   []domain.Award   // reached, or changed, by it
	Vouchers []domain.Voucher // issued because of it
	Progress []Standing       // of each of the plan's enrolments
}

// tells reports whether the progress of an enrolment is in it.
func (e Earned) tells(of domain.Enrolment) bool {
	return slices.ContainsFunc(e.Progress, func(p Standing) bool { return p.EnrolmentID == of.ID })
}

// tell puts an award into it as it now is.
func (e *Earned) tell(award domain.Award) {
	e.Awards = append(slices.DeleteFunc(e.Awards, func(a domain.Award) bool { return a.ID == award.ID }), award)
}

// join adds what else it led to.
func (e *Earned) join(more Earned) {
	for _, award := range more.Awards {
		e.tell(award)
	}
	e.Vouchers = append(e.Vouchers, more.Vouchers...)
}

// Standing is how far one enrolment has come.
type Standing struct {
	EnrolmentID domain.ID
	ProgrammeID domain.ID
	Currency    string
	Progress    rules.Progress
	Commitment  string // to the seed of the next draw; "" when nothing is drawn
}

// Attend records what happened at a visit and, when that reaches a milestone,
// issues the voucher in the same transaction. The same visit recorded again
// and told the same way changes nothing and gives what is there; told otherwise
// it is a Conflict, because that is a correction.
func (s *Service) Attend(ctx context.Context, actor domain.Actor, key Key, v Visit) (Answer[Attended], error) {
	return once(ctx, s, actor, "recordAttendance", key, func(tx *store.Tx) (Attended, error) {
		hat, err := hatNamed(tx, v.HatID)
		if err != nil {
			return Attended{}, err
		}
		plan, err := lockPlan(tx, v.PlanID)
		if err != nil {
			return Attended{}, err
		}
		loc, err := tx.Zone()
		if err != nil {
			return Attended{}, err
		}
		event, err := s.firstEvent(tx, plan, v, loc)
		if err != nil {
			return Attended{}, err
		}
		earlier, found, err := recorded(tx, event)
		if err != nil {
			return Attended{}, err
		}
		if found {
			if err := entered(tx, hat, earlier); err != nil {
				return Attended{}, err
			}
			return s.alreadyRecorded(tx, plan, earlier, event)
		}
		if err := s.mayExcuse(tx, domain.AttendanceEvent{}, event); err != nil {
			return Attended{}, err
		}
		if err := store.Insert(tx, &event); err != nil {
			return Attended{}, err
		}
		if err := s.enter(tx, hat, domain.Attendance(event)); err != nil {
			return Attended{}, err
		}
		if err := tx.Audit("recordAttendance", "attendance", event.ID, event.CreatedAt, outcomeDetail(event)); err != nil {
			return Attended{}, err
		}
		return s.evaluate(tx, plan, event)
	})
}

// outcomeDetail is an audit entry's detail of an event. What tells of a test is
// left to those who may see attendances.
func outcomeDetail(e domain.AttendanceEvent) domain.Raw {
	said := map[string]any{"revision": e.Revision}
	if e.Outcome != domain.NoValidSample && e.Outcome != domain.Pending {
		said["outcome"] = e.Outcome
	}
	return domain.Detail(said)
}

// alreadyRecorded answers for a visit that someone else, or the same person a
// moment ago, has recorded.
func (s *Service) alreadyRecorded(tx *store.Tx, plan domain.Plan, there domain.Attendance, event domain.AttendanceEvent) (Attended, error) {
	if there.Withdrawn || there.Outcome != event.Outcome || there.Kind != event.Kind || !there.OccurredAt.Equal(event.OccurredAt) || !sameDetails(there.Details, event.Details) {
		return Attended{}, domain.Errorf(domain.Conflict, "already_recorded",
			"this visit is already recorded and told otherwise, in outcome, kind, time or details: correct attendance %s instead of recording it again", attendanceRef(there.AttendanceID))
	}
	if err := tx.Audit("recordAttendance", "attendance", there.AttendanceID, event.CreatedAt, domain.Detail(map[string]any{"already_recorded": true})); err != nil {
		return Attended{}, err
	}
	enrolments, err := store.All[domain.Enrolment](tx, "programme_id", store.Is("plan_id", plan.ID))
	if err != nil {
		return Attended{}, err
	}
	result := Attended{Attendance: there}
	for _, enrolment := range enrolments {
		standing, err := s.standing(tx, enrolment)
		if err != nil {
			return Attended{}, err
		}
		result.Progress = append(result.Progress, standing)
	}
	return result, nil
}

// standing reads an enrolment's progress from its stored state.
func (s *Service) standing(tx *store.Tx, e domain.Enrolment) (Standing, error) {
	doc, state, err := s.ruleState(tx, e)
	if err != nil {
		return Standing{}, err
	}
	out, err := s.beside(tx, e)
	if err != nil {
		return Standing{}, err
	}
	return committed(tx, e, doc, s.standWith(e, doc, state, out))
}

// committed adds the commitment of the next draw, where one can come.
func committed(tx *store.Tx, e domain.Enrolment, doc rules.Document, standing Standing) (Standing, error) {
	if !doc.Draws() || standing.Progress.Finished {
		return standing, nil
	}
	var err error
	standing.Commitment, err = nextCommitment(tx, e)
	return standing, err
}

// stand tells an enrolment's progress as of today.
func (s *Service) stand(e domain.Enrolment, doc rules.Document, state rules.State) Standing {
	return s.standWith(e, doc, state, nil)
}

// standWith is stand where caps count what is outside too.
func (s *Service) standWith(e domain.Enrolment, doc rules.Document, state rules.State, out *outside) Standing {
	today := domain.DateOf(s.now(), doc.Location())
	progress := state.ProgressWith(doc, out.under(doc, e.ProgrammeID))
	if e.State == "ended" {
		progress = progress.EndedOn(e.EndedOn)
	}
	return Standing{EnrolmentID: e.ID, ProgrammeID: e.ProgrammeID, Currency: doc.Currency, Progress: progress.On(today)}
}
