package vouchers

import (
	"encoding/json"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// evaluate applies the rules of each of the plan's enrolments to newly stored
// events and settles what that makes due.
func (s *Service) evaluate(tx *store.Tx, plan domain.Plan, events ...domain.AttendanceEvent) (Attended, error) {
	result := Attended{Attendance: domain.Attendance(events[len(events)-1])}
	enrolments, err := store.All[domain.Enrolment](tx, "programme_id", store.Is("plan_id", plan.ID))
	if err != nil {
		return result, err
	}
	for _, enrolment := range enrolments {
		if err := s.evaluateOne(tx, enrolment, events, &result); err != nil {
			return result, err
		}
	}
	return result, nil
}

// evaluateOne goes on from the enrolment's stored state when every event is new
// and comes after it; otherwise, and when no event is given, it replays the
// enrolment from its first visit.
func (s *Service) evaluateOne(tx *store.Tx, e domain.Enrolment, events []domain.AttendanceEvent, result *Attended) error {
	doc, state, err := s.ruleState(tx, e)
	if err != nil {
		return err
	}
	visits := opportunities(e, events)
	replay := len(events) == 0 || slices.ContainsFunc(events, func(ev domain.AttendanceEvent) bool { return ev.Revision > 1 || ev.Withdrawn }) ||
		slices.ContainsFunc(visits, func(o rules.Opportunity) bool { return !state.Follows(o) })
	from, due := domain.ID{}, []rules.Award(nil)
	if len(events) > 0 {
		from = events[len(events)-1].ID
	}
	if replay {
		state, due, err = replayed(tx, e, doc)
	} else {
		state, due = rules.Evaluate(doc, state, visits)
	}
	if err != nil {
		return err
	}
	if err := s.settle(tx, e, doc, due, replay, from, result); err != nil {
		return err
	}
	result.Progress = append(result.Progress, s.stand(e, doc, state))
	return saveState(tx, e, state)
}

// replayed evaluates an enrolment from its first visit.
func replayed(tx *store.Tx, e domain.Enrolment, doc rules.Document) (rules.State, []rules.Award, error) {
	visits, err := history(tx, e)
	if err != nil {
		return rules.State{}, nil, err
	}
	state, due := rules.Evaluate(doc, rules.Start(doc, e.StartDate), visits)
	return state, due, nil
}

// ruleState gives the enrolment's rules and where it stands in them.
func (s *Service) ruleState(tx *store.Tx, e domain.Enrolment) (doc rules.Document, state rules.State, err error) {
	if doc, err = s.document(tx, e.VersionID); err != nil {
		return doc, state, err
	}
	err = json.Unmarshal(e.RuleState, &state)
	return doc, state, err
}

func saveState(tx *store.Tx, e domain.Enrolment, state rules.State) error {
	next, err := json.Marshal(state)
	if err != nil || slices.Equal(next, e.RuleState) {
		return err
	}
	return store.Set[domain.Enrolment](tx, e.ID, e.Version, map[string]any{"rule_state": domain.Raw(next)})
}

// history is everything that now holds about the enrolment's visits: of each,
// its newest event, unless that withdrew it.
func history(tx *store.Tx, e domain.Enrolment) ([]rules.Opportunity, error) {
	events, err := store.All[domain.AttendanceEvent](tx, "plan_id, attendance_id, revision", store.Is("plan_id", e.PlanID))
	if err != nil {
		return nil, err
	}
	current := events[:0]
	for i, ev := range events {
		newest := i == len(events)-1 || events[i+1].AttendanceID != ev.AttendanceID
		if newest && !ev.Withdrawn {
			current = append(current, ev)
		}
	}
	return opportunities(e, current), nil
}

// opportunities are the events as the rules see them, less those after the
// enrolment's end.
func opportunities(e domain.Enrolment, events []domain.AttendanceEvent) []rules.Opportunity {
	visits := make([]rules.Opportunity, 0, len(events))
	for _, ev := range events {
		if e.EndedOn.IsZero() || !e.EndedOn.Before(ev.LocalDate) {
			visits = append(visits, opportunity(ev))
		}
	}
	return visits
}

// opportunity is a visit as the rules see it.
func opportunity(e domain.AttendanceEvent) rules.Opportunity {
	o := rules.Opportunity{
		ID: e.AttendanceID.String(), At: e.OccurredAt, Kind: e.Kind, Outcome: e.Outcome,
		Arrived: value(e.ArrivedAt), Left: value(e.LeftAt), Test: e.Test, Task: e.Task,
		Reason: e.AbsenceReason, Notice: value(e.NoticeAt),
	}
	if e.MakesUp != nil {
		o.MakesUp = e.MakesUp.String()
	}
	return o
}

// value is what p points to, or the zero value.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
