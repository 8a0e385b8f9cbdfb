package vouchers

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// trail is what the access log has of a citizen, oldest first, to an auditor.
func (d desk) trail(t testing.TB, citizen domain.ID) []domain.Access {
	t.Helper()
	return must(d.AllAccesses(t.Context(), d.as(domain.Auditor), citizen))
}

// said is what was done, by its action, without the auditor's own looking on.
func said(trail []domain.Access) (actions []string) {
	for _, a := range trail {
		if a.Purpose != domain.ForOversight {
			actions = append(actions, fmt.Sprintf("%s %s %s", a.Action, a.Act, a.Purpose))
		}
	}
	return actions
}

// The access log has who did what with a citizen's data and what for; the
// citizen's side learns when and what for.
func TestAccesses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		ctx, worker, leader, auditor := t.Context(), d.as(domain.Caseworker), d.as(domain.TeamLeader), d.as(domain.Auditor)
		plan := d.plan(t, "P-50", "2026-02-01")
		id := plan.CitizenID
		require.Equal(t, []string{"createCitizen added treatment", "createPlan added treatment"}, said(d.trail(t, id)))
		must(d.Citizen(ctx, worker, id))
		require.Len(t, must(d.Citizens(ctx, worker, ten, CitizenFilter{Reference: "B-P-50"})).Rows, 1)
		must(d.LookUp(ctx, worker, Lookup{Name: "anna"}))
		_, err := d.Citizen(ctx, d.elsewhere(t), id)
		refused(t, err, domain.NotFound)
		must(d.Vouchers(ctx, d.as(domain.Finance), ten, VoucherFilter{}))
		log := d.trail(t, id)
		require.Equal(t, []string{"getCitizen looked_up treatment", "listCitizens looked_up treatment", "lookUpCitizens looked_up treatment"}, said(log)[2:5])
		require.Equal(t, worker.Person, log[0].Person)
		require.Equal(t, worker.RequestID, log[0].RequestID)

		page := must(d.Accesses(ctx, leader, id, store.Page{Limit: 2}))
		require.True(t, page.More && len(page.Rows) == 2)
		for _, a := range append(page.Rows, must(d.AllAccesses(ctx, leader, id))...) {
			require.Equal(t, [4]string{}, [4]string{a.Person, string(a.Role), string(a.Action), a.RequestID})
			require.False(t, a.CreatedAt.IsZero() || a.Act == "" || a.Purpose == "")
		}
		require.Equal(t, auditor.Person, must(d.Accesses(ctx, auditor, id, store.Page{Limit: 9})).Rows[2].Person, "who looked at the log is in it")
		for _, role := range []domain.Role{domain.Caseworker, domain.Finance, domain.Administrator, domain.PartnerRole} {
			_, err := d.Accesses(ctx, d.as(role), id, ten)
			refused(t, err, domain.Forbidden)
		}
		bound := leader
		bound.UnitID = d.elsewhere(t).UnitID
		_, err = d.Accesses(ctx, bound, id, ten)
		refused(t, err, domain.NotFound)
	})
}

// A repeated request is answered from memory, and shows as much: it is an entry
// too. So is being told that somebody has a number.
func TestAccessesOfAnswers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		ctx, worker := t.Context(), d.as(domain.Caseworker)
		in := marked
		in.UnitID = d.unit.ID
		c := must(d.CreateCitizen(ctx, worker, in))
		in.Reference = "B-78"
		_, err := d.CreateCitizen(ctx, worker, in)
		because(t, err, "already_exists")
		require.Equal(t, []string{"createCitizen added treatment", "createCitizen added treatment"}, said(d.trail(t, c.ID)), "told that there is one")
		p := must(d.CreatePlan(ctx, worker, PlanInput{CitizenID: c.ID, Reference: "P-50", AssessmentDate: date("2026-01-29"), AssessmentReference: "SAG-50", StartDate: date("2026-02-01")}))
		enrol := Enrol{PlanID: p.ID, ProgrammeID: d.move.ID}
		for range 3 {
			must(d.Enrol(ctx, worker, keyed("e", "x"), enrol))
		}
		require.Equal(t, []string{"createEnrolment added treatment", "createEnrolment added treatment", "createEnrolment added treatment"}, said(d.trail(t, c.ID))[3:])
	})
}

// Once erased, a person's entries are still there, and nothing personal is in
// them.
func TestAccessesOutliveErasure(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		l := d.written(t)
		plan := must(d.Plan(t.Context(), d.as(domain.Caseworker), l.plan.ID))
		must(d.UpdatePlan(t.Context(), d.as(domain.Caseworker), plan.ID, plan.Version, PlanChange{EndDate: new(date("2026-03-01")), EndReason: new("completed")}))
		must(d.LookUp(t.Context(), d.as(domain.Caseworker), Lookup{CPR: marked.CPR}))
		before := d.trail(t, l.citizen.ID)
		require.NoError(t, d.Erase(t.Context(), keyJob(d.home.MunicipalityID), l.citizen.ID))
		after := d.trail(t, l.citizen.ID)
		require.Greater(t, len(before), 15)
		require.Equal(t, before, after[:len(before)])
		require.Contains(t, said(after), "eraseCitizen deleted erasure")
		require.Empty(t, found(fmt.Sprintf("%+v", after)))
		require.NotEmpty(t, found(fmt.Sprintf("%+v", marked)), "the marks can be found")
	})
}

// Who sees money only by reference gets the rows, and nothing of what somebody
// wrote about the person.
func TestReasonsAreNotForFinance(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		l := d.written(t)
		for role, want := range map[domain.Role][2]string{domain.TeamLeader: {"Mærkeafslag", "Mærkesletning"}, domain.Finance: {}, domain.Auditor: {}} {
			award, voucher := must(d.Award(t.Context(), d.as(role), l.rejected.ID)), must(d.Voucher(t.Context(), d.as(role), l.void.ID))
			require.Equal(t, want, [2]string{award.Reason.Reveal(), voucher.Reason.Reveal()}, role)
			require.Equal(t, l.void.Serial, voucher.Serial)
			for _, v := range must(d.Vouchers(t.Context(), d.as(role), ten, VoucherFilter{})).Rows {
				require.True(t, role == domain.TeamLeader || v.Reason.Reveal() == "")
			}
		}
	})
}

// A look-up that finds more than can be given says so.
func TestLookUpOfMany(t *testing.T) {
	d := newStory(t, storetest.Open(t, storetest.SQLite(t)))
	for n := range mostFound {
		d.citizen(t, fmt.Sprint("M-", n))
	}
	look := func() Found { return must(d.LookUp(t.Context(), d.as(domain.Caseworker), Lookup{Name: "anna"})) }
	all := look()
	require.True(t, len(all.Citizens) == mostFound && !all.More)
	d.citizen(t, "M-one too many")
	all = look()
	require.True(t, len(all.Citizens) == mostFound && all.More)
}
