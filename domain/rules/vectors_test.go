package rules_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/domain/rules/vectors"
)

const testdata = "../../testdata/"

var files = os.DirFS(testdata + "vectors")

// Every history of the files, visit by visit: through stored states, and all at
// once in either order of entry.
func TestVectors(t *testing.T) {
	all := vectors.Schedules(t, files)
	require.Equal(t, 59, len(all)) // not Len, which would print them
	for _, s := range all {
		t.Run(s.Name, func(t *testing.T) {
			d := s.Document(t)
			state, visits, sum := rules.Start(d, s.Start), []rules.Opportunity{}, int64(0)
			for _, v := range s.Visits {
				var awards []rules.Award
				state, awards = rules.Evaluate(d, reread(t, state), []rules.Opportunity{v.Opportunity})
				pays(t, v, awards)
				visits, sum = append(visits, v.Opportunity), sum+v.Pays
			}
			require.Equal(t, sum, state.Earned)
			_, awards := rules.Evaluate(d, rules.Start(d, s.Start), visits)
			require.Equal(t, sum, total(awards), "replayed")
			slices.Reverse(visits)
			_, reversed := rules.Evaluate(d, rules.Start(d, s.Start), visits)
			require.Equal(t, awards, reversed)
		})
	}
}

// pays wants of a visit what the file says of it.
func pays(t *testing.T, v vectors.Visit, awards []rules.Award) {
	t.Helper()
	paid, base, draws := int64(0), int64(0), 0
	for _, a := range awards {
		paid, base = paid+a.Amount, base+a.Explanation.Base()
		if a.Explanation.Draws != nil {
			draws += a.Explanation.Draws.Number
		}
	}
	require.Equal(t, v.Pays, paid, v)
	require.Equal(t, v.Draws, draws, v)
	if v.Base != vectors.Unsaid {
		require.Equal(t, v.Base, base, v)
	}
}

// Where a schedule of attendance asks for time or stay, a second less pays
// nothing.
func TestVectors_aSecondTooLate(t *testing.T) {
	tried := 0
	for _, s := range vectors.Schedules(t, files) {
		d := s.Document(t)
		if target := d.Phases[0].Target; s.Visits[0].Arrived.IsZero() || target.Attend != nil || target.Test != "" {
			continue
		}
		tried++
		var late []rules.Opportunity
		for _, v := range s.Visits {
			v.Arrived = v.Arrived.Add(time.Second)
			late = append(late, v.Opportunity)
		}
		_, awards := rules.Evaluate(d, rules.Start(d, s.Start), late)
		require.Empty(t, awards, s.Name)
	}
	require.Equal(t, 9, tried)
}

// The other reading of an excused visit in such a week: it counts, if the other
// visits were met.
func TestEscalation_excusedCounts(t *testing.T) {
	const breaks = "{every: {calendar_week: all_met}, excused: breaks}"
	var week, number vectors.Schedule
	for _, s := range vectors.Schedules(t, files) {
		switch s.Name {
		case "california_excused_readings both_visits_of_the_week_met":
			week = s
		case "california_excused_readings week_number":
			number = s
		}
	}
	week.YAML = change(t, week.YAML, breaks, "{every: {calendar_week: all_met}, excused: counts}")
	d := week.Document(t)
	state := rules.Start(d, week.Start)
	for _, v := range number.Visits {
		var awards []rules.Award
		state, awards = rules.Evaluate(d, state, []rules.Opportunity{v.Opportunity})
		pays(t, v, awards)
	}
}

// The tallies of an episode over New Year, and what is left of each.
func TestVectors_calendarYearCap(t *testing.T) {
	all := vectors.Schedules(t, files)
	s := all[slices.IndexFunc(all, func(s vectors.Schedule) bool { return s.Name == "calendar_year_cap" })]
	d := s.Document(t)
	state := rules.Start(d, s.Start)
	for i, row := range vectors.Table(t, files, "calendar_year_cap.csv") {
		state, _ = rules.Evaluate(d, state, []rules.Opportunity{s.Visits[i].Opportunity})
		require.Equal(t, row["cap_year"], strconv.Itoa(state.Periods[0].Key))
		require.Equal(t, vectors.Minor(t, row["tally_in_year"]), state.Periods[0].Amount)
		require.Equal(t, vectors.Minor(t, row["left_in_year_of_599"]), d.Caps[0].Amount-state.Periods[0].Amount)
	}
}

func TestVectors_prizeBowl(t *testing.T) {
	bowls := vectors.Bowls(t, files)
	require.Len(t, bowls, 2)
	for _, b := range bowls {
		t.Run(b.Name, func(t *testing.T) {
			require.Equal(t, b.Expected, fmt.Sprintf("%.4f", b.Slips.Expected(1)/100))
			require.Equal(t, b.Deviation, fmt.Sprintf("%.4f", b.Slips.Deviation()/100))
			require.Equal(t, b.Total, b.Slips.Slips())
			require.Equal(t, int64(10000), b.Slips.Worst())
			for _, slip := range b.Slips {
				require.Equal(t, b.Probability[slip.Label], fmt.Sprintf("%.4f", float64(slip.Slips)/float64(b.Total)))
			}
		})
	}
	for _, w := range vectors.Worths(t, files) {
		require.Equal(t, w.Expected, fmt.Sprintf("%.3f", bowls[0].Slips.Expected(w.Draws)/100))
		soFar, err := strconv.ParseFloat(w.SoFarExpected, 64)
		require.NoError(t, err)
		require.InDelta(t, bowls[0].Slips.Expected(w.Cumulative)/100, soFar, 0.0051)
	}
}
