package vouchers

import (
	"fmt"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// leaving is who comes, whose plan is ended and who is erased, with vouchers that can
// still be spent; and files in which other systems say who was there.
func leaving() verbs {
	file := over(ofPlans, func(m *market, p domain.Plan, a act) error { return m.sent(p, a) })
	return verbs{
		"file": file, "file again": file,
		"arrive": func(m *market, a act) error { return m.arrives(a) },
		"leave": over(ofPlans, func(m *market, p domain.Plan, a act) error {
			if a.choice%3 > 0 {
				return nil
			}
			now, err := m.Plan(m.t.Context(), m.worker(a.choice), p.ID)
			if err == nil && now.EndDate.IsZero() {
				_, err = m.UpdatePlan(m.t.Context(), m.worker(a.choice), p.ID, now.Version, PlanChange{EndDate: new(m.today()), EndReason: new("moved")})
			}
			if err != nil {
				return err
			}
			return m.Erase(m.t.Context(), keyJob(m.home.MunicipalityID), p.CitizenID)
		}),
	}
}

// arrives takes a citizen in, under one of a few references: who was erased has left
// theirs free.
func (m *market) arrives(a act) error {
	worker, programme := m.worker(a.choice), m.programmes[a.which%uint(len(m.programmes))]
	number := fmt.Sprint("A-", store.NewID())
	admitted, err := m.Admit(m.t.Context(), worker, Key{}, Newcomer{
		Citizen: CitizenInput{UnitID: m.unit.ID, Reference: fmt.Sprint("B-A", a.choice%3), BirthDate: date("1995-06-01")}, ProgrammeID: programme.ID,
		Plan: PlanInput{Reference: number, AssessmentDate: date("2026-01-29"), AssessmentReference: "SAG-3", StartDate: date("2026-02-01")},
	})
	if err != nil {
		return err
	}
	made(m, &m.plans, domain.Plan{ID: admitted.Value.PlanID, CitizenID: admitted.Value.CitizenID, Reference: number})
	return nil
}

// sent takes a file of two visits in, which others may have recorded or sent before, as
// they are or otherwise.
func (m *market) sent(p domain.Plan, a act) error {
	lines := visitHeading
	for i := range 2 {
		at := hour(a.choice + i).In(must(time.LoadLocation("Europe/Copenhagen"))).Format("02-01-2006 15:04")
		lines += visitLine(fmt.Sprint(p.Reference, "-", a.choice%7+i), 1+a.choice%3, p.Reference, at, []string{"mødt", "mødt", "udeblevet"}[a.choice%3])
	}
	started, err := m.StartImport(m.t.Context(), m.leader(a.choice), Key{}, Export{m.programmes[a.which%uint(len(m.programmes))].ID, nil, []byte(lines)})
	if err != nil {
		return err
	}
	done, err := m.RunImport(m.t.Context(), m.home.MunicipalityID, started.Value.ID, func(domain.Import) {})
	if err != nil || done.Vouchers == 0 {
		return err
	}
	newest, err := m.Vouchers(m.t.Context(), m.leader(a.choice), ten, VoucherFilter{})
	made(m, &m.vouchers, newest.Rows...)
	return err
}
