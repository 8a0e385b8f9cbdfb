package rules_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain/rules"
)

func cost(d rules.Document) rules.Cost { return d.Cost(rules.Start(d, start), start) }

// Without draws all three are what the table of amounts comes to.
func TestCost_withoutDraws(t *testing.T) {
	for _, name := range rules.Presets() {
		text, err := rules.Preset(name)
		require.NoError(t, err)
		d, err := rules.Parse(text)
		require.NoError(t, err)
		rows := d.Amounts(start)
		total := rows[len(rows)-1].Cumulative
		if c := cost(d); !d.Draws() {
			require.Equal(t, rules.Cost{Certain: total, Expected: total, Worst: total}, c, name)
		}
	}
}

// The bowl of 24 sessions: 164 draws of 2.218, at worst 100.00 each, under a cap
// of 750.00 that takes a little of the mean.
func TestCost_ofABowl(t *testing.T) {
	free := parse(t, prizes, "amount: 75000, period: rolling_year", "amount: 100000000, period: rolling_year")
	require.Equal(t, rules.Cost{Expected: 36375, Worst: 1640000}, cost(free))
	capped := cost(parse(t, prizes))
	require.Equal(t, int64(75000), capped.Worst)
	require.Less(t, capped.Expected, int64(36375))
	require.Greater(t, capped.Expected, int64(35000))
}

// The mean under a cap is the mean of many people who were drawn for.
func TestCost_isTheMean(t *testing.T) {
	for _, limit := range []string{"20000", "40000", "75000"} {
		d := parse(t, prizes, "amount: 75000, period: rolling_year", "amount: "+limit+", period: episode")
		visits, sum := seeded(24), int64(0)
		const people = 500
		for person := range people {
			for i := range visits {
				visits[i].Seed = seed(person*24 + i)
			}
			_, awards := rules.Evaluate(d, rules.Start(d, start), visits)
			sum += total(awards)
		}
		c := cost(d)
		require.InEpsilon(t, float64(sum)/people, float64(c.Expected), 0.05, limit)
		require.LessOrEqual(t, c.Expected, c.Worst)
	}
}

// From the middle of a course, only what is left.
func TestCost_ofTheRest(t *testing.T) {
	d := parse(t, prizes)
	s, awards := rules.Evaluate(d, rules.Start(d, start), seeded(23))
	c := d.Cost(s, start.AddDays(11*7+1))
	require.Equal(t, rules.Cost{Expected: 1774, Worst: 75000 - total(awards)}, c, "8 draws at 2.218")
	require.Zero(t, d.Cost(s, start.AddDays(400)))
}

// Without replacement the worst is the dearest slips, each as often as it is there.
func TestCost_withoutReplacement(t *testing.T) {
	d := parse(t, prizes, "amount: 75000, period: rolling_year", "amount: 100000000, period: rolling_year", "with_replacement: true", "with_replacement: false",
		"[{slips: 250, label: good job}, {slips: 209, value: 100}, {slips: 40, value: 2000}, {slips: 1, value: 10000}]", "[{slips: 8, label: good job}, {slips: 1, value: 500}, {slips: 1, value: 300}]")
	require.Equal(t, int64(500+23*800), cost(d).Worst)
	require.Equal(t, fmt.Sprint(int64(164*80)), fmt.Sprint(cost(d).Expected))
}
