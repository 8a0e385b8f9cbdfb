package rules_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

// The laws of DOMAIN.md §5, over generated programmes and histories.

// programme is any document of the language that Parse accepts.
func programme(t *rapid.T) rules.Document {
	amount := rapid.Int64Range(1, 1000)
	effect := rapid.SampledFrom([]rules.Effect{rules.Met, rules.NotMet, rules.Hold, rules.Ignore})
	phase := rules.Phase{
		Name:        "phase",
		Days:        rapid.IntRange(1, 40).Draw(t, "days"),
		Target:      rules.Target{Attend: rapid.SampledFrom([][]string{{"individual"}, {"group"}, {"individual", "group"}}).Draw(t, "attend")},
		Outcomes:    rules.Outcomes{NoShow: effect.Draw(t, "no_show"), Excused: effect.Draw(t, "excused"), Cancelled: effect.Draw(t, "cancelled")},
		Requirement: rules.Requirement{Met: rapid.IntRange(1, 4).Draw(t, "met")},
	}
	if phase.Outcomes.NoShow == rules.Met {
		phase.Outcomes.Excused = rules.Met
	}
	most := int64(10_000)
	if rapid.Bool().Draw(t, "table") {
		phase.Magnitude.Table = rapid.SliceOfN(amount, 1, 8).Draw(t, "amounts")
		most = 0
		for _, a := range phase.Magnitude.Table {
			most += a
		}
	} else {
		phase.Magnitude.Constant = amount.Draw(t, "constant")
	}
	d := rules.Document{
		Programme: "generated", Title: rules.Text{DA: "Ordning", EN: "Programme"}, LegalBasis: "law", Age: rules.Age{From: 18},
		Currency: "DKK", TimeZone: rapid.SampledFrom([]string{"Europe/Copenhagen", "America/Sao_Paulo", "Asia/Beirut", "UTC"}).Draw(t, "zone"),
		Mode: rules.Automatic, Phases: []rules.Phase{phase}, Caps: caps(t, phase.Magnitude, most),
		Voucher: rules.Voucher{ValidDays: 365, Categories: []string{"groceries"}, Excluded: []string{}},
	}
	parsed, err := rules.Parse(d.JSON())
	require.NoError(t, err)
	return parsed
}

// caps are up to three that do not contradict the magnitude.
func caps(t *rapid.T, m rules.Magnitude, most int64) (caps []rules.Cap) {
	least, rewards := m.Constant, 12
	if len(m.Table) > 0 {
		least, rewards = m.Table[0], len(m.Table)
	}
	for range rapid.IntRange(0, 3).Draw(t, "caps") {
		if rapid.Bool().Draw(t, "count cap") {
			caps = append(caps, rules.Cap{
				Count: rapid.IntRange(1, rewards).Draw(t, "count"), Period: rules.Episode,
				AtLimit: rapid.SampledFrom([]string{rules.Deny, rules.Stop}).Draw(t, "at limit"),
			})
			continue
		}
		caps = append(caps, rules.Cap{
			Amount: rapid.Int64Range(least, most).Draw(t, "amount"), Period: rules.Episode, Basis: rules.Earned,
			AtLimit: rapid.SampledFrom([]string{rules.PayRest, rules.Deny, rules.Stop}).Draw(t, "at limit"),
		})
	}
	return caps
}

// somewhen are starts around clock changes, leap day and New Year.
var somewhen = rapid.SampledFrom([]domain.Date{
	{Year: 2026, Month: 3, Day: 20}, {Year: 2026, Month: 10, Day: 10}, {Year: 2028, Month: 2, Day: 20}, {Year: 2026, Month: 12, Day: 20}, {Year: 1969, Month: 12, Day: 25},
})

// visitsFrom are up to forty visits from before the start to after the end.
func visitsFrom(t *rapid.T, d rules.Document, start domain.Date) []rules.Opportunity {
	from := start.AddDays(-2).In(d.Location())
	length, _ := d.Phases[0].Length()
	minutes := rapid.IntRange(0, (length+4)*24*60)
	var out []rules.Opportunity
	for i := range rapid.IntRange(0, 40).Draw(t, "visits") {
		out = append(out, rules.Opportunity{
			ID:      fmt.Sprintf("v%02d", i),
			At:      from.Add(time.Duration(minutes.Draw(t, "minute")) * time.Minute),
			Kind:    rapid.SampledFrom([]string{"individual", "group", "telephone"}).Draw(t, "kind"),
			Outcome: rapid.SampledFrom(append([]string{domain.Attended, domain.Attended}, domain.Outcomes...)).Draw(t, "outcome"),
		})
	}
	return out
}

// laws checks a law over generated programmes and histories.
func laws(t *testing.T, law func(t *rapid.T, d rules.Document, s rules.State, visits []rules.Opportunity)) {
	rapid.Check(t, func(t *rapid.T) {
		d, start := programme(t), somewhen.Draw(t, "start")
		law(t, d, rules.Start(d, start), visitsFrom(t, d, start))
	})
}

func TestLaw_entryOrderAndDuplicatesNeverMatter(t *testing.T) {
	laws(t, func(t *rapid.T, d rules.Document, s rules.State, visits []rules.Opportunity) {
		state, awards := rules.Evaluate(d, s, visits)
		twice := slices.Concat(visits, visits[:len(visits)/2])
		shuffled := rapid.Permutation(twice).Draw(t, "entry order")
		again, same := rules.Evaluate(d, s, shuffled)
		require.Equal(t, state, again)
		requireSameBytes(t, awards, same)
	})
}

func TestLaw_oneAtATimeEqualsReplay(t *testing.T) {
	laws(t, func(t *rapid.T, d rules.Document, s rules.State, visits []rules.Opportunity) {
		state, awards := rules.Evaluate(d, s, visits)
		slices.SortFunc(visits, func(a, b rules.Opportunity) int {
			if c := a.At.Compare(b.At); c != 0 {
				return c
			}
			return strings.Compare(a.ID, b.ID)
		})
		var one []rules.Award
		for _, v := range visits {
			require.True(t, s.Follows(v))
			var earned []rules.Award
			s, earned = rules.Evaluate(d, stored(t, s), []rules.Opportunity{v})
			require.False(t, s.Follows(v))
			one = append(one, earned...)
		}
		require.Equal(t, state, s)
		requireSameBytes(t, awards, one)
	})
}

// Whatever was folded already changes nothing when it comes again.
func TestLaw_replayIsHarmless(t *testing.T) {
	laws(t, func(t *rapid.T, d rules.Document, s rules.State, visits []rules.Opportunity) {
		state, _ := rules.Evaluate(d, s, visits)
		again, awards := rules.Evaluate(d, stored(t, state), visits)
		require.Equal(t, state, again)
		require.Empty(t, awards)
	})
}

func TestLaw_noCapIsEverExceeded(t *testing.T) {
	laws(t, func(t *rapid.T, d rules.Document, s rules.State, visits []rules.Opportunity) {
		_, awards := rules.Evaluate(d, s, visits)
		paid := slices.DeleteFunc(amounts(awards), func(a int64) bool { return a == 0 })
		for _, c := range d.Caps {
			if c.Count > 0 {
				require.LessOrEqual(t, len(paid), c.Count)
			} else {
				require.LessOrEqual(t, total(awards), c.Amount)
			}
		}
	})
}

func TestLaw_metNeverLowersTheTotal(t *testing.T) {
	laws(t, func(t *rapid.T, d rules.Document, s rules.State, visits []rules.Opportunity) {
		if len(visits) == 0 {
			return
		}
		i := rapid.IntRange(0, len(visits)-1).Draw(t, "visit")
		visits[i].Outcome = domain.NoShow
		_, before := rules.Evaluate(d, s, visits)
		visits[i].Outcome = domain.Attended
		_, after := rules.Evaluate(d, s, visits)
		require.GreaterOrEqual(t, total(after), total(before))
	})
}

func TestLaw_excusedNeverPaysLessThanUnexcused(t *testing.T) {
	laws(t, func(t *rapid.T, d rules.Document, s rules.State, visits []rules.Opportunity) {
		for i := range visits {
			visits[i].Outcome = domain.NoShow
			_, unexcused := rules.Evaluate(d, s, visits)
			visits[i].Outcome = domain.Excused
			_, excused := rules.Evaluate(d, s, visits)
			require.GreaterOrEqual(t, total(excused), total(unexcused))
		}
	})
}

// Every award can be checked by hand: its visits are met, in the phase, and rest
// under no other award, and its amounts add up.
func TestLaw_explanationsAddUp(t *testing.T) {
	laws(t, func(t *rapid.T, d rules.Document, s rules.State, visits []rules.Opportunity) {
		state, awards := rules.Evaluate(d, s, visits)
		used := map[string]bool{}
		for _, a := range awards {
			e := a.Explanation
			require.Len(t, e.Opportunities, d.Phases[0].Requirement.Met)
			for _, id := range e.Opportunities {
				require.False(t, used[id])
				used[id] = true
			}
			var cut int64
			if e.Cut != nil {
				cut = e.Cut.By
			}
			require.Equal(t, e.Full, e.Amount+cut)
			require.Equal(t, a.Amount, e.Amount)
			require.NotEmpty(t, e.Text().DA)
		}
		p := state.Progress(d)
		require.Equal(t, state.Earned, p.Earned)
		require.Equal(t, p.Finished, p.WhyFinished != "")
		require.True(t, p.Finished || p.MetTowardsNext < p.NeededForNext)
	})
}

// stored is the state as it comes back from a JSON column.
func stored(t *rapid.T, s rules.State) (back rules.State) {
	b, err := json.Marshal(s)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &back))
	return back
}

func requireSameBytes(t *rapid.T, want, got []rules.Award) {
	a, err := json.Marshal(want)
	require.NoError(t, err)
	b, err := json.Marshal(got)
	require.NoError(t, err)
	require.Equal(t, string(a), string(b))
}
