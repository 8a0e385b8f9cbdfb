package vouchers

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// The states of a goal.
const (
	goalOpen    = "open"
	goalReached = "reached"
	goalDropped = "dropped"
)

var goalStates = []string{goalOpen, goalReached, goalDropped}

// The kinds of a goal.
const (
	goalKind  = "goal"
	phaseKind = "phase" // of the treatment; reached when it is completed
)

// GoalInput is a goal of a plan, worded with the citizen.
type GoalInput struct {
	Wording  string
	Kind     string    // goal or phase; "" is goal
	ParentID domain.ID // the goal that this is a sub-goal of; zero for none
}

// CreateGoal adds a goal, or a sub-goal, to a plan that runs.
func (s *Service) CreateGoal(ctx context.Context, actor domain.Actor, planID domain.ID, in GoalInput) (g domain.Goal, err error) {
	err = s.write(ctx, actor, "createGoal", func(tx *store.Tx) error {
		plan, err := lockPlan(tx, planID)
		if err != nil {
			return err
		}
		if !plan.EndDate.IsZero() {
			return domain.Errorf(domain.Conflict, "plan_ended", "the plan ended on %s: goals belong to a plan that runs", plan.EndDate)
		}
		var f domain.Fields
		g = s.newGoal(&f, plan, in)
		f.Check(g.Kind == goalKind || g.Kind == phaseKind, "kind", "unknown", "must be %s or %s", goalKind, phaseKind)
		f.Check(g.Kind != phaseKind || in.ParentID == (domain.ID{}), "parent_id", "contradiction", "a phase of the treatment is no sub-goal: leave parent_id out")
		if in.ParentID != (domain.ID{}) {
			parent, err := store.Refer(tx, "parent_id", in.ParentID, func(p domain.Goal) bool { return p.PlanID == planID })
			f.Check(parent.ParentID == nil, "parent_id", "sub_goal", "is a sub-goal itself: name a goal of the plan")
			if err := f.Merge(err); err != nil {
				return err
			}
			g.ParentID = &in.ParentID
		}
		if err := f.Err(); err != nil {
			return err
		}
		return s.addGoal(tx, plan, &g)
	})
	return g, err
}

// newGoal makes a goal of what is said and notes what is wrong with its wording.
func (s *Service) newGoal(f *domain.Fields, plan domain.Plan, in GoalInput) domain.Goal {
	g := domain.Goal{MunicipalityID: plan.MunicipalityID, ID: store.NewID(), PlanID: plan.ID, Kind: cmp.Or(in.Kind, goalKind), State: goalOpen, ReachedBy: domain.Strings{}, Version: 1, CreatedAt: s.now()}
	g.Wording = domain.NewPrivate(f.Clean("wording", in.Wording, 1000, false))
	return g
}

// addGoal stores a goal that was checked.
func (s *Service) addGoal(tx *store.Tx, plan domain.Plan, g *domain.Goal) error {
	if err := s.seal(tx, plan.CitizenID, g); err != nil {
		return err
	}
	if err := store.Insert(tx, g); err != nil {
		return err
	}
	return tx.Audit("createGoal", "goal", g.ID, g.CreatedAt, nil)
}

// GoalChange says what to change; nil stays as it is.
type GoalChange struct {
	Wording   *string
	State     *string      // open, reached or dropped
	ReachedOn *domain.Date // with State reached, and only then
}

// ChangedGoal is a goal as it is now, and what its change led to.
type ChangedGoal struct {
	domain.Goal
	Earned
}

// UpdateGoal words a goal anew or says what became of it, and pays at once what
// that makes due. Stale unless version is the one last read.
func (s *Service) UpdateGoal(ctx context.Context, actor domain.Actor, id domain.ID, version int64, in GoalChange) (changed ChangedGoal, err error) {
	err = s.write(ctx, actor, "updateGoal", func(tx *store.Tx) error {
		var g domain.Goal
		plan, err := lockGoal(tx, &g, id)
		if err != nil {
			return err
		}
		today, err := s.today(tx)
		if err != nil {
			return err
		}
		before := g
		var f domain.Fields
		if in.Wording != nil {
			g.Wording = domain.NewPrivate(f.Clean("wording", *in.Wording, 1000, false))
		}
		if in.State != nil && *in.State != goalReached {
			g.ReachedOn = domain.Date{}
		}
		domain.Set(&g.State, in.State)
		domain.Set(&g.ReachedOn, in.ReachedOn)
		checkGoal(&f, g, plan, today)
		if err := f.Err(); err != nil {
			return err
		}
		g.ReachedBy, g.Version = reachedBy(before, g, actor), version+1
		if err := s.seal(tx, plan.CitizenID, &g); err != nil {
			return err
		}
		if err := s.saveGoal(tx, g); err != nil {
			return err
		}
		changed.Goal = g
		if before.ReachedOn != g.ReachedOn {
			changed.Earned, err = s.evaluatePlan(tx, g.PlanID, change{cause: Fact{GoalFact, g.ID}.String()})
		}
		if err != nil {
			return err
		}
		return s.open(tx, &changed)
	})
	return changed, err
}

// saveGoal stores a goal that was changed.
func (s *Service) saveGoal(tx *store.Tx, g domain.Goal) error {
	err := store.Set[domain.Goal](tx, g.ID, g.Version-1, map[string]any{"wording": g.Wording, "state": g.State, "reached_on": g.ReachedOn, "reached_by": g.ReachedBy})
	if err != nil {
		return err
	}
	return tx.Audit("updateGoal", "goal", g.ID, s.now(), domain.Detail(map[string]any{"state": g.State, "reached_on": g.ReachedOn}))
}

// reachedBy are those who have said that a goal is reached, or when: whoever
// only words it anew has not.
func reachedBy(before, now domain.Goal, actor domain.Actor) domain.Strings {
	switch {
	case now.State != goalReached:
		return domain.Strings{}
	case before.State == goalReached && before.ReachedOn == now.ReachedOn:
		return before.ReachedBy
	default:
		return distinct(append(slices.Clone(before.ReachedBy), strings.ToLower(actor.Person)))
	}
}

func checkGoal(f *domain.Fields, g domain.Goal, plan domain.Plan, today domain.Date) {
	f.Check(slices.Contains(goalStates, g.State), "state", "unknown", "must be one of %s", strings.Join(goalStates, ", "))
	switch {
	case g.State != goalReached:
		f.Check(g.ReachedOn.IsZero(), "reached_on", "contradiction", "belongs to a goal whose state is %s", goalReached)
	case g.ReachedOn.IsZero():
		f.Add("reached_on", "required", "must say when the goal was reached")
	case g.ReachedOn.Before(plan.StartDate):
		f.Add("reached_on", "before_start", "must not be before the plan's start, %s", plan.StartDate)
	case today.Before(g.ReachedOn):
		f.Add("reached_on", "in_the_future", "must not be after today, %s", today)
	}
}

// lockGoal reads a goal and its plan, which whoever changes what the plan earns
// locks first.
func lockGoal(tx *store.Tx, g *domain.Goal, id domain.ID) (plan domain.Plan, err error) {
	if *g, err = store.Get[domain.Goal](tx, id); err != nil {
		return plan, err
	}
	if plan, err = lockPlan(tx, g.PlanID); err == nil {
		*g, err = store.Get[domain.Goal](tx, id) // again, under the lock
	}
	return plan, err
}

// planOfGoal reads a goal and the plan that decides who reaches it.
func planOfGoal(tx *store.Tx, actor domain.Actor, g *domain.Goal, id domain.ID) (plan domain.Plan, err error) {
	if *g, err = store.Get[domain.Goal](tx, id); err == nil {
		plan, err = reachPlan(tx, actor, g.PlanID)
	}
	return plan, err
}

// reachPlan reads a plan within the actor's reach.
func reachPlan(tx *store.Tx, actor domain.Actor, id domain.ID) (domain.Plan, error) {
	plan, err := store.Get[domain.Plan](tx, id)
	if err == nil && !actor.Reaches(plan.UnitID) {
		err = domain.OutOfReach()
	}
	return plan, err
}

// Goal gives one goal of a plan within reach.
func (s *Service) Goal(ctx context.Context, actor domain.Actor, id domain.ID) (g domain.Goal, err error) {
	err = s.read(ctx, actor, "getGoal", func(tx *store.Tx) error {
		if _, err := planOfGoal(tx, actor, &g, id); err != nil {
			return err
		}
		return s.open(tx, &g)
	})
	return g, err
}

// Goals lists a plan's goals and sub-goals, newest first, in any state when
// state is empty.
func (s *Service) Goals(ctx context.Context, actor domain.Actor, planID domain.ID, page store.Page, state string) (l Listed[domain.Goal], err error) {
	err = s.read(ctx, actor, "listGoals", func(tx *store.Tx) error {
		if _, err := reachPlan(tx, actor, planID); err != nil {
			return err
		}
		if l.Rows, l.More, err = store.List[domain.Goal](tx, page, store.Is("plan_id", planID), store.Eq("state", state)); err != nil {
			return err
		}
		return s.open(tx, pointers(l.Rows)...)
	})
	return l, err
}
