package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain/rules"
)

const tokens = `phases:
  - name: all
    days: 100
    target: {attend: [individual]}
    outcomes: {no_show: not_met, excused: hold}
    magnitude: {tokens: {earn: {linear: {start: 2, step: 1, ceiling: 5}}, price: 6, reward: 2500}}
    escalation: {every: visit}
    reset: {on: [not_met], to: start}
`

// Tokens are exchanged as soon as they reach the price, as often as they do, and
// a miss sets back what the next visit earns, never what was earned.
func TestTokens(t *testing.T) {
	d := parse(t, tokens)
	state, awards := evaluate(d, visits("AAANAAA"))
	require.Equal(t, []int64{2500, 2500, 2500}, amounts(awards))
	require.Equal(t, &rules.Exchange{Before: 5, Earned: 4, Price: 6, Reward: 2500, Exchanged: 6, After: 3}, awards[0].Explanation.Tokens)
	require.Equal(t, []string{"v03"}, awards[0].Explanation.Opportunities)
	require.Equal(t, &rules.Exchange{Before: 5, Earned: 3, Price: 6, Reward: 2500, Exchanged: 6, After: 2}, awards[1].Explanation.Tokens, "2 and 3 after the miss")
	require.Equal(t, int64(0), state.Tokens)
	require.Equal(t, 3, state.Milestones, "a reward that only adds tokens is no award")

	e := awards[0].Explanation
	require.Equal(t, "attend.tokens", e.Rule)
	require.Equal(t, "3. opfyldte fremmøde i all · 4 poletter optjent til de 5, der var; 6 poletter byttet til 25 USD, 3 tilbage · gavekort nr. 1", e.Text().DA)
	require.Equal(t, "met session 3 of all · 4 tokens earned on top of 5 tokens; 6 tokens exchanged for 25 USD, 3 left · voucher 1", e.Text().EN)
}

func TestTokens_severalAtOnceAndUnderACap(t *testing.T) {
	d := parse(t, tokens, "{linear: {start: 2, step: 1, ceiling: 5}}", "{table: [1, 20]}")
	_, awards := evaluate(d, visits("AA"))
	require.Equal(t, []int64{7500}, amounts(awards), "21 tokens are three rewards and leave three")
	require.Equal(t, int64(3), awards[0].Explanation.Tokens.After)
	capped := parse(t, tokens+"caps: [{amount: 3000, period: month, basis: earned, at_limit: pay_rest}]\n")
	state, awards := evaluate(capped, visits("AAAAA"))
	require.Equal(t, []int64{2500, 500}, amounts(awards)[:2])
	require.Equal(t, int64(3000), state.Earned, "the cap cuts the money, the tokens are exchanged")
}

// A bonus makes an award of a visit that only adds tokens.
func TestTokens_withABonus(t *testing.T) {
	d := parse(t, tokens, "to: start}\n", "to: start, clears_bonus: true}\n    bonus: [{every_consecutive: 1, amount: 100}]\n")
	_, awards := evaluate(d, visits("AA"))
	require.Equal(t, []int64{100, 100}, amounts(awards))
	require.Equal(t, int64(5), awards[1].Explanation.Tokens.After)
	require.Equal(t, "session 2 · 3 tokens earned, 5 tokens in all · bonus 1 USD at every 1st met visit in a row · voucher 2", awards[1].Explanation.Text().EN)
}

func TestTokens_progressAndAhead(t *testing.T) {
	d := parse(t, tokens)
	state, _ := evaluate(d, visits("A"))
	p := state.Progress(d)
	require.Equal(t, &rules.Balance{Have: 2, Price: 6, Reward: 2500, Next: 3}, p.Tokens)
	require.Equal(t, rules.Text{DA: "1 fremmøde mere til 3 poletter; 2 af 6 er samlet", EN: "1 more session to 3 tokens; 2 of 6 are collected"}, p.Text)
	require.Zero(t, p.NextAmount)
	a := state.Ahead(d, copenhagen(start.AddDays(1), 10, 0))
	require.Equal(t, [3]int64{0, 3, 2500}, [3]int64{a.IfMet, a.IfMetTokens, a.ThenMet})
	require.Zero(t, a.ThenMissed)
	require.True(t, a.MissCosts)
	state, _ = evaluate(d, visits("AA"))
	require.Equal(t, "1 more session to 25 USD", state.Progress(d).Text.EN)
}

// Tokens stay through a change of phase, and a table's end ends their earning.
func TestTokens_acrossPhases(t *testing.T) {
	two := change(t, tokens, "days: 100", "days: 2") + change(t, tokens, "phases:\n", "", "name: all", "name: then", "outcomes:", "carry: {level: false, streak: false}\n    outcomes:", "price: 6", "price: 4")
	_, awards := evaluate(parse(t, two), visits("AAAA"))
	require.Equal(t, int64(5), awards[0].Explanation.Tokens.Before)
	require.Equal(t, int64(4), awards[0].Explanation.Tokens.Exchanged, "at the new price")
	ended := parse(t, tokens, "{linear: {start: 2, step: 1, ceiling: 5}}", "{table: [3, 3]}", "    escalation: {every: visit}\n    reset: {on: [not_met], to: start}\n", "")
	state, awards := evaluate(ended, visits("AAAA"))
	require.Equal(t, []int64{2500}, amounts(awards))
	require.Equal(t, rules.TableEnd, state.Finished)
}

func TestTokens_refusals(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"price: 6", "price: 0", "out_of_range phases[0].magnitude.tokens.price: must be at least 1"},
		{"price: 6, ", "", "required phases[0].magnitude.tokens.price: must be stated: a whole number"},
		{"reward: 2500}", "reward: 100000000}", ""},
		{"price: 6, reward: 2500", "price: 1, reward: 100000000", "contradiction phases[0].magnitude.tokens.reward: must be less, price more or earn have a lower ceiling: one visit could be paid more than 100000000"},
		{"{linear: {start: 2, step: 1, ceiling: 5}}", "{table: [0]}", "contradiction phases[0].magnitude.tokens.earn: must be more than 0 somewhere: else nothing is ever paid"},
		{"{linear: {start: 2, step: 1, ceiling: 5}}", "{constant: 10001}", "out_of_range phases[0].magnitude.tokens.earn.constant: must be at most 10000"},
		{"{tokens: ", "{constant: 4, tokens: ", "contradiction phases[0].magnitude.constant: must not be stated beside tokens: take one of them"},
		{"    escalation: {every: visit}\n", "", "required phases[0].escalation: must be stated: the magnitude moves by levels, and this says what moves them"},
	} {
		text := []byte(header + change(t, tokens, c.old, c.new))
		if c.want == "" {
			_, err := rules.Parse(text)
			require.NoError(t, err)
			continue
		}
		require.Contains(t, refusal(t, text), c.want)
	}
}

// No token is lost or made: whatever happened, what was earned was exchanged or
// is there.
func TestLaw_tokensAreNeverLost(t *testing.T) {
	laws(t, func(t *rapid.T, d rules.Document, s rules.State, visits []rules.Opportunity) {
		for i := range d.Phases {
			d.Phases[i].Bonus = []rules.Bonus{{EveryConsecutive: 1, Amount: 1}} // so that every met visit tells
		}
		d.Caps = nil
		state, awards := rules.Evaluate(d, s, visits)
		have := int64(0)
		for _, a := range awards {
			if x := a.Explanation.Tokens; x != nil {
				require.Equal(t, have, x.Before)
				require.Equal(t, x.Before+x.Earned, x.Exchanged+x.After)
				require.Less(t, x.After, x.Price)
				require.Zero(t, x.Exchanged%x.Price)
				require.Equal(t, x.Exchanged/x.Price*x.Reward, a.Explanation.Base())
				have = x.After
			}
		}
		require.Equal(t, have, state.Tokens)
	})
}
