package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain/rules"
)

func TestExplanation_textOfLevelsBonusesAndDraws(t *testing.T) {
	last := func(d rules.Document, results string, days ...int) rules.Explanation {
		var visits []rules.Opportunity
		for i, letter := range results {
			v := result(string(letter), i, start.AddDays(i/len(days)*7+days[i%len(days)]))
			v.Seed = seed(i)
			visits = append(visits, v)
		}
		_, awards := rules.Evaluate(d, rules.Start(d, start), visits)
		return awards[len(awards)-1].Explanation
	}
	for _, c := range []struct {
		name   string
		got    rules.Explanation
		da, en string
	}{
		{"level", last(parse(t, higgins), "NN", 0, 2, 4),
			"2. fremmøde · niveau 2 giver 3,75 USD · gavekort nr. 2", "session 2 · level 2 gives 3,75 USD · voucher 2"},
		{"bonus", last(parse(t, higgins), "NNN", 0, 2, 4),
			"3. fremmøde · niveau 3 giver 5 USD · bonus 10 USD for hvert 3. opfyldte fremmøde i træk · gavekort nr. 3", "session 3 · level 3 gives 5 USD · bonus 10 USD at every 3rd met visit in a row · voucher 3"},
		{"restored", last(parse(t, higgins, "after: 5, apply: next", "after: 2, apply: qualifying"), "NNNNPNN", 0, 2, 4),
			"6. fremmøde · genoprettet niveau 4 giver 6,25 USD · gavekort nr. 6", "session 6 · restored level 4 gives 6,25 USD · voucher 6"},
		{"second phase", last(parse(t, california, "weeks: 12", "weeks: 1"), "NNN", 0, 3),
			"1. opfyldte fremmøde i stabilisation · trin 1 giver 15 USD · gavekort nr. 3", "met session 1 of stabilisation · step 1 gives 15 USD · voucher 3"},
		{"draws", last(parse(t, prizes, "{slips: 250, label: good job}, {slips: 209, value: 100}, {slips: 40, value: 2000}, {slips: 1, value: 10000}", "{slips: 9, value: 150}"), "NN", 0, 3),
			"2. fremmøde · 2 lodtrækninger gav 3 USD · gavekort nr. 2", "session 2 · 2 draws brought 3 USD · voucher 2"},
		{"bonus alone", last(parse(t, higgins, "    magnitude", "    requirement: {met: 5}\n    magnitude"), "NNN", 0, 2, 4),
			"3. opfyldte fremmøde i vouchers · ingen belønning ud over bonus · bonus 10 USD for hvert 3. opfyldte fremmøde i træk · gavekort nr. 1",
			"met session 3 of vouchers · no reward but the bonus · bonus 10 USD at every 3rd met visit in a row · voucher 1"},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, rules.Text{DA: c.da, EN: c.en}, c.got.Text()) })
	}
	unseeded := rules.Explanation{Rule: "attend.draws", Milestone: 1, Requirement: 1, Currency: "USD", Draws: &rules.Drawn{Number: 1}}
	require.Equal(t, "1. fremmøde · 1 lodtrækning, endnu ikke foretaget", unseeded.Text().DA)
}
