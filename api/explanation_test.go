package api

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// visitsOf makes results of visits, one a day, by letter: a kept one or a miss.
func visitsOf(results string) (visits []rules.Opportunity) {
	for i, letter := range results {
		o := rules.Opportunity{ID: store.NewID().String(), At: time.Date(2026, 10, 5+i, 9, 0, 0, 0, time.UTC), Kind: "individual", Test: rules.Negative, Outcome: domain.Attended}
		if letter == '-' {
			o.Test, o.Outcome = "", domain.NoShow
		}
		visits = append(visits, o)
	}
	return visits
}

// shownOf evaluates a document and shows each award as the API does, as JSON.
func shownOf(t *testing.T, document string, visits []rules.Opportunity) (shown []string) {
	t.Helper()
	doc, err := rules.Parse([]byte(document))
	require.NoError(t, err)
	_, awards := rules.Evaluate(doc, rules.Start(doc, domain.Date{Year: 2026, Month: 10, Day: 5}), visits)
	for _, a := range awards {
		raw := ok(json.Marshal(a.Explanation))
		e := showExplanation(domain.Award{Explanation: raw})
		shown = append(shown, string(ok(json.Marshal(e))))
		var written, told map[string]any // all that the rules wrote is shown, by the same names
		require.NoError(t, json.Unmarshal(raw, &written))
		require.NoError(t, json.Unmarshal([]byte(shown[len(shown)-1]), &told))
		delete(told, "version_id")
		delete(told, "opportunities")
		delete(written, "opportunities")
		if written["makes_up"] != nil { // an ID, of which the API has its own spelling
			delete(told, "makes_up")
			delete(written, "makes_up")
		}
		require.Equal(t, written, told)
	}
	return shown
}

// TestExplanationIsWhole: whatever the rules write of an award, the API shows.
func TestExplanationIsWhole(t *testing.T) {
	const head = `{programme: p, title: {da: p, en: p}, legal_basis: x, age: {from: 18}, currency: DKK, time_zone: Europe/Copenhagen, mode: automatic,
		voucher: {valid_days: 365, partial: true, categories: [groceries], excluded: []}, phases: [{name: first, weeks: 12, target: {attend: [individual]},
		outcomes: {no_show: not_met, excused: hold}, %s}], caps: [{amount: 3000, period: episode, basis: earned, at_limit: pay_rest}]}`
	rising := shownOf(t, fmt.Sprintf(head, `magnitude: {linear: {start: 250, step: 125}}, escalation: {every: visit}, reset: {on: [not_met], to: start, clears_bonus: true},
		restoration: {after: 2, apply: qualifying, to: last, memory: highest, part_run: keep}, bonus: [{every_consecutive: 3, amount: 1000}]`), visitsOf("xxx-xxx"))
	require.Contains(t, rising[2], `"bonus":[{"amount":1000,"every_consecutive":3,"path":"phases[0].bonus[0]"}]`)
	require.Contains(t, rising[2], `"level_after":4,"level_before":3`)
	require.Contains(t, rising[4], `"restored_to":3`)
	require.Contains(t, rising[5], `"cut":{"amount":3000,"at_limit":"pay_rest","basis":"earned","by":1500,"path":"caps[0]","period":"episode","used":2875}`)

	drawn := visitsOf("xx")
	drawn[0].Seed = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	draws := shownOf(t, fmt.Sprintf(head, `draws: {start: 2, step: 1, ceiling: 8, reset: {on: [not_met], to: 2}, with_replacement: true}, bowl: [{slips: 1, label: good}, {slips: 1, value: 100}]`), drawn)
	require.Regexp(t, `"draws":\{"commitment":"[0-9a-f]{64}","number":2,"picks":\[[01],[01]\],"values":\[(0|100),(0|100)\]\}`, draws[0])
	require.Contains(t, draws[1], `"draws":{"number":3}`, "not made yet")

	tokens := shownOf(t, fmt.Sprintf(head, `magnitude: {tokens: {earn: {constant: 4}, price: 6, reward: 100}}`), visitsOf("xxx"))
	require.Contains(t, tokens[0], `"tokens":{"after":2,"before":4,"earned":4,"exchanged":6,"price":6,"reward":100}`)

	hat := shownOf(t, fmt.Sprintf(head, `draws: {start: 2, step: 1, ceiling: 8, reset: {on: [not_met], to: 2}}, hat: {names: 1}, bowl: [{slips: 1, value: 100}]`), visitsOf("x"))
	require.Contains(t, hat[0], `"draws":{"number":0,"tickets":2}`)

	again := visitsOf("x-xx")
	again[2].MakesUp = again[1].ID
	again[3].At = again[3].At.AddDate(0, 0, 7)
	doc := strings.Replace(fmt.Sprintf(head, `make_up: {of: [no_show, excused], within_days: 7}, magnitude: {constant: 100}`), "programme: p,", "programme: p, pauses: [{reason: prison, clock: stops, level: keep, streak: restart}],", 1)
	back := shownOf(t, doc, append(again, rules.Opportunity{ID: "p", At: time.Date(2026, 10, 8, 22, 0, 0, 0, time.UTC), Pause: rules.Prison, Until: domain.Date{Year: 2026, Month: 10, Day: 11}}))
	require.Contains(t, back[1], `"makes_up":"att_`+strings.ReplaceAll(again[1].ID, "-", "")+`"`)
	require.Contains(t, back[2], `"after":{"clock":"stops","from":"2026-10-09","level":"keep","streak":"restart","until":"2026-10-11"}`)
	require.NotContains(t, back[2], "prison")
}
