package vouchers

import (
	"maps"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// backdrop is what describes matters.
type backdrop struct {
	awards     map[domain.ID]domain.Award // of withholdings
	citizens   map[domain.ID]domain.Citizen
	of         map[domain.ID]domain.ID // enrolment → citizen
	units      map[domain.ID]string
	programmes map[domain.ID]rules.Text
	limits     []domain.ApprovalLimits
}

// describe adds to matters who and what they are about, with as many queries however
// many they are.
func (s *Service) describe(tx *store.Tx, r reach, lists ...[]Matter) error {
	var all []*Matter
	for _, list := range lists {
		for i := range list {
			all = append(all, &list[i])
		}
	}
	if len(all) == 0 {
		return nil
	}
	b, err := backdropOf(tx, all)
	if err != nil {
		return err
	}
	now := s.now()
	var private []any
	for _, m := range all {
		a := &m.Award
		m.Citizen, m.Unit, m.Programme, m.Away = b.citizens[b.of[a.EnrolmentID]], b.units[a.UnitID], b.programmes[a.ProgrammeID], r.awayIn(a.UnitID)
		if len(m.Away) == 0 {
			private = append(private, onlyName{&m.Citizen})
		}
		private = append(private, a)
		limits := limitsOf(tx, b.limits, a.ProgrammeID)
		if m.Withholding != nil {
			private = append(private, m.Withholding)
			limits = limitsOf(tx, b.limits, domain.ID{}) // as the leaders are told
		}
		if since := m.Since(); !since.IsZero() {
			m.Days = int(now.Sub(since) / (24 * time.Hour))
			m.Long = limits.RemindDays > 0 && m.Days >= limits.RemindDays
		}
		if !a.ByHand() {
			if m.Why, _, err = earnedWith(*a); err != nil {
				return err
			}
		}
	}
	return s.open(tx, private...)
}

// backdropOf reads what describes matters, and puts the awards of withholdings in place.
func backdropOf(tx *store.Tx, all []*Matter) (b backdrop, err error) {
	b = backdrop{awards: map[domain.ID]domain.Award{}, citizens: map[domain.ID]domain.Citizen{}, of: map[domain.ID]domain.ID{}, units: map[domain.ID]string{}, programmes: map[domain.ID]rules.Text{}}
	var held []domain.ID
	for _, m := range all {
		if m.Withholding != nil {
			held = append(held, m.Withholding.AwardID)
		}
	}
	if err := gatherRows(tx, "id", held, func(a domain.Award) { b.awards[a.ID] = a }); err != nil {
		return b, err
	}
	enrolments := make([]domain.ID, len(all))
	for i, m := range all {
		if m.Withholding != nil {
			m.Award = b.awards[m.Withholding.AwardID]
		}
		enrolments[i] = m.Award.EnrolmentID
	}
	if err := b.people(tx, enrolments); err != nil {
		return b, err
	}
	if err := store.Sweep(tx, func(u domain.Unit) error { b.units[u.ID] = u.Name; return nil }); err != nil {
		return b, err
	}
	if err := store.Sweep(tx, func(p domain.Programme) error {
		b.programmes[p.ID] = rules.Text{DA: p.TitleDA, EN: p.TitleEN}
		return nil
	}); err != nil {
		return b, err
	}
	b.limits, err = store.All[domain.ApprovalLimits](tx, "number")
	return b, err
}

// people reads whose enrolments are.
func (b *backdrop) people(tx *store.Tx, enrolments []domain.ID) error {
	plans, citizens := map[domain.ID][]domain.ID{}, map[domain.ID]bool{}
	if err := gatherRows(tx, "id", enrolments, func(e domain.Enrolment) { plans[e.PlanID] = append(plans[e.PlanID], e.ID) }); err != nil {
		return err
	}
	err := gatherRows(tx, "id", slices.Collect(maps.Keys(plans)), func(p domain.Plan) {
		citizens[p.CitizenID] = true
		for _, e := range plans[p.ID] {
			b.of[e] = p.CitizenID
		}
	})
	if err != nil {
		return err
	}
	return gatherRows(tx, "id", slices.Collect(maps.Keys(citizens)), func(c domain.Citizen) { b.citizens[c.ID] = c })
}

// awayIn are the deputyships under which the actor decides in a unit; none: they do
// in their own right.
func (r reach) awayIn(unit domain.ID) (list []domain.Deputy) {
	if r.own.Reaches(unit) {
		return nil
	}
	for _, d := range r.deputed {
		if d.Covers(unit) {
			list = append(list, d)
		}
	}
	return list
}
