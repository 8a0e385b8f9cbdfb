package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain/rules"
)

// More items of DOMAIN.md §5, "How schedules go wrong in practice": levels,
// streaks, phases and caps.

// paid is what each visit pays, in minor units, on the given days of each week.
func paid(t *testing.T, d rules.Document, results string, days ...int) []int64 {
	t.Helper()
	state, out := rules.Start(d, start), []int64{}
	for i, letter := range results {
		var awards []rules.Award
		v := result(string(letter), i, start.AddDays(i/len(days)*7+days[i%len(days)]))
		state, awards = rules.Evaluate(d, reread(t, state), []rules.Opportunity{v})
		out = append(out, total(awards))
	}
	return out
}

func TestPractice_escalatingPerVisitWhereTheProtocolSaysPerWeek(t *testing.T) {
	weekly := parse(t, california, "{every: {consecutive: 2}}", "{every: {calendar_week: all_met}, excused: breaks}")
	require.Equal(t, []int64{1000, 1000, 1150, 1150}, paid(t, weekly, "NNNN", 0, 3))
	require.Equal(t, []int64{1000, 0, 1000, 1000, 1150}, paid(t, weekly, "NENNN", 0, 3))
	perVisit := parse(t, california, "{every: {consecutive: 2}}", "{every: visit}")
	require.Equal(t, []int64{1000, 1150, 1300, 1450}, paid(t, perVisit, "NNNN", 0, 3))
}

func TestPractice_theIncreasePaidOnTheVisitThatEarnsIt(t *testing.T) {
	require.Equal(t, []int64{1000, 1000, 1150}, paid(t, parse(t, california), "NNN", 0, 3), "from the next visit")
}

func TestPractice_aTableLookedUpByWeekNumberAfterAReset(t *testing.T) {
	body := change(t, california, "{linear: {start: 1000, step: 150, ceiling: 2650}}", "{table: [100, 200, 300, 400]}",
		"{every: {consecutive: 2}}", "{every: week_number}")
	body = change(t, body, "    restoration: {after: 2, apply: next, to: last, memory: highest, part_run: fresh}\n", "")
	require.Equal(t, []int64{100, 100, 200, 200, 0, 100, 200, 200, 300}, paid(t, parse(t, body), "NNNNPNNNN", 0, 3),
		"week 3 pays the first amount after the reset, not the third")
}

func TestPractice_resetToTheWrongPlace(t *testing.T) {
	plain := change(t, higgins, "    restoration: {after: 5, apply: next, to: last, memory: highest, part_run: keep}\n", "", "    bonus: [{every_consecutive: 3, amount: 1000}]\n", "")
	for to, want := range map[string]int64{"start": 250, "previous": 500, "none": 625, "{level: 2}": 375} {
		require.Equal(t, want, paid(t, parse(t, plain, "to: start", "to: "+to), "NNNPN", 0, 2, 4)[4], to)
	}
	high := parse(t, plain, "to: start", "to: {level: 9}")
	require.Equal(t, int64(625), paid(t, high, "NNNPN", 0, 2, 4)[4], "a reset never raises the level")
}

func TestPractice_aSecondSlipOverwritingTheLevelToGoBackTo(t *testing.T) {
	// Up to 750 (level 5), a slip, one met, a second slip, five met: then restored.
	const history = "NNNNNPNPNNNNNN"
	for memory, want := range map[string]int64{"first": 250 + 5*125, "last": 250 + 5*125, "highest": 250 + 5*125} {
		got := paid(t, parse(t, higgins, "memory: highest", "memory: "+memory, "bonus: [{every_consecutive: 3, amount: 1000}]", ""), history, 0, 2, 4)
		require.Equal(t, want, got[13], "%s: after five the level is where they led, and never lower", memory)
	}
	after2 := change(t, higgins, "after: 5", "after: 2", "    bonus: [{every_consecutive: 3, amount: 1000}]\n", "")
	for memory, want := range map[string]int64{"first": 750, "last": 500, "highest": 750} {
		require.Equal(t, want, paid(t, parse(t, after2, "memory: highest", "memory: "+memory), "NNNNNPNPNNN", 0, 2, 4)[10], memory)
	}
	require.Equal(t, int64(750), paid(t, parse(t, after2, "memory: highest", "memory: last"), "NNNNNPPNNN", 0, 2, 4)[9],
		"with memory last, the visit attended between the slips costs 250")
}

// The level that the visit before gave back is not lost to a miss that comes
// before any visit has paid it.
func TestRestoration_aMissBeforeTheRestoredLevelIsPaid(t *testing.T) {
	plain := change(t, higgins, "after: 5", "after: 2", "    bonus: [{every_consecutive: 3, amount: 1000}]\n", "")
	require.Equal(t, []int64{250, 375, 500, 625, 750, 0, 250, 375, 0, 250, 375, 750}, paid(t, parse(t, plain), "NNNNNPNNPNNN", 0, 2, 4))
	last := parse(t, plain, "memory: highest", "memory: last")
	require.Equal(t, []int64{250, 375, 500, 625, 750, 0, 250, 375, 0, 250, 375, 500}, paid(t, last, "NNNNNPNNPNNN", 0, 2, 4), "the last paid was 375: 500 is more")
	require.Equal(t, []int64{250, 375, 500, 625, 750, 0, 250, 375, 750, 0, 250, 375, 750}, paid(t, parse(t, plain), "NNNNNPNNNPNNN", 0, 2, 4), "paid once, and remembered as last paid")
}

// A restored level never passes the top of a phase into which it was carried.
func TestRestoration_carriedIntoAPhaseWithFewerLevels(t *testing.T) {
	short := change(t, california, "weeks: 12", "weeks: 2", "{every: {consecutive: 2}}", "{every: visit}",
		"    magnitude: {table: [1500, 1500, 1500, 1500, 1500, 1500, 1000, 1000, 1000, 1000, 1000, 2100]}\n    carry: {level: no, streak: no}",
		"    magnitude: {table: [100, 200]}\n    escalation: {every: visit}\n    reset: {on: [not_met], to: start}\n"+
			"    restoration: {after: 1, apply: qualifying, to: last, memory: highest, part_run: fresh}\n    carry: {level: yes, streak: no}")
	require.Equal(t, []int64{1000, 1150, 1300, 0, 200}, paid(t, parse(t, short), "NNNPN", 0, 3))
}

// Where the first reward of a phase does not fit under a cap that stops, the
// enrolment has ended for the phase's first visit as for those after it.
func TestCaps_stopBeforeThePhasesFirstVisit(t *testing.T) {
	short := change(t, california, "{amount: 59900, period: calendar_year, basis: earned, at_limit: pay_rest}", "{amount: 3000, period: episode, basis: earned, at_limit: stop}",
		"weeks: 12", "weeks: 1", "    carry:", "    requirement: {met: 2}\n    bonus: [{phase_completed: 1, amount: 100}, {phase_completed: 2, amount: 100}]\n    carry:")
	d := parse(t, short)
	require.Equal(t, []int64{1000, 1000, 0, 0, 0, 0}, paid(t, d, "NNNNNN", 0, 3))
	state, _ := rules.Evaluate(d, rules.Start(d, start), []rules.Opportunity{result("N", 1, start), result("N", 2, start), result("N", 3, start.AddDays(7))})
	require.Equal(t, rules.AmountCap, state.Finished)
}

// Where a table has come to its end, a miss does not open it again: it would pay
// who missed and not who came.
func TestReset_noneAfterTheTablesEnd(t *testing.T) {
	ends := change(t, higgins, "{linear: {start: 250, step: 125}}", "{table: [100, 200]}", "    escalation: {every: visit}\n", "",
		"    restoration: {after: 5, apply: next, to: last, memory: highest, part_run: keep}\n", "", "every_consecutive: 3, amount: 1000", "phase_completed: 5, amount: 7")
	for _, to := range []string{"start", "previous", "{level: 1}"} {
		d := parse(t, ends, "to: start", "to: "+to)
		require.Equal(t, []int64{100, 200, 0, 0, 0, 7}, paid(t, d, "NNPNNN", 0, 2, 4), to)
	}
	require.Equal(t, []int64{100, 0, 100, 200, 0}, paid(t, parse(t, ends), "NPNNN", 0, 2, 4), "before the end it begins again")
}

func TestPractice_anUnexcusedAbsenceTreatedAsNothing(t *testing.T) {
	require.Equal(t, []int64{250, 375, 0, 250}, paid(t, parse(t, higgins), "NNUN", 0, 2, 4))
	require.Equal(t, []int64{250, 375, 0, 1500}, paid(t, parse(t, higgins), "NNEN", 0, 2, 4), "excused: level and streak kept")
	require.Equal(t, []int64{250, 375, 0, 250}, paid(t, parse(t, higgins), "NNRN", 0, 2, 4), "no valid sample")
	require.Equal(t, []int64{250, 375, 0, 1500}, paid(t, parse(t, higgins), "NNXN", 0, 2, 4), "cancelled by the provider")
}

func TestPractice_theBonusCountingTotalInsteadOfConsecutive(t *testing.T) {
	require.Equal(t, []int64{250, 375, 0, 250, 375, 1500}, paid(t, parse(t, higgins), "NNPNNN", 0, 2, 4))
	require.Equal(t, []int64{250, 375, 0, 1250}, paid(t, parse(t, higgins, "clears_bonus: true", "clears_bonus: false"), "NNPN", 0, 2, 4), "where the document says so")
}

func TestPractice_anExtraVisitPaidBesideTheScheduled(t *testing.T) {
	d := parse(t, california)
	require.Equal(t, []int64{1000, 1000, 0, 1150}, paid(t, d, "NNNN", 0, 3, 5), "two a week: the third is none")
	d = parse(t, higgins)
	require.Equal(t, []int64{250, 0, 375}, paid(t, d, "NNN", 0, 1, 2), "a Tuesday is none")
}

func TestPractice_escalationCarriedIntoAPhaseThatDoesNotHaveIt(t *testing.T) {
	short := change(t, california, "weeks: 12", "weeks: 1")
	require.Equal(t, []int64{1000, 1000, 1500, 0, 1500}, paid(t, parse(t, short), "NNNNN", 0, 3))
	carried := change(t, short, "{level: no, streak: no}", "{level: yes, streak: no}", "[1500, 1500,", "[100, 200,")
	require.Equal(t, []int64{1000, 1000, 200}, paid(t, parse(t, carried), "NNN", 0, 3), "where the document says so")
}

func TestPhases_endByOpportunities(t *testing.T) {
	d := parse(t, california, "    weeks: 12\n    opportunities: {per_week: 2}", "    opportunities: {count: 3, per_week: 2}")
	require.Equal(t, []int64{1000, 1000, 0, 1500, 0, 1500}, paid(t, d, "NNENNN", 0, 3), "the excused visit is the third; the fifth is the week's second")
	_, last := d.Window(start)
	require.True(t, last.IsZero(), "the calendar alone does not say")
	over := parse(t, higgins, "    weeks: 12\n    opportunities: {days: [mon, wed, fri]}", "    opportunities: {count: 2, any: true}", "after: 5", "after: 1", "every_consecutive: 3", "every_consecutive: 2")
	state, _ := rules.Evaluate(over, rules.Start(over, start), []rules.Opportunity{result("N", 1, start), result("P", 2, start), result("N", 3, start)})
	require.Equal(t, rules.PhasesOver, state.Finished)
	require.Equal(t, "Alle faser er gennemført.", state.Progress(over).Text.DA)
}

func TestRequirement_rising(t *testing.T) {
	d := parse(t, california, "    magnitude: {linear: {start: 1000, step: 150, ceiling: 2650}}\n    escalation: {every: {consecutive: 2}}\n    reset: {on: [not_met], to: start}\n    restoration: {after: 2, apply: next, to: last, memory: highest, part_run: fresh}\n",
		"    magnitude: {constant: 500}\n    requirement: {rising: {start: 1, step: 1, ceiling: 3}}\n")
	require.Equal(t, []int64{500, 0, 500, 0, 0, 500, 0, 0, 500}, paid(t, d, "NNNNNNNNN", 0, 3))
}

func TestMagnitude_descending(t *testing.T) {
	d := parse(t, higgins, "{linear: {start: 250, step: 125}}", "{descending: {start: 900, step: 400, floor: 300}}", "to: start", "to: none",
		"    restoration: {after: 5, apply: next, to: last, memory: highest, part_run: keep}\n", "", "    bonus: [{every_consecutive: 3, amount: 1000}]\n", "")
	require.Equal(t, []int64{900, 500, 300, 300}, paid(t, d, "NNNN", 0, 2, 4))

	// Down to nothing, and so many steps that looking at each would take seconds.
	d = parse(t, higgins, "{linear: {start: 250, step: 125}}", "{descending: {start: 100000000, step: 1, floor: 0}}", "to: start", "to: none",
		"    restoration: {after: 5, apply: next, to: last, memory: highest, part_run: keep}\n", "", "    bonus: [{every_consecutive: 3, amount: 1000}]\n",
		"caps: [{amount: 1, period: episode, basis: earned, at_limit: deny}]\n")
	before := time.Now()
	require.False(t, rules.Start(d, start).Progress(d).Finished, "the last step but one would fit")
	require.Less(t, time.Since(before), time.Second)
}

func TestBonus(t *testing.T) {
	for bonus, want := range map[string][]int64{
		"{every_consecutive: 2, amount: 7}": {250, 382, 500, 0, 250, 382},
		"{once_at: 2, amount: 7}":           {250, 382, 500, 0, 250, 375},
		"{whole_week_met: true, amount: 7}": {250, 375, 507, 0, 250, 375},
		"{phase_completed: 4, amount: 7}":   {250, 375, 500, 0, 257, 375},
	} {
		d := parse(t, higgins, "{every_consecutive: 3, amount: 1000}", bonus)
		require.Equal(t, want, paid(t, d, "NNNPNN", 0, 2, 4), bonus)
	}
}
