package vouchers

import (
	"database/sql"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// marked is a citizen all of whose personal texts can be told from any other.
var marked = CitizenInput{Reference: "B-77", Name: "Mærkelil Mærkesen", CPR: "240390-4321", Phone: "27182818", BirthDate: date("1990-03-24")}

// marks are those texts, and those that private writes, in every form that they
// could be stored in.
var marks = []string{
	"Mærkelil", "Mærkesen", "240390-4321", "2403904321", "27182818", "Mærkemål", "Mærkeord", "Mærkerettelse", "Mærkeafslag", "Mærketab", "Mærkefund", "Mærkefejl", "Mærkesletning", "Mærkeflytning", "Mærkepause",
}

// written is a marked citizen with something written in every place there is.
type written struct {
	citizen            domain.Citizen
	plan               domain.Plan
	goal, sub          domain.Goal
	corrected          Attended
	rejected           domain.Award
	old, renewed, void domain.Voucher
	moved              Moved
	pause              domain.Pause
}

// written lets all of it happen, with keys that remember the answers.
func (d story) written(t testing.TB) (l written) {
	t.Helper()
	ctx, worker, leader := t.Context(), d.as(domain.Caseworker), d.as(domain.TeamLeader)
	in := marked
	in.UnitID = d.unit.ID
	l.citizen = must(d.CreateCitizen(ctx, worker, in))
	l.plan = must(d.CreatePlan(ctx, worker, PlanInput{CitizenID: l.citizen.ID, Reference: "P-77", AssessmentDate: date("2026-01-29"), AssessmentReference: "SAG-77", StartDate: date("2026-02-01")}))
	l.goal = must(d.CreateGoal(ctx, worker, l.plan.ID, GoalInput{Wording: "Mærkemål"}))
	l.sub = must(d.CreateGoal(ctx, worker, l.plan.ID, GoalInput{Wording: "Intet", ParentID: l.goal.ID}))
	l.sub = must(d.UpdateGoal(ctx, worker, l.sub.ID, 1, GoalChange{Wording: new("Mærkeord")})).Goal
	must(d.Enrol(ctx, worker, Key{}, Enrol{PlanID: l.plan.ID, ProgrammeID: d.move.ID}))
	var vouchers []domain.Voucher
	for _, day := range []string{"03", "05", "10", "12"} {
		vouchers = append(vouchers, d.attended(t, l.plan, "2026-02-"+day+"T09:00:00Z").Vouchers...)
	}
	wrong := d.visit(t, l.plan, "2026-02-17T09:00:00Z", domain.NoShow)
	l.corrected = must(d.Correct(ctx, worker, keyed("c", ""), Correction{AttendanceID: wrong.Attendance.AttendanceID, Outcome: domain.Excused, Reason: "Mærkerettelse"})).Value
	_, _, waiting := d.proposal(t, "P-76", d.proposes(t))
	l.rejected = must(d.Reject(ctx, leader, keyed("r", ""), waiting.Awards[0].ID, "Mærkeafslag")).Value.Award
	must(d.Block(ctx, worker, vouchers[0].ID, "Mærketab"))
	must(d.Unblock(ctx, worker, vouchers[0].ID, "Mærkefund"))
	renewed := must(d.Reissue(ctx, worker, keyed("n", ""), vouchers[0].ID, "Mærkefejl")).Value
	l.old, l.renewed = renewed.Old, renewed.New
	l.void = must(d.Void(ctx, leader, keyed("v", ""), vouchers[1].ID, "Mærkesletning")).Value
	programme, versions := d.editions(t, "flyttes", nil, fifty)
	_, moves := d.join(t, "P-75", programme)
	l.moved = must(d.Move(ctx, worker, keyed("m", ""), moves.ID, Move{VersionID: versions[1].ID, Reason: "Mærkeflytning"})).Value
	l.pause = must(d.CreatePause(ctx, worker, Key{}, d.plan(t, "P-74", "2026-02-01").ID, PauseInput{Reason: domain.Leave, FirstDay: date("2026-05-01")})).Value.Pause
	l.pause = must(d.UpdatePause(ctx, worker, l.pause.ID, 1, PauseChange{LastDay: date("2026-05-09"), Because: "Mærkepause"})).Pause
	return l
}

// reads asserts that everything is read back as it was written, alone, in lists
// and in answers that are given again.
func (l written) reads(t testing.TB, d story) {
	t.Helper()
	ctx, worker, leader := t.Context(), d.as(domain.Caseworker), d.as(domain.TeamLeader)
	c := must(d.Citizen(ctx, worker, l.citizen.ID))
	require.Equal(t, []string{marked.Name, marked.CPR, "+45" + marked.Phone}, []string{c.Name.Reveal(), c.CPR.Reveal(), c.Phone.Reveal()})
	require.Equal(t, c.Name.Reveal(), must(d.Citizens(ctx, worker, ten, CitizenFilter{Reference: "B-77"})).Rows[0].Name.Reveal())
	require.Equal(t, "Mærkemål", must(d.Goal(ctx, worker, l.goal.ID)).Wording.Reveal())
	require.Equal(t, "Mærkeord", must(d.Goals(ctx, worker, l.plan.ID, ten, "")).Rows[0].Wording.Reveal())
	visit := l.corrected.Attendance.AttendanceID
	require.Equal(t, "Mærkerettelse", must(d.Attendance(ctx, worker, visit)).Reason.Reveal())
	require.Equal(t, "Mærkerettelse", must(d.AttendanceEvents(ctx, worker, visit))[1].Reason.Reveal())
	require.Equal(t, "Mærkerettelse", must(d.Attendances(ctx, worker, ten, AttendanceFilter{PlanID: l.plan.ID})).Rows[0].Reason.Reveal())
	require.Equal(t, "Mærkeafslag", must(d.Award(ctx, leader, l.rejected.ID)).Reason.Reveal())
	for want, v := range map[string]domain.Voucher{"Mærkefejl": l.old, "Mærkesletning": l.void} {
		require.Equal(t, want, d.reread(t, v).Reason.Reveal())
	}
	require.Equal(t, "Mærkefejl", d.reread(t, l.renewed).Reason.Reveal())
	require.Equal(t, "Mærkeflytning", must(d.Moves(ctx, worker, l.moved.Enrolment.ID))[0].Reason.Reveal())
	require.Equal(t, "Mærkepause", must(d.Pause(ctx, worker, l.pause.ID)).ChangedBecause.Reveal())
	require.Equal(t, "Mærkepause", must(d.Pauses(ctx, worker, l.pause.PlanID, ten)).Rows[0].ChangedBecause.Reveal())
}

// dump is all that a database holds, as text, with binary columns in hex; of
// SQLite also the bytes of its files.
func dump(t testing.TB, raw *sql.DB, dialect string) string {
	t.Helper()
	var all strings.Builder
	names := `SELECT name FROM sqlite_master WHERE type = 'table'`
	if dialect == "postgres" {
		names = `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`
	}
	for _, table := range texts(t, raw, names) {
		if dialect == "postgres" {
			all.WriteString(strings.Join(texts(t, raw, `SELECT x::text FROM `+table+` x`), "\n"))
			continue
		}
		for _, name := range texts(t, raw, `SELECT name FROM pragma_table_info('`+table+`')`) {
			all.WriteString(strings.Join(texts(t, raw, `SELECT COALESCE(CASE typeof("`+name+`") WHEN 'blob' THEN hex("`+name+`") ELSE CAST("`+name+`" AS TEXT) END, '') FROM `+table), "\n"))
		}
	}
	if dialect == "sqlite" {
		file := texts(t, raw, `SELECT file FROM pragma_database_list WHERE name = 'main'`)[0]
		for _, suffix := range []string{"", "-wal", "-shm"} {
			bytes, err := os.ReadFile(file + suffix)
			if !os.IsNotExist(err) {
				require.NoError(t, err)
			}
			all.Write(bytes)
		}
	}
	return all.String()
}

// found gives the marks that a text holds, as they are or in hex.
func found(text string) (list []string) {
	lower := strings.ToLower(text)
	for _, mark := range marks {
		if strings.Contains(text, mark) || strings.Contains(lower, hex.EncodeToString([]byte(mark))) {
			list = append(list, mark)
		}
	}
	return list
}

// run executes a statement at the SQL prompt.
func run(t testing.TB, raw *sql.DB, statement string, args ...any) {
	t.Helper()
	_, err := raw.ExecContext(t.Context(), statement, args...)
	require.NoError(t, err, statement)
}

// The whole database has nothing personal in it that can be read, and everyone
// who may still reads all of it.
func TestNothingPersonalIsStored(t *testing.T) {
	eachBeside(t, func(t *testing.T, s *store.Store, raw *sql.DB) {
		d := newStory(t, s)
		l := d.written(t)
		l.reads(t, d)
		all := dump(t, raw, s.Dialect())
		require.Empty(t, found(all))
		require.Contains(t, all, marked.Reference, "the dump is one")
		require.Contains(t, all, domain.SealedPrefix)
		run(t, raw, "UPDATE units SET name = 'Mærkelil'")
		require.Equal(t, []string{"Mærkelil"}, found(dump(t, raw, s.Dialect())), "what is there is found")
		d.verified(t)
	})
}

// What somebody with the database moves to another row, column or person is
// refused, not shown.
func TestSwappedTextsAreRefused(t *testing.T) {
	eachBeside(t, func(t *testing.T, s *store.Store, raw *sql.DB) {
		d := newStory(t, s)
		l, worker := d.written(t), d.as(domain.Caseworker)
		in := CitizenInput{UnitID: d.unit.ID, Reference: "B-78", Name: "Bo Bosen", Phone: "31415926", BirthDate: date("1990-03-24")}
		bo := must(d.CreateCitizen(t.Context(), worker, in))
		for name, swap := range map[string]string{
			"another row":    `UPDATE citizens SET name = (SELECT name FROM citizens WHERE reference = 'B-77') WHERE reference = 'B-78'`,
			"another column": `UPDATE citizens SET phone = name WHERE reference = 'B-78'`,
			"another table":  `UPDATE citizens SET name = (SELECT MIN(wording) FROM goals) WHERE reference = 'B-78'`,
			"no key":         `UPDATE citizens SET name = 'fhs1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' WHERE reference = 'B-78'`,
			"another's key":  `UPDATE data_keys SET wrapped = (SELECT wrapped FROM data_keys x WHERE x.citizen_id = '` + l.citizen.ID.String() + `') WHERE citizen_id = '` + bo.ID.String() + `'`,
		} {
			t.Run(name, func(t *testing.T) {
				before := texts(t, raw, `SELECT name FROM citizens WHERE reference = 'B-78'`)[0]
				phone := texts(t, raw, `SELECT phone FROM citizens WHERE reference = 'B-78'`)[0]
				var key []byte
				require.NoError(t, raw.QueryRowContext(t.Context(), `SELECT wrapped FROM data_keys WHERE citizen_id = '`+bo.ID.String()+`'`).Scan(&key))
				must(d.Citizen(t.Context(), worker, bo.ID))
				run(t, raw, swap)
				c, err := d.Citizen(t.Context(), worker, bo.ID)
				require.Error(t, err)
				require.Empty(t, found(err.Error()+c.Name.Reveal()+c.Phone.Reveal()))
				require.Empty(t, domain.KindOf(err), "a fault, of which nobody outside is told more")
				run(t, raw, `UPDATE citizens SET name = $1, phone = $2 WHERE reference = 'B-78'`, before, phone)
				run(t, raw, `UPDATE data_keys SET wrapped = $1 WHERE citizen_id = '`+bo.ID.String()+`'`, key)
			})
		}
		must(d.Citizen(t.Context(), worker, bo.ID))
	})
}

// Recording a visit, paying for it and redeeming the voucher use no key of
// anybody's: they work where there is none.
func TestVisitsAndRedemptionsNeedNoKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		shop := d.till(t, "Kiosk", "groceries")
		plan, _ := d.join(t, "P-1", d.move)
		d.Service = New(s, d.codes, nil, d.time.now)
		d.attended(t, plan, "2026-02-03T09:00:00Z")
		earned := d.attended(t, plan, "2026-02-10T09:00:00Z")
		d.redeemed(t, shop, d.secret(t, earned.Vouchers[0]), 5000)
		_, err := d.Citizens(t.Context(), d.as(domain.Caseworker), ten, CitizenFilter{})
		because(t, err, "data_key_missing")
		_, err = d.CreateGoal(t.Context(), d.as(domain.Caseworker), plan.ID, GoalInput{Wording: "x"})
		because(t, err, "data_key_missing")
	})
}

// BenchmarkCitizens lists 200 citizens with name, CPR and telephone number, two
// pages of a hundred, and finds one of them by name.
func BenchmarkCitizens(b *testing.B) {
	for _, dialect := range storetest.Dialects {
		b.Run(dialect.Name, func(b *testing.B) {
			d := newDesk(b, storetest.Open(b, dialect.URL(b)))
			worker := d.as(domain.Caseworker)
			for i := range 200 {
				must(d.CreateCitizen(b.Context(), worker, CitizenInput{
					UnitID: d.unit.ID, Reference: fmt.Sprint("B-", i), Name: fmt.Sprint("Borger ", i), CPR: fmt.Sprintf("010190-%04d", i), Phone: "20304050", BirthDate: date("1990-01-01"),
				}))
			}
			b.Run("list", func(b *testing.B) {
				for b.Loop() {
					first := must(d.Citizens(b.Context(), worker, store.Page{Limit: 100}, CitizenFilter{}))
					must(d.Citizens(b.Context(), worker, store.Page{Limit: 100, After: first.Rows[99].ID}, CitizenFilter{}))
				}
			})
			b.Run("by name", func(b *testing.B) {
				for b.Loop() {
					require.Len(b, must(d.LookUp(b.Context(), worker, Lookup{Name: "borger 199"})).Citizens, 1)
				}
			})
			b.Run("by CPR", func(b *testing.B) {
				for b.Loop() {
					require.Len(b, must(d.LookUp(b.Context(), worker, Lookup{CPR: "010190-0199"})).Citizens, 1)
				}
			})
		})
	}
}
