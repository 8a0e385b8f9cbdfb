package rules_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

// table reads a vector file into one map from column to cell for each row.
func table(t *testing.T, name string) (rows []map[string]string) {
	t.Helper()
	f, err := os.Open(testdata + "vectors/" + name)
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	lines, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, cell := range line {
			row[lines[0][i]] = cell
		}
		rows = append(rows, row)
	}
	return rows
}

// groups splits rows by the values of some columns, in the order of the file.
func groups(rows []map[string]string, columns ...string) (names []string, by map[string][]map[string]string) {
	by = map[string][]map[string]string{}
	for _, row := range rows {
		name := ""
		for _, c := range columns {
			name += row[c] + " "
		}
		if _, ok := by[name]; !ok {
			names = append(names, name)
		}
		by[name] = append(by[name], row)
	}
	return names, by
}

// result makes the visit that a letter of the vectors' README stands for.
func result(letter string, id int, day domain.Date) rules.Opportunity {
	o := rules.Opportunity{ID: fmt.Sprintf("v%03d", id), At: copenhagen(day, 10, 0), Kind: "individual", Outcome: domain.Attended}
	switch letter {
	case "N":
		o.Test = rules.Negative
	case "P":
		o.Test = rules.Positive
	default:
		o.Outcome = map[string]string{"U": domain.NoShow, "E": domain.Excused, "R": rules.NoValidSample, "X": domain.Cancelled}[letter]
	}
	return o
}

// visitByVisit folds one visit at a time through stored states and wants each to
// pay what the vector says, in total and without bonuses.
func visitByVisit(t *testing.T, d rules.Document, day domain.Date, visits []rules.Opportunity, want, base []string) {
	t.Helper()
	state, total := rules.Start(d, day), int64(0)
	for i, v := range visits {
		var awards []rules.Award
		state, awards = rules.Evaluate(d, reread(t, state), []rules.Opportunity{v})
		paid, without := int64(0), int64(0)
		for _, a := range awards {
			paid, without = paid+a.Amount, without+a.Explanation.Base()
		}
		require.Equal(t, minor(t, want[i]), paid, "visit %d, %s", i+1, v.Outcome)
		if base != nil {
			require.Equal(t, minor(t, base[i]), without, "visit %d", i+1)
		}
		total += paid
	}
	_, awards := rules.Evaluate(d, rules.Start(d, day), visits)
	var sum int64
	for _, a := range awards {
		sum += a.Amount
	}
	require.Equal(t, total, sum, "replayed")
	require.Equal(t, total, state.Earned)
}

func column(rows []map[string]string, name string) (cells []string) {
	for _, row := range rows {
		cells = append(cells, row[name])
	}
	return cells
}

// letters makes the visits of rows, on the given days of each week.
func letters(rows []map[string]string, days ...int) (visits []rules.Opportunity) {
	for i, row := range rows {
		letter := row["result"]
		if letter == "" {
			letter = "N"
		}
		visits = append(visits, result(letter, i, start.AddDays(i/len(days)*7+days[i%len(days)])))
	}
	return visits
}

func TestVectors_higgins(t *testing.T) {
	rows := table(t, "higgins.csv")
	require.Len(t, rows, 36)
	visitByVisit(t, parse(t, higgins), start, letters(rows, 0, 2, 4), column(rows, "amount_if_all_met"), column(rows, "base_amount"))
}

func TestVectors_higginsScenarios(t *testing.T) {
	names, by := groups(table(t, "higgins_scenarios.csv"), "id", "restore_apply", "restore_to")
	require.Len(t, names, 16)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			rows := by[name]
			d := parse(t, higgins, "apply: next", "apply: "+rows[0]["restore_apply"], "to: last", "to: "+rows[0]["restore_to"])
			visitByVisit(t, d, start, letters(rows, 0, 2, 4), column(rows, "amount"), column(rows, "base_amount"))
		})
	}
}

// Start and top are published; the steps between
// are arithmetic, and the second phase's split is from memory.
func TestVectors_california(t *testing.T) {
	rows := table(t, "california.csv")
	require.Len(t, rows, 36)
	visits := letters(rows[:24], 0, 3)
	for i := range rows[24:] {
		visits = append(visits, result("N", 24+i, start.AddDays(7*(12+i))))
	}
	visitByVisit(t, parse(t, california, "calendar_year", "episode"), start, visits, column(rows, "amount_if_all_met"), nil)
}

func TestVectors_californiaScenarios(t *testing.T) {
	names, by := groups(table(t, "california_scenarios.csv"), "id", "restore_apply", "restore_to")
	require.Len(t, names, 20)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			rows := by[name]
			d := parse(t, california, "apply: next", "apply: "+rows[0]["restore_apply"], "to: last", "to: "+rows[0]["restore_to"])
			visitByVisit(t, d, start, letters(rows, 0, 3), column(rows, "amount"), nil)
		})
	}
}

func TestVectors_californiaExcusedReadings(t *testing.T) {
	names, by := groups(table(t, "california_excused_readings.csv"), "escalation_reading")
	require.Len(t, names, 3)
	for reading, every := range map[string]string{
		"two_consecutive_met ":         "{every: {consecutive: 2}}",
		"both_visits_of_the_week_met ": "{every: {calendar_week: all_met}, excused: breaks}",
		"week_number ":                 "{every: week_number}",
	} {
		t.Run(reading, func(t *testing.T) {
			rows := by[reading]
			require.Len(t, rows, 24)
			d := parse(t, california, "{every: {consecutive: 2}}", every)
			visitByVisit(t, d, start, letters(rows, 0, 3), column(rows, "amount"), nil)
		})
	}
}

// The other reading of an excused visit in such a week: it counts, if the other
// visits were met.
func TestEscalation_excusedCounts(t *testing.T) {
	_, by := groups(table(t, "california_excused_readings.csv"), "escalation_reading")
	rows := by["week_number "]
	d := parse(t, california, "{every: {consecutive: 2}}", "{every: {calendar_week: all_met}, excused: counts}")
	visitByVisit(t, d, start, letters(rows, 0, 3), column(rows, "amount"), nil)
}

func TestVectors_calendarYearCap(t *testing.T) {
	rows := table(t, "calendar_year_cap.csv")
	require.Len(t, rows, 36)
	var visits []rules.Opportunity
	for i, row := range rows {
		visits = append(visits, result("N", i, date(t, row["date"])))
	}
	d, begin := parse(t, california), date(t, rows[0]["date"])
	visitByVisit(t, d, begin, visits, column(rows, "amount"), nil)
	state := rules.Start(d, begin)
	for i, row := range rows {
		state, _ = rules.Evaluate(d, state, visits[i:i+1])
		require.Equal(t, row["cap_year"], strconv.Itoa(state.Periods[0].Key))
		require.Equal(t, minor(t, row["tally_in_year"]), state.Periods[0].Amount)
		require.Equal(t, minor(t, row["left_in_year_of_599"]), 59900-state.Periods[0].Amount)
	}
	// The same amounts within one year leave nothing over, and one more nothing.
	_, awards := rules.Evaluate(d, rules.Start(d, start), letters(rows[:24], 0, 3))
	require.Equal(t, int64(43800), total(awards))
}
