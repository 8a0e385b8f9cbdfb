package vouchers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// A correction that comes with a later export supersedes; an older version that
// comes late changes nothing.
func TestImportCorrection(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := importer(t, s)
		leader := d.as(domain.TeamLeader)
		plans := planHeading + "P1;B1;01-06-1995;Nord;02-02-2026;move-2026\n"
		first, second := visitLine("a", 1, "P1", "03-02-2026 10:00", "mødt"), visitLine("b", 2, "P1", "10-02-2026 10:00", "mødt")
		send := func(plans string, lines ...string) (domain.Import, []domain.ImportRefusal) {
			text := visitHeading
			for _, line := range lines {
				text += line
			}
			return d.taken(t, d.started(t, leader, []byte(plans), []byte(text)))
		}
		done, lines := send(plans, first, second)
		require.Empty(t, lines)
		require.Equal(t, []int{1, 3}, []int{done.Vouchers, done.LinesAccepted})

		visits, err := d.Attendances(t.Context(), leader, ten, AttendanceFilter{From: date("2026-02-10"), To: date("2026-02-10")})
		require.NoError(t, err)
		require.Len(t, visits.Rows, 1)
		require.Equal(t, leader.Person, visits.Rows[0].RecordedBy)
		b := visits.Rows[0].AttendanceID
		stands := func(outcome string, revision int) {
			now, err := d.Attendance(t.Context(), leader, b)
			require.NoError(t, err)
			require.Equal(t, []any{outcome, revision}, []any{now.Outcome, now.Revision})
		}
		send("", visitLine("b", 1, "P1", "10-02-2026 10:00", "udeblevet"))
		stands(domain.Attended, 1)
		send("", visitLine("b", 3, "P1", "10-02-2026 10:00", "afbud"))
		stands(domain.Excused, 2)
		send("", second)
		stands(domain.Excused, 2)
		done, _ = send("", visitLine("b", 4, "P1", "11-02-2026 10:00", "mødt"))
		require.Zero(t, done.Vouchers, "the milestone was paid")
		stands(domain.Attended, 3)
		done, _ = send("", visitLine("c", 1, "P1", "12-02-2026 10:00", "mødt"), visitLine("d", 1, "P1", "13-02-2026 10:00", "mødt"))
		require.Equal(t, 1, done.Vouchers)

		_, lines = send("", visitLine("e", 1, "P1", "13-02-2026 10:00", "mødt"), visitLine("f", 1, "P9", "13-02-2026 10:00", "mødt"))
		require.Equal(t, []int{2, 3}, []int{lines[0].Line, lines[1].Line}, "the same moment again; a plan that nobody knows")
		require.Equal(t, [4]int64{40000, -40000, 0, 0}, d.balance(t))
	})
}

// What a person recorded and what an import brings about the same moment is one
// visit, and pays once.
func TestImportBesideTheDesk(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		plan, _ := d.join(t, "P1", d.move)
		d.attended(t, plan, "2026-02-03T09:00:00Z")
		text := visitHeading + visitLine("a", 1, "P1", "03-02-2026 10:00", "mødt")
		done, lines := d.taken(t, d.started(t, d.as(domain.TeamLeader), nil, []byte(text)))
		require.Zero(t, done.Vouchers)
		require.Len(t, lines, 1)
		require.Contains(t, lines[0].Reason, "recorded for that moment")
	})
}

// A leader of one unit takes in its plans only; every other line is listed.
func TestImportOfOneUnit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		bound := d.as(domain.TeamLeader)
		bound.UnitID = d.unit.ID
		plans := []byte(planHeading + "P1;B1;01-06-1995;Rusmiddelcenter Varde;02-02-2026;move-2026\n" +
			"P2;B2;01-06-1995;Nord;02-02-2026;move-2026\n" + "P3;B3;01-06-1995;Rusmiddelcenter Varde;02-02-2026;another\n" +
			"P4;B4;01-06-2015;Rusmiddelcenter Varde;02-02-2026;move-2026\n")
		attendance := []byte(visitHeading + visitLine("a", 1, "P1", "03-02-2026 10:00", "mødt") + visitLine("b", 1, "P2", "03-02-2026 10:00", "mødt") +
			visitLine("c", 1, "P1", "04-02-2026 10:00", "mødt"))
		whole := func(lines []domain.ImportRefusal) (list [][2]any) {
			for _, l := range lines {
				list = append(list, [2]any{l.File, l.Line})
			}
			return list
		}
		want := [][2]any{{"plans", 3}, {"plans", 4}, {"plans", 5}, {"attendance", 3}} // another unit, programme, age
		done, lines := d.taken(t, d.started(t, bound, plans, attendance))
		require.Equal(t, want, whole(lines))
		require.Equal(t, 1, done.Vouchers)
		_, err := d.CreateUnit(t.Context(), d.as(domain.Administrator), "Nord")
		require.NoError(t, err)
		_, lines = d.taken(t, d.started(t, bound, plans, attendance))
		require.Equal(t, want, whole(lines))
		_, lines = d.taken(t, d.started(t, d.as(domain.TeamLeader), plans, nil))
		require.Equal(t, [][2]any{{"plans", 4}, {"plans", 5}}, whole(lines))
		_, lines = d.taken(t, d.started(t, bound, plans, attendance))
		require.Equal(t, want, whole(lines), "also when the other unit's plan is recorded")
	})
}

func TestImportRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		leader, plans := d.as(domain.TeamLeader), []byte(planHeading)
		for name, c := range map[string]struct {
			in   Export
			kind domain.Kind
		}{
			"no file":      {Export{ProgrammeID: d.move.ID}, domain.Invalid},
			"no heading":   {Export{d.move.ID, []byte("hello"), nil}, domain.Invalid},
			"mixed up":     {Export{d.move.ID, []byte(visitHeading), plans}, domain.Invalid},
			"no programme": {Export{store.NewID(), plans, nil}, domain.NotFound},
		} {
			_, err := d.StartImport(t.Context(), leader, Key{}, c.in)
			require.Equal(t, c.kind, domain.KindOf(err), "%s: %v", name, err)
		}
		list, err := d.Imports(t.Context(), leader, ten)
		require.NoError(t, err)
		require.Empty(t, list.Rows)
		one, err := d.StartImport(t.Context(), leader, keyed("k", ""), Export{d.move.ID, plans, nil})
		require.NoError(t, err)
		again, err := d.StartImport(t.Context(), leader, keyed("k", ""), Export{d.move.ID, plans, nil})
		require.NoError(t, err)
		require.Equal(t, one.Value.ID, again.Value.ID)
		done, _ := d.taken(t, one.Value)
		require.Zero(t, done.PlansTotal)
		stranger := newDesk(t, s)
		_, err = stranger.Import(t.Context(), stranger.as(domain.TeamLeader), one.Value.ID)
		require.Equal(t, domain.NotFound, domain.KindOf(err))
		_, err = stranger.ImportRefusals(t.Context(), stranger.as(domain.TeamLeader), one.Value.ID)
		require.Equal(t, domain.NotFound, domain.KindOf(err))
		require.Equal(t, domain.Forbidden, domain.KindOf(second(d.StartImport(t.Context(), d.as(domain.Caseworker), Key{}, Export{d.move.ID, plans, nil}))))
	})
}
