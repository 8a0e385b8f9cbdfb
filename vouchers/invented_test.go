package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// A caseworker who invents a citizen gets no more than the rules and their caps
// give, cannot make a voucher or an amount by hand, and leaves a trace from every
// voucher to their own name, which an auditor follows without the citizen's.
func TestInventedCitizenIsTraced(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		worker, auditor := d.as(domain.Caseworker), d.as(domain.Auditor)
		citizen := must(d.CreateCitizen(t.Context(), worker, CitizenInput{UnitID: d.unit.ID, Reference: "B-invented", BirthDate: date("1990-01-01")}))
		_, err := d.CreatePlan(t.Context(), worker, PlanInput{CitizenID: citizen.ID, Reference: "P-invented", AssessmentDate: date("2026-01-29"), StartDate: date("2026-02-01")})
		refused(t, err, domain.Invalid, "assessment_reference")
		plan := must(d.CreatePlan(t.Context(), worker, PlanInput{CitizenID: citizen.ID, Reference: "P-invented", AssessmentDate: date("2026-01-29"), AssessmentReference: "SAG-invented", StartDate: date("2026-02-01")}))
		must(d.Enrol(t.Context(), worker, Key{}, Enrol{PlanID: plan.ID, ProgrammeID: d.move.ID}))
		var made []domain.Voucher
		for _, day := range []string{"03", "05", "10", "12", "17", "19"} {
			made = append(made, d.attended(t, plan, "2026-02-"+day+"T09:00:00Z").Vouchers...)
		}
		require.NotEmpty(t, made)
		for _, v := range made {
			trail := must(d.AuditEntries(t.Context(), auditor, ten, AuditFilter{Object: "voucher", ObjectID: v.ID}))
			require.Len(t, trail.Rows, 1)
			require.Equal(t, worker.Person, trail.Rows[0].Person)
			require.Equal(t, worker.TokenID, trail.Rows[0].TokenID)
			_, err = d.Citizen(t.Context(), auditor, citizen.ID)
			require.Equal(t, domain.Forbidden, domain.KindOf(err), "the auditor needs no name")
		}
		require.Equal(t, worker.Person, must(d.AuditEntries(t.Context(), auditor, ten, AuditFilter{Action: "createPlan"})).Rows[0].Person)
	})
}
