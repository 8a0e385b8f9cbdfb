package rules_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain/rules"
)

func preset(t testing.TB, name string) rules.Document {
	t.Helper()
	b, err := rules.Preset(name)
	require.NoError(t, err)
	d, err := rules.Parse(b)
	require.NoError(t, err)
	return d
}

func TestSentences_move(t *testing.T) {
	var da, en []string
	for _, s := range preset(t, "move-2026").Sentences() {
		da, en = append(da, s.DA), append(en, s.EN)
	}
	require.Equal(t, []string{
		"MOVE-gavekort (move-2026), efter serviceloven § 101, stk. 9.",
		"For borgere fra 18 år.",
		"Gavekortet udstedes straks.",
		"Datoer følger dansk tid.",
		"Fase 1, »treatment«: 140 dage fra fasens første dag.",
		"Målet er fremmøde (individuel samtale eller gruppe).",
		"Udeblivelse giver intet og ændrer intet; afbud giver intet og ændrer intet; aflysning fra stedet tæller slet ikke med.",
		"Ikke nævnt, og derfor ingen mulighed for belønning og intet tab: for sent fremmøde, gået før tid, ingen gyldig prøve, afventer. Er borgeren mødt for sent eller gået før tid, så målet ikke er nået, er det en misset mulighed.",
		"Det missede kan ikke indhentes.",
		"Hver belønning kræver 2 opfyldte fremmøder.",
		"Belønningen er 200 kr.",
		"En misset mulighed ændrer ikke niveauet, men afbryder rækken af fremmøder.",
		"Højst 6 gavekort i hele forløbet; passer det næste ikke helt, gives der ikke mere.",
		"Ethvert afbud tæller som afbud.",
		"Pauser er ikke nævnt: tiden løber altid.",
		"Den, der kommer tilbage efter at være afsluttet, begynder et nyt forløb.",
		"Viser en rettelse, at der er udstedt for meget, beholder borgeren det.",
		"Et gavekort gælder i 365 dage og kan bruges til dagligvarer, tøj og sport. Det kan bruges ad flere gange.",
		"Det kan ikke bruges til alkohol, tobak, spil eller kontanter.",
	}, da)
	require.Equal(t, "Each reward takes 2 met visits.", en[9])
	require.Equal(t, "At most 6 vouchers in the whole course; once the next does not fit whole, nothing more is paid.", en[12])
}

// Every value that a person could change is in the sentences: change it, and the
// difference says so, and nothing else.
func TestDiff(t *testing.T) {
	for _, c := range []struct{ name, old, new, path, after string }{
		{"higgins", "start: 250", "start: 300", "phases[0].magnitude", "The reward is 3 USD at the first level and 1,25 USD more at each next."},
		{"higgins", "after: 5", "after: 4", "phases[0].restoration", "After 4 met visits in a row the level is restored from the next visit: the one last paid; after several misses the highest counts; the run towards the next level goes on."},
		{"higgins", "apply: next", "apply: qualifying", "phases[0].restoration", "After 5 met visits in a row the level is restored on that very visit: the one last paid; after several misses the highest counts; the run towards the next level goes on."},
		{"higgins", "clears_bonus: true", "clears_bonus: false", "phases[0].reset", "On any miss the level goes back to the first level; the bonus streak goes on. What is earned is never touched."},
		{"higgins", "every_consecutive: 3", "once_at: 3", "phases[0].bonus[0]", "Bonus: 10 USD once, at 3 met visits in a row."},
		{"california", "{consecutive: 2}", "{consecutive: 3}", "phases[0].escalation", "The level rises by one at every 3rd met visit in a row, from the next visit on."},
		{"california", "{every: {consecutive: 2}}", "{every: {calendar_week: all_met}, excused: breaks}", "phases[0].escalation", "The level rises by one after each week in which every opportunity was met; an excused visit breaks it."},
		{"california", "level: false", "level: true", "phases[1].carry", "From the phase before: the level comes along, and the streak begins again."},
		{"california", "calendar_year", "rolling_year", "caps[0]", "At most 599 USD within the year up to each day; where less is left, the rest is paid."},
		{"prize-bowl", "ceiling: 8", "ceiling: 15", "phases[0].draws", "The number of draws is 1 the first time, 1 more each next, at most 15. On any miss it goes back to 1. Each slip goes back before the next draw."},
		{"prize-bowl", "slips: 1,", "slips: 2,", "phases[0].bowl", "The bowl has 501 slips: 250 with the words “good job”, 209 of 1 USD, 40 of 20 USD, 2 of 100 USD. A draw is worth 2,41 USD on average and at most 100 USD."},
		{"weaver", "15m", "20m", "phases[0].target", "The target is all of these: attending (appointment), arriving at most 20 minutes late."},
		{"weaver", "[0, 7, 21]", "[0, 7, 28]", "phases[0].opportunities", "The first visit on day 0, 7, 28 is an opportunity; day 0 is the phase's first."},
	} {
		t.Run(c.name+" "+c.new, func(t *testing.T) {
			before := preset(t, c.name)
			b, err := rules.Preset(c.name)
			require.NoError(t, err)
			after, err := rules.Parse([]byte(change(t, string(b), c.old, c.new)))
			require.NoError(t, err)
			changes := rules.Diff(before, after)
			require.Len(t, changes, 1)
			require.Equal(t, c.path, changes[0].Path)
			require.Equal(t, c.after, changes[0].After.EN)
			require.NotEqual(t, changes[0].Before.DA, changes[0].After.DA)
			require.Empty(t, rules.Diff(before, before))
		})
	}
}

func TestDiff_addedAndRemoved(t *testing.T) {
	with, without := preset(t, "move-2026"), move(t, noCaps, "")
	require.Len(t, rules.Diff(with, without), 1)
	require.Nil(t, rules.Diff(with, without)[0].After)
	require.Nil(t, rules.Diff(without, with)[0].Before)
}

// No sentence has a verb of fmt gone wrong, in any preset or document.
func TestSentences_areWhole(t *testing.T) {
	whole := func(t require.TestingT, d rules.Document) {
		paths := map[string]bool{}
		for _, s := range d.Sentences() {
			require.False(t, paths[s.Path], "%s twice", s.Path)
			paths[s.Path] = true
			for _, text := range []string{s.DA, s.EN} {
				require.NotContains(t, text, "%!", s.Path)
				require.NotContains(t, text, "  ", s.Path)
				require.True(t, strings.HasSuffix(text, "."), text)
			}
		}
		require.Empty(t, rules.Diff(d, d))
	}
	for _, name := range rules.Presets() {
		whole(t, preset(t, name))
	}
	for _, target := range []string{
		"{stay_at_least: 90m}", "{goal: [any]}", "{task: [homework]}", "{any_of: [{attend: [a]}, {test: negative}]}", "{n_of: {n: 1, of: [{attend: [a]}, {on_time_within: 1m}]}}",
	} {
		d := parse(t, conditions, "TARGET", target)
		whole(t, d)
		require.NotEmpty(t, d.Amounts(start), target)
	}
	rapid.Check(t, func(t *rapid.T) { whole(t, programme(t, false)) })
}

// What a visit is said to be worth is what it pays.
func TestLaw_aheadIsWhatIsPaid(t *testing.T) {
	laws(t, func(t *rapid.T, d rules.Document, s rules.State, visits []rules.Opportunity) {
		if len(visits) == 0 || d.Phases[0].Draws != nil || len(d.Phases) > 1 {
			return
		}
		s, _ = rules.Evaluate(d, s, visits[1:])
		next := visits[0]
		next.Pause, next.MakesUp = "", ""
		next.ID, next.Kind, next.Test, next.Outcome = "visit", "group", rules.Negative, "attended"
		if len(d.Phases[0].Target.Attend) == 1 {
			next.Kind = d.Phases[0].Target.Attend[0]
		}
		if !s.Follows(next) {
			return
		}
		_, awards := rules.Evaluate(d, s, []rules.Opportunity{next})
		require.Equal(t, total(awards), s.Ahead(d, next.At).IfMet)
	})
}

func TestAmounts(t *testing.T) {
	for name, want := range map[string]struct {
		rows  int
		total int64
	}{"higgins": {36, 99750}, "california": {36, 59900}, "weaver": {3, 3000}, "move-2026": {6, 120000}, "move-group": {7, 140000}, "prize-bowl": {24, 0}} {
		t.Run(name, func(t *testing.T) {
			rows := preset(t, name).Amounts(start)
			require.Len(t, rows, want.rows)
			require.Equal(t, want.total, rows[len(rows)-1].Cumulative)
		})
	}
	rows := preset(t, "higgins").Amounts(start)
	require.Equal(t, rules.AmountRow{Number: 3, Phase: "vouchers", Visit: 3, Date: date(t, "2026-01-09"), Amount: 1500, Bonus: 1000, Cumulative: 2125}, rows[2])
	require.Equal(t, 8, preset(t, "prize-bowl").Amounts(start)[20].Draws)
}
