package rules_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

// Laws of what lies between visits: pauses, readmissions and moves.

// timeless makes a programme in which dates do not matter but by the phase's
// clock: no weekdays, no caps or excuses by calendar periods.
func timeless(t *rapid.T) rules.Document {
	d := programme(t, false)
	for i := range d.Phases {
		if sc := d.Phases[i].Opportunities; sc != nil && (sc.Days != nil || sc.MinGap > 0) {
			d.Phases[i].Opportunities = &rules.Schedule{PerWeek: 1}
		}
		d.Phases[i].MakeUp = nil
	}
	d.Excused, d.Caps = nil, nil
	d.Pauses = []rules.Pause{{Reason: rules.Closure, Clock: rules.Stops, Level: rules.Keep, Streak: rules.Keep}}
	d.Readmission = &rules.Readmission{WithinDays: 100, Clock: rules.Stops, Level: rules.Keep, Streak: rules.Keep, Later: rules.Refuse}
	d, err := rules.Parse(d.JSON())
	if err != nil {
		t.Skip(err.Error())
	}
	return d
}

// atNoon are visits of the first forty days, one a day at most.
func atNoon(t *rapid.T, d rules.Document, start domain.Date) (out []rules.Opportunity) {
	for day := range 40 {
		if outcome := rapid.SampledFrom([]string{"", domain.Attended, domain.Attended, domain.NoShow, domain.Excused}).Draw(t, "outcome"); outcome != "" {
			out = append(out, noon(d, start.AddDays(day), fmt.Sprintf("v%02d", day), outcome))
		}
	}
	return out
}

func noon(d rules.Document, on domain.Date, id, outcome string) rules.Opportunity {
	return rules.Opportunity{ID: id, At: on.In(d.Location()).Add(12 * time.Hour), Kind: "individual", Outcome: outcome, Test: rules.Negative}
}

// A stopped clock moves what comes after it, and changes no amount: over leap
// days, New Year and clock changes too.
func TestLaw_aStoppedClockOnlyMoves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, start := timeless(t), somewhen.Draw(t, "start")
		visits := atNoon(t, d, start)
		first, days := rapid.IntRange(0, 39).Draw(t, "first"), rapid.IntRange(1, 60).Draw(t, "days")
		paused := []rules.Opportunity{d.Paused("pause", rules.Closure, start.AddDays(first), start.AddDays(first+days-1))}
		for _, v := range visits {
			day := start.Days(domain.DateOf(v.At, d.Location()))
			if day >= first {
				day += days
			}
			paused = append(paused, noon(d, start.AddDays(day), v.ID, v.Outcome))
		}
		state, awards := rules.Evaluate(d, rules.Start(d, start), visits)
		later, same := rules.Evaluate(d, rules.Start(d, start), paused)
		require.Equal(t, amounts(awards), amounts(same))
		require.Equal(t, state.Earned, later.Earned)
		if last := state.Progress(d).LastDay; state.Finished == "" && !last.IsZero() && state.Phase == 0 && later.Phase == 0 && !last.Before(start.AddDays(first)) {
			require.Equal(t, last.AddDays(days), later.Progress(d).LastDay)
		}
	})
}

// Visits on the days of a pause change nothing, whatever becomes of them.
func TestLaw_visitsInAPauseAreNone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, start := timeless(t), somewhen.Draw(t, "start")
		visits := atNoon(t, d, start)
		first, last := start.AddDays(10), start.AddDays(rapid.IntRange(10, 30).Draw(t, "last"))
		pause := d.Paused("pause", rules.Closure, first, last)
		outside := slices.DeleteFunc(slices.Clone(visits), func(o rules.Opportunity) bool {
			on := domain.DateOf(o.At, d.Location())
			return !on.Before(first) && !last.Before(on)
		})
		_, awards := rules.Evaluate(d, rules.Start(d, start), append(visits, pause))
		_, same := rules.Evaluate(d, rules.Start(d, start), append(outside, pause))
		requireSameBytes(t, awards, same)
	})
}

// Coming back is a pause from the end to the new start: what is paid in all, and
// its milestones, are the same.
func TestLaw_readmissionIsAPause(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, start := timeless(t), somewhen.Draw(t, "start")
		visits := atNoon(t, d, start)
		end, days := rapid.IntRange(0, 38).Draw(t, "end"), rapid.IntRange(1, 39).Draw(t, "days")
		endedOn, on := start.AddDays(end), start.AddDays(end+days)
		cut := slices.IndexFunc(visits, func(o rules.Opportunity) bool { return endedOn.Before(domain.DateOf(o.At, d.Location())) })
		if cut < 0 {
			cut = len(visits)
		}
		old, earned := rules.Evaluate(d, rules.Start(d, start), visits[:cut])
		state, more := rules.Evaluate(d, stored(t, rules.Readmit(d, stored(t, old), endedOn, on)), visits[cut:])
		whole, awards := rules.Evaluate(d, rules.Start(d, start), append(visits, d.Paused("gap", rules.Closure, endedOn.AddDays(1), on.AddDays(-1))))
		require.Equal(t, amounts(awards), amounts(append(earned, more...)))
		require.Equal(t, [3]int64{whole.Earned, int64(whole.Milestones), int64(whole.Vouchers)}, [3]int64{state.Earned, int64(state.Milestones), int64(state.Vouchers)})
		for i, a := range append(earned, more...) {
			require.Equal(t, i+1, a.Milestone)
		}
	})
}

// A move to the same version changes nothing: neither what was earned nor what
// comes.
func TestLaw_aMoveToTheSameVersionChangesNothing(t *testing.T) {
	laws(t, func(t *rapid.T, d rules.Document, s rules.State, visits []rules.Opportunity) {
		unlink(visits, "")
		inOrder(visits)
		on := s.Start.AddDays(rapid.IntRange(0, 40).Draw(t, "on"))
		cut := slices.IndexFunc(visits, func(o rules.Opportunity) bool { return !domain.DateOf(o.At, d.Location()).Before(on) })
		if cut < 0 {
			cut = len(visits)
		}
		_, awards := rules.Evaluate(d, s, visits)
		before, earned := rules.Evaluate(d, s, visits[:cut])
		moved, err := rules.Move(d, d, stored(t, before), rules.Moving{On: on})
		require.NoError(t, err)
		_, more := rules.Evaluate(d, stored(t, moved), visits[cut:])
		requireSameBytes(t, append([]rules.Award{}, awards...), append(append([]rules.Award{}, earned...), more...))
	})
}

// Whatever the other version is, a move takes nothing away and pays nothing, and
// no cap of the episode is passed after it.
func TestLaw_aMoveKeepsWhatIsEarned(t *testing.T) {
	laws(t, func(t *rapid.T, d rules.Document, s rules.State, visits []rules.Opportunity) {
		to := programme(t, false)
		to.TimeZone = d.TimeZone
		to, err := rules.Parse(to.JSON())
		require.NoError(t, err)
		inOrder(visits)
		cut := len(visits) / 2
		before, _ := rules.Evaluate(d, s, visits[:cut])
		on := s.Start.AddDays(60)
		name := to.Phases[rapid.IntRange(0, len(to.Phases)-1).Draw(t, "phase")].Name
		moved, err := rules.Move(d, to, before, rules.Moving{On: on, Phase: name})
		require.NoError(t, err)
		require.Equal(t, [3]int64{before.Earned, int64(before.Milestones), int64(before.Vouchers)}, [3]int64{moved.Earned, int64(moved.Milestones), int64(moved.Vouchers)})
		after := visitsFrom(t, to, on)
		inOrder(after)
		after = slices.DeleteFunc(after, func(o rules.Opportunity) bool { return domain.DateOf(o.At, to.Location()).Before(on) })
		state, awards := rules.Evaluate(to, moved, after)
		require.Equal(t, before.Earned+total(awards), state.Earned)
		for _, c := range to.Caps {
			if c.Period == rules.Episode && len(awards) > 0 {
				require.True(t, c.Amount == 0 || state.Earned <= max(c.Amount, before.Earned), "%+v", c)
				require.True(t, c.Count == 0 || state.Vouchers <= max(c.Count, before.Vouchers), "%+v", c)
			}
		}
		p := state.Progress(to)
		require.True(t, p.Finished || p.MetTowardsNext < p.NeededForNext)
	})
}
