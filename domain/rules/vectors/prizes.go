package vectors

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

// prizes are the histories of which the files give the number of draws. A letter
// that is not met is an absence there: attendance is what earns the draws.
func prizes(t testing.TB, files fs.FS) (all []Schedule) {
	names, by := Groups(Table(t, files, "prize_draws.csv"), "schedule")
	for _, name := range names {
		ceiling := "ceiling: " + strings.Fields(name[strings.Index(name, "cap "):])[1] // the name says it
		all = append(all, Schedule{Name: "prize_draws " + name, YAML: preset(t, "prize-bowl", "ceiling: 8", ceiling), Start: start, Visits: drawing(t, by[name], "draws_if_all_met")})
	}
	names, by = Groups(Table(t, files, "prize_draw_scenarios.csv"), "id")
	for _, name := range names {
		all = append(all, Schedule{Name: "prize_draw_scenarios " + name, YAML: preset(t, "prize-bowl"), Start: start, Visits: drawing(t, by[name], "draws")})
	}
	return all
}

func drawing(t testing.TB, rows []Row, column string) (visits []Visit) {
	for i, row := range rows {
		v := visit(t, row["result"], i, start.AddDays(i/2*7+i%2*3))
		if v.Test == rules.Positive {
			v.Outcome = domain.NoShow
		}
		v.Test, v.Draws = "", number(t, row[column])
		visits = append(visits, v)
	}
	return visits
}

// Bowl is a bowl of prize_bowl.csv and what the file says of it.
type Bowl struct {
	Name                string
	Slips               rules.Bowl
	Total               int
	Probability         map[string]string // of each slip, by its label, with four decimals
	Expected, Deviation string            // of one draw, in whole units with four decimals
}

// Bowls gives every bowl of prize_bowl.csv.
func Bowls(t testing.TB, files fs.FS) (all []Bowl) {
	t.Helper()
	names, by := Groups(Table(t, files, "prize_bowl.csv"), "bowl")
	for _, name := range names {
		b := Bowl{Name: name, Probability: map[string]string{}, Total: number(t, by[name][0]["slips_total"])}
		for _, row := range by[name] {
			switch row["slip"] {
			case "EXPECTED VALUE PER DRAW":
				b.Expected = row["value"]
			case "STANDARD DEVIATION PER DRAW":
				b.Deviation = row["value"]
			default:
				b.Probability[row["slip"]] = row["probability"]
				b.Slips = append(b.Slips, rules.Slip{Slips: number(t, row["count"]), Label: row["slip"], Value: Minor(t, row["value"])})
			}
		}
		all = append(all, b)
	}
	return all
}

// Worth is one row of prize_draws.csv: what so many draws are worth on average.
type Worth struct {
	Draws, Cumulative       int
	Expected, SoFarExpected string // in whole units, with three and two decimals
}

// Worths gives the rows of prize_draws.csv.
func Worths(t testing.TB, files fs.FS) (all []Worth) {
	t.Helper()
	for _, row := range Table(t, files, "prize_draws.csv") {
		all = append(all, Worth{number(t, row["draws_if_all_met"]), number(t, row["cumulative_draws"]), row["expected_value"], row["cumulative_expected_value"]})
	}
	return all
}

// String names a visit in a test's failure.
func (v Visit) String() string { return fmt.Sprintf("%s, %s %s", v.ID, v.Outcome, v.Test) }
