package rules_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

func TestVectors_prizeDraws(t *testing.T) {
	names, by := groups(table(t, "prize_draws.csv"), "schedule")
	require.Len(t, names, 2)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			ceiling := "ceiling: 8"
			if name == names[1] {
				ceiling = "ceiling: 15"
			}
			drawnByVisit(t, parse(t, prizes, "ceiling: 8", ceiling), by[name], "draws_if_all_met")
		})
	}
}

func TestVectors_prizeDrawScenarios(t *testing.T) {
	names, by := groups(table(t, "prize_draw_scenarios.csv"), "id")
	require.Len(t, names, 2)
	for _, name := range names {
		t.Run(name, func(t *testing.T) { drawnByVisit(t, parse(t, prizes), by[name], "draws") })
	}
}

// drawnByVisit wants the number of draws of each visit, and what they are worth
// on average.
func drawnByVisit(t *testing.T, d rules.Document, rows []map[string]string, column string) {
	state, bowl, all := rules.Start(d, start), d.Phases[0].Bowl, 0
	for i, row := range rows {
		v := result(row["result"], i, start.AddDays(i/2*7+i%2*3))
		if row["result"] == "P" || row["result"] == "U" {
			v.Outcome = domain.NoShow
		}
		if row["result"] == "" {
			v.Outcome = domain.Attended
		}
		var awards []rules.Award
		state, awards = rules.Evaluate(d, reread(t, state), []rules.Opportunity{v})
		drawn := 0
		for _, a := range awards {
			drawn += a.Explanation.Draws.Number
		}
		all += drawn
		require.Equal(t, row[column], strconv.Itoa(drawn), "visit %d", i+1)
		require.Equal(t, row["cumulative_draws"], strconv.Itoa(all), "visit %d", i+1)
		if want := row["expected_value"]; want != "" {
			require.Equal(t, want, fmt.Sprintf("%.3f", bowl.Expected(drawn)/100))
			require.InDelta(t, bowl.Expected(all)/100, decimal(t, row["cumulative_expected_value"]), 0.0051)
		}
	}
}

func decimal(t *testing.T, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	require.NoError(t, err)
	return x
}

func TestVectors_prizeBowl(t *testing.T) {
	names, by := groups(table(t, "prize_bowl.csv"), "bowl")
	require.Len(t, names, 2)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			var bowl rules.Bowl
			for _, row := range by[name] {
				value := fmt.Sprintf("%.4f", bowl.Expected(1)/100)
				switch row["slip"] {
				case "EXPECTED VALUE PER DRAW":
					require.Equal(t, row["value"], value)
				case "STANDARD DEVIATION PER DRAW":
					require.Equal(t, row["value"], fmt.Sprintf("%.4f", bowl.Deviation()/100))
				default:
					n, err := strconv.Atoi(row["count"])
					require.NoError(t, err)
					bowl = append(bowl, rules.Slip{Slips: n, Label: row["slip"], Value: minor(t, row["value"])})
				}
			}
			require.Equal(t, by[name][0]["slips_total"], strconv.Itoa(bowl.Slips()))
			require.Equal(t, int64(10000), bowl.Worst())
		})
	}
}
