package rules_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain/rules"
)

// climbing is a schedule on which every miss costs the level: 100, 200, 300, …
const climbing = `phases:
  - name: weekly
    weeks: 8
    opportunities: {per_week: 2}
    target: {attend: [individual]}
    outcomes: {no_show: not_met, excused: hold, cancelled: ignore}
    make_up: {of: [no_show, excused, cancelled], within_days: 6}
    magnitude: {linear: {start: 100, step: 100}}
    escalation: {every: visit}
    reset: {on: [not_met], to: start}
`

// onDays are visits on days from the start date, named by their day: A1, N3, …
// One may be followed by the visit that it makes up, an hour later in the day:
// "A5>N3".
func onDays(t testing.TB, words ...string) (out []rules.Opportunity) {
	t.Helper()
	for _, word := range words {
		id, missed := word, ""
		if i := slices.Index([]byte(word), '>'); i >= 0 {
			id, missed = word[:i], word[i+1:]
		}
		day := 0
		for _, digit := range id[1:] {
			day = day*10 + int(digit-'0')
		}
		o := visits(id[:1])[0]
		o.ID, o.MakesUp, o.At = id, missed, copenhagen(start.AddDays(day), 10+min(len(missed), 1), 0)
		out = append(out, o)
	}
	return out
}

// A make-up is one opportunity, whoever enters it twice or first, and the miss
// that it makes up is none any more: the level goes on.
func TestPractice_aMakeUpVisitCountedTwice(t *testing.T) {
	d := parse(t, climbing)
	for name, history := range map[string][]string{
		"once":                       {"A0", "N3", "A5>N3", "A7", "A10"},
		"entered twice":              {"A0", "N3", "A5>N3", "A5>N3", "A7", "A10"},
		"a second one":               {"A0", "N3", "A5>N3", "A6>N3", "A7", "A10"},
		"entered before the miss":    {"A5>N3", "A0", "A7", "N3", "A10"},
		"made up by a make-up again": {"A0", "N3", "A5>N3", "A6>A5", "A7", "A10"},
	} {
		t.Run(name, func(t *testing.T) {
			state, awards := evaluate(d, onDays(t, history...))
			require.Equal(t, []int64{100, 200, 300, 400}, amounts(awards))
			require.Equal(t, 1, state.Place.MadeUp)
			e := awards[1].Explanation
			require.Equal(t, []string{"A5"}, e.Opportunities)
			require.Equal(t, "N3", e.MakesUp)
			require.Equal(t, "2. fremmøde · niveau 2 giver 2 USD · indhenter et misset fremmøde · gavekort nr. 2", e.Text().DA)
		})
	}
}

func TestMakeUp(t *testing.T) {
	for _, c := range []struct {
		name    string
		changes []string
		history []string
		want    []int64
	}{
		{"not at all", nil, []string{"A0", "N3", "A7"}, []int64{100, 100}},
		{"in time", nil, []string{"A0", "N3", "A7", "A9>N3", "A10"}, []int64{100, 200, 300, 400}},
		{"on the same day", []string{"within_days: 6", "within_days: 0"}, []string{"A0", "N3", "A3>N3", "A7"}, []int64{100, 200, 300}},
		{"too late", nil, []string{"A0", "N3", "A7", "A10>N3", "A11"}, []int64{100, 100, 200}},
		{"before it", nil, []string{"A0", "A2>N3", "N3", "A7"}, []int64{100, 100}},
		{"missed itself", nil, []string{"A0", "N3", "N5>N3", "A7"}, []int64{100, 100}},
		{"missed, then made up after all", nil, []string{"A0", "N3", "N5>N3", "A6>N3", "A7"}, []int64{100, 200, 300}},
		{"of a kind that the target does not name", nil, []string{"A0", "N3", "O5>N3", "A7"}, []int64{100, 100}},
		{"of a visit that was attended", nil, []string{"A0", "A3", "A5>A3", "A7"}, []int64{100, 200, 300}},
		{"of a visit that nobody knows", nil, []string{"A0", "A5>X3", "A7"}, []int64{100, 200}},
		{"of an excused visit", nil, []string{"A0", "E3", "A5>E3", "A7"}, []int64{100, 200, 300}},
		{"of a cancelled visit, in whose place it comes", nil, []string{"A7", "C8", "A9", "A10", "A11>C8"}, []int64{100, 200}},
		{"of an outcome that cannot be", []string{"[no_show, excused, cancelled]", "[excused]"}, []string{"A0", "N3", "A5>N3", "A7"}, []int64{100, 100}},
		{"beyond the schedule's places", nil, []string{"A0", "A1", "N2", "A3>N2", "A7"}, []int64{100, 200, 300}},
		{"as many as allowed", []string{"within_days: 6", "within_days: 6, most: 1"}, []string{"N0", "A1>N0", "N3", "A4>N3", "A7"}, []int64{100, 100}},
		{"in another week, beside its own two", nil, []string{"N6", "A7", "A8", "A9>N6", "A10"}, []int64{100, 200, 300}},
		{"like any other visit without make_up", []string{"    make_up: {of: [no_show, excused, cancelled], within_days: 6}\n", ""}, []string{"A0", "N3", "A5>N3", "A7"}, []int64{100, 100}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, awards := evaluate(parse(t, climbing, c.changes...), onDays(t, c.history...))
			require.Equal(t, c.want, amounts(awards))
		})
	}
}

// What the target does not speak of is no opportunity, and so nothing is missed.
func TestMakeUp_ofAnotherKind(t *testing.T) {
	history := onDays(t, "A0", "N3", "A5>N3", "A7")
	history[1].Kind = "telephone"
	_, awards := evaluate(parse(t, climbing), history)
	require.Equal(t, []int64{100, 200}, amounts(awards))
}

// A visit made up in the next phase is not: each phase has its own.
func TestMakeUp_notInAnotherPhase(t *testing.T) {
	d := parse(t, climbing+`  - name: after
    weeks: 4
    carry: {level: false, streak: false}
    target: {attend: [individual]}
    outcomes: {no_show: not_met, excused: hold}
    magnitude: {constant: 50}
`, "weeks: 8", "weeks: 1")
	_, awards := evaluate(d, onDays(t, "A0", "N6", "A8>N6", "A9"))
	require.Equal(t, []int64{100, 50}, amounts(awards))
}

// Nothing is made up in a pause, and nothing that was met; a make-up takes no
// place among the opportunities of a phase that counts them.
func TestMakeUp_noneInAPauseNorOfWhatIsMet(t *testing.T) {
	d := paused(t, "clock: stops, level: keep, streak: keep")
	_, awards := evaluate(d, append(onDays(t, "A0", "N3", "A5>N3", "A14"), prison(d, 4, 6)))
	require.Equal(t, []int64{100, 100}, amounts(awards))

	counted := parse(t, climbing, "    weeks: 8\n    opportunities: {per_week: 2}", "    opportunities: {count: 3}", ", cancelled]", "]")
	_, awards = evaluate(counted, onDays(t, "A0", "N3", "A5>N3", "A7", "A8"))
	require.Equal(t, []int64{100, 200, 300}, amounts(awards))

	excused := parse(t, climbing+"excused: {reasons: [illness]}\n", "excused: hold", "excused: met")
	history := onDays(t, "A0", "E3", "A5>E3", "A7")
	history[1].Reason = "illness"
	_, awards = evaluate(excused, history)
	require.Equal(t, []int64{100, 200, 300}, amounts(awards), "the excused visit is met, and its make-up none")
}

// A week is all met when what was missed in it is made up in it, and by no visit
// that makes up another week's.
func TestMakeUp_weeks(t *testing.T) {
	d := parse(t, climbing, "{every: visit}", "{every: {calendar_week: all_met}, excused: counts}", "reset: {on: [not_met], to: start}", "bonus: [{whole_week_met: true, amount: 7}]")
	_, awards := evaluate(d, onDays(t, "N0", "A1", "A2>N0", "A7"))
	require.Equal(t, []int64{100, 107, 200}, amounts(awards), "in the same week")
	_, awards = evaluate(d, onDays(t, "A0", "N6", "A7", "A8", "A9>N6", "A14"))
	require.Equal(t, []int64{100, 100, 107, 200, 200}, amounts(awards), "in the next week, which is all met without it")
	_, awards = evaluate(d, onDays(t, "A0", "E6", "A8>E6", "A9"))
	require.Equal(t, []int64{100, 200, 200}, amounts(awards), "an excused visit counts for its week, made up or not")
}

// What is not known yet when a visit is recorded is found when its make-up is:
// such a visit never follows a state, and the whole history is evaluated again.
func TestMakeUp_changesWhatCameBefore(t *testing.T) {
	d := parse(t, climbing)
	all := onDays(t, "A0", "N3", "A7", "A8>N3")
	state, awards := evaluate(d, all[:3])
	require.Equal(t, []int64{100, 100}, amounts(awards))
	require.False(t, state.Follows(all[3]))
	same, none := rules.Evaluate(d, state, all[3:])
	require.Empty(t, none)
	require.Equal(t, state.Earned, same.Earned)
	_, awards = evaluate(d, all)
	require.Equal(t, []int64{100, 200, 300}, amounts(awards))
}
