package rules_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

// move is the preset move-2026 with pieces of its text replaced: old, new, …
func move(t testing.TB, changes ...string) rules.Document {
	t.Helper()
	d, err := rules.Parse(moveYAML(t, changes...))
	require.NoError(t, err)
	return d
}

func moveYAML(t testing.TB, changes ...string) []byte {
	t.Helper()
	b, err := rules.Preset("move-2026")
	require.NoError(t, err)
	text := string(b)
	for i := 0; i < len(changes); i += 2 {
		require.Contains(t, text, changes[i])
		text = strings.Replace(text, changes[i], changes[i+1], 1)
	}
	return []byte(text)
}

// Pieces of move-2026 to replace.
const (
	days      = "days: 140"
	met       = "{met: 2}"
	magnitude = "{constant: 20000}"
	theCap    = "{count: 6, period: episode, at_limit: stop}"
	noCaps    = "caps:\n  - " + theCap + "\n"
)

var start = domain.Date{Year: 2026, Month: time.January, Day: 5}

// visits makes one visit a day at ten o'clock from the start date on, named v01,
// v02, …: A attended, N no-show, E excused, C cancelled, O attended but of a
// kind that no target names.
func visits(outcomes string) []rules.Opportunity {
	var out []rules.Opportunity
	for i, c := range outcomes {
		o := rules.Opportunity{
			ID:      fmt.Sprintf("v%02d", i+1),
			At:      copenhagen(start.AddDays(i), 10, 0),
			Kind:    "individual",
			Outcome: map[rune]string{'A': domain.Attended, 'O': domain.Attended, 'N': domain.NoShow, 'E': domain.Excused, 'C': domain.Cancelled}[c],
		}
		if c == 'O' {
			o.Kind = "telephone"
		}
		out = append(out, o)
	}
	return out
}

func copenhagen(d domain.Date, hour, minute int) time.Time {
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		panic(err)
	}
	return time.Date(d.Year, d.Month, d.Day, hour, minute, 0, 0, zone)
}

// evaluate folds visits from the start date.
func evaluate(d rules.Document, visits []rules.Opportunity) (rules.State, []rules.Award) {
	return rules.Evaluate(d, rules.Start(d, start), visits)
}

// amounts are the awards' amounts, a denied one as 0.
func amounts(awards []rules.Award) []int64 {
	out := []int64{}
	for _, a := range awards {
		out = append(out, a.Amount)
	}
	return out
}

func total(awards []rules.Award) (sum int64) {
	for _, a := range awards {
		sum += a.Amount
	}
	return sum
}

func date(t testing.TB, s string) domain.Date {
	t.Helper()
	d, err := domain.ParseDate(s)
	require.NoError(t, err)
	return d
}

// reread is the state as it comes back from a JSON column.
func reread(t testing.TB, s rules.State) (back rules.State) {
	t.Helper()
	b, err := json.Marshal(s)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &back))
	return back
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
