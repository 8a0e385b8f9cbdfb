package rules_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain/rules"
)

// plainly evaluates results, one visit on each of the days of a week, and gives
// what the citizen reads of the last award in one line.
func plainly(t *testing.T, d rules.Document, results string, days ...int) rules.Text {
	t.Helper()
	var visits []rules.Opportunity
	for i, letter := range results {
		visits = append(visits, result(string(letter), i, start.AddDays(i/len(days)*7+days[i%len(days)])))
	}
	_, awards := rules.Evaluate(d, rules.Start(d, start), visits)
	require.NotEmpty(t, awards)
	var da, en []string
	for _, text := range awards[len(awards)-1].Explanation.Plain() {
		da, en = append(da, text.DA), append(en, text.EN)
	}
	return rules.Text{DA: strings.Join(da, " "), EN: strings.Join(en, " ")}
}

func TestPlain(t *testing.T) {
	require.Equal(t, rules.Text{DA: "Hver 2. gang giver 200 kr.", EN: "Every 2nd time gives 200 kr."}, plainly(t, move(t), "NN", 0))
	require.Equal(t, rules.Text{DA: "Trin 3 giver 5 USD. Bonus: 10 USD for 3 gange i træk.", EN: "Step 3 gives 5 USD. Bonus: 10 USD for 3 times in a row."}, plainly(t, parse(t, higgins), "NNN", 0, 2, 4))
	qualifying := parse(t, higgins, "after: 5, apply: next", "after: 2, apply: qualifying")
	require.Equal(t, rules.Text{DA: "Du er tilbage på trin 4. Det giver 6,25 USD.", EN: "You are back at step 4. It gives 6,25 USD."}, plainly(t, qualifying, "NNNNPNN", 0, 2, 4))
	require.Equal(t, rules.Text{DA: "Du har 2 lodder. Trækningen er ikke sket endnu.", EN: "You have 2 slips. The draw has not been made yet."}, plainly(t, parse(t, prizes), "NN", 0, 3))
	capped := parse(t, "caps: [{amount: 2000, period: calendar_year, basis: earned, at_limit: pay_rest}]\n"+higgins)
	require.Equal(t, rules.Text{
		DA: "Trin 3 giver 5 USD. Bonus: 10 USD for 3 gange i træk. Der gives højst 20 USD på et kalenderår. Derfor er 1,25 USD trukket fra.",
		EN: "Step 3 gives 5 USD. Bonus: 10 USD for 3 times in a row. At most 20 USD in a calendar year. So 1,25 USD was taken off.",
	}, plainly(t, capped, "NNN", 0, 2, 4))
	require.Contains(t, plainly(t, capped, "NNNN", 0, 2, 4).DA, "Der gives højst 20 USD på et kalenderår, og den grænse er nået.")
}

// telling are words that say what the visits are for, the names of phases and the
// kinds of session in the presets among them.
var telling = regexp.MustCompile(`(?i)behandl|misbrug|rusmid|stof|fremmøde|session|prøve|sample|treat|drug|abus|test|negativ|vaccin|clinic|escalation|stabilisation|individual|group|appointment`)

// TestPlain_tellsNothing: whatever a person did under any preset, what is printed
// for the pocket does not say what it was.
func TestPlain_tellsNothing(t *testing.T) {
	for _, name := range rules.Presets() {
		d := preset(t, name)
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				state, at := rules.Start(d, start), start
				for i, letter := range rapid.SliceOfN(rapid.SampledFrom([]string{"N", "N", "N", "P", "U", "E"}), 1, 30).Draw(t, "results") {
					o := result(letter, i, at)
					o.Kind = rapid.SampledFrom([]string{"individual", "group", "appointment"}).Draw(t, "kind")
					o.Arrived = o.At
					met, missed := state.Ahead(d, o.At).Text(d.Currency)
					said := []rules.Text{met, missed}
					var awards []rules.Award
					state, awards = rules.Evaluate(d, state, []rules.Opportunity{o})
					for _, a := range awards {
						said = append(said, a.Explanation.Plain()...)
					}
					for _, s := range said {
						if telling.MatchString(s.DA+s.EN) || strings.Contains(s.DA+s.EN, "..") || strings.Contains(s.DA+s.EN, "  ") {
							t.Fatalf("%q %q", s.DA, s.EN)
						}
					}
					at = at.AddDays(rapid.SampledFrom([]int{1, 2, 3, 7}).Draw(t, "gap"))
				}
			})
		})
	}
}
