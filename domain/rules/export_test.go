package rules_test

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

// exported reads a file of the export into its lines' fields. Its Danish letters
// have the same numbers in Windows-1252 and Unicode.
func exported(t testing.TB, name, separator string) [][]string {
	t.Helper()
	b, err := os.ReadFile(testdata + "export/" + name)
	require.NoError(t, err)
	text := make([]rune, len(b))
	for i, c := range b {
		text[i] = rune(c)
	}
	var lines [][]string
	for line := range strings.Lines(string(text)) {
		lines = append(lines, strings.Split(strings.TrimRight(line, "\r\n"), separator))
	}
	return lines
}

// exportedVisits gives each plan's visits by the highest version of every ID,
// in the order of their lines, without the lines that must be refused.
func exportedVisits(t testing.TB) map[string][]rules.Opportunity {
	t.Helper()
	refused := map[string]bool{}
	for _, row := range exported(t, "expected_rejects.csv", ",")[1:] {
		refused[row[0]] = true
	}
	require.Len(t, refused, 24)
	kinds := map[string]string{"individuel": "individual", "gruppe": "group"}
	outcomes := map[string]string{"mødt": domain.Attended, "udeblevet": domain.NoShow, "afbud": domain.Excused, "aflyst af stedet": domain.Cancelled}
	zone := move(t).Location()

	rows, order := map[string][]string{}, []string{}
	for i, row := range exported(t, "fremmoede.csv", ";") {
		if i == 0 || refused[strconv.Itoa(i+1)] {
			continue
		}
		before, again := rows[row[0]]
		if !again {
			order = append(order, row[0])
		}
		if !again || version(t, row) > version(t, before) {
			rows[row[0]] = row
		}
	}
	visits := map[string][]rules.Opportunity{}
	for _, id := range order {
		row := rows[id]
		at, err := time.ParseInLocation("02-01-2006 15:04", row[3], zone)
		require.NoError(t, err)
		require.NotEmpty(t, kinds[row[4]], row)
		require.NotEmpty(t, outcomes[row[5]], row)
		visits[row[2]] = append(visits[row[2]], rules.Opportunity{ID: id, At: at, Kind: kinds[row[4]], Outcome: outcomes[row[5]]})
	}
	return visits
}

func version(t testing.TB, row []string) int {
	t.Helper()
	n, err := strconv.Atoi(row[1])
	require.NoError(t, err)
	return n
}

// The municipality's export under move-2026: 2,800 vouchers, 560,000.00 DKK,
// plan by plan, in the order of the lines and in the reverse.
func TestExport(t *testing.T) {
	d, all := move(t), exportedVisits(t)
	starts := map[string]domain.Date{}
	for _, row := range exported(t, "planer.csv", ";")[1:] {
		at, err := time.Parse("02-01-2006", row[4])
		require.NoError(t, err)
		starts[row[0]] = domain.DateOf(at, time.UTC)
	}
	expected := exported(t, "expected_awards.csv", ",")[1:]
	require.Len(t, starts, len(expected))

	var vouchers int
	var minorUnits int64
	for _, row := range expected {
		plan := row[0]
		begin := rules.Start(d, starts[plan])
		state, awards := rules.Evaluate(d, begin, all[plan])
		require.Equal(t, row[1:], []string{strconv.Itoa(len(awards)), strconv.FormatInt(total(awards), 10)}, plan)
		vouchers += len(awards)
		minorUnits += total(awards)

		slices.Reverse(all[plan])
		backwards, again := rules.Evaluate(d, begin, all[plan])
		require.Equal(t, awards, again, plan)
		require.Equal(t, state, backwards, plan)
	}
	require.Equal(t, 2800, vouchers)
	require.Equal(t, int64(56_000_000), minorUnits)
}
