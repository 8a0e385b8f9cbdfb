package vectors

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

// Schedule is one history under one programme.
type Schedule struct {
	Name   string // the file's, and of the history in it
	YAML   string // the programme's document
	Start  domain.Date
	Visits []Visit // in order
}

// Visit is one visit and what the file says that it pays.
type Visit struct {
	rules.Opportunity
	Pays  int64 // minor units; 0 for prizes, whose value is drawn
	Base  int64 // of Pays, without bonuses; Unsaid where the file does not say
	Draws int   // prize draws
}

// Unsaid is a base that the file does not state.
const Unsaid = -1

// start is a Monday.
var start = domain.Date{Year: 2026, Month: time.January, Day: 5}

// Schedules gives every history of the files, each under the programme whose
// rules the files' README states.
func Schedules(t testing.TB, files fs.FS) (all []Schedule) {
	t.Helper()
	all = append(all, higgins(t, files)...)
	all = append(all, california(t, files)...)
	all = append(all, attendance(t, files)...)
	return append(all, prizes(t, files)...)
}

// Document parses the programme.
func (s Schedule) Document(t testing.TB) rules.Document {
	t.Helper()
	d, err := rules.Parse([]byte(s.YAML))
	require.NoError(t, err, s.Name)
	return d
}

// preset is a preset with pieces of its text replaced: old, new, …
func preset(t testing.TB, name string, changes ...string) string {
	t.Helper()
	b, err := rules.Preset(name)
	require.NoError(t, err)
	text := string(b)
	for i := 0; i+1 < len(changes); i += 2 {
		require.Contains(t, text, changes[i])
		text = strings.Replace(text, changes[i], changes[i+1], 1)
	}
	return text
}

// visit makes the visit that a letter of the files' README stands for, at ten
// o'clock at the site.
func visit(t testing.TB, letter string, n int, day domain.Date) Visit {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Copenhagen")
	require.NoError(t, err)
	o := rules.Opportunity{ID: fmt.Sprintf("v%03d", n), At: time.Date(day.Year, day.Month, day.Day, 10, 0, 0, 0, zone), Kind: "individual", Outcome: domain.Attended}
	switch letter {
	case "N", "": // a schedule in which all are met has no column for it
		o.Test = rules.Negative
	case "P":
		o.Test = rules.Positive
	default:
		o.Outcome = map[string]string{"U": domain.NoShow, "E": domain.Excused, "R": rules.NoValidSample, "X": domain.Cancelled}[letter]
		require.NotEmpty(t, o.Outcome, letter)
	}
	return Visit{Opportunity: o, Base: Unsaid}
}

// weekly makes the visits of rows on the given days of each week, 0 for Monday.
func weekly(t testing.TB, rows []Row, amount string, days ...int) (visits []Visit) {
	t.Helper()
	for i, row := range rows {
		v := visit(t, row["result"], i, start.AddDays(i/len(days)*7+days[i%len(days)]))
		v.Pays = Minor(t, row[amount])
		if base, ok := row["base_amount"]; ok {
			v.Base = Minor(t, base)
		}
		visits = append(visits, v)
	}
	return visits
}

func higgins(t testing.TB, files fs.FS) []Schedule {
	all := []Schedule{{Name: "higgins", YAML: preset(t, "higgins"), Start: start,
		Visits: weekly(t, Table(t, files, "higgins.csv"), "amount_if_all_met", 0, 2, 4)}}
	names, by := Groups(Table(t, files, "higgins_scenarios.csv"), "id", "restore_apply", "restore_to")
	for _, name := range names {
		all = append(all, Schedule{Name: "higgins_scenarios " + name, YAML: preset(t, "higgins", reading(by[name][0])...), Start: start,
			Visits: weekly(t, by[name], "amount", 0, 2, 4)})
	}
	return all
}

// reading replaces a preset's reading of restoration by a row's.
func reading(row Row) []string {
	return []string{"apply: next", "apply: " + row["restore_apply"], "to: last", "to: " + row["restore_to"]}
}

func california(t testing.TB, files fs.FS) []Schedule {
	rows := Table(t, files, "california.csv")
	both := weekly(t, rows[:24], "amount_if_all_met", 0, 3)
	for i, v := range weekly(t, rows[24:], "amount_if_all_met", 0) {
		v.ID, v.At = fmt.Sprintf("v%03d", 24+i), v.At.AddDate(0, 0, 7*12)
		both = append(both, v)
	}
	all := []Schedule{{Name: "california", YAML: preset(t, "california", "calendar_year", "episode"), Start: start, Visits: both}}
	names, by := Groups(Table(t, files, "california_scenarios.csv"), "id", "restore_apply", "restore_to")
	for _, name := range names {
		all = append(all, Schedule{Name: "california_scenarios " + name, YAML: preset(t, "california", reading(by[name][0])...), Start: start,
			Visits: weekly(t, by[name], "amount", 0, 3)})
	}
	names, by = Groups(Table(t, files, "california_excused_readings.csv"), "escalation_reading")
	for _, name := range names {
		every := map[string]string{
			"two_consecutive_met":         "{every: {consecutive: 2}}",
			"both_visits_of_the_week_met": "{every: {calendar_week: all_met}, excused: breaks}",
			"week_number":                 "{every: week_number}",
		}[name]
		all = append(all, Schedule{Name: "california_excused_readings " + name, YAML: preset(t, "california", "{every: {consecutive: 2}}", every), Start: start,
			Visits: weekly(t, by[name], "amount", 0, 3)})
	}
	return append(all, newYear(t, files))
}

// newYear is the history that the file dates itself.
func newYear(t testing.TB, files fs.FS) Schedule {
	s := Schedule{Name: "calendar_year_cap", YAML: preset(t, "california")}
	for i, row := range Table(t, files, "calendar_year_cap.csv") {
		day, err := domain.ParseDate(row["date"])
		require.NoError(t, err)
		if i == 0 {
			s.Start = day
		}
		v := visit(t, "N", i, day)
		v.Pays = Minor(t, row["amount"])
		s.Visits = append(s.Visits, v)
	}
	return s
}
