package rules_test

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

// The laws of DOMAIN.md §5, over generated programmes and histories.

// laws checks a law over generated programmes and histories.
func laws(t *testing.T, law func(t *rapid.T, d rules.Document, s rules.State, visits []rules.Opportunity)) {
	rapid.Check(t, func(t *rapid.T) {
		d, start := programme(t, false), somewhen.Draw(t, "start")
		law(t, d, rules.Start(d, start), visitsFrom(t, d, start))
	})
}

// fairly checks a law over programmes of which it is true: memory highest,
// amounts that never fall, prizes that are all equal, one met visit for each
// reward where amounts differ, no streak carried from phase to phase, and caps
// that only look at the sum. Elsewhere it cannot hold: under deny a larger
// reward is lost where a smaller one fits, and "every second" pays by which
// visit is the second.
func fairly(t *testing.T, law func(t *rapid.T, d rules.Document, s rules.State, visits []rules.Opportunity)) {
	rapid.Check(t, func(t *rapid.T) {
		d, start := programme(t, true), somewhen.Draw(t, "start")
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

// inOrder sorts visits as they happened, a pause before the visits of its day.
func inOrder(visits []rules.Opportunity) {
	slices.SortFunc(visits, func(a, b rules.Opportunity) int {
		pauses := func(o rules.Opportunity) int { return min(len(o.Pause), 1) }
		return cmp.Or(a.At.Compare(b.At), pauses(b)-pauses(a), strings.Compare(a.ID, b.ID))
	})
}

func TestLaw_oneAtATimeEqualsReplay(t *testing.T) {
	laws(t, func(t *rapid.T, d rules.Document, s rules.State, visits []rules.Opportunity) {
		state, awards := rules.Evaluate(d, s, visits)
		inOrder(visits)
		var one []rules.Award
		begin := s
		for i, v := range visits {
			if v.MakesUp != "" { // it changes what came before
				require.False(t, s.Follows(v))
				s, one = rules.Evaluate(d, begin, visits[:i+1])
				continue
			}
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
		for i, a := range awards {
			for _, c := range d.Caps {
				count, amount := 0, int64(0)
				for _, b := range awards[:i+1] {
					if b.Amount > 0 && samePeriod(c.Period, b.Date, a.Date, &a == &b) {
						count, amount = count+1, amount+b.Amount
					}
				}
				if c.Period == rules.PerAward {
					amount = a.Amount
				}
				require.True(t, c.Count == 0 || count <= c.Count, "%+v", c)
				require.True(t, c.Amount == 0 || amount <= c.Amount, "%+v: %d", c, amount)
			}
		}
	})
}

func samePeriod(period string, earlier, date domain.Date, same bool) bool {
	switch period {
	case rules.PerAward:
		return same
	case rules.Month:
		return earlier.Year == date.Year && earlier.Month == date.Month
	case rules.CalendarYear:
		return earlier.Year == date.Year
	case rules.RollingYear:
		return date.AddMonths(-12).Before(earlier)
	default:
		return true
	}
}

func TestLaw_metNeverLowersTheTotal(t *testing.T) {
	fairly(t, func(t *rapid.T, d rules.Document, s rules.State, visits []rules.Opportunity) {
		if len(visits) == 0 {
			return
		}
		i := rapid.IntRange(0, len(visits)-1).Draw(t, "visit")
		unlink(visits, visits[i].ID) // made up later, it can be worth more: a reset between them is too late
		visits[i].Outcome = domain.NoShow
		_, before := rules.Evaluate(d, s, visits)
		visits[i].Outcome, visits[i].Test = domain.Attended, rules.Negative
		_, after := rules.Evaluate(d, s, visits)
		require.GreaterOrEqual(t, total(after), total(before))
	})
}

func TestLaw_excusedNeverPaysLessThanUnexcused(t *testing.T) {
	fairly(t, func(t *rapid.T, d rules.Document, s rules.State, visits []rules.Opportunity) {
		for i := range visits {
			visits[i].Outcome = domain.NoShow
			_, unexcused := rules.Evaluate(d, s, visits)
			visits[i].Outcome = domain.Excused
			_, excused := rules.Evaluate(d, s, visits)
			require.GreaterOrEqual(t, total(excused), total(unexcused))
		}
	})
}

// unlink lets nothing make up a visit, or any visit when id is "".
func unlink(visits []rules.Opportunity, id string) {
	for i := range visits {
		if id == "" || visits[i].MakesUp == id {
			visits[i].MakesUp = ""
		}
	}
}

// A reset touches what comes, never what was earned: what a visit does, whatever
// it is, leaves every award before it as it was. Only a make-up changes more,
// for it takes a miss back.
func TestLaw_whatIsEarnedStays(t *testing.T) {
	laws(t, func(t *rapid.T, d rules.Document, s rules.State, visits []rules.Opportunity) {
		unlink(visits, "")
		_, awards := rules.Evaluate(d, s, visits)
		for _, v := range visits {
			before := slices.DeleteFunc(slices.Clone(visits), func(o rules.Opportunity) bool { return !o.At.Before(v.At) })
			state, some := rules.Evaluate(d, s, before)
			require.Equal(t, total(some), state.Earned)
			requireSameBytes(t, append([]rules.Award{}, awards[:len(some)]...), append([]rules.Award{}, some...))
		}
	})
}

// Every award can be checked by hand: its visits rest under no other reward, and
// its amounts add up.
func TestLaw_explanationsAddUp(t *testing.T) {
	laws(t, func(t *rapid.T, d rules.Document, s rules.State, visits []rules.Opportunity) {
		state, awards := rules.Evaluate(d, s, visits)
		used := map[string]bool{}
		for i, a := range awards {
			e := a.Explanation
			require.Equal(t, i+1, a.Milestone)
			require.Len(t, e.Opportunities, e.Requirement)
			for _, id := range e.Opportunities {
				require.False(t, used[id])
				used[id] = e.Base() > 0 || e.Draws != nil // a bonus leaves a visit to the reward that it goes towards
			}
			var cut int64
			if e.Cut != nil {
				cut = e.Cut.By
			}
			if e.Draws != nil {
				require.Equal(t, e.Base(), sum(e.Draws.Values))
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

func sum(amounts []int64) (total int64) {
	for _, a := range amounts {
		total += a
	}
	return total
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
