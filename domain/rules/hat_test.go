package rules_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

const inTheHat = `phases:
  - name: group
    weeks: 12
    opportunities: {per_week: 2}
    target: {attend: [individual]}
    outcomes: {no_show: not_met, excused: hold}
    draws: {start: 1, step: 1, ceiling: 4, reset: {on: [not_met], to: 1}}
    bowl: [{slips: 1, label: good job}, {slips: 1, value: 2000}]
    hat: {names: 2}
`

// What a visit puts in the hat pays nothing until its name is drawn, and then
// what one draw from the bowl brings.
func TestHat_inTheFold(t *testing.T) {
	d, all := parse(t, inTheHat), visits("AAAA")
	for i := range all {
		all[i].At = copenhagen(start.AddDays(i/2*7+i%2), 10, 0)
	}
	all[1].Seed, all[1].Won = seed(1), 0
	all[2].Seed, all[2].Won = seed(2), 1
	_, awards := evaluate(d, all)
	require.Len(t, awards, 4)
	require.Equal(t, &rules.Drawn{Tickets: 1}, awards[0].Explanation.Draws)
	require.Equal(t, 2, awards[1].Explanation.Draws.Tickets)
	require.Equal(t, []int{0, 0}, []int{awards[1].Explanation.Draws.Number, int(awards[1].Amount)})
	want, err := d.Phases[0].Bowl.Draw(seed(2), all[2].ID, 1, true)
	require.NoError(t, err)
	require.Equal(t, sum(want.Values), awards[2].Amount)
	require.Equal(t, want.Picks, awards[2].Explanation.Draws.Picks)
	require.Equal(t, []string{
		"1. fremmøde · 1 seddel i hatten, endnu ikke trukket", "2. fremmøde · 2 sedler i hatten, navnet blev ikke trukket",
	}, []string{awards[0].Explanation.Text().DA, awards[1].Explanation.Text().DA})
	require.Contains(t, awards[2].Explanation.Text().EN, "session 3 · 3 slips in the hat, the name was drawn: 1 draw brought")

	all[2].Outcome = domain.NoShow
	state, awards := evaluate(d, all)
	require.Equal(t, 1, awards[2].Explanation.Draws.Tickets, "a miss leads back to one slip")
	p := state.Progress(d)
	require.Equal(t, []int{2, 0}, []int{p.NextTickets, p.NextDraws})
	require.Equal(t, rules.Text{DA: "1 fremmøde mere til 2 sedler i hatten", EN: "1 more session to 2 slips in the hat"}, p.Text)
	require.Equal(t, 2, state.Ahead(d, copenhagen(start.AddDays(14), 10, 0)).IfMetTickets)
}

func TestHat_refusals(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"hat: {names: 2}", "hat: {names: 0}", "out_of_range phases[0].hat.names: must be at least 1"},
		{"to: 1}}", "to: 1}, with_replacement: false}", "contradiction phases[0].draws.with_replacement: must be true, or left out: whoever is drawn from the hat draws one slip from the whole bowl"},
		{"    hat: {names: 2}\n", "", "required phases[0].draws.with_replacement: must be stated: true or false"},
		{"    draws: {start: 1, step: 1, ceiling: 4, reset: {on: [not_met], to: 1}}\n", "", "required phases[0].draws: must be stated: a mapping with start, step, ceiling, reset, with_replacement"},
	} {
		require.Contains(t, refusal(t, []byte(header+change(t, inTheHat, c.old, c.new))), c.want)
	}
}

func TestHat_draw(t *testing.T) {
	hat := rules.Hat{Names: 2}
	entries := []rules.Entry{{Visit: "a", Tickets: 1}, {Visit: "b", Tickets: 3}, {Visit: "c"}, {Visit: "d", Tickets: 2}}
	first, err := hat.Draw(seed(1), "session", entries)
	require.NoError(t, err)
	require.Len(t, first, 2)
	slices.Reverse(entries)
	again, err := hat.Draw(seed(1), "session", entries)
	require.NoError(t, err)
	require.Equal(t, first, again, "the order of entries never matters")
	all, err := rules.Hat{Names: 9}.Draw(seed(1), "session", entries)
	require.NoError(t, err)
	require.Len(t, all, 3, "until the hat is empty; who has no slip never wins")
	require.Equal(t, first, all[:2])
	none, err := hat.Draw(seed(1), "session", nil)
	require.NoError(t, err)
	require.Empty(t, none)
	_, err = hat.Draw("x", "session", entries)
	require.EqualError(t, err, "a seed must be 64 hexadecimal digits")
	others := 0
	for i := range 50 {
		other, err := hat.Draw(seed(1), fmt.Sprint("session ", i), entries)
		require.NoError(t, err)
		if !slices.Equal(other, first) {
			others++
		}
	}
	require.NotZero(t, others, "a seed used for two hats draws anew")
}

// Each person wins at most once, whatever the hat holds, and twice the same
// visit is one entry.
func TestLaw_hatDrawsEachNameOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) rules.Entry {
			return rules.Entry{Visit: rapid.StringMatching(`[a-f]`).Draw(t, "visit"), Tickets: rapid.IntRange(-1, 5).Draw(t, "tickets")}
		}), 0, 12).Draw(t, "entries")
		people := map[string]bool{}
		for _, e := range entries {
			people[e.Visit] = people[e.Visit] || e.Tickets > 0
		}
		in := 0
		for _, some := range people {
			if some {
				in++
			}
		}
		hat := rules.Hat{Names: rapid.IntRange(1, 8).Draw(t, "names")}
		winners, err := hat.Draw(seed(rapid.IntRange(0, 1000).Draw(t, "seed")), "hat", entries)
		require.NoError(t, err)
		require.Len(t, winners, min(hat.Names, in))
		require.Len(t, slices.Compact(slices.Sorted(slices.Values(winners))), len(winners))
		for _, w := range winners {
			require.True(t, people[w])
		}
		again, err := hat.Draw(seed(7), "hat", rapid.Permutation(entries).Draw(t, "order"))
		require.NoError(t, err)
		same, err := hat.Draw(seed(7), "hat", entries)
		require.NoError(t, err)
		require.Equal(t, same, again)
	})
}

// Over 20,000 hats the first and the second name drawn are as likely as their
// slips say: the chi-square statistic stays below the 99.9th percentile, 16.27
// for three degrees of freedom.
func TestHat_isFair(t *testing.T) {
	const hats = 20_000
	tickets := map[string]int{"a": 1, "b": 2, "c": 3, "d": 4}
	var entries []rules.Entry
	for visit, n := range tickets {
		entries = append(entries, rules.Entry{Visit: visit, Tickets: n})
	}
	first, second := map[string]float64{}, map[string]float64{}
	for i := range hats {
		winners, err := rules.Hat{Names: 2}.Draw(seed(i), "session", entries)
		require.NoError(t, err)
		first[winners[0]]++
		second[winners[1]]++
	}
	chiFirst, chiSecond := 0.0, 0.0
	for visit, n := range tickets {
		expected := hats * float64(n) / 10
		chiFirst += (first[visit] - expected) * (first[visit] - expected) / expected
		expected = 0
		for other, m := range tickets {
			if other != visit {
				expected += hats * float64(m) / 10 * float64(n) / float64(10-m)
			}
		}
		chiSecond += (second[visit] - expected) * (second[visit] - expected) / expected
	}
	require.Less(t, chiFirst, 16.27)
	require.Less(t, chiSecond, 16.27)
}
