package vouchers

import (
	"encoding/json"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// saying is what the audit log says that someone did to a goal, plan, pause, move or hat.
type saying struct {
	id     domain.ID // of the entry
	action domain.Action
	person string // in small letters
	detail domain.Raw
}

// stated is what an entry's detail says of a fact; an older entry says less.
type stated struct {
	State     string       `json:"state"`
	EndReason string       `json:"end_reason"`
	ReachedOn *domain.Date `json:"reached_on"`
	FirstDay  *domain.Date `json:"first_day"`
	LastDay   *domain.Date `json:"last_day"`
	Withdrawn bool         `json:"withdrawn"`

	From       domain.ID    `json:"from_programme_version"`
	To         domain.ID    `json:"programme_version"`
	On         *domain.Date `json:"on"`
	Commitment string       `json:"commitment"`
	Names      int          `json:"names"`
	Slips      int          `json:"slips"`
	Again      bool         `json:"already_drawn"`
}

// newest gives who did these things to a fact, and what was said of it last.
func (v verifier) newest(of domain.ID, actions ...domain.Action) (people []string, last stated, err error) {
	for _, s := range v.audit.said[of] {
		if slices.Contains(actions, s.action) && s.detail != nil {
			var said stated
			if err := json.Unmarshal(s.detail, &said); err != nil {
				return nil, last, err
			}
			if !said.Again {
				people, last = append(people, s.person), said
			}
		}
	}
	return people, last, nil
}

// goals checks that each goal stands as the audit log says, and that those named
// for it said so.
func (v verifier) goals() (rows int, err error) {
	err = store.Each(v.tx, func(g domain.Goal) error {
		rows++
		people, last, err := v.newest(g.ID, "updateGoal")
		reached := g.State == goalReached
		v.traced("goal", g.ID, "createGoal")
		v.differ(g.State == goalOpen && people == nil || g.State == last.State, "goal %s: is %s, the audit log says %q", g.ID, g.State, last.State)
		v.differ(last.ReachedOn == nil || *last.ReachedOn == g.ReachedOn, "goal %s: reached on %s, the audit log says otherwise", g.ID, g.ReachedOn)
		v.differ(reached == !g.ReachedOn.IsZero() && reached == (len(g.ReachedBy) > 0), "goal %s: is %s, and was reached on %q by %d people", g.ID, g.State, g.ReachedOn, len(g.ReachedBy))
		for _, person := range g.ReachedBy {
			v.differ(slices.Contains(people, person), "goal %s: the audit log does not say that %s reached it", g.ID, person)
		}
		v.record(g.ID, g.CreatedAt)
		return err
	})
	return rows, err
}

// plans checks that each plan has ended as the audit log says, and by whom.
func (v verifier) plans() (rows int, err error) {
	err = store.Each(v.tx, func(p domain.Plan) error {
		rows++
		people, last, err := v.newest(p.ID, "updatePlan")
		v.differ(last.EndReason == p.EndReason, "plan %s: ended as %q, the audit log says %q", p.ID, p.EndReason, last.EndReason)
		v.differ((p.EndedBy != "") == (p.EndReason != ""), "plan %s: ended as %q by %q", p.ID, p.EndReason, p.EndedBy)
		v.differ(p.EndedBy == "" || slices.Contains(people, p.EndedBy), "plan %s: the audit log does not say that %s ended it", p.ID, p.EndedBy)
		v.record(p.ID, p.CreatedAt)
		return err
	})
	return rows, err
}

// pauses checks that each pause stands as the audit log says, and that no two of
// a plan meet.
func (v verifier) pauses() (rows int, err error) {
	of := map[domain.ID][]domain.Pause{}
	err = store.Each(v.tx, func(p domain.Pause) error {
		rows++
		_, last, err := v.newest(p.ID, "createPause", "updatePause")
		v.traced("pause", p.ID, "createPause")
		same := last.FirstDay != nil && *last.FirstDay == p.FirstDay && last.LastDay != nil && *last.LastDay == p.LastDay && last.Withdrawn == p.Withdrawn
		v.differ(same, "pause %s: is %s, withdrawn %t, the audit log says otherwise", p.ID, span(p), p.Withdrawn)
		for _, other := range of[p.PlanID] {
			v.differ(p.Withdrawn || !p.Meets(other), "pause %s: meets pause %s of the same plan", p.ID, other.ID)
		}
		if !p.Withdrawn {
			of[p.PlanID] = append(of[p.PlanID], p)
		}
		return err
	})
	return rows, err
}
