package rules_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain/rules"
)

// header is all of a document but its phases and caps.
const header = `programme: test
title: {da: Ordning, en: Programme}
legal_basis: law
age: {from: 18}
currency: USD
time_zone: Europe/Copenhagen
mode: automatic
voucher: {valid_days: 365, partial: true, categories: [groceries], excluded: []}
`

// parse reads a document of which only the phases and caps are given, with
// pieces of their text replaced: old, new, …
func parse(t testing.TB, body string, changes ...string) rules.Document {
	t.Helper()
	d, err := rules.Parse([]byte(header + change(t, body, changes...)))
	require.NoError(t, err)
	again, err := rules.Parse(d.JSON())
	require.NoError(t, err)
	require.Equal(t, d, again, "its JSON gives it back")
	fitsSchema(t, []byte(header+change(t, body, changes...)), d)
	return d
}

func change(t testing.TB, text string, changes ...string) string {
	t.Helper()
	for i := 0; i < len(changes); i += 2 {
		require.Contains(t, text, changes[i])
		text = strings.Replace(text, changes[i], changes[i+1], 1)
	}
	return text
}

// The examples of RULES.md, letter by letter.
const (
	higgins = `phases:
  - name: vouchers
    weeks: 12
    opportunities: {days: [mon, wed, fri]}
    target: {test: negative}
    outcomes: {no_valid_sample: not_met, no_show: not_met, excused: hold}
    magnitude: {linear: {start: 250, step: 125}}
    escalation: {every: visit}
    reset: {on: [not_met], to: start, clears_bonus: true}
    restoration: {after: 5, apply: next, to: last, memory: highest, part_run: keep}
    bonus: [{every_consecutive: 3, amount: 1000}]
`
	california = `caps: [{amount: 59900, period: calendar_year, basis: earned, at_limit: pay_rest}]
phases:
  - name: escalation
    weeks: 12
    opportunities: {per_week: 2}
    target: {test: negative}
    outcomes: {no_show: not_met, excused: hold}
    magnitude: {linear: {start: 1000, step: 150, ceiling: 2650}}
    escalation: {every: {consecutive: 2}}
    reset: {on: [not_met], to: start}
    restoration: {after: 2, apply: next, to: last, memory: highest, part_run: fresh}
  - name: stabilisation
    weeks: 12
    opportunities: {per_week: 1}
    target: {test: negative}
    outcomes: {no_show: not_met, excused: hold}
    magnitude: {table: [1500, 1500, 1500, 1500, 1500, 1500, 1000, 1000, 1000, 1000, 1000, 2100]}
    carry: {level: no, streak: no}
`
	prizes = `phases:
  - name: draws
    weeks: 12
    opportunities: {per_week: 2}
    target: {attend: [individual]}
    outcomes: {no_show: not_met, excused: hold}
    draws: {start: 1, step: 1, ceiling: 8, reset: {on: [not_met], to: 1}, with_replacement: true}
    bowl: [{slips: 250, label: good job}, {slips: 209, value: 100}, {slips: 40, value: 2000}, {slips: 1, value: 10000}]
caps: [{amount: 75000, period: rolling_year, basis: earned, at_limit: pay_rest}]
`
	weaver = `phases:
  - name: vaccination
    opportunities: {on_days: [0, 7, 21]}
    target: {all_of: [{attend: [appointment]}, {on_time_within: 15m}]}
    outcomes: {no_show: not_met}
    magnitude: {table: [500, 1000, 1500]}
`
)

func TestParse_examplesOfTheLanguage(t *testing.T) {
	for name, body := range map[string]string{"higgins": higgins, "california": california, "prizes": prizes, "weaver": weaver} {
		t.Run(name, func(t *testing.T) { parse(t, body) })
	}
}

func TestParse_contradictions(t *testing.T) {
	for _, c := range []struct{ body, old, new, want string }{
		{higgins, "step: 125}", "step: 125, ceiling: 200}", "contradiction phases[0].magnitude.linear.ceiling: must be more than start, which is 250"},
		{higgins, "    reset: {on: [not_met], to: start, clears_bonus: true}\n", "", "contradiction phases[0].restoration: must be left out: without a reset to a lower level there is nothing to restore"},
		{higgins, ", clears_bonus: true", "", "required phases[0].reset.clears_bonus: must be stated: true or false"},
		{higgins, "memory: highest, ", "", "required phases[0].restoration.memory: must be stated: first, last or highest"},
		{higgins, "part_run: keep", "part_run: maybe", "invalid_value phases[0].restoration.part_run: must be keep or fresh"},
		{higgins, "after: 5", "after: 0", "out_of_range phases[0].restoration.after: must be at least 1"},
		{higgins, "    escalation: {every: visit}\n", "", "required phases[0].escalation: must be stated: the magnitude moves by levels, and this says what moves them"},
		{higgins, "{linear: {start: 250, step: 125}}", "{constant: 250}", "contradiction phases[0].escalation: must be left out: a constant magnitude has no levels"},
		{higgins, "{linear: {start: 250, step: 125}}", "{descending: {start: 900, step: 100, floor: 100}}", "contradiction phases[0].reset.to: must be none: the amounts fall, so a reset would pay a missed visit"},
		{higgins, "[not_met]", "[late, excused]", "contradiction phases[0].reset.on[1]: never happens: outcomes.excused is not not_met"},
		{higgins, "excused: hold", "excused: ignore", "contradiction phases[0].outcomes.excused: must be ignore exactly where no_show is: what is ignored leaves its place in the schedule to another visit"},
		{higgins, "no_show: not_met, excused: hold", "no_show: hold, excused: not_met", "contradiction phases[0].outcomes.excused: must not be not_met, because no_show is hold: an excused visit never pays less than an unexcused one"},
		{higgins, "every: visit}", "every: visit, excused: breaks}", "contradiction phases[0].escalation.excused: must be left out: only a week that must be all met needs a reading of an excused visit, otherwise outcomes.excused says it"},
		{higgins, "every: visit}", "every: {calendar_week: all_met}}", "required phases[0].escalation.excused: must be stated: breaks or counts"},
		{higgins, "every: visit}", "every: often}", "invalid_value phases[0].escalation.every: must be visit, week_number, {consecutive: n} or {calendar_week: all_met}"},
		{higgins, "every_consecutive: 3", "every_consecutive: 37", "contradiction phases[0].bonus[0]: is never reached: the phase has at most 36 opportunities"},
		{higgins, "to: start, ", "to: {level: 0}, ", "out_of_range phases[0].reset.to.level: must be at least 1"},
		{california, "    carry: {level: no, streak: no}\n", "", "required phases[1].carry: must be stated: a mapping with level, streak"},
		{california, "carry: {level: no, ", "carry: {", "required phases[1].carry.level: must be stated: true or false"},
		{california, "  - name: escalation\n", "  - name: escalation\n    carry: {level: no, streak: no}\n", "contradiction phases[0].carry: must not be stated in the first phase: nothing comes before it"},
		{california, "amount: 59900, period: calendar_year, basis: earned, at_limit: pay_rest", "amount: 999, period: calendar_year, basis: earned, at_limit: deny", "contradiction caps[0].amount: must be at least 1000, the reward: else nothing is ever paid"},
		{california, "at_limit: pay_rest", "at_limit: truncate", "contradiction caps[0].at_limit: must not be truncate: no phase draws"},
		{california, "period: calendar_year, basis: earned, at_limit: pay_rest", "period: rolling_year, basis: earned, at_limit: stop", "contradiction caps[0].at_limit: must not be stop: a rolling_year has no end after which to begin again"},
		{higgins, "to: start, ", "to: {level: 99999}, ", ""},
		{higgins, "step: 125}}", "step: 125, ceiling: 500}}", ""},
		{higgins, "to: start, ", "to: back, ", "invalid_value phases[0].reset.to: must be start, previous, none or {level: n}"},
		{higgins, "to: start, ", "to: 3, ", "wrong_type phases[0].reset.to: must be start, previous, none or {level: n}"},
		{higgins, "every: visit}", "every: 3}", "wrong_type phases[0].escalation.every: must be visit, week_number, {consecutive: n} or {calendar_week: all_met}"},
		{higgins, "every_consecutive: 3", "whole_week_met: false", "invalid_value phases[0].bonus[0].whole_week_met: must be true"},
		{higgins, "{days: [mon, wed, fri]}", "{any: false}", "invalid_value phases[0].opportunities.any: must be true, or left out"},
		{higgins, "[mon, wed, fri]", "[mon, mon]", "invalid_value phases[0].opportunities.days[1]: is in the list already"},
		{higgins, "{days: [mon, wed, fri]}", "{count: 12}", "contradiction phases[0].opportunities.count: must not be stated beside days or weeks: the phase would have two ends"},
		{change(t, higgins, "    opportunities: {days: [mon, wed, fri]}\n", ""), "every: visit}", "every: {calendar_week: all_met}, excused: breaks}", "contradiction phases[0].opportunities: must have per_week or days: a week is all met when all its opportunities are"},
		{change(t, higgins, "    opportunities: {days: [mon, wed, fri]}\n", ""), "every_consecutive: 3", "whole_week_met: true", "contradiction phases[0].bonus[0].whole_week_met: needs opportunities.per_week or opportunities.days: a week is met when all its opportunities are"},
		{higgins, "    magnitude", "    requirement: {met: 40}\n    magnitude", "contradiction phases[0].requirement: is never reached: the phase has at most 36 opportunities"},
		{higgins, "    magnitude", "    requirement: {rising: {start: 3, step: 1, ceiling: 2}}\n    magnitude", "contradiction phases[0].requirement.rising.ceiling: must be more than start, which is 3"},
		{higgins, "{linear: {start: 250, step: 125}}", "{descending: {start: 100, step: 1, floor: 100}}", "contradiction phases[0].magnitude.descending.floor: must be less than start, which is 100"},
		{higgins, "excused: hold", "excused: not_met", ""},
		{change(t, higgins, "excused: hold", "excused: not_met"), "[not_met]", "[excused]", "contradiction phases[0].reset.on: must have no_show, because excused resets: an excused visit never pays less than an unexcused one"},
		{california, "amount: 59900, period: calendar_year", "count: 3, period: award", "contradiction caps[0].count: must be an amount: an award is one reward"},
		{prizes, "{slips: 209, value: 100}, {slips: 40, value: 2000}, {slips: 1, value: 10000}", "{slips: 1, label: try again}", "contradiction phases[0].bowl: must have a slip with a value: else nothing is ever paid"},
		{prizes, "{slips: 209, value: 100}", "{slips: 999999, value: 100}", "out_of_range phases[0].bowl: must have at most 1000000 slips"},
		{change(t, prizes, "with_replacement: true", "with_replacement: false"), "{slips: 250, label: good job}, {slips: 209, value: 100}, {slips: 40, value: 2000}, ", "", "contradiction phases[0].draws.ceiling: must be at most 1, the slips in the bowl: none goes back"},
		{prizes, "step: 1, ceiling: 8", "step: 0, ceiling: 8", "contradiction phases[0].draws.ceiling: must be 1, as start is: with step 0 there are never more"},
		{prizes, "step: 1, ceiling: 8", "step: 0, ceiling: 1", ""},
		{weaver, "{all_of: [{attend: [appointment]}, {on_time_within: 15m}]}", "{all_of: [{all_of: [{all_of: [{all_of: [{attend: [a]}]}]}]}]}", "out_of_range phases[0].target.all_of[0].all_of[0].all_of[0].all_of[0]: must not be a target within 4 others"},
		{california, "59900, period: calendar_year", "59900, period: episode", ""},
		{california, "59900, period: calendar_year", "99999900, period: episode", "contradiction caps[0].amount: must be at most 72300: the programme has no more to pay"},
		{california, "amount: 59900, period: calendar_year, basis: earned, at_limit: pay_rest", "count: 37, period: episode, at_limit: deny", "contradiction caps[0].count: must be at most 36: the programme has no more rewards"},
		{prizes, "75000, period: rolling_year", "99999900, period: episode", "contradiction caps[0].amount: must be at most 1640000: the programme has no more to pay"},
		{prizes, "ceiling: 8", "ceiling: 0", "out_of_range phases[0].draws.ceiling: must be at least 1"},
		{prizes, "start: 1, step: 1", "start: 9, step: 1", "contradiction phases[0].draws.ceiling: must be at least start, which is 9"},
		{prizes, "{on: [not_met], to: 1}", "{on: [not_met], to: 9}", "contradiction phases[0].draws.reset.to: must be a number of draws on the way from 1 to 8 by 1"},
		{prizes, "with_replacement: true", "with_replacement: false", ""},
		{prizes, "    bowl:", "    reset: {on: [not_met], to: start}\n    bowl:", "contradiction phases[0].reset: must not be stated beside draws"},
		{weaver, "[0, 7, 21]", "[0, 7, 7]", "invalid_value phases[0].opportunities.on_days[2]: must be later than the day before it in the list"},
		{weaver, "{on_days: [0, 7, 21]}", "{per_week: 1}", "required phases[0].days: must be stated: a whole number"},
		{weaver, "    opportunities:", "    days: 21\n    opportunities:", "contradiction phases[0].opportunities.on_days: must be within the phase, which ends on day 20"},
		{weaver, "15m", "15", `invalid_value phases[0].target.all_of[1].on_time_within: must be a time from 1m to 24h in whole minutes, like "15m" or "4h"`},
		{weaver, "{all_of: [{attend: [appointment]}, {on_time_within: 15m}]}", "{n_of: {n: 2, of: [{attend: [a]}]}}", "contradiction phases[0].target.n_of.n: must be at most 1: there are no more"},
	} {
		t.Run(c.want, func(t *testing.T) {
			text := []byte(header + change(t, c.body, c.old, c.new))
			if c.want == "" {
				_, err := rules.Parse(text)
				require.NoError(t, err)
				return
			}
			require.Contains(t, refusal(t, text), c.want)
		})
	}
}
