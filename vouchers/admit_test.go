package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// newcomer is somebody who can be taken in.
func (d story) newcomer() Newcomer {
	return Newcomer{
		Citizen:     CitizenInput{UnitID: d.unit.ID, Reference: "B-77", Name: "Bo Nygård", CPR: "010190-0001"},
		Plan:        PlanInput{Reference: "P-77", AssessmentDate: date("2026-02-01"), AssessmentReference: "SAG-1", StartDate: date("2026-02-02")},
		Goals:       []string{"Jeg vil have mit kørekort igen.", "Jeg sover om natten."},
		Sessions:    SessionsInput{StartsAt: instant("2026-03-03T09:00:00Z"), Kind: "individual", Repeat: &Repeat{Every: "week", Count: 3}},
		ProgrammeID: d.move.ID,
	}
}

// TestAdmit: a new citizen is taken in whole, once for a key, or not at all.
func TestAdmit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, ctx := newStory(t, s), t.Context()
		worker, in := d.as(domain.Caseworker), d.newcomer()
		made := must(d.Admit(ctx, worker, keyed("k", "1"), in))
		again := must(d.Admit(ctx, worker, keyed("k", "1"), in))
		require.Equal(t, []any{made.Value, true}, []any{again.Value, again.Replayed})
		o := must(d.Overview(ctx, worker, made.Value.CitizenID, domain.ID{}))
		require.Equal(t, date("1990-01-01"), o.Citizen.BirthDate, "as the CPR number says")
		require.Equal(t, []int{2, 3, 1}, []int{len(o.Goals), len(o.Ahead), len(o.Courses)})
		require.Equal(t, in.Goals[0], o.Goals[0].Wording.Reveal())
		require.Equal(t, made.Value.PlanID, o.Plan.ID)
		require.Equal(t, domain.Fold(worker.Person), o.Plan.Caseworker)

		_, err := d.Admit(ctx, worker, Key{}, in)
		refused(t, err, domain.Invalid, "reference", "plan.reference")
		in.Citizen.Reference, in.Plan.Reference = "B-78", "P-78"
		_, err = d.Admit(ctx, worker, Key{}, in)
		because(t, err, "already_exists")

		in.Citizen.CPR, in.Citizen.BirthDate = "", domain.Date{}
		in.Plan.StartDate, in.Goals, in.Sessions.Repeat.Count = date("2026-01-01"), []string{""}, 999
		_, err = d.Admit(ctx, worker, Key{}, in)
		refused(t, err, domain.Invalid, "birth_date", "plan.assessment_date", "wording", "sessions.repeat.count")

		young := d.newcomer()
		young.Citizen = CitizenInput{UnitID: d.unit.ID, Reference: "B-79", BirthDate: date("2015-01-01")}
		young.Plan.Reference = "P-79"
		_, err = d.Admit(ctx, worker, Key{}, young)
		refused(t, err, domain.Invalid, "enrolment.plan_id")
		require.Empty(t, must(d.Citizens(ctx, worker, ten, CitizenFilter{Reference: "B-79"})).Rows, "all or nothing")
		young.ProgrammeID, young.Sessions = domain.ID{}, SessionsInput{}
		o = must(d.Overview(ctx, worker, must(d.Admit(ctx, worker, Key{}, young)).Value.CitizenID, domain.ID{}))
		require.Empty(t, o.Courses)
		require.Empty(t, o.Ahead)

		another := d.newcomer()
		another.Citizen.Reference, another.Citizen.CPR, another.Plan.Reference = "B-80", "020290-0002", "P-80"
		_, err = d.Admit(ctx, d.elsewhere(t), Key{}, another)
		refused(t, err, domain.Invalid, "unit_id")
		_, err = d.Admit(ctx, d.as(domain.Finance), Key{}, d.newcomer())
		require.Equal(t, domain.Forbidden, domain.KindOf(err))
	})
}

// TestFind: a citizen is found by each number and by name, within reach only, and
// it is noted without the words.
func TestFind(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, ctx := newStory(t, s), t.Context()
		worker, leader := d.as(domain.Caseworker), d.as(domain.TeamLeader)
		made := must(d.Admit(ctx, worker, Key{}, d.newcomer())).Value.CitizenID
		elsewhere := d.elsewhere(t)
		for _, text := range []string{"010190-0001", "0101900001", " B-77 ", "P-77", "nygård", "NYGÅRD bo"} {
			require.Equal(t, []domain.ID{made}, idsOf(must(d.Find(ctx, worker, text, domain.ID{})).Citizens), text)
			require.Equal(t, []domain.ID{made}, idsOf(must(d.Find(ctx, leader, text, d.unit.ID)).Citizens), text)
			require.Empty(t, must(d.Find(ctx, elsewhere, text, domain.ID{})).Citizens, text)
		}
		require.Empty(t, must(d.Find(ctx, worker, "B-7", domain.ID{})).Citizens)
		_, err := d.Find(ctx, worker, "  ", domain.ID{})
		refused(t, err, domain.Invalid, "text")
		_, err = d.Find(ctx, d.as(domain.Auditor), "B-77", domain.ID{})
		require.Equal(t, domain.Forbidden, domain.KindOf(err))
		noted := must(d.AuditEntries(ctx, d.as(domain.Auditor), ten, AuditFilter{Action: "lookUpCitizens", ObjectID: made})).Rows
		require.NotEmpty(t, noted)
		for _, entry := range noted {
			require.NotContains(t, string(entry.Detail), "77")
		}
	})
}
