package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain/rules"
)

func TestAhead(t *testing.T) {
	after := func(d rules.Document, results string, day int, days ...int) rules.Ahead {
		var visits []rules.Opportunity
		for i, letter := range results {
			visits = append(visits, result(string(letter), i, start.AddDays(i/len(days)*7+days[i%len(days)])))
		}
		state, _ := rules.Evaluate(d, rules.Start(d, start), visits)
		a := state.Ahead(d, copenhagen(start.AddDays(day), 10, 0))
		return rules.Ahead{IfMet: a.IfMet, IfMetDraws: a.IfMetDraws, ThenMet: a.ThenMet, ThenMissed: a.ThenMissed}
	}
	h := parse(t, higgins)
	require.Equal(t, rules.Ahead{IfMet: 250, ThenMet: 375, ThenMissed: 250}, after(h, "", 0, 0, 2, 4))
	require.Equal(t, rules.Ahead{IfMet: 1500, ThenMet: 625, ThenMissed: 250}, after(h, "NN", 4, 0, 2, 4), "with the bonus")
	require.Equal(t, rules.Ahead{ThenMet: 500, ThenMissed: 500}, after(h, "NN", 3, 0, 2, 4), "a Thursday is no opportunity")
	require.Zero(t, after(h, "NN", 0, 0, 2, 4), "before what is recorded")
	q := parse(t, higgins, "after: 5, apply: next", "after: 2, apply: qualifying")
	require.Equal(t, int64(625), after(q, "NNNNPN", 14, 0, 2, 4).IfMet, "the visit that qualifies is paid the restored level")
	require.Equal(t, 3, after(parse(t, prizes), "NN", 7, 0, 3).IfMetDraws)
	second := after(parse(t, california, "weeks: 12", "weeks: 1"), "NN", 7, 0, 3)
	require.Equal(t, rules.Ahead{IfMet: 1500, ThenMet: 1500, ThenMissed: 1500}, second, "in the next phase")
}

// What a citizen is told beforehand, in both languages.
func TestAhead_text(t *testing.T) {
	for _, c := range []struct {
		name, results string
		document      rules.Document
		day           int
		days          []int
		met, missed   rules.Text
	}{
		{"a reward that rises, and falls at a miss", "NN", parse(t, higgins), 4, []int{0, 2, 4},
			rules.Text{DA: "Kommer du, får du 15 USD. Gangen efter får du 6,25 USD.", EN: "If you come, you get 15 USD. The time after that you get 6,25 USD."},
			rules.Text{DA: "Bliver du væk uden afbud, får du 2,50 USD næste gang. Det, du har fået, beholder du.", EN: "If you stay away without notice, you get 2,50 USD next time. What you have had stays yours."}},
		{"a day on which nothing counts", "NN", parse(t, higgins), 3, []int{0, 2, 4},
			rules.Text{DA: "Det tidspunkt tæller ikke med.", EN: "That time does not count."}, rules.Text{DA: "Det tidspunkt tæller ikke med.", EN: "That time does not count."}},
		{"every second time, one still to come", "", move(t), 0, []int{0},
			rules.Text{DA: "Kommer du, mangler du 1 gang, før du får 200 kr.", EN: "If you come, you need 1 time more before you get 200 kr."},
			rules.Text{DA: "Bliver du væk, mister du ikke noget. Du mangler stadig 2 gange, før du får 200 kr.", EN: "If you stay away, you lose nothing. You still need 2 times before you get 200 kr."}},
		{"every second time", "N", move(t), 7, []int{0},
			rules.Text{DA: "Kommer du, får du 200 kr.", EN: "If you come, you get 200 kr."},
			rules.Text{DA: "Bliver du væk, mister du ikke noget. Næste gang får du 200 kr.", EN: "If you stay away, you lose nothing. Next time you get 200 kr."}},
		{"draws", "NN", parse(t, prizes), 7, []int{0, 3},
			rules.Text{DA: "Kommer du, trækker du 3 lodder. Gangen efter trækker du 4 lodder.", EN: "If you come, you draw 3 slips. The time after that you draw 4 slips."},
			rules.Text{DA: "Bliver du væk uden afbud, trækker du 1 lod næste gang. Det, du har fået, beholder du.", EN: "If you stay away without notice, you draw 1 slip next time. What you have had stays yours."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := c.document
			var visits []rules.Opportunity
			for i, letter := range c.results {
				visits = append(visits, result(string(letter), i, start.AddDays(i/len(c.days)*7+c.days[i%len(c.days)])))
			}
			state, _ := rules.Evaluate(d, rules.Start(d, start), visits)
			met, missed := state.Ahead(d, copenhagen(start.AddDays(c.day), 10, 0)).Text(d.Currency)
			require.Equal(t, c.met, met)
			require.Equal(t, c.missed, missed)
		})
	}
}
