package vouchers

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// A line that says something else about a recorded plan is refused, and so are
// its visits where they may be another person's.
func TestImportKnownPlan(t *testing.T) {
	const visit = `attendance 2 plan: plan "P1" was refused: see the refused lines of the file of plans`
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		d.offer(t, d.as(domain.TeamLeader), northern+"P2;B2;01-06-1995;Syd;02-02-2026;move-2026\n", "")
		for id, c := range map[string]struct {
			old, young, says string
			visits           bool // are taken
		}{
			"citizen": {"B1", "B2", "plans 2 borger: plan P1 is recorded with another citizen", false},
			"birth":   {"01-06-1995", "02-06-1995", "plans 2 foedt: plan P1 is recorded with another date of birth", false},
			"unit":    {"Nord", "Syd", "plans 2 enhed: plan P1 is recorded at another unit, Nord", false},
			"start":   {"02-02-2026", "03-02-2026", "plans 2 startdato: plan P1 is recorded with another start, 2026-02-02", true},
			"several": {"B1;01-06-1995;Nord", "B9;01-06-1995;Vest", "plans 2 borger: plan P1 is recorded with another citizen; at another unit, Nord", false},
		} {
			events := len(d.events(t))
			_, lines := d.twice(t, strings.Replace(northern, c.old, c.young, 1), visitOn(id, 1, "P1", map[bool]string{true: "03 10:00", false: "04 10:00"}[c.visits]))
			if c.visits {
				require.Equal(t, []string{c.says}, lines, id)
				require.Len(t, d.events(t), events+1)
			} else {
				require.Equal(t, []string{c.says, visit}, lines, id)
				require.Len(t, d.events(t), events)
			}
		}
		units, err := d.Units(t.Context(), d.as(domain.Administrator), ten)
		require.NoError(t, err)
		require.Len(t, units.Rows, 3, "a refused line makes no unit")
	})
}

// A new plan is held to what a plan made by hand is held to.
func TestImportNewPlan(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		d.citizen(t, "B9")
		done, lines := d.twice(t, "010190-1234;B1;01-06-1995;Nord;02-02-2026;move-2026\n"+
			"P2;0101901234;01-06-1995;Nord;02-02-2026;move-2026\n"+
			"P3;B3;01-06-1995;Nord;02-02-2190;move-2026\n"+
			"P4;B4;01-06-1995;Nord;02-02-1950;move-2026\n"+
			"P5;B5;01-06-2195;Nord;02-02-2196;move-2026\n"+
			"P6;B9;01-06-1995;Nord;02-02-2026;move-2026\n"+
			"P7;B9;02-06-1995;Rusmiddelcenter Varde;02-02-2026;move-2026\n"+
			"P8;B9;01-06-1995;Rusmiddelcenter Varde;02-02-2026;move-2026\n",
			visitOn("a", 1, "P3", "03 10:00")+visitOn("b", 1, "P8", "03 10:00")+visitOn("c", 1, "P0", "03 10:00"))
		require.Equal(t, []string{
			"plans 2 plan: looks like a CPR number: send the municipality's own case number, never the CPR number",
			"plans 3 borger: looks like a CPR number: send the municipality's own case number, never the CPR number",
			"plans 4 startdato: must not be more than a year ahead: check the year",
			"plans 5 startdato: must not be before the citizen was born",
			"plans 6 foedt: must not be after today, 2026-03-02; must not be more than a year ahead: check the year",
			"plans 7 enhed: citizen B9 is recorded at another unit: move the citizen first",
			"plans 8 foedt: citizen B9 is recorded with another date of birth",
			`attendance 2 plan: plan "P3" was refused: see the refused lines of the file of plans`,
			`attendance 4 plan: unknown plan "P0": it is neither recorded nor in the file of plans`,
		}, lines)
		require.Equal(t, 2, done.LinesAccepted)
		units, err := d.Units(t.Context(), d.as(domain.Administrator), ten)
		require.NoError(t, err)
		require.Len(t, units.Rows, 1, "a refused line makes no unit")
	})
}

// A leader of one unit learns nothing of the others: what is theirs, and what
// is nobody's, is refused alike.
func TestImportReach(t *testing.T) {
	const plan, visit = `enhed: not within your reach: only plans and citizens of your own unit are taken`, `plan: plan %s is not within your reach: only visits of your own unit's plans are taken`
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		leader := d.as(domain.TeamLeader)
		bound := leader
		bound.UnitID = d.unit.ID
		d.offer(t, leader, northern, visitOn("a", 1, "P1", "03 10:00"))
		done, lines := d.offer(t, bound,
			"P1;B1;01-06-1995;Nord;02-02-2026;move-2026\n"+ // as it is recorded
				"P2;B1;09-09-1979;Rusmiddelcenter Varde;02-02-2026;move-2026\n"+ // whose citizen, born another day, is at Nord
				"P3;B1;01-06-1995;Rusmiddelcenter Varde;02-02-2026;move-2026\n"+ // whose citizen is at Nord
				"P4;B4;01-06-1995;Vest;02-02-2026;move-2026\n"+ // a unit that nobody knows
				"P5;B5;01-06-1995;Rusmiddelcenter Varde;02-02-2026;move-2026\n",
			visitOn("a", 2, "P1", "04 10:00")+visitOn("b", 1, "P2", "03 10:00")+visitOn("c", 1, "P4", "03 10:00")+visitOn("d", 1, "P0", "03 10:00")+visitOn("e", 1, "P5", "03 10:00"))
		require.Equal(t, []string{
			"plans 2 " + plan, "plans 3 " + plan, "plans 4 " + plan, "plans 5 " + plan,
			fmt.Sprintf("attendance 2 "+visit, "P1"), fmt.Sprintf("attendance 3 "+visit, "P2"), fmt.Sprintf("attendance 4 "+visit, "P4"), fmt.Sprintf("attendance 5 "+visit, "P0"),
		}, lines)
		require.Equal(t, []int{2, 8}, []int{done.LinesAccepted, done.LinesRefused})
		_, lines = d.offer(t, bound, "P1;B5;09-09-1979;Rusmiddelcenter Varde;02-02-2020;move-2026\n", "")
		require.Equal(t, []string{"plans 2 " + plan}, lines, "also when it is said to be theirs")
	})
}

// Imports are seen by those whose lines they may hold.
func TestImportsReach(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		leader, here, there := d.as(domain.TeamLeader), d.as(domain.TeamLeader), d.as(domain.TeamLeader)
		here.UnitID, there.UnitID = d.unit.ID, d.elsewhere(t).UnitID
		all, own := d.started(t, leader, []byte(planHeading+"x\n"), nil), d.started(t, here, []byte(planHeading+"x\n"), nil)
		require.Nil(t, all.UnitID)
		require.Equal(t, here.UnitID, *own.UnitID)
		d.taken(t, all)
		d.taken(t, own)
		for _, c := range []struct {
			actor domain.Actor
			sees  []domain.ID
		}{{leader, []domain.ID{own.ID, all.ID}}, {here, []domain.ID{own.ID}}, {there, nil}} {
			var listed []domain.ID
			for _, im := range must(d.Imports(t.Context(), c.actor, ten)).Rows {
				listed = append(listed, im.ID)
			}
			require.Equal(t, c.sees, listed)
			for _, im := range []domain.Import{all, own} {
				_, err := d.Import(t.Context(), c.actor, im.ID)
				lines, errLines := d.ImportRefusals(t.Context(), c.actor, im.ID)
				if listed := len(c.sees) == 2 || len(c.sees) == 1 && c.sees[0] == im.ID; listed {
					require.NoError(t, err)
					require.NoError(t, errLines)
					require.Len(t, lines, 1)
				} else {
					refused(t, err, domain.NotFound)
					refused(t, errLines, domain.NotFound)
				}
			}
		}
	})
}
