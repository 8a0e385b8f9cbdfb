package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain/rules"
)

func TestAhead(t *testing.T) {
	after := func(d rules.Document, results string, day int, days ...int) rules.Ahead {
		var visits []rules.Opportunity
		for i, letter := range results {
			visits = append(visits, result(string(letter), i, start.AddDays(i/len(days)*7+days[i%len(days)])))
		}
		state, _ := rules.Evaluate(d, rules.Start(d, start), visits)
		return state.Ahead(d, copenhagen(start.AddDays(day), 10, 0))
	}
	h := parse(t, higgins)
	require.Equal(t, rules.Ahead{IfMet: 250, ThenMet: 375, ThenMissed: 250}, after(h, "", 0, 0, 2, 4))
	require.Equal(t, rules.Ahead{IfMet: 1500, ThenMet: 625, ThenMissed: 250}, after(h, "NN", 4, 0, 2, 4), "with the bonus")
	require.Equal(t, rules.Ahead{ThenMet: 500, ThenMissed: 500}, after(h, "NN", 3, 0, 2, 4), "a Thursday is no opportunity")
	require.Zero(t, after(h, "NN", 0, 0, 2, 4), "before what is recorded")
	q := parse(t, higgins, "after: 5, apply: next", "after: 2, apply: qualifying")
	require.Equal(t, int64(625), after(q, "NNNNPN", 14, 0, 2, 4).IfMet, "the visit that qualifies is paid the restored level")
	require.Equal(t, 3, after(parse(t, prizes), "NN", 7, 0, 3).IfMetDraws)
	second := after(parse(t, california, "weeks: 12", "weeks: 1"), "NN", 7, 0, 3)
	require.Equal(t, rules.Ahead{IfMet: 1500, ThenMet: 1500, ThenMissed: 1500}, second, "in the next phase")
}
