package rules_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain/rules"
)

func TestProgress(t *testing.T) {
	for _, c := range []struct {
		name      string
		changes   []string
		visits    string
		reached   int
		met, need int
		next      int64
		finished  string
		da, en    string
	}{
		{"at the start", nil, "", 0, 0, 2, 20000, "", "2 fremmøder mere til 200 kr.", "2 more sessions to 200 kr."},
		{"one away", nil, "AAA", 1, 1, 2, 20000, "", "1 fremmøde mere til 200 kr.", "1 more session to 200 kr."},
		{"all given", nil, "AAAAAAAAAAAA", 6, 0, 0, 0, rules.CountCap, "Alle 6 gavekort er givet.", "All 6 vouchers have been given."},
		{"the only one given", []string{"count: 6", "count: 1"}, "AA", 1, 0, 0, 0, rules.CountCap, "Det ene gavekort er givet.", "The one voucher has been given."},
		{"next is the rest", []string{theCap, amountCap("50000", "pay_rest")}, "AAAAA", 2, 1, 2, 10000, "", "1 fremmøde mere til 100 kr.", "1 more session to 100 kr."},
		{"no rest left, milestones go on", []string{theCap, amountCap("50000", "pay_rest")}, "AAAAAAAA", 4, 0, 0, 0, rules.AmountCap,
			"Loftet på 500 kr. giver ikke plads til flere gavekort.", "The limit of 500 kr. leaves no room for more vouchers."},
		{"does not fit: deny", []string{theCap, amountCap("50000", "deny")}, "AAAA", 2, 0, 0, 0, rules.AmountCap,
			"Loftet på 500 kr. giver ikke plads til flere gavekort.", "The limit of 500 kr. leaves no room for more vouchers."},
		{"does not fit: stop", []string{theCap, amountCap("50000", "stop")}, "AAAA", 2, 0, 0, 0, rules.AmountCap,
			"Loftet på 500 kr. giver ikke plads til flere gavekort.", "The limit of 500 kr. leaves no room for more vouchers."},
		{"a later step fits", []string{theCap, amountCap("50000", "deny"), magnitude, "{table: [30000, 25000, 20000]}"}, "AAA", 1, 1, 2, 0, "",
			"1 fremmøde mere til næste trin, som loftet på 500 kr. ikke giver plads til", "1 more session to the next step, for which the limit of 500 kr. leaves no room"},
		{"no later step fits", []string{theCap, amountCap("30000", "pay_rest"), magnitude, "{table: [30000, 25000]}"}, "AA", 1, 0, 0, 0, rules.AmountCap,
			"Loftet på 300 kr. giver ikke plads til flere gavekort.", "The limit of 300 kr. leaves no room for more vouchers."},
		{"the table's end", []string{noCaps, "", magnitude, "{table: [30000, 25000]}"}, "AAAA", 2, 0, 0, 0, rules.TableEnd,
			"Alle 2 trin er nået.", "All 2 steps have been reached."},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := move(t, c.changes...)
			state, awards := evaluate(d, visits(c.visits))
			p := state.Progress(d)
			require.Equal(t, c.reached, p.Milestones)
			require.Equal(t, []int{c.met, c.need}, []int{p.MetTowardsNext, p.NeededForNext})
			require.Equal(t, c.next, p.NextAmount)
			require.Equal(t, total(awards), p.Earned)
			require.Equal(t, c.finished, p.WhyFinished)
			require.Equal(t, c.finished != "", p.Finished)
			require.Equal(t, rules.Text{DA: c.da, EN: c.en}, p.Text)
		})
	}
}

func TestProgress_left(t *testing.T) {
	d := move(t, theCap, theCap+"\n  - "+amountCap("90000", "pay_rest"))
	state, _ := evaluate(d, visits("AAAAA"))
	b, err := json.Marshal(state.Progress(d))
	require.NoError(t, err)
	require.JSONEq(t, `{
		"milestones": 2, "met_towards_next": 1, "needed_for_next": 2, "next_amount": 20000, "earned": 40000,
		"left_count": 4, "left_amount": 50000, "last_day": "2026-05-24", "finished": false, "why_finished": "",
		"text": {"da": "1 fremmøde mere til 200 kr.", "en": "1 more session to 200 kr."}
	}`, string(b))

	d = move(t, noCaps, "")
	p := rules.Start(d, start).Progress(d)
	require.Nil(t, p.LeftCount)
	require.Nil(t, p.LeftAmount)
}
