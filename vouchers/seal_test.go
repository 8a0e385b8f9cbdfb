package vouchers

import (
	"database/sql"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers/keys"
)

// asBefore takes the schema back to before texts were sealed and puts in plain
// text what a service of that time had stored.
func asBefore(t testing.TB, s *store.Store, raw *sql.DB, l written) {
	t.Helper()
	for before := false; !before; {
		require.NoError(t, s.MigrateDown(t.Context()))
		steps, err := s.Migrations(t.Context())
		require.NoError(t, err)
		before = slices.ContainsFunc(steps, func(m store.Migration) bool { return strings.HasSuffix(m.File, "00008_personal.sql") && !m.Applied })
	}
	for _, table := range []string{"attendance_events", "enrolment_moves"} {
		lift, restore := `ALTER TABLE `+table+` DISABLE TRIGGER USER`, `ALTER TABLE `+table+` ENABLE TRIGGER USER`
		if s.Dialect() == "sqlite" {
			lift, restore = `DROP TRIGGER `+table+`_no_update`, texts(t, raw, `SELECT sql FROM sqlite_master WHERE name = '`+table+`_no_update'`)[0]
		}
		run(t, raw, lift)
		defer run(t, raw, restore)
	}
	run(t, raw, `UPDATE citizens SET name = ''`)
	for _, set := range [][3]any{
		{`UPDATE citizens SET name = $1 WHERE id = $2`, "Mærkelil Mærkesen", l.citizen.ID},
		{`UPDATE goals SET wording = $1 WHERE id = $2`, "Mærkemål", l.goal.ID},
		{`UPDATE goals SET wording = $1 WHERE id = $2`, "Mærkeord", l.sub.ID},
		{`UPDATE awards SET reason = $1 WHERE id = $2`, "Mærkeafslag", l.rejected.ID},
		{`UPDATE vouchers SET reason = $1 WHERE id = $2`, "Mærkefejl", l.old.ID},
		{`UPDATE vouchers SET reason = $1 WHERE id = $2`, "Mærkefejl", l.renewed.ID},
		{`UPDATE vouchers SET reason = $1 WHERE id = $2`, "Mærkesletning", l.void.ID},
		{`UPDATE enrolment_moves SET reason = $1 WHERE id = $2`, "Mærkeflytning", l.moved.Move.ID},
		{`UPDATE pauses SET changed_because = $1 WHERE id = $2`, "Mærkepause", l.pause.ID},
		{`UPDATE attendance_events SET reason = $1 WHERE revision = 2 AND attendance_id = $2`, "Mærkerettelse", l.corrected.Attendance.AttendanceID},
	} {
		run(t, raw, set[0].(string), set[1], set[2].(domain.ID).String())
	}
	run(t, raw, `UPDATE idempotency_keys SET result = $1 WHERE key = $2`, `{"Attendance":{"Reason":"Mærkerettelse","Revision":2},"Awards":null,"Pause":{"FirstDay":"2026-05-01","Reason":"leave"}}`, "c")
}

// What is there from before is read as it is, sealed once, and read again; the
// files of the database forget it too.
func TestSealAll(t *testing.T) {
	eachTwice(t, storetest.Owner, beside, func(t *testing.T, s *store.Store, raw *sql.DB) {
		d := newStory(t, s)
		l, home, worker := d.written(t), d.home.MunicipalityID, d.as(domain.Caseworker)
		asBefore(t, s, raw, l)
		require.Len(t, found(dump(t, raw, s.Dialect())), 10, "the marks that there were places for then")
		require.NoError(t, s.Migrate(t.Context()))
		require.Nil(t, must(d.Municipality(t.Context(), worker)).SealedAt)
		require.Equal(t, "Mærkelil Mærkesen", must(d.Citizen(t.Context(), worker, l.citizen.ID)).Name.Reveal(), "it can be read meanwhile")
		require.Equal(t, "Mærkerettelse", must(d.Attendance(t.Context(), worker, l.corrected.Attendance.AttendanceID)).Reason.Reveal())

		keyless := New(s, d.codes, nil, d.time.now)
		_, err := keyless.SealAll(t.Context(), home)
		because(t, err, "data_key_missing")
		goal := must(d.UpdateGoal(t.Context(), worker, l.goal.ID, 1, GoalChange{State: new(goalDropped)}))
		require.Equal(t, "Mærkemål", goal.Wording.Reveal(), "a change seals what it touches")
		_, err = d.with(keys.Generate(1)).SealAll(t.Context(), home)
		require.ErrorContains(t, err, "does not open with key 1", "keys of two kinds would be mixed")
		n, err := d.SealAll(t.Context(), home)
		require.NoError(t, err)
		require.Equal(t, 9, n)
		require.Nil(t, must(d.Municipality(t.Context(), worker)).SealedAt, "not before the files forget it")
		n, err = d.SealAll(t.Context(), home)
		require.NoError(t, err)
		require.Zero(t, n, "nothing is left to seal")
		require.NoError(t, s.Scrub(t.Context(), []string{"citizens", "goals", "pauses", "attendance_events", "enrolment_moves", "awards", "vouchers", "idempotency_keys"}))
		require.Empty(t, found(dump(t, raw, s.Dialect())))
		run(t, raw, `UPDATE goals SET wording = 'Mærkemål' WHERE id = $1`, l.sub.ID.String())
		because(t, d.NoteSealed(t.Context(), home), "wrong_state")
		must(d.UpdateGoal(t.Context(), worker, l.sub.ID, 2, GoalChange{Wording: new("Mærkeord")}))
		require.NoError(t, d.NoteSealed(t.Context(), home))
		require.NotNil(t, must(d.Municipality(t.Context(), worker)).SealedAt)

		must(d.UpdateCitizen(t.Context(), worker, l.citizen.ID, 1, CitizenChange{CPR: new(marked.CPR), Phone: new(marked.Phone)}))
		l.reads(t, d)
		for _, table := range []string{"attendance_events", "enrolment_moves"} {
			_, err = raw.ExecContext(t.Context(), `UPDATE `+table+` SET reason = 'x'`)
			require.ErrorContains(t, err, "append-only", "it is so again")
		}
		require.True(t, strings.Contains(texts(t, raw, `SELECT result FROM idempotency_keys WHERE key = 'c'`)[0], `{"FirstDay":"2026-05-01","Reason":"leave"}`), "a pause's is no text")
		again, err := d.Correct(t.Context(), worker, keyed("c", ""), Correction{})
		require.NoError(t, err)
		require.True(t, again.Replayed)
		require.Equal(t, 2, again.Value.Attendance.Revision)
	})
}
