package vouchers

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// offer takes lines in without their headings and gives each refused one as
// "file line column: reason".
func (d story) offer(t testing.TB, actor domain.Actor, plans, visits string) (domain.Import, []string) {
	t.Helper()
	file := func(heading, lines string) []byte {
		if lines == "" {
			return nil
		}
		return []byte(heading + lines)
	}
	done, refused := d.taken(t, d.started(t, actor, file(planHeading, plans), file(visitHeading, visits)))
	said := []string{}
	for _, l := range refused {
		said = append(said, fmt.Sprintf("%s %d %s: %s", l.File, l.Line, l.Column, l.Reason))
	}
	lines := strings.SplitAfter(plans+visits, "\n")
	if all := len(lines); len(slices.Compact(slices.Sorted(slices.Values(lines)))) == all { // none was exported twice
		require.Equal(t, all-1, done.LinesAccepted+done.LinesRefused, "every line is one or the other")
	}
	return done, said
}

// twice takes the same lines in twice: the second time must change nothing and
// refuse the same.
func (d story) twice(t testing.TB, plans, visits string) (domain.Import, []string) {
	t.Helper()
	leader := d.as(domain.TeamLeader)
	done, lines := d.offer(t, leader, plans, visits)
	events := d.events(t)
	again, refused := d.offer(t, leader, plans, visits)
	require.Equal(t, lines, refused)
	require.Equal(t, []int{done.LinesAccepted, 0}, []int{again.LinesAccepted, again.Vouchers})
	require.Equal(t, events, d.events(t))
	return done, lines
}

// events is everything that was said about visits, in order.
func (d desk) events(t testing.TB) []domain.AttendanceEvent {
	t.Helper()
	var events []domain.AttendanceEvent
	require.NoError(t, d.store.Read(t.Context(), d.home.MunicipalityID, func(tx *store.Tx) (err error) {
		events, err = store.All[domain.AttendanceEvent](tx, "id")
		return err
	}))
	return events
}

// times gives when each imported visit now is: "a 3 10:00".
func (d desk) times(t testing.TB) []string {
	t.Helper()
	newest := map[string]string{}
	site, err := time.LoadLocation("Europe/Copenhagen")
	require.NoError(t, err)
	for _, e := range d.events(t) {
		newest[e.Key] = strings.TrimPrefix(e.Key, "import:") + e.OccurredAt.In(site).Format(" 2 15:04")
	}
	var list []string
	for _, said := range newest {
		list = append(list, said)
	}
	slices.Sort(list)
	return list
}

const northern = "P1;B1;01-06-1995;Nord;02-02-2026;move-2026\n"

// visitOn is a line about a visit of February 2026, on a day like "03 10:00".
func visitOn(id string, version int, plan, day string) string {
	return visitLine(id, version, plan, strings.Replace(day, " ", "-02-2026 ", 1), "mødt")
}

// Who told the service is who sent the file, however the file puts it; who
// recorded it there is kept beside.
func TestImportRecordedBy(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		d.offer(t, d.as(domain.TeamLeader), northern, visitOn("a", 1, "P1", "03 10:00"))
		require.Equal(t, []string{"team_leader@varde.dk", "kl"}, []string{d.events(t)[0].RecordedBy, d.events(t)[0].SourceRecordedBy})
	})
}

// Visits may change places in time: only where they end up is compared.
func TestImportMoves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		_, lines := d.twice(t, northern, visitOn("a", 1, "P1", "03 10:00")+visitOn("a", 2, "P1", "04 10:00")+visitOn("b", 1, "P1", "03 10:00"))
		require.Empty(t, lines, "one moved away, another took its place")
		_, lines = d.twice(t, "", visitOn("b", 2, "P1", "04 10:00")+visitOn("a", 3, "P1", "03 10:00"))
		require.Empty(t, lines, "they changed places")
		require.Equal(t, []string{"a 3 10:00", "b 4 10:00"}, d.times(t))

		clash := ` tidspunkt: another visit of plan P1 is recorded for that moment: "%s"`
		_, lines = d.twice(t, "", visitOn("c", 1, "P1", "05 10:00")+visitOn("c", 2, "P1", "04 10:00")+visitOn("d", 1, "P1", "06 10:00"))
		require.Equal(t, []string{fmt.Sprintf("attendance 2"+clash, "b"), fmt.Sprintf("attendance 3"+clash, "b")}, lines, "what is recorded stays")
		_, lines = d.twice(t, "", visitOn("f", 1, "P1", "07 10:00")+visitOn("e", 1, "P1", "07 10:00"))
		require.Equal(t, []string{fmt.Sprintf("attendance 2"+clash, "e")}, lines, "of new ones the smaller ID stays")
		_, lines = d.twice(t, "", visitOn("e", 2, "P1", "06 10:00")+visitOn("b", 3, "P1", "07 10:00")+visitOn("g", 1, "P1", "04 10:00"))
		require.Equal(t, []string{fmt.Sprintf("attendance 2"+clash, "d"), fmt.Sprintf("attendance 3"+clash, "e"), fmt.Sprintf("attendance 4"+clash, "b")}, lines,
			"one cannot move, so neither can who would follow")
		require.Equal(t, []string{"a 3 10:00", "b 4 10:00", "d 6 10:00", "e 7 10:00"}, d.times(t))
	})
}

// A visit that cannot be has no effect on the version before and the one after.
func TestImportImpossibleVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		_, lines := d.twice(t, northern, visitOn("a", 1, "P1", "03 10:00")+visitLine("a", 2, "P1", "03-02-2029 10:00", "afbud")+visitOn("a", 3, "P1", "04 10:00"))
		require.Equal(t, []string{"attendance 3 tidspunkt: is more than a year ahead: check the year"}, lines)
		require.Equal(t, []string{"a 4 10:00"}, d.times(t))
	})
}

// An ID is one visit in the municipality: it never becomes two, in two plans.
func TestImportOtherPlan(t *testing.T) {
	const plans = northern + "P2;B2;01-06-1995;Syd;02-02-2026;move-2026\n"
	const stays = `attendance %d plan: the visit belongs to plan "%s": cancel it there, and export it to another plan under a new id`
	file := []string{
		visitOn("a", 1, "P1", "03 10:00"), visitOn("a", 2, "P2", "03 10:00"), visitOn("b", 2, "P1", "04 10:00"), visitOn("b", 1, "P2", "04 10:00"),
		visitOn("c", 1, "P2", "05 10:00"), visitOn("c", 1, "P1", "05 11:00"),
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		done, lines := d.twice(t, plans, strings.Join(file[:4], ""))
		require.Equal(t, []string{fmt.Sprintf(stays, 3, "P1"), fmt.Sprintf(stays, 4, "P2")}, lines)
		require.Zero(t, done.Vouchers)
		_, lines = d.twice(t, "", visitOn("a", 1, "P2", "03 10:00")+visitOn("a", 2, "P1", "06 10:00"))
		require.Equal(t, []string{fmt.Sprintf(stays, 2, "P1")}, lines, "it stays where it is recorded, whatever a file says of versions")

		other := newStory(t, s)
		turned := slices.Clone(file)
		slices.Reverse(turned[:4])
		_, lines = other.twice(t, plans, strings.Join(turned, ""))
		require.Equal(t, []string{fmt.Sprintf(stays, 3, "P2"), fmt.Sprintf(stays, 4, "P1")}, lines[:2], "in any order")
		require.Len(t, lines, 4, "two lines that contradict each other")

		bound := d.as(domain.TeamLeader)
		bound.UnitID = must(d.Plans(t.Context(), bound, ten, PlanFilter{Reference: "P2"})).Rows[0].UnitID
		_, lines = d.offer(t, bound, "", visitOn("a", 9, "P2", "07 10:00"))
		require.Equal(t, []string{`attendance 2 plan: the visit belongs to another plan: export it under a new id`}, lines, "which plan is another unit's business")
	})
}

// What a person corrected or cancelled is not undone by a file.
func TestImportAfterCorrectionByHand(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		leader := d.as(domain.TeamLeader)
		d.offer(t, leader, northern, visitOn("a", 1, "P1", "03 10:00")+visitOn("b", 1, "P1", "04 10:00"))
		visits := d.events(t)
		_, err := d.CancelAttendance(t.Context(), leader, Key{}, visits[0].AttendanceID, "never happened")
		require.NoError(t, err)
		_, err = d.Correct(t.Context(), leader, Key{}, Correction{AttendanceID: visits[1].AttendanceID, Outcome: domain.Excused, Reason: "called"})
		require.NoError(t, err)
		said := "attendance %d version: corrected or cancelled by hand since: correct attendance %s there"
		_, lines := d.twice(t, "", visitOn("a", 1, "P1", "03 10:00")+visitOn("a", 2, "P1", "03 10:30")+visitOn("b", 2, "P1", "05 10:00")+visitOn("c", 1, "P1", "03 10:00"))
		require.Equal(t, []string{fmt.Sprintf(said, 3, attendanceRef(visits[0].AttendanceID)), fmt.Sprintf(said, 4, attendanceRef(visits[1].AttendanceID))}, lines)
		newest := must(d.Attendance(t.Context(), leader, visits[0].AttendanceID))
		require.True(t, newest.Withdrawn)
	})
}

// Whatever a file says, the order of its lines makes no difference and taking
// it in again none either.
func TestImportAnyLines(t *testing.T) {
	const plans = northern + "P2;B2;01-06-1995;Nord;02-02-2026;move-2026\n"
	s := storetest.Open(t, storetest.SQLite(t))
	for seed := range uint64(12) {
		random := rand.New(rand.NewPCG(seed, 1))
		var lines []string
		for range 24 {
			lines = append(lines, visitOn(string(rune('a'+random.IntN(6))), 1+random.IntN(3), fmt.Sprint("P", 1+random.IntN(8)/7), fmt.Sprintf("%02d 10:00", 3+random.IntN(6))))
		}
		var times [2][]string
		var reasons [2][]string
		for i := range 2 {
			d := newStory(t, s)
			_, refused := d.twice(t, plans, strings.Join(lines, ""))
			for _, r := range refused {
				reasons[i] = append(reasons[i], lines[int(number(strings.Fields(r)[1]))-2])
			}
			slices.Sort(reasons[i])
			times[i] = d.times(t)
			random.Shuffle(len(lines), func(a, b int) { lines[a], lines[b] = lines[b], lines[a] })
		}
		require.Equal(t, times[0], times[1], "seed %d", seed)
		require.Equal(t, reasons[0], reasons[1], "seed %d", seed)
	}
}

// A plan may have more visits than one statement has room for.
func TestImportManyVisits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		var text strings.Builder
		for i := range 5000 {
			text.WriteString(visitOn(fmt.Sprint(i), 1, "P1", fmt.Sprintf("%02d %02d:%02d:%02d", 3+i/3000, i/3600%24, i/60%60, i%60)))
		}
		done, lines := d.twice(t, northern, text.String())
		require.Empty(t, lines)
		require.Equal(t, 6, done.Vouchers)
	})
}
