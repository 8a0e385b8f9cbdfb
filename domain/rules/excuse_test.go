package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

// absent is an excused visit on a day from the start date, told so many hours
// before; 0: nobody wrote when.
func absent(day int, reason string, hours int) rules.Opportunity {
	o := rules.Opportunity{ID: "absent", At: copenhagen(start.AddDays(day), 10, 0), Kind: "individual", Outcome: domain.Excused, Reason: reason}
	if hours > 0 {
		o.Notice = o.At.Add(-time.Duration(hours) * time.Hour)
	}
	return o
}

// An excused visit that the policy does not take is a no-show, which costs the
// level; one that it takes costs nothing.
func TestExcused(t *testing.T) {
	for _, c := range []struct {
		name, policy string
		visit        rules.Opportunity
		excused      bool
	}{
		{"no policy", "", absent(3, "", 0), true},
		{"one of the reasons", "{reasons: [illness, work]}", absent(3, "work", 0), true},
		{"another reason", "{reasons: [illness, work]}", absent(3, "holiday", 0), false},
		{"no reason", "{reasons: [illness, work]}", absent(3, "", 0), false},
		{"told in time", "{notice_hours: 24}", absent(3, "", 24), true},
		{"told too late", "{notice_hours: 24}", absent(3, "", 23), false},
		{"nobody wrote when it was told", "{notice_hours: 24}", absent(3, "", 0), false},
		{"decided by someone, which the engine does not ask", "{decided_by: [team_leader]}", absent(3, "", 0), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := climbing
			if c.policy != "" {
				body += "excused: " + c.policy + "\n"
			}
			_, awards := evaluate(parse(t, body), append(onDays(t, "A0", "A7"), c.visit))
			want := []int64{100, 100}
			if c.excused {
				want = []int64{100, 200}
			}
			require.Equal(t, want, amounts(awards))
		})
	}
}

func TestExcused_most(t *testing.T) {
	for _, c := range []struct {
		per     string
		history []string
		want    []int64
	}{
		{"episode", []string{"A0", "E3", "A7", "E10", "A14"}, []int64{100, 200, 100}},
		{"month", []string{"A0", "E3", "A7", "E28", "A35"}, []int64{100, 200, 300}}, // 8 January and 2 February
		{"month", []string{"A0", "E3", "A7", "E26", "A35"}, []int64{100, 200, 100}}, // 31 January
		{"phase", []string{"A0", "E3", "A7", "E10", "A14", "E56", "A57", "E60", "A63"}, []int64{100, 200, 100, 100, 100}},
		{"episode", []string{"A0", "E3", "A7", "E56", "A57"}, []int64{100, 200, 100}},
	} {
		d := parse(t, climbing+`  - name: after
    weeks: 4
    carry: {level: true, streak: true}
    target: {attend: [individual]}
    outcomes: {no_show: not_met, excused: hold}
    magnitude: {linear: {start: 100, step: 100}}
    escalation: {every: visit}
    reset: {on: [not_met], to: start}
excused: {most: 1, per: `+c.per+"}\n")
		_, awards := evaluate(d, onDays(t, c.history...))
		require.Equal(t, c.want, amounts(awards), "%s %v", c.per, c.history)
	}
}

// Only an excused visit that is an opportunity uses one up.
func TestExcused_mostCountsOpportunities(t *testing.T) {
	d := parse(t, climbing+"excused: {most: 1, per: episode}\n")
	history := onDays(t, "A0", "A1", "E2", "E3", "A7", "E8", "A14")
	_, awards := evaluate(d, history) // the week's places are used when the first two are excused
	require.Equal(t, []int64{100, 200, 300, 400}, amounts(awards))
	other := onDays(t, "A0", "A1", "E7", "A8", "A14", "A15")
	other[2].Kind = "telephone"
	_, awards = evaluate(d, append(other, absent(21, "", 0)))
	require.Equal(t, []int64{100, 200, 300, 400, 500}, amounts(awards))
}

func TestExcused_decides(t *testing.T) {
	d := parse(t, climbing+"excused: {decided_by: [team_leader]}\n")
	require.True(t, d.Decides(domain.TeamLeader))
	require.False(t, d.Decides(domain.Caseworker))
	require.True(t, parse(t, climbing).Decides(domain.Caseworker))
}
