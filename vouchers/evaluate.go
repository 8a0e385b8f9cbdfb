package vouchers

import (
	"encoding/json"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// change is what makes an evaluation necessary.
type change struct {
	events []domain.AttendanceEvent // newly stored, the newest last; none: something else changed, and all is replayed
	cause  string                   // how adjustments name it
}

// evaluate applies the rules of each of the plan's enrolments to newly stored
// events and settles what that makes due.
func (s *Service) evaluate(tx *store.Tx, plan domain.Plan, events ...domain.AttendanceEvent) (Attended, error) {
	newest := events[len(events)-1]
	earned, err := s.evaluatePlan(tx, plan.ID, change{events: events, cause: newest.ID.String()})
	return Attended{Attendance: domain.Attendance(newest), Earned: earned}, err
}

// evaluatePlan applies the rules of each of the plan's enrolments to a change.
func (s *Service) evaluatePlan(tx *store.Tx, plan domain.ID, c change) (earned Earned, err error) {
	enrolments, err := store.All[domain.Enrolment](tx, "programme_id, id", store.Is("plan_id", plan))
	if err != nil {
		return earned, err
	}
	if err := lockSharers(tx, enrolments...); err != nil {
		return earned, err
	}
	if slices.ContainsFunc(enrolments, func(e domain.Enrolment) bool { return e.CountedTo != nil }) { // again, under the lock
		if enrolments, err = store.All[domain.Enrolment](tx, "programme_id, id", store.Is("plan_id", plan)); err != nil {
			return earned, err
		}
	}
	for _, enrolment := range enrolments {
		if earned.tells(enrolment) { // in the episode of one before
			continue
		}
		if err := s.evaluateOne(tx, enrolment, c, &earned); err != nil {
			return earned, err
		}
	}
	return earned, nil
}

// evaluateOne goes on from the enrolment's stored state when every event is new
// and comes after it; otherwise it replays the enrolment's episode from its
// beginning.
func (s *Service) evaluateOne(tx *store.Tx, e domain.Enrolment, c change, result *Earned) error {
	doc, state, err := s.ruleState(tx, e)
	if err != nil {
		return err
	}
	st := settlement{cause: c.cause, result: result}
	visits := opportunities(e, c.events)
	if len(c.events) == 0 || outOfTurn(e, state, c.events, visits) {
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
// known: it is a correction, is late, belongs before a move or a return, or a cap
// counts it together with what is elsewhere.
func outOfTurn(e domain.Enrolment, state rules.State, events []domain.AttendanceEvent, visits []rules.Opportunity) bool {
	return e.State == "ended" && len(visits) > 0 || e.CountedTo != nil ||
		slices.ContainsFunc(events, func(ev domain.AttendanceEvent) bool {
			return ev.Revision > 1 || ev.Withdrawn || ev.LocalDate.Before(e.MovedOn) || e.ContinuesID != nil && ev.LocalDate.Before(e.StartDate)
		}) ||
		slices.ContainsFunc(visits, func(o rules.Opportunity) bool { return !state.Follows(o) })
}

// again evaluates an enrolment's whole episode from its first visit, and brings
// what is stored in line with it. Progress is told of those in the same plan.
// When the episode sinks, those are evaluated again that share a cap with it.
func (s *Service) again(tx *store.Tx, e domain.Enrolment, st settlement) error {
	e, err := lockedSharer(tx, e)
	if err != nil {
		return err
	}
	ep, err := episodeOf(tx, e)
	if err != nil {
		return err
	}
	before, err := awardsOf(tx, ep)
	if err != nil {
		return err
	}
	tale, out, err := s.settleAll(tx, ep, st, before)
	if err != nil {
		return err
	}
	for i, c := range ep {
		if c.PlanID == e.PlanID {
			doc, err := s.document(tx, c.VersionID)
			if err != nil {
				return err
			}
			standing, err := committed(tx, c.Enrolment, doc, s.standWith(c.Enrolment, doc, tale.states[i], out))
			if err != nil {
				return err
			}
			st.result.Progress = append(st.result.Progress, standing)
		}
		if err := saveState(tx, c.Enrolment, tale.states[i]); err != nil {
			return err
		}
	}
	if e.CountedTo == nil || st.alone {
		return nil
	}
	now, err := awardsOf(tx, ep)
	if err == nil && (st.sunk || sank(before, now)) {
		err = s.share(tx, ep, st)
	}
	return err
}

// maxRounds bounds settleAll: vouchers just issued change at most what is said of
// them, which is stable after one more.
const maxRounds = 4

// settleAll tells an episode and settles it. Where caps count vouchers, it does so
// until those just issued change nothing more.
func (s *Service) settleAll(tx *store.Tx, ep episode, st settlement, there []domain.Award) (t tale, out *outside, err error) {
	issued, err := s.anyVersion(tx, ep, rules.Document.CountsIssued)
	if err != nil {
		return t, nil, err
	}
	for range maxRounds {
		if out, err = s.mark(tx, ep); err != nil {
			return t, nil, err
		}
		if t, err = s.drawnTale(tx, ep, out); err != nil {
			return t, nil, err
		}
		round := settlement{cause: st.cause, result: &Earned{}}
		if err := s.settle(tx, round, there, t.due); err != nil {
			return t, nil, err
		}
		if err := s.unreached(tx, round, there, t.due); err != nil {
			return t, nil, err
		}
		st.result.join(*round.result)
		if !issued || len(round.result.Awards) == 0 {
			break
		}
		if there, err = awardsOf(tx, ep); err != nil {
			return t, nil, err
		}
	}
	return t, out, nil
}

// mark reads what is outside an episode and stores that it was counted; nil, and
// nothing stored, when nothing is.
func (s *Service) mark(tx *store.Tx, ep episode) (*outside, error) {
	if ep.last().CountedTo == nil {
		return nil, nil //nolint:nilnil // nothing is outside
	}
	if err := tx.Flush(); err != nil { // vouchers just issued count
		return nil, err
	}
	out, m, err := s.outsideNow(tx, ep)
	if err != nil {
		return nil, err
	}
	return out, ep.save(tx, m)
}

// awardsOf reads an episode's awards, but for those given by hand: nothing that
// is evaluated again changes those.
func awardsOf(tx *store.Tx, ep episode) ([]domain.Award, error) {
	return store.All[domain.Award](tx, "milestone", store.In("enrolment_id", ep.ids()), store.From("milestone", 1))
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
