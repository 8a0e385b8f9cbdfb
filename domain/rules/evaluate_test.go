package rules_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

func amountCap(limit, atLimit string) string {
	return "{amount: " + limit + ", period: episode, basis: earned, at_limit: " + atLimit + "}"
}

func TestEvaluate(t *testing.T) {
	for _, c := range []struct {
		name    string
		changes []string
		visits  string
		want    []int64
	}{
		{"every second", nil, "AAAAA", []int64{20000, 20000}},
		{"nothing yet", nil, "A", []int64{}},
		{"no visit", nil, "", []int64{}},
		{"misses between break nothing", nil, "ANECA", []int64{20000}},
		{"a kind that no target names", nil, "AOA", []int64{20000}},
		{"an excused visit of such a kind", []string{"excused: hold", "excused: met", "[individual, group]", "[group]"}, "EE", []int64{}},
		{"six and no more", nil, "AAAAAAAAAAAAAAAA", []int64{20000, 20000, 20000, 20000, 20000, 20000}},
		{"excused as met", []string{"excused: hold", "excused: met"}, "AEEN", []int64{20000}},
		{"cancelled as met", []string{"cancelled: ignore", "cancelled: met"}, "CC", []int64{20000}},
		{"requirement 1", []string{met, "{met: 1}"}, "ANA", []int64{20000, 20000}},
		{"table, then the end", []string{magnitude, "{table: [100, 300, 200]}", noCaps, "", met, "{met: 1}"}, "AAAAA", []int64{100, 300, 200}},
		{"count, deny", []string{theCap, "{count: 2, period: episode, at_limit: deny}", met, "{met: 1}"}, "AAAA", []int64{20000, 20000, 0, 0}},
		{"amount, deny", []string{theCap, amountCap("50000", "deny"), met, "{met: 1}"}, "AAAA", []int64{20000, 20000, 0, 0}},
		{"amount, pay the rest", []string{theCap, amountCap("50000", "pay_rest"), met, "{met: 1}"}, "AAAA", []int64{20000, 20000, 10000, 0}},
		{"amount, stop", []string{theCap, amountCap("50000", "stop"), met, "{met: 1}"}, "AAAA", []int64{20000, 20000}},
		{"amount, stop at the very limit", []string{theCap, amountCap("40000", "stop"), met, "{met: 1}"}, "AAAA", []int64{20000, 20000}},
		{"deny lets a smaller step in", []string{theCap, amountCap("500", "deny"), met, "{met: 1}", magnitude, "{table: [300, 250, 200]}"}, "AAA", []int64{300, 0, 200}},
		{"a denied reward is no voucher of a count", []string{theCap, amountCap("500", "deny") + "\n  - {count: 2, period: episode, at_limit: stop}", met, "{met: 1}", magnitude, "{table: [300, 250, 200, 100]}"}, "AAAA", []int64{300, 0, 200}},
		{"of two caps the one that leaves least", []string{theCap, amountCap("50000", "pay_rest") + "\n  - " + amountCap("45000", "pay_rest"), met, "{met: 1}"}, "AAAA", []int64{20000, 20000, 5000, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := move(t, c.changes...)
			state, awards := evaluate(d, visits(c.visits))
			require.Equal(t, c.want, amounts(awards))
			require.Equal(t, total(awards), state.Earned)
			require.Len(t, awards, state.Milestones)
			for i, a := range awards {
				require.Equal(t, i+1, a.Milestone)
			}
		})
	}
}

func TestEvaluate_explains(t *testing.T) {
	_, awards := evaluate(move(t), visits("ANAOEAA"))
	b, err := json.Marshal(awards[1])
	require.NoError(t, err)
	require.JSONEq(t, `{
		"milestone": 2, "amount": 20000, "date": "2026-01-11",
		"explanation": {
			"phase": "treatment", "rule": "attend.constant", "requirement": 2, "milestone": 2,
			"level_before": 1, "level_after": 1, "opportunities": ["v06", "v07"], "currency": "DKK",
			"full_amount": 20000, "amount": 20000, "voucher": 2, "max_vouchers": 6,
			"text": {
				"da": "4. fremmøde · hvert 2. fremmøde giver 200 kr. · 2 af 6 gavekort",
				"en": "session 4 · every 2nd session gives 200 kr. · voucher 2 of 6"
			}
		}
	}`, string(b))
}

func TestExplanation_text(t *testing.T) {
	for _, c := range []struct {
		name    string
		changes []string
		visits  string
		da, en  string
	}{
		{"constant for every visit", []string{met, "{met: 1}", noCaps, ""}, "AA",
			"2. fremmøde · hvert fremmøde giver 200 kr. · gavekort nr. 2", "session 2 · every session gives 200 kr. · voucher 2"},
		{"table", []string{magnitude, "{table: [10000, 25050]}", noCaps, "", met, "{met: 3}"}, "AAAAAA",
			"6. fremmøde · trin 2 giver 250,50 kr. · gavekort nr. 2", "session 6 · step 2 gives 250,50 kr. · voucher 2"},
		{"cut", []string{theCap, amountCap("120000", "pay_rest"), met, "{met: 1}", magnitude, "{constant: 70000}", "DKK", "EUR"}, "AA",
			"2. fremmøde · hvert fremmøde giver 700 EUR · nedsat med 200 EUR til 500 EUR af loftet på 1.200 EUR · gavekort nr. 2",
			"session 2 · every session gives 700 EUR · cut by 200 EUR to 500 EUR by the limit of 1.200 EUR · voucher 2"},
		{"denied by an amount", []string{theCap, amountCap("50000", "deny")}, "AAAAAA",
			"6. fremmøde · hvert 2. fremmøde giver 200 kr. · loftet på 500 kr. ville blive overskredet: intet gavekort",
			"session 6 · every 2nd session gives 200 kr. · the limit of 500 kr. would be passed: no voucher"},
		{"denied by a count", []string{theCap, "{count: 1, period: episode, at_limit: deny}", met, "{met: 3}"}, "AAAAAA",
			"6. fremmøde · hvert 3. fremmøde giver 200 kr. · loftet på 1 gavekort ville blive overskredet: intet gavekort",
			"session 6 · every 3rd session gives 200 kr. · the limit of 1 voucher would be passed: no voucher"},
		{"eleventh", []string{met, "{met: 11}"}, "AAAAAAAAAAA",
			"11. fremmøde · hvert 11. fremmøde giver 200 kr. · 1 af 6 gavekort", "session 11 · every 11th session gives 200 kr. · voucher 1 of 6"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, awards := evaluate(move(t, c.changes...), visits(c.visits))
			require.NotEmpty(t, awards)
			require.Equal(t, rules.Text{DA: c.da, EN: c.en}, awards[len(awards)-1].Explanation.Text())
		})
	}
}

func TestExplanation_namesTheCapAndTheStep(t *testing.T) {
	d := move(t, theCap, "{count: 9, period: episode, at_limit: stop}\n  - "+amountCap("25000", "pay_rest"), met, "{met: 1}")
	_, awards := evaluate(d, visits("AA"))
	require.Nil(t, awards[0].Explanation.Cut)
	require.Equal(t, &rules.Cut{Path: "caps[1]", Cap: d.Caps[1], By: 15000, Used: 20000}, awards[1].Explanation.Cut)

	_, awards = evaluate(move(t, magnitude, "{table: [100, 200]}", noCaps, ""), visits("AAAA"))
	require.Equal(t, "attend.table", awards[0].Explanation.Rule)
	require.Equal(t, []int{1, 2}, []int{awards[0].Explanation.LevelBefore, awards[0].Explanation.LevelAfter})
	require.Equal(t, []int{2, 2}, []int{awards[1].Explanation.LevelBefore, awards[1].Explanation.LevelAfter})
}

func TestState_staysSmall(t *testing.T) {
	d := move(t, noCaps, "", days, "days: 3660", met, "{met: 3}")
	state, awards := evaluate(d, history(10_000))
	require.Len(t, awards, 2222)
	require.LessOrEqual(t, len(state.Met), 2)
	b, err := json.Marshal(state)
	require.NoError(t, err)
	require.Less(t, len(b), 300)
}

func TestState_Follows(t *testing.T) {
	all := visits("AAA")
	state, _ := evaluate(move(t), all[1:2])
	require.False(t, state.Follows(all[0]), "earlier")
	require.False(t, state.Follows(all[1]), "the same")
	require.True(t, state.Follows(all[2]), "later")
	require.True(t, rules.Start(move(t), start).Follows(all[0]), "the first")

	twin := all[1]
	twin.ID = "v01"
	require.False(t, state.Follows(twin), "the same instant, a lower ID")
	twin.ID = "v03"
	require.True(t, state.Follows(twin), "the same instant, a higher ID")

	moved := all[2]
	moved.ID = all[1].ID
	require.False(t, state.Follows(moved), "counted already, at another time")
	state, _ = evaluate(move(t, met, "{met: 3}"), all[:2])
	moved.ID = all[0].ID
	require.False(t, state.Follows(moved), "counted already, before the last")
	again, awards := rules.Evaluate(move(t, met, "{met: 3}"), state, []rules.Opportunity{moved, visits("AAAN")[3]})
	require.Empty(t, awards, "nor among others")
	require.Equal(t, state.Met, again.Met)
	require.False(t, state.Follows(rules.Opportunity{At: all[2].At}), "no ID")
}

func TestEvaluate_changesNeitherStateNorVisits(t *testing.T) {
	d, all := move(t, met, "{met: 3}"), visits("AAAAA")
	state, _ := evaluate(d, all[:1])
	state.Met = append(make([]string, 0, 8), state.Met...) // room to write into by mistake
	_, left := rules.Evaluate(d, state, all[1:3])
	_, right := rules.Evaluate(d, state, all[3:5])
	require.Equal(t, []string{"v01", "v02", "v03"}, left[0].Explanation.Opportunities)
	require.Equal(t, []string{"v01", "v04", "v05"}, right[0].Explanation.Opportunities)

	backwards := slices.Clone(all)
	slices.Reverse(backwards)
	given := slices.Clone(backwards)
	evaluate(d, given)
	require.Equal(t, backwards, given)
}

// Times that JSON or nanoseconds since 1970 could not hold break nothing.
func TestEvaluate_strangeInstants(t *testing.T) {
	d := move(t, met, "{met: 1}")
	for _, at := range []time.Time{{}, time.Unix(0, 0), time.Date(-9999, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)} {
		state, awards := evaluate(d, []rules.Opportunity{{ID: "a", At: at, Kind: "group", Outcome: domain.Attended}})
		require.Empty(t, awards)
		_, err := json.Marshal(state)
		require.NoError(t, err)
	}
}
