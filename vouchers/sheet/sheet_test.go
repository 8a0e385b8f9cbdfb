package sheet

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
)

const (
	planHead  = "plan;borger;foedt;enhed;startdato;ordning\n"
	visitHead = "id;version;plan;tidspunkt;type;udfald;registreret_af;registreret\n"
	visitA    = "A-1;1;P1;05-12-2025 15:45;gruppe;mødt;pær;05-12-2025 17:08\n"
	visitB    = "B-1;1;P2;06-12-2025 10:00;individuel;afbud;kl;06-12-2025 10:01\n"
)

func copenhagen(tb testing.TB) *time.Location {
	tb.Helper()
	loc, err := time.LoadLocation("Europe/Copenhagen")
	require.NoError(tb, err)
	return loc
}

// visits reads a file that can be read.
func visits(t *testing.T, data string) ([]AttendanceRow, []Refusal) {
	t.Helper()
	rows, refusals, err := ReadAttendance([]byte(data), copenhagen(t))
	require.NoError(t, err)
	return rows, refusals
}

// ids gives "line id" of each row.
func ids(rows []AttendanceRow) []string {
	got := []string{}
	for _, r := range rows {
		got = append(got, fmt.Sprint(r.Line, " ", r.ID))
	}
	return got
}

func (r *PlanRow) place() *Place       { return &r.Place }
func (r *AttendanceRow) place() *Place { return &r.Place }

// linesOnly gives rows without the heading of their file, to be compared with
// others.
func linesOnly[T any, P interface {
	*T
	place() *Place
}](rows []T) []T {
	bare := slices.Clone(rows)
	for i := range bare {
		*P(&bare[i]).place() = Place{Line: P(&bare[i]).place().Line}
	}
	return bare
}

func TestReadPlans(t *testing.T) {
	t.Parallel()
	rows, refusals, err := ReadPlans([]byte(planHead+
		"P1;B1;24-12-2003;Ungeenheden;01-12-2025;move-2026\n"+
		"P2;B2;15-05-1940;Rusmiddelcenter Ø;2026-03-06 00:00;move-2026\n"+ // Danish clocks skipped midnight that day in 1940
		"P1;B1;24-12-2003;Ungeenheden;01-12-2025;move-2026\n"+
		"P6;B6;24-12-2003;Ungeenheden;01-12-2025;move-2026\n"+
		"P6;B9;24-12-2003;Ungeenheden;01-12-2025;move-2026\n"+
		"P3;;24-12-2003;Ungeenheden;01-12-2025;move-2026\n"+
		"P4;B4;24-12-2003;Ungeenheden;01-12-2025 09:00;move-2026\n"+
		"P5;B5;2003-12-23T23:00Z;Ungeenheden;2026-06-30T22:00:00Z;move-2026\n"), copenhagen(t))
	require.NoError(t, err)
	require.Equal(t, []PlanRow{
		{Place{Line: 2}, "P1", "B1", "Ungeenheden", "move-2026", domain.Date{Year: 2003, Month: 12, Day: 24}, domain.Date{Year: 2025, Month: 12, Day: 1}},
		{Place{Line: 3}, "P2", "B2", "Rusmiddelcenter Ø", "move-2026", domain.Date{Year: 1940, Month: 5, Day: 15}, domain.Date{Year: 2026, Month: 3, Day: 6}},
		{Place{Line: 9}, "P5", "B5", "Ungeenheden", "move-2026", domain.Date{Year: 2003, Month: 12, Day: 24}, domain.Date{Year: 2026, Month: 7, Day: 1}},
	}, linesOnly(rows))
	require.Equal(t, "startdato", rows[0].Column("start_date"))
	require.Equal(t, []Refusal{
		{5, "plan", "this plan is also on line 6, with other content"},
		{6, "plan", "this plan is also on line 5, with other content"},
		{7, "borger", "the field is empty"},
		{8, "startdato", "a time of day stands behind the date: only a date is wanted here"},
	}, refusals)
}

func TestReadAttendance(t *testing.T) {
	t.Parallel()
	rows, refusals := visits(t, visitHead+visitA)
	require.Empty(t, refusals)
	require.Equal(t, []AttendanceRow{{
		Place: Place{Line: 2}, ID: "A-1", Revision: 1, Plan: "P1",
		OccurredAt: time.Date(2025, 12, 5, 14, 45, 0, 0, time.UTC),
		Kind:       "group", Outcome: domain.Attended, RecordedBy: "pær",
		RecordedAt: time.Date(2025, 12, 5, 16, 8, 0, 0, time.UTC),
	}}, linesOnly(rows))
}

func TestReadAttendanceWords(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"mødt": domain.Attended, "MØDT": domain.Attended, "moedt": domain.Attended, "attended": domain.Attended,
		"udeblevet": domain.NoShow, "no_show": domain.NoShow, "no-show": domain.NoShow, "No show": domain.NoShow,
		"afbud": domain.Excused, "excused": domain.Excused,
		"aflyst af stedet": domain.Cancelled, "Cancelled": domain.Cancelled,
	} {
		rows, refusals := visits(t, visitHead+strings.Replace(visitA, "mødt", word, 1))
		require.Empty(t, refusals, word)
		require.Equal(t, want, rows[0].Outcome, word)
	}
	for word, want := range map[string]string{"gruppe": "group", "Group": "group", "individuel": "individual", " individual ": "individual"} {
		rows, refusals := visits(t, visitHead+strings.Replace(visitA, "gruppe", word, 1))
		require.Empty(t, refusals, word)
		require.Equal(t, want, rows[0].Kind, word)
	}
}

func TestReadAttendanceRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, young, column, says string }{
		"no id":               {"A-1", " ", "id", "the field is empty"},
		"no plan":             {"P1", "", "plan", "the field is empty"},
		"no recorder":         {"pær", "", "registreret_af", "the field is empty"},
		"version 0":           {";1;", ";0;", "version", `"0" is no whole number from 1`},
		"version with point":  {";1;", ";1.0;", "version", `"1.0" is no whole number from 1`},
		"version far too big": {";1;", ";99999999999999999999;", "version", "is no whole number"},
		"no such date":        {"05-12-2025 15", "31-02-2026 15", "tidspunkt", `no such date: "31-02-2026"`},
		"no such ISO date":    {"05-12-2025 15", "2026-02-29 15", "tidspunkt", `no such date: "2026-02-29"`},
		"year 0025":           {"05-12-2025 15", "05-12-0025 15", "tidspunkt", "no such date: the year"},
		"two-digit year":      {"05-12-2025 15", "05-12-25 15", "tidspunkt", "want dd-mm-yyyy hh:mm"},
		"slashes":             {"05-12-2025 15", "05/12/2025 15", "tidspunkt", "want dd-mm-yyyy hh:mm"},
		"hour 25":             {"15:45", "25:45", "tidspunkt", `no such time of day: "25:45"`},
		"words":               {"15:45", "noon", "tidspunkt", "want dd-mm-yyyy hh:mm"},
		"skipped hour":        {"05-12-2025 15:45", "29-03-2026 02:30", "tidspunkt", "no such local time: clocks go forward"},
		"skipped, recorded":   {"05-12-2025 17:08", "29-03-2026 02:00", "registreret", "no such local time: clocks go forward"},
		"unknown outcome":     {"mødt", "mødt?", "udfald", `unknown outcome: known are mødt, udeblevet, afbud and aflyst af stedet`},
		"unknown kind":        {"gruppe", "par", "type", `unknown kind of visit: known are individuel and gruppe`},
		"too few fields":      {";mødt;pær;05-12-2025 17:08", "", "udfald", "too few fields: 5, where the heading has 8"},
		"too many fields":     {"17:08", "17:08;x", "", "too many fields: 9, where the heading has 8"},
		"long field":          {"pær", strings.Repeat("æ", 201), "registreret_af", "longer than 200 characters"},
		"long line":           {"pær", strings.Repeat("æ", 40_000), "", "the line is longer than 65536 bytes"},
		"NUL":                 {"pær", "p\x00r", "registreret_af", "a character that cannot be read"},
		"not UTF-8":           {"pær", "p\xe6r", "registreret_af", "a character that cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad := strings.Replace(visitA, c.old, c.young, 1)
			rows, refusals := visits(t, visitHead+visitB+bad+strings.ReplaceAll(visitB, "B-1", "C-ø"))
			require.Equal(t, []string{"2 B-1", "4 C-ø"}, ids(rows))
			require.Len(t, refusals, 1)
			require.Equal(t, 3, refusals[0].Line)
			require.Equal(t, c.column, refusals[0].Column)
			require.Contains(t, refusals[0].Reason, c.says)
		})
	}
}

// Lines that contradict each other are all refused: which comes first says
// nothing. The same said twice is one row.
func TestReadAttendanceTwice(t *testing.T) {
	t.Parallel()
	later := strings.Replace(visitA, ";1;", ";2;", 1)
	other := strings.Replace(visitA, "mødt", "afbud", 1)
	wrong := strings.Replace(visitA, "mødt", "?", 1)
	rows, refusals := visits(t, visitHead+wrong+visitA+visitB+later+visitA+visitB)
	require.Equal(t, []string{"3 A-1", "4 B-1", "5 A-1"}, ids(rows))
	require.Len(t, refusals, 1)
	rows, refusals = visits(t, visitHead+visitA+visitB+later+other+wrong+visitA+later)
	require.Equal(t, []string{"3 B-1", "4 A-1"}, ids(rows))
	also := "this version of the visit is also on line %d, with other content"
	require.Equal(t, []Refusal{{2, "id", fmt.Sprintf(also, 5)}, {5, "id", fmt.Sprintf(also, 2)}, refusals[2], {7, "id", fmt.Sprintf(also, 5)}}, refusals)
	require.Equal(t, 6, refusals[2].Line)
}
