package rules_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain/rules"
)

// The attendance schedules that rest on arriving in time, a minimum stay or
// dated appointments, visit by visit. One arm of Svikis paid nothing.
func TestVectors_attendanceConditions(t *testing.T) {
	const weekly = `phases:
  - name: weekly
    weeks: 12
    opportunities: {per_week: 1}
    target: {all_of: [{attend: [individual]}, {on_time_within: 15m}]}
    outcomes: {no_show: not_met, excused: hold}
    magnitude: {constant: 1000}
`
	const daily = `phases:
  - name: daily
    days: 7
    opportunities: {days: [mon, tue, wed, thu, fri, sat, sun]}
    target: {stay_at_least: 4h}
    outcomes: {no_show: not_met, excused: hold}
    magnitude: {constant: 100}
`
	dated := change(t, weaver, "appointment", "individual")
	table := "[500, 1000, 1500]"
	for _, c := range []struct {
		schedule, body string
		changes        []string
		days           []int
	}{
		{"weaver2014_fixed", dated, []string{table, "[1000, 1000, 1000]"}, []int{0, 7, 21}},
		{"weaver2014_escalating", dated, nil, []int{0, 7, 21}},
		{"havit2013", dated, []string{table, "[0, 3000, 3000]"}, []int{0, 7, 21}},
		{"praise_attendance_or_abstinence", weekly, nil, []int{0, 7, 14, 21, 28, 35, 42, 49, 56, 63, 70, 77}},
		{"praise_attendance_or_abstinence", weekly, []string{"{on_time_within: 15m}]", "{on_time_within: 15m}, {test: negative}]"}, []int{0, 7, 14, 21, 28, 35, 42, 49, 56, 63, 70, 77}},
		{"svikis1997_0", daily, []string{"{constant: 100}", "{table: [0, 0, 0, 0, 0, 0, 0]}"}, []int{0, 1, 2, 3, 4, 5, 6}},
		{"svikis1997_1", daily, nil, []int{0, 1, 2, 3, 4, 5, 6}},
		{"svikis1997_5", daily, []string{"constant: 100", "constant: 500"}, []int{0, 1, 2, 3, 4, 5, 6}},
		{"svikis1997_10", daily, []string{"constant: 100", "constant: 1000"}, []int{0, 1, 2, 3, 4, 5, 6}},
		{"jones2000", daily, []string{"constant: 100", "constant: 500", "{stay_at_least: 4h}", "{attend: [individual]}"}, []int{0, 1, 2, 3, 4, 5, 6}},
	} {
		t.Run(c.schedule, func(t *testing.T) {
			want := vectors(t)[c.schedule]
			require.Len(t, c.days, len(want))
			var amounts []string
			var visits, failing []rules.Opportunity
			for i, day := range c.days {
				v := result("N", i, start.AddDays(day))
				v.Arrived, v.Left = v.At.Add(15*time.Minute), v.At.Add(4*time.Hour+15*time.Minute)
				visits = append(visits, v)
				amounts = append(amounts, fmt.Sprintf("%d.%02d", want[i].amount/100, want[i].amount%100))
				v.Arrived, v.Test = v.At.Add(15*time.Minute+time.Second), rules.Positive
				failing = append(failing, v)
			}
			d := parse(t, c.body, c.changes...)
			visitByVisit(t, d, start, visits, amounts, nil)
			if c.schedule != "jones2000" {
				_, awards := rules.Evaluate(d, rules.Start(d, start), failing)
				require.Empty(t, awards, "a second too late, or short")
			}
			slices.Reverse(visits)
			_, awards := rules.Evaluate(d, rules.Start(d, start), visits)
			require.Len(t, awards, len(want))
		})
	}
}
