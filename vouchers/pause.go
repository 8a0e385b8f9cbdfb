package vouchers

import (
	"context"
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// maxPause is how long a pause may last, in days: longer is a slip of the keyboard.
const maxPause = 3660

// PauseInput says from when a plan rests, and why.
type PauseInput struct {
	Reason   string // one of domain.PauseReasons
	FirstDay domain.Date
	LastDay  domain.Date // zero: not known yet
}

// PauseResult is a pause as it is now, and what recording or changing it led to.
type PauseResult struct {
	Pause domain.Pause
	Earned
}

// CreatePause records a pause of a plan within reach, in the past or ahead, and
// evaluates again what it changes. Conflict if the plan is paused on one of the
// days already, or if a programme in which it is does not say what such a pause
// does.
func (s *Service) CreatePause(ctx context.Context, actor domain.Actor, key Key, planID domain.ID, in PauseInput) (Answer[PauseResult], error) {
	return once(ctx, s, actor, "createPause", key, func(tx *store.Tx) (PauseResult, error) {
		plan, err := lockPlan(tx, planID)
		if err != nil {
			return PauseResult{}, err
		}
		p := domain.Pause{
			MunicipalityID: plan.MunicipalityID, ID: store.NewID(), PlanID: plan.ID, Reason: in.Reason, FirstDay: in.FirstDay, LastDay: in.LastDay,
			Version: 1, CreatedAt: s.now(),
		}
		if err := s.checkPause(tx, plan, p); err != nil {
			return PauseResult{}, err
		}
		if err := s.checkStated(tx, p); err != nil {
			return PauseResult{}, err
		}
		if err := store.Insert(tx, &p); err != nil {
			return PauseResult{}, err
		}
		return s.paused(tx, "createPause", p)
	})
}

// PauseChange says what to change of a pause: one of the first three.
type PauseChange struct {
	LastDay   domain.Date
	Open      bool   // the last day is not known after all
	Withdrawn bool   // as if it had never been recorded
	Because   string // 1–500 letters, kept with the pause
}

// UpdatePause sets or changes a pause's last day, or withdraws it, and evaluates
// again what that changes. Stale unless version is the one last read.
func (s *Service) UpdatePause(ctx context.Context, actor domain.Actor, id domain.ID, version int64, in PauseChange) (result PauseResult, err error) {
	err = s.write(ctx, actor, "updatePause", func(tx *store.Tx) error {
		p, err := store.Get[domain.Pause](tx, id)
		if err != nil {
			return err
		}
		plan, err := lockPlan(tx, p.PlanID)
		if err != nil {
			return err
		}
		if p, err = store.Get[domain.Pause](tx, id); err != nil { // again, under the lock
			return err
		}
		if err := s.amendPause(tx, plan, &p, in); err != nil {
			return err
		}
		if err := s.seal(tx, plan.CitizenID, &p); err != nil {
			return err
		}
		p.Version = version + 1
		err = store.Set[domain.Pause](tx, id, version, map[string]any{"last_day": p.LastDay, "withdrawn": p.Withdrawn, "changed_because": p.ChangedBecause})
		if err == nil {
			result, err = s.paused(tx, "updatePause", p)
		}
		if err != nil {
			return err
		}
		return s.open(tx, &result)
	})
	return result, err
}

// amendPause puts a change into a pause and checks it.
func (s *Service) amendPause(tx *store.Tx, plan domain.Plan, p *domain.Pause, in PauseChange) error {
	if p.Withdrawn {
		return domain.Errorf(domain.Conflict, "pause_withdrawn", "the pause is withdrawn: record a new one")
	}
	var f domain.Fields
	p.ChangedBecause = domain.NewPrivate(f.Clean("because", in.Because, 500, false))
	asked := 0
	for _, one := range []bool{!in.LastDay.IsZero(), in.Open, in.Withdrawn} {
		if one {
			asked++
		}
	}
	f.Check(asked == 1, "last_day", "contradiction", "send one of last_day, open and withdrawn")
	if err := f.Err(); err != nil {
		return err
	}
	if p.Withdrawn = in.Withdrawn; p.Withdrawn {
		return nil
	}
	p.LastDay = in.LastDay
	if err := s.checkPause(tx, plan, *p); err != nil {
		return err
	}
	return s.checkStated(tx, *p)
}

// checkPause refuses a pause that cannot be, or that meets another.
func (s *Service) checkPause(tx *store.Tx, plan domain.Plan, p domain.Pause) error {
	today, err := s.today(tx)
	if err != nil {
		return err
	}
	var f domain.Fields
	f.Check(slices.Contains(domain.PauseReasons, p.Reason), "reason", "unknown", "must be one of %s", strings.Join(domain.PauseReasons, ", "))
	switch {
	case p.FirstDay.IsZero():
		f.Add("first_day", "required", "must not be empty")
	case p.FirstDay.Before(plan.StartDate):
		f.Add("first_day", "before_plan", "must not be before the plan's start, %s", plan.StartDate)
	case !inPlan(plan, p.FirstDay):
		f.Add("first_day", "after_plan", "must not be after the plan's end, %s", plan.EndDate)
	case today.Days(p.FirstDay) > maxStartAhead:
		f.Add("first_day", "too_far_ahead", "must not be more than a year ahead: check the year")
	case !p.LastDay.IsZero() && p.LastDay.Before(p.FirstDay):
		f.Add("last_day", "before_first", "must not be before the first day, %s", p.FirstDay)
	case !p.LastDay.IsZero() && p.FirstDay.Days(p.LastDay) > maxPause:
		f.Add("last_day", "too_far_ahead", "must not be more than ten years after the first day: check the year")
	}
	if err := f.Err(); err != nil {
		return err
	}
	others, err := store.All[domain.Pause](tx, "", store.Is("plan_id", p.PlanID), store.Is("withdrawn", false))
	for _, other := range others {
		if other.ID != p.ID && other.Meets(p) {
			return domain.Errorf(domain.Conflict, "pause_exists", "the plan is paused already %s: change or withdraw that pause", span(other))
		}
	}
	return err
}

// span says in words when a pause is.
func span(p domain.Pause) string {
	if p.LastDay.IsZero() {
		return "from " + p.FirstDay.String() + ", with no last day set"
	}
	return "from " + p.FirstDay.String() + " to " + p.LastDay.String()
}

// checkStated refuses a pause of which a programme that the plan is in does not
// say what it does: nothing is counted by a rule that no council has adopted.
func (s *Service) checkStated(tx *store.Tx, p domain.Pause) error {
	enrolments, err := store.All[domain.Enrolment](tx, "programme_id", store.Is("plan_id", p.PlanID), store.Is("state", "active"))
	if err != nil {
		return err
	}
	chapters, err := withMoves(tx, enrolments)
	if err != nil {
		return err
	}
	for _, c := range chapters {
		for _, version := range c.during(p.FirstDay, p.LastDay) {
			doc, err := s.document(tx, version)
			if err != nil {
				return err
			}
			if !doc.HasPause(p.Reason) {
				return domain.Errorf(domain.Conflict, "pause_not_stated",
					"the programme %s does not say what a pause for %s does: adopt a version that states it under pauses and move the enrolment to it, or end the enrolment", doc.Programme, p.Reason)
			}
		}
	}
	return nil
}

// unstated gives the plan's first pause on or after a day of which the document
// does not say what it does.
func unstated(tx *store.Tx, plan domain.ID, from domain.Date, doc rules.Document) (domain.Pause, bool, error) {
	rows, err := store.All[domain.Pause](tx, "", store.Is("plan_id", plan), store.Is("withdrawn", false))
	i := slices.IndexFunc(rows, func(p domain.Pause) bool { return p.Meets(domain.Pause{FirstDay: from}) && !doc.HasPause(p.Reason) })
	if err != nil || i < 0 {
		return domain.Pause{}, false, err
	}
	return rows[i], true, nil
}

// paused leaves the audit entry of a pause that was stored and evaluates again.
// What the pause is for stays with those who may see plans.
func (s *Service) paused(tx *store.Tx, action domain.Action, p domain.Pause) (PauseResult, error) {
	said := map[string]any{"first_day": p.FirstDay, "last_day": p.LastDay, "withdrawn": p.Withdrawn}
	if err := tx.Audit(action, "pause", p.ID, s.now(), domain.Detail(said)); err != nil {
		return PauseResult{}, err
	}
	earned, err := s.evaluatePlan(tx, p.PlanID, change{cause: Fact{PauseFact, p.ID}.String()})
	return PauseResult{Pause: p, Earned: earned}, err
}

// Pause gives one pause of a plan within reach.
func (s *Service) Pause(ctx context.Context, actor domain.Actor, id domain.ID) (p domain.Pause, err error) {
	err = s.read(ctx, actor, "getPause", func(tx *store.Tx) error {
		if p, err = store.Get[domain.Pause](tx, id); err == nil {
			_, err = reachPlan(tx, actor, p.PlanID)
		}
		if err != nil {
			return err
		}
		return s.open(tx, &p)
	})
	return p, err
}

// Pauses lists a plan's pauses, newest first, the withdrawn ones too.
func (s *Service) Pauses(ctx context.Context, actor domain.Actor, planID domain.ID, page store.Page) (l Listed[domain.Pause], err error) {
	err = s.read(ctx, actor, "listPauses", func(tx *store.Tx) error {
		if _, err := reachPlan(tx, actor, planID); err != nil {
			return err
		}
		if l.Rows, l.More, err = store.List[domain.Pause](tx, page, store.Is("plan_id", planID)); err != nil {
			return err
		}
		return s.open(tx, pointers(l.Rows)...)
	})
	return l, err
}
