package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain/rules"
)

const wholePause = "{reason: prison, clock: stops, level: keep, streak: keep}"

func TestParseTime_refusals(t *testing.T) {
	const makeUp = "    make_up: {of: [no_show, excused, cancelled], within_days: 6}\n"
	for _, c := range []struct {
		old, new, more string // a piece of climbing to replace, and what stands after it
		want           string
	}{
		{more: "excused: {}", want: "required excused: must have reasons, notice_hours, most or decided_by, or be left out"},
		{more: "excused: {most: 2}", want: "required excused.per: must be stated: episode, phase or month"},
		{more: "excused: {reasons: [illness], per: month}", want: "contradiction excused.per: must be left out: without most there is no limit to count up to"},
		{more: "excused: {reasons: []}", want: "out_of_range excused.reasons: must have at least 1"},
		{more: "excused: {notice_hours: 0}", want: "out_of_range excused.notice_hours: must be at least 1"},
		{more: "excused: {decided_by: [partner]}", want: "invalid_value excused.decided_by[0]: must be caseworker or team_leader"},
		{more: "excused: {days: 2}", want: "unknown_field excused.days: is no field here: the fields are reasons, notice_hours, most, per, decided_by"},
		{more: "pauses: []", want: "out_of_range pauses: must have at least 1"},
		{more: "pauses: [" + wholePause + ", " + wholePause + "]", want: "contradiction pauses[1].reason: must be another: what a pause for prison does is said already"},
		{more: "pauses: [{reason: holiday, clock: stops, level: keep, streak: keep}]", want: "invalid_value pauses[0].reason: must be closure, residential_care, prison or leave"},
		{more: "pauses: [{reason: prison, clock: restarts, level: keep, streak: keep}]", want: "invalid_value pauses[0].clock: must be stops or runs"},
		{more: "pauses: [{reason: prison, clock: stops, streak: keep}]", want: "required pauses[0].level: must be stated: keep, start or previous"},
		{more: "pauses: [{reason: prison, clock: stops, level: keep, streak: keep, max_days: 0}]", want: "out_of_range pauses[0].max_days: must be at least 1"},
		{more: "readmission: {within_days: 0, clock: stops, level: keep, streak: keep, later: refuse}", want: "out_of_range readmission.within_days: must be at least 1"},
		{more: "readmission: {within_days: 9, clock: stops, level: keep, streak: keep}", want: "required readmission.later: must be stated: new_episode or refuse"},
		{more: "readmission: {within_days: 9, clock: waits, level: keep, streak: keep, later: refuse}", want: "invalid_value readmission.clock: must be stops, runs or restarts"},
		{old: "within_days: 6", new: "within_days: 6, most: 0", want: "out_of_range phases[0].make_up.most: must be at least 1"},
		{old: "[no_show, excused, cancelled]", new: "[attended]", want: "invalid_value phases[0].make_up.of[0]: must be no_show, excused, cancelled, late, left_early, no_valid_sample or pending"},
		// contradictions
		{old: "[no_show, excused, cancelled]", new: "[no_show]", want: "contradiction phases[0].make_up.of: must have excused, because it has no_show: an excused visit never pays less than an unexcused one"},
		{old: "cancelled: ignore", new: "cancelled: met", want: "contradiction phases[0].make_up.of[2]: must be left out: outcomes.cancelled is met, so nothing is missed"},
		{old: "    weeks: 8\n    opportunities: {per_week: 2}", new: "    opportunities: {count: 9}", want: "contradiction phases[0].make_up.of[2]: must be left out, or outcomes.cancelled be hold: what is ignored has no place among the 9 opportunities"},
		{old: makeUp + "    magnitude: {linear: {start: 100, step: 100}}", new: "    magnitude: {descending: {start: 900, step: 100, floor: 100}}", more: "pauses: [{reason: prison, clock: stops, level: previous, streak: keep}]",
			want: "contradiction pauses[0].level: must be keep: the amounts of phases[0] fall, so being away would pay"},
		{old: makeUp + "    magnitude: {linear: {start: 100, step: 100}}", new: "    magnitude: {table: [300, 100]}", more: "readmission: {within_days: 9, clock: stops, level: start, streak: keep, later: refuse}",
			want: "contradiction readmission.level: must be keep: the amounts of phases[0] fall, so being away would pay"},
	} {
		t.Run(c.want, func(t *testing.T) {
			body := climbing
			if c.old != "" {
				body = change(t, body, c.old, c.new)
			}
			if c.more != "" && c.old != "" {
				body = change(t, body, "    reset: {on: [not_met], to: start}\n", "")
			}
			require.Equal(t, []string{c.want}, refusal(t, []byte(header+body+c.more+"\n")))
		})
	}
}

// The words that say it belong where they count, and nowhere else.
func TestParseTime_misplaced(t *testing.T) {
	for _, field := range []string{"make_up", "make_ups", "pause"} {
		require.Equal(t, []string{"unknown_field " + field + ": is no field here: the fields are " + documentKeys}, refusal(t, []byte(header+climbing+field+": {}\n")))
	}
	require.Contains(t, refusal(t, []byte(header+change(t, climbing, "    weeks", "    pauses: []\n    weeks")))[0], "unknown_field phases[0].pauses: is no field here")
}

// A cap that only a level brought back can reach is none that nothing reaches.
func TestParseTime_aLevelThatComesBack(t *testing.T) {
	const table = `phases:
  - name: dates
    days: 60
    target: {attend: [individual]}
    outcomes: {no_show: hold, excused: hold}
    magnitude: {table: [100, 200]}
caps: [{count: 3, period: episode, at_limit: stop}]
`
	require.Equal(t, []string{"contradiction caps[0].count: must be at most 2: the table has no more rewards"}, refusal(t, []byte(header+table)))
	d := parse(t, table+"pauses: [{reason: prison, clock: runs, level: start, streak: keep}]\n")
	_, awards := evaluate(d, append(onDays(t, "A0", "A10", "A11", "A12"), prison(d, 3, 9)))
	require.Equal(t, []int64{100, 100, 200}, amounts(awards))
}

const timely = `excused: {reasons: [illness, work], notice_hours: 24, most: 2, per: month, decided_by: [caseworker]}
pauses: [{reason: prison, clock: stops, level: keep, streak: restart, max_days: 90}, {reason: closure, clock: runs, level: previous, streak: keep}]
readmission: {within_days: 60, clock: restarts, level: start, streak: restart, later: refuse}
`

func TestSentences_time(t *testing.T) {
	d := parse(t, climbing+timely, "within_days: 6", "within_days: 6, most: 3")
	said := map[string]rules.Text{}
	for _, s := range d.Sentences() {
		said[s.Path] = s.Text
	}
	for path, want := range map[string]rules.Text{
		"phases[0].make_up": {DA: "Kan indhentes: udeblivelse, afbud, aflysning fra stedet, senest 6 dage efter og i samme fase, højst 3 i fasen. Det missede ændrer da intet, og det nye fremmøde tæller på sin egen dato uden for skemaet.",
			EN: "Can be made up: a no-show, an excused visit, a cancellation by the provider, at most 6 days later and in the same phase, at most 3 in the phase. What was missed then changes nothing, and the new visit counts on its own date, beside the schedule."},
		"excused": {DA: "Et afbud tæller kun som afbud, når grunden er en af disse: illness, work, og det er meldt mindst 24 timer før, og det er blandt de første 2 i kalendermåneden; ellers tæller det som udeblivelse.",
			EN: "An excused visit counts as excused only if its reason is one of illness, work, and it is told at least 24 hours before, and it is among the first 2 in the calendar month; otherwise it counts as a no-show."},
		"excused.decided_by": {DA: "Afbud registreres kun af: en sagsbehandler.", EN: "An excused visit is recorded only by: a caseworker."},
		"pauses":             {DA: "Fremmøder under en pause tæller ikke. En pause af anden grund end disse ændrer intet.", EN: "Visits during a pause do not count. A pause for another reason than these changes nothing."},
		"pauses[0]":          {DA: "Pause, fængsel: fasen forlænges med dagene; derefter er niveauet som før, og rækken af fremmøder begynder forfra.", EN: "Pause, prison: the phase is longer by its days; after it the level is as before, and the streak begins again."},
		"pauses[0].max_days": {DA: "Den varer højst 90 dage; derefter tæller fremmøder igen.", EN: "It lasts at most 90 days; after them visits count again."},
		"pauses[1]":          {DA: "Pause, lukning: fasens tid løber imens; derefter er niveauet ét lavere, og rækken af fremmøder fortsætter.", EN: "Pause, closure: the phase goes on meanwhile; after it the level is one lower, and the streak goes on."},
		"readmission": {DA: "Den, der kommer tilbage inden for 60 dage efter at være afsluttet, fortsætter sit forløb: fasen begynder forfra; derefter er niveauet det første, og rækken af fremmøder begynder forfra. Senere kan man ikke begynde igen.",
			EN: "Whoever comes back within 60 days after the enrolment ended goes on with the episode: the phase begins again; after it the level is the first, and the streak begins again. Later than that, nobody can begin again."},
	} {
		require.Equal(t, want, said[path], path)
	}
}

// Each value changes one sentence, and a part that is new or gone changes what is
// said of it.
func TestDiff_time(t *testing.T) {
	before := parse(t, climbing+timely)
	for _, c := range []struct{ old, new, path string }{
		{"[illness, work]", "[illness]", "excused"}, {"notice_hours: 24", "notice_hours: 48", "excused"}, {"most: 2", "most: 3", "excused"}, {"per: month", "per: phase", "excused"},
		{"[caseworker]", "[team_leader]", "excused.decided_by"}, {"within_days: 6", "within_days: 7", "phases[0].make_up"}, {"[no_show, excused, cancelled]", "[excused]", "phases[0].make_up"},
		{"clock: stops", "clock: runs", "pauses[0]"}, {"max_days: 90", "max_days: 91", "pauses[0].max_days"}, {"level: previous", "level: keep", "pauses[1]"}, {"reason: closure", "reason: leave", "pauses[1]"},
		{"within_days: 60", "within_days: 61", "readmission"}, {"later: refuse", "later: new_episode", "readmission"}, {"clock: restarts", "clock: stops", "readmission"},
	} {
		changes := rules.Diff(before, parse(t, climbing+timely, c.old, c.new))
		require.Len(t, changes, 1, c.new)
		require.Equal(t, c.path, changes[0].Path)
	}
	var paths []string
	for _, c := range rules.Diff(parse(t, climbing), before) {
		paths = append(paths, c.Path)
	}
	require.Equal(t, []string{"excused", "excused.decided_by", "pauses", "pauses[0]", "pauses[0].max_days", "pauses[1]", "readmission"}, paths)
}
