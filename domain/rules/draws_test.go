package rules_test

import (
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

func seed(n int) string {
	var b [32]byte
	binary.BigEndian.PutUint64(b[:], uint64(n))
	return rules.NewSeed(b)
}

// A million draws, 100 from each of 10,000 seeds, fall as the bowl says: the
// chi-square statistic of four kinds of slip stays below 16.27, its 99.9th
// percentile for three degrees of freedom.
func TestDraw_aMillionFallAsTheBowlSays(t *testing.T) {
	bowl := parse(t, prizes).Phases[0].Bowl
	counts := make([]float64, len(bowl))
	for i := range 10_000 {
		drawn, err := bowl.Draw(seed(i), "visit", 100, true)
		require.NoError(t, err)
		for _, pick := range drawn.Picks {
			counts[pick]++
		}
	}
	chi := 0.0
	for i, slip := range bowl {
		expected := 1e6 * float64(slip.Slips) / float64(bowl.Slips())
		chi += (counts[i] - expected) * (counts[i] - expected) / expected
	}
	require.Less(t, chi, 16.27)
}

func TestDraw_verifiable(t *testing.T) {
	bowl := parse(t, prizes).Phases[0].Bowl
	first, err := bowl.Draw(seed(1), "visit", 8, true)
	require.NoError(t, err)
	again, err := bowl.Draw(seed(1), "visit", 8, true)
	require.NoError(t, err)
	require.Equal(t, first, again)
	commitment, err := rules.Commit(seed(1))
	require.NoError(t, err)
	require.Equal(t, commitment, first.Commitment)
	other, err := bowl.Draw(seed(1), "another visit", 8, true)
	require.NoError(t, err)
	require.NotEqual(t, first.Picks, other.Picks, "a seed used twice draws anew")
	for _, bad := range []string{"", "12", seed(1) + "00", "x" + seed(1)[1:]} {
		_, err := bowl.Draw(bad, "visit", 1, true)
		require.EqualError(t, err, "a seed must be 64 hexadecimal digits")
	}
}

func TestDraw_withoutReplacement(t *testing.T) {
	bowl := rules.Bowl{{Slips: 3, Value: 100}, {Slips: 2, Label: "well done"}}
	for i := range 100 {
		drawn, err := bowl.Draw(seed(i), "visit", 5, false)
		require.NoError(t, err)
		require.Equal(t, int64(300), sum(drawn.Values), "all slips, each once")
	}
	_, err := bowl.Draw(seed(1), "visit", 6, false)
	require.EqualError(t, err, "draw 6 of 5 slips without replacement")
}

// seeded are visits with a seed each.
func seeded(n int) []rules.Opportunity {
	var out []rules.Opportunity
	for i := range n {
		v := result("N", i, start.AddDays(i/2*7+i%2*3))
		v.Seed = seed(i)
		out = append(out, v)
	}
	return out
}

func TestDraws_inTheFold(t *testing.T) {
	d, visits := parse(t, prizes), seeded(24)
	_, awards := rules.Evaluate(d, rules.Start(d, start), visits)
	require.Len(t, awards, 24)
	for i, a := range awards {
		want, err := d.Phases[0].Bowl.Draw(visits[i].Seed, visits[i].ID, min(i+1, 8), true)
		require.NoError(t, err)
		require.Equal(t, &want, a.Explanation.Draws)
		require.Equal(t, sum(want.Values), a.Explanation.Full)
	}
	visits[3].Outcome = domain.NoShow
	_, awards = rules.Evaluate(d, rules.Start(d, start), visits)
	require.Equal(t, 1, awards[3].Explanation.Draws.Number, "a miss leads back to one draw")
}

// What the seed is for is made when it is known, and is then what it would have
// been at once.
func TestDraws_withoutASeed(t *testing.T) {
	d, visits := parse(t, prizes), seeded(2)
	visits[1].Seed = ""
	_, awards := rules.Evaluate(d, rules.Start(d, start), visits)
	require.Equal(t, &rules.Drawn{Number: 2}, awards[1].Explanation.Draws)
	require.Zero(t, awards[1].Amount)
}

// Of draws the cap takes the whole slip that would pass it, and all after it;
// pay_rest pays what is left of it.
func TestDraws_truncate(t *testing.T) {
	for atLimit, want := range map[string]int64{"truncate": 700, "pay_rest": 1000, "deny": 0} {
		d := parse(t, prizes, "start: 1, step: 1", "start: 3, step: 1", "to: 1}", "to: 3}",
			"[{slips: 250, label: good job}, {slips: 209, value: 100}, {slips: 40, value: 2000}, {slips: 1, value: 10000}]", "[{slips: 1, value: 350}]",
			"amount: 75000, period: rolling_year", "amount: 1000, period: episode", "pay_rest", atLimit)
		_, awards := rules.Evaluate(d, rules.Start(d, start), seeded(1))
		require.Equal(t, want, awards[0].Amount, atLimit)
		require.Equal(t, int64(1050), awards[0].Explanation.Full)
	}
}

func TestBowl_expectedAndWorst(t *testing.T) {
	d := parse(t, prizes)
	bowl := d.Phases[0].Bowl
	require.Equal(t, "2.218", fmt.Sprintf("%.3f", bowl.Expected(1)/100))
	require.Equal(t, "363.75", fmt.Sprintf("%.2f", bowl.Expected(164)/100), "24 sessions, all met")
	require.Equal(t, int64(10000), bowl.Worst())
	draws := d.Phases[0].Draws.Total(24)
	require.Equal(t, 164, draws)
}
