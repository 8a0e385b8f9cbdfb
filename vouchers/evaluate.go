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
	enrolments, err := store.All[domain.Enrolment](tx, "programme_id, id", store.Is("plan_id", plan.ID))
	if err != nil {
		return result, err
	}
	for _, enrolment := range enrolments {
		if result.tells(enrolment) { // in the episode of one before
			continue
		}
		if err := s.evaluateOne(tx, enrolment, events, &result); err != nil {
			return result, err
		}
	}
	return result, nil
}

// evaluateOne goes on from the enrolment's stored state when every event is new
// and comes after it; otherwise, and when no event is given, it replays the
// enrolment's episode from its first visit.
func (s *Service) evaluateOne(tx *store.Tx, e domain.Enrolment, events []domain.AttendanceEvent, result *Attended) error {
	doc, state, err := s.ruleState(tx, e)
	if err != nil {
		return err
	}
	st := settlement{cause: causedBy(events), result: result}
	visits := opportunities(e, events)
	if len(events) == 0 || outOfTurn(e, state, events, visits) {
		return s.again(tx, e, st)
	}
	state, fresh, err := s.onward(tx, e, doc, state, visits)
	if err != nil {
		return err
	}
	if len(fresh) > 0 {
		there, err := s.awardsFrom(tx, e, fresh[0].Milestone)
		if err == nil {
			err = s.settle(tx, st, there, fresh)
		}
		if err != nil {
			return err
		}
	}
	standing, err := committed(tx, e, doc, s.stand(e, doc, state))
	if err != nil {
		return err
	}
	result.Progress = append(result.Progress, standing)
	return saveState(tx, e, state)
}

// onward evaluates new visits from a state. Those that draw take their seeds and
// are evaluated again with them.
func (s *Service) onward(tx *store.Tx, e domain.Enrolment, doc rules.Document, from rules.State, visits []rules.Opportunity) (rules.State, []due, error) {
	for {
		state, awards := rules.Evaluate(doc, from, visits)
		fresh := make([]due, len(awards))
		for i, a := range awards {
			fresh[i] = due{Award: a, enrolment: e, version: e.VersionID}
		}
		took, err := s.takeSeeds(tx, fresh)
		if err == nil && took {
			err = seeded(tx, e, visits)
		}
		if err != nil || !took {
			return state, fresh, err
		}
	}
}

// outOfTurn reports whether what happened cannot simply be told after what is
// known: it is a correction, is late, or belongs before a move or a return.
func outOfTurn(e domain.Enrolment, state rules.State, events []domain.AttendanceEvent, visits []rules.Opportunity) bool {
	return e.State == "ended" && len(visits) > 0 ||
		slices.ContainsFunc(events, func(ev domain.AttendanceEvent) bool {
			return ev.Revision > 1 || ev.Withdrawn || ev.LocalDate.Before(e.MovedOn) || e.ContinuesID != nil && ev.LocalDate.Before(e.StartDate)
		}) ||
		slices.ContainsFunc(visits, func(o rules.Opportunity) bool { return !state.Follows(o) })
}

// causedBy names what made an evaluation necessary: the newest event, or
// "enrolment".
func causedBy(events []domain.AttendanceEvent) string {
	if len(events) == 0 {
		return "enrolment"
	}
	return events[len(events)-1].ID.String()
}

// again evaluates an enrolment's whole episode from its first visit, and brings
// what is stored in line with it. Progress is told of those in the same plan.
func (s *Service) again(tx *store.Tx, e domain.Enrolment, st settlement) error {
	ep, err := episodeOf(tx, e)
	if err != nil {
		return err
	}
	tale, err := s.drawnTale(tx, ep)
	if err != nil {
		return err
	}
	there, err := store.All[domain.Award](tx, "milestone", store.In("enrolment_id", ep.ids()))
	if err != nil {
		return err
	}
	if err := s.settle(tx, st, there, tale.due); err != nil {
		return err
	}
	if err := s.unreached(tx, st, there, tale.due); err != nil {
		return err
	}
	for i, c := range ep {
		if c.PlanID == e.PlanID {
			doc, err := s.document(tx, c.VersionID)
			if err != nil {
				return err
			}
			standing, err := committed(tx, c.Enrolment, doc, s.stand(c.Enrolment, doc, tale.states[i]))
			if err != nil {
				return err
			}
			st.result.Progress = append(st.result.Progress, standing)
		}
		if err := saveState(tx, c.Enrolment, tale.states[i]); err != nil {
			return err
		}
	}
	return nil
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
