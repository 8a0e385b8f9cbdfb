package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain/rules"
)

const monthly = `phases:
  - name: all
    days: 1000
    target: {attend: [individual]}
    outcomes: {no_show: not_met, excused: hold}
    magnitude: {constant: 400}
caps:
`

// on gives what met visits on these dates pay.
func on(t *testing.T, d rules.Document, outside rules.Outside, dates ...string) []int64 {
	t.Helper()
	state, out := rules.Start(d, date(t, dates[0])), []int64{}
	for i, day := range dates {
		var awards []rules.Award
		state, awards = rules.EvaluateWith(d, reread(t, state), outside, []rules.Opportunity{result("N", i, date(t, day))})
		out = append(out, total(awards))
	}
	return out
}

func TestCaps_periods(t *testing.T) {
	amount := func(period, atLimit string) string {
		return "  - {amount: 1000, period: " + period + ", basis: earned, at_limit: " + atLimit + "}\n"
	}
	december := []string{"2027-12-29", "2027-12-30", "2027-12-31", "2028-01-01", "2028-01-31", "2028-02-29"}
	for _, c := range []struct {
		name, caps string
		dates      []string
		want       []int64
	}{
		{"month, pay the rest", amount("month", "pay_rest"), december, []int64{400, 400, 200, 400, 400, 400}},
		{"month, deny", amount("month", "deny"), december, []int64{400, 400, 0, 400, 400, 400}},
		{"calendar year", amount("calendar_year", "pay_rest"), december, []int64{400, 400, 200, 400, 400, 200}},
		{"episode", amount("episode", "pay_rest"), december, []int64{400, 400, 200, 0, 0, 0}},
		{"award", "  - {amount: 300, period: award, basis: earned, at_limit: pay_rest}\n", december[:2], []int64{300, 300}},
		{"several: the one that leaves least", amount("episode", "pay_rest") + "  - {amount: 500, period: month, basis: earned, at_limit: pay_rest}\n", december, []int64{400, 100, 0, 400, 100, 0}},
		{"count a month", "  - {count: 1, period: month, at_limit: deny}\n", december, []int64{400, 0, 0, 400, 0, 400}},
		{"count a year, stop", "  - {count: 2, period: calendar_year, at_limit: stop}\n", december, []int64{400, 400, 0, 400, 400, 0}},
		{"a rolling year ends on the same date", amount("rolling_year", "pay_rest"),
			[]string{"2027-03-01", "2027-06-01", "2028-02-29", "2028-03-01", "2028-05-31", "2028-06-01"}, []int64{400, 400, 200, 400, 0, 400}},
		{"and of 29 February on 1 March", amount("rolling_year", "pay_rest"),
			[]string{"2028-02-29", "2028-02-29", "2029-02-28", "2029-03-01"}, []int64{400, 400, 200, 400}},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, on(t, parse(t, monthly+c.caps), rules.Outside{}, c.dates...))
		})
	}
}

// Stop under a month holds what is smaller back too, until the month is over;
// deny does not.
func TestCaps_stopWithinAPeriod(t *testing.T) {
	body := change(t, monthly, "{constant: 400}", "{table: [600, 700, 300, 300, 300]}")
	dates := []string{"2027-12-01", "2027-12-02", "2027-12-03", "2028-01-01"}
	stop := parse(t, body+"  - {amount: 1000, period: month, basis: earned, at_limit: stop}\n")
	require.Equal(t, []int64{600, 0, 0, 300}, on(t, stop, rules.Outside{}, dates...))
	deny := parse(t, body+"  - {amount: 1000, period: month, basis: earned, at_limit: deny}\n")
	require.Equal(t, []int64{600, 0, 300, 300}, on(t, deny, rules.Outside{}, dates...))
}

// A lifetime counts what the person has in other enrolments; an episode does not.
func TestCaps_lifetime(t *testing.T) {
	before := func(count int, amount int64) rules.Outside {
		return rules.Outside{Claims: []rules.Claim{{Date: date(t, "2020-01-01"), Count: count, Amount: amount, Scope: rules.Programme, Earned: true}}}
	}
	dates := []string{"2027-12-01", "2027-12-02", "2027-12-03"}
	life := parse(t, monthly+"  - {amount: 1000, period: lifetime, basis: earned, at_limit: pay_rest}\n")
	require.Equal(t, []int64{400, 400, 200}, on(t, life, rules.Outside{}, dates...))
	require.Equal(t, []int64{400, 100, 0}, on(t, life, before(1, 500), dates...))
	count := parse(t, monthly+"  - {count: 3, period: lifetime, at_limit: stop}\n")
	require.Equal(t, []int64{400, 0, 0}, on(t, count, before(2, 500), dates...))
	full := rules.Start(count, start).ProgressWith(count, before(3, 0))
	require.Equal(t, rules.CountCap, full.WhyFinished)
	episode := parse(t, monthly+"  - {amount: 1000, period: episode, basis: earned, at_limit: pay_rest}\n")
	require.Equal(t, []int64{400, 400, 200}, on(t, episode, before(0, 500), dates...))
}

// The state keeps a rolling year's days, and no more.
func TestCaps_rollingYearStaysSmall(t *testing.T) {
	d := parse(t, monthly+"  - {amount: 1000000, period: rolling_year, basis: earned, at_limit: deny}\n")
	var visits []rules.Opportunity
	for i := range 1000 {
		visits = append(visits, result("N", i, start.AddDays(i)))
	}
	state, awards := rules.Evaluate(d, rules.Start(d, start), visits)
	require.Len(t, awards, 1000)
	require.LessOrEqual(t, len(state.Rolling), 366)
	require.Empty(t, state.Periods)
}
