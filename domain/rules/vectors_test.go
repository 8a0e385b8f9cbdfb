package rules_test

import (
	"encoding/csv"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain/rules"
)

const testdata = "../../testdata/"

// vector is one row of attendance_schedules.csv, amounts in minor units.
type vector struct {
	amount, cumulative int64
	currency           string
}

// vectors reads the rows of each schedule, in order.
func vectors(t *testing.T) map[string][]vector {
	t.Helper()
	f, err := os.Open(testdata + "vectors/attendance_schedules.csv")
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	out := map[string][]vector{}
	for _, row := range rows[1:] {
		out[row[0]] = append(out[row[0]], vector{minor(t, row[3]), minor(t, row[4]), row[5]})
	}
	return out
}

// minor reads "27.00" as 2700.
func minor(t *testing.T, s string) int64 {
	t.Helper()
	whole, cents, ok := strings.Cut(s, ".")
	require.True(t, ok && len(cents) == 2, s)
	n, err := strconv.ParseInt(whole+cents, 10, 64)
	require.NoError(t, err)
	return n
}

// The attendance schedules whose rule the language of today can state. The
// others rest on arriving on time, on a minimum stay or on dated appointments.
func TestVectors_attendanceSchedules(t *testing.T) {
	all := vectors(t)
	for _, c := range []struct {
		schedule string
		changes  []string
		visits   string
	}{
		{"youthdat_move", []string{magnitude, "{constant: 2700}", "DKK", "EUR"}, "AAAAAAAAAAAA"},
		{"youthdat_move", []string{magnitude, "{constant: 2700}", "DKK", "EUR"}, "ANAAEAACAANAAAAAAA"},
		{"jones2000", []string{magnitude, "{constant: 500}", "DKK", "USD", days, "weeks: 1", met, "{met: 1}", noCaps, ""}, "AAAAAAAA"},
		{"jones2000", []string{magnitude, "{table: [500, 500, 500, 500, 500, 500, 500]}", "DKK", "USD", met, "{met: 1}", noCaps, ""}, "AAAAAAAA"},
	} {
		t.Run(c.schedule+"/"+c.visits, func(t *testing.T) {
			want := all[c.schedule]
			require.NotEmpty(t, want)
			d := move(t, c.changes...)
			_, awards := evaluate(d, visits(c.visits))
			require.Len(t, awards, len(want))
			var cumulative int64
			for i, a := range awards {
				cumulative += a.Amount
				require.Equal(t, want[i], vector{a.Amount, cumulative, d.Currency}, "reward %d", i+1)
			}
		})
	}
}

// MOVE visit by visit: what each of twelve sessions pays, and nothing between.
func TestVectors_moveSessionBySession(t *testing.T) {
	d := move(t)
	state := rules.Start(d, start)
	for i, v := range visits("AAAAAAAAAAAA") {
		var awards []rules.Award
		state, awards = rules.Evaluate(d, state, []rules.Opportunity{v})
		if i%2 == 0 {
			require.Empty(t, awards, "session %d", i+1)
			continue
		}
		require.Equal(t, []int64{20000}, amounts(awards), "session %d", i+1)
		require.Equal(t, v.ID, awards[0].Explanation.Opportunities[1])
	}
	require.Equal(t, int64(120000), state.Earned)
}
