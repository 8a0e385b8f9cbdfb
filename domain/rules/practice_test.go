package rules_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

// Each test is an item of DOMAIN.md §5, "How schedules go wrong in practice",
// as far as the language goes today.

func attended(id string, at time.Time) rules.Opportunity {
	return rules.Opportunity{ID: id, At: at, Kind: "individual", Outcome: domain.Attended}
}

func TestPractice_oneVisitPaidTwice(t *testing.T) {
	d := move(t, met, "{met: 1}")
	for name, twice := range map[string]string{"in one file": "AA", "by two desks that disagree": "AN"} {
		t.Run(name, func(t *testing.T) {
			all := visits(twice)
			all[1].ID, all[1].At = all[0].ID, all[0].At
			_, awards := evaluate(d, all)
			require.Equal(t, []int64{20000}, amounts(awards))
			slices.Reverse(all)
			_, reversed := evaluate(d, all)
			require.Equal(t, awards, reversed)
		})
	}
	t.Run("replayed check-in", func(t *testing.T) {
		all := visits("AA")
		state, _ := evaluate(d, all)
		after, awards := rules.Evaluate(d, state, all)
		require.Empty(t, awards)
		require.Equal(t, state, after)
		after, awards = rules.Evaluate(d, state, all[1:])
		require.Empty(t, awards)
		require.Equal(t, state, after)
	})
}

func TestPractice_entryOrder(t *testing.T) {
	d := move(t, magnitude, "{table: [100, 200, 300]}", noCaps, "")
	all := visits("ANAAEA")
	_, want := evaluate(d, all)
	slices.Reverse(all)
	_, got := evaluate(d, all)
	require.Equal(t, want, got)
	require.Equal(t, []string{"v01", "v03"}, got[0].Explanation.Opportunities)
}

func TestPractice_weeksCountFromTheStartDate(t *testing.T) {
	d := move(t, days, "weeks: 2", met, "{met: 1}")
	thursday := date(t, "2026-01-08")
	state := rules.Start(d, thursday)
	for _, c := range []struct {
		day    string
		counts bool
	}{{"2026-01-07", false}, {"2026-01-08", true}, {"2026-01-21", true}, {"2026-01-22", false}} {
		_, awards := rules.Evaluate(d, state, []rules.Opportunity{attended("v", copenhagen(date(t, c.day), 12, 0))})
		require.Equal(t, c.counts, len(awards) == 1, c.day)
	}
	first, last := d.Window(thursday)
	require.Equal(t, []string{"2026-01-08", "2026-01-21"}, []string{first.String(), last.String()})
}

func TestPractice_datesAreTheSitesNotUTC(t *testing.T) {
	d := move(t, days, "days: 2", met, "{met: 1}")
	first, last := d.Window(start)
	for _, c := range []struct {
		name string
		at   time.Time
		want string // the award's date; "" outside the phase
	}{
		{"first minute, still yesterday in UTC", copenhagen(first, 0, 0), "2026-01-05"},
		{"minute before the first", copenhagen(first.AddDays(-1), 23, 59), ""},
		{"last minute", copenhagen(last, 23, 59), "2026-01-06"},
		{"minute after the last, still the last day in UTC", copenhagen(last.AddDays(1), 0, 0), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, awards := evaluate(d, []rules.Opportunity{attended("v", c.at.UTC())})
			if c.want == "" {
				require.Empty(t, awards)
				return
			}
			require.Equal(t, c.want, awards[0].Date.String())
		})
	}
}

func TestPractice_nightsWhenClocksChange(t *testing.T) {
	for _, c := range []struct{ name, start, first, second string }{
		{"forward, 29 March 2026", "2026-03-28", "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z"}, // 01:59:59, then 03:00
		{"back, 25 October 2026", "2026-10-24", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"},  // 02:30 twice
	} {
		t.Run(c.name, func(t *testing.T) {
			d := move(t, days, "days: 2", met, "{met: 1}")
			day := date(t, c.start)
			changed := day.AddDays(1)
			at := func(s string) time.Time {
				v, err := time.Parse(time.RFC3339, s)
				require.NoError(t, err)
				return v
			}
			all := []rules.Opportunity{
				attended("too early", copenhagen(day, 0, 0).Add(-time.Second)),
				attended("a", copenhagen(day, 0, 0)),
				attended("z first", at(c.first)),
				attended("b second", at(c.second)),
				attended("late", copenhagen(changed, 23, 59)),
				attended("too late", copenhagen(changed.AddDays(1), 0, 0)),
			}
			slices.Reverse(all)
			_, awards := rules.Evaluate(d, rules.Start(d, day), all)
			var got []string
			for _, a := range awards {
				got = append(got, a.Date.String()+" "+a.Explanation.Opportunities[0])
			}
			require.Equal(t, []string{day.String() + " a", changed.String() + " z first", changed.String() + " b second", changed.String() + " late"}, got)
		})
	}
}

func TestPractice_leapDayAndNewYear(t *testing.T) {
	for _, c := range []struct{ start, last string }{
		{"2028-02-28", "2028-03-01"}, // leap year: 28, 29, 1
		{"2026-02-28", "2026-03-02"},
		{"2026-12-31", "2027-01-02"},
	} {
		d := move(t, days, "days: 3", met, "{met: 1}")
		day := date(t, c.start)
		var all []rules.Opportunity
		for i := -1; i < 4; i++ {
			all = append(all, attended(string(rune('b'+i)), copenhagen(day.AddDays(i), 0, 0)))
		}
		_, awards := rules.Evaluate(d, rules.Start(d, day), all)
		require.Len(t, awards, 3, c.start)
		require.Equal(t, c.start, awards[0].Date.String())
		require.Equal(t, c.last, awards[2].Date.String())
	}
}

// Before 1 January 2026 and after it is one episode, with one tally.
func TestPractice_episodeCapOverNewYear(t *testing.T) {
	d := move(t, met, "{met: 1}")
	day := date(t, "2026-12-28")
	var all []rules.Opportunity
	for i := range 10 {
		all = append(all, attended(string(rune('a'+i)), copenhagen(day.AddDays(i), 9, 0)))
	}
	state, awards := rules.Evaluate(d, rules.Start(d, day), all)
	require.Len(t, awards, 6)
	require.Equal(t, rules.CountCap, state.Finished)
}

func TestPractice_capOvershotByTheLastVoucher(t *testing.T) {
	for atLimit, want := range map[string]int64{"pay_rest": 50000, "deny": 40000, "stop": 40000} {
		_, awards := evaluate(move(t, theCap, amountCap("50000", atLimit)), visits("AAAAAAAAAA"))
		require.Equal(t, want, total(awards), atLimit)
	}
}

func TestPractice_excusedIsNeitherMetNorMiss(t *testing.T) {
	d := move(t)
	_, awards := evaluate(d, visits("AE"))
	require.Empty(t, awards, "not met")
	_, awards = evaluate(d, visits("AEA"))
	require.Equal(t, []int64{20000}, amounts(awards), "no miss: the first visit still counts")
	require.Equal(t, []string{"v01", "v03"}, awards[0].Explanation.Opportunities)
}

func TestPractice_noRecordedOutcome(t *testing.T) {
	all := visits("AA")
	all[1].Outcome = ""
	_, awards := evaluate(move(t, "{no_show: hold, excused: hold,", "{no_show: met, excused: met,"), all)
	require.Empty(t, awards, "pays nothing, whatever the outcomes do")
}
