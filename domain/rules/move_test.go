package rules_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

func restored(t testing.TB, stored string) (s rules.State) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(stored), &s))
	return s
}

// faults are the fields that an error of kind Invalid names, with its sentences.
func faults(t testing.TB, err error) (out []string) {
	t.Helper()
	var invalid *domain.Error
	require.ErrorAs(t, err, &invalid)
	require.Equal(t, domain.Invalid, invalid.Kind)
	for _, f := range invalid.Fields {
		out = append(out, f.Field+": "+f.Message)
	}
	return out
}

const readmits = "readmission: {within_days: 30, clock: stops, level: keep, streak: keep, later: new_episode}\n"

func TestReadmit(t *testing.T) {
	for _, c := range []struct {
		name    string
		changes []string
		on      int // the new start; the enrolment ended on day 9
		history []string
		want    []int64
		last    int
	}{
		{"goes on where it stood", nil, 20, []string{"A20", "A24"}, []int64{300, 400}, 55 + 10},
		{"the next day", nil, 10, []string{"A10"}, []int64{300}, 55},
		{"the same day", nil, 9, []string{"A9", "A14"}, []int64{300, 400}, 55},
		{"on the last day that it can", nil, 39, []string{"A39"}, []int64{300}, 55 + 29},
		{"a day later it is a new episode", nil, 40, []string{"A40", "A41"}, []int64{100, 200}, 40 + 55},
		{"the clock went on", []string{"within_days: 30, clock: stops", "within_days: 30, clock: runs"}, 20, []string{"A20", "A21"}, []int64{300, 400}, 55},
		{"the phase begins again", []string{"within_days: 30, clock: stops", "within_days: 30, clock: restarts"}, 20, []string{"A20", "A21"}, []int64{300, 400}, 20 + 55},
		{"from the first level", []string{"streak: keep, later", "streak: restart, later", "stops, level: keep", "stops, level: start"}, 20, []string{"A20", "A24"}, []int64{100, 200}, 55 + 10},
		{"from the level before", []string{"stops, level: keep", "stops, level: previous"}, 20, []string{"A20", "A24"}, []int64{200, 300}, 55 + 10},
		{"not at all", []string{readmits, ""}, 20, []string{"A20"}, []int64{100}, 20 + 55},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := parse(t, climbing+readmits, c.changes...)
			old, _ := evaluate(d, onDays(t, "A0", "A8"))
			state := rules.Readmit(d, reread(t, old), start.AddDays(9), start.AddDays(c.on))
			require.Equal(t, start.AddDays(c.last), state.Progress(d).LastDay)
			state, awards := rules.Evaluate(d, reread(t, state), onDays(t, c.history...))
			require.Equal(t, c.want, amounts(awards))
			if d.Readmits(start.AddDays(9), start.AddDays(c.on)) {
				require.Equal(t, 3, awards[0].Milestone, "milestones are numbered on")
				require.Equal(t, 300+total(awards), state.Earned)
				require.True(t, awards[0].Explanation.After.Readmitted)
			}
		})
	}
}

// What the episode has earned stays under its caps: a cap cannot be had twice by
// leaving and coming back.
func TestReadmit_capsGoOn(t *testing.T) {
	d := parse(t, climbing+readmits+"caps: [{amount: 500, period: episode, basis: earned, at_limit: pay_rest}]\n")
	old, _ := evaluate(d, onDays(t, "A0", "A8"))
	_, awards := rules.Evaluate(d, rules.Readmit(d, old, start.AddDays(9), start.AddDays(20)), onDays(t, "A20"))
	require.Equal(t, []int64{200}, amounts(awards))
	text := awards[0].Explanation.Text()
	require.Contains(t, text.DA, "efter forløbet blev genoptaget 25-01-2026 er niveauet som før, og rækken af fremmøder fortsætter")
	require.Contains(t, text.EN, "after readmission on 2026-01-25 the level is as before, and the streak goes on")
}

// An enrolment that ended in a pause goes on at the return, from where it stood
// before the pause.
func TestReadmit_afterAPause(t *testing.T) {
	d := parse(t, climbing+readmits+"pauses: [{reason: prison, clock: stops, level: keep, streak: keep}]\n")
	old, _ := evaluate(d, append(onDays(t, "A0"), prison(d, 3)))
	state := rules.Readmit(d, old, start.AddDays(9), start.AddDays(20))
	require.Equal(t, start.AddDays(55+17), state.Progress(d).LastDay)
	old, _ = evaluate(d, append(onDays(t, "A0"), prison(d, 3, 15)))
	state = rules.Readmit(d, old, start.AddDays(9), start.AddDays(20))
	require.Equal(t, start.AddDays(55+17), state.Progress(d).LastDay)
}

// Who comes back into another version goes on in the phase where the enrolment
// ended, though the clock would have run into the next one meanwhile.
func TestReadmit_intoAnotherVersion(t *testing.T) {
	const next = `  - name: after
    weeks: 8
    carry: {level: false, streak: false}
    target: {attend: [individual]}
    outcomes: {no_show: not_met, excused: hold}
    magnitude: {constant: 50}
`
	from, to := parse(t, climbing+next+readmits, "weeks: 8", "weeks: 2"), parse(t, climbing+next+readmits, "weeks: 8", "weeks: 2", "step: 100", "step: 10")
	old, _ := evaluate(from, onDays(t, "A0", "A8"))
	endedOn, on := start.AddDays(9), start.AddDays(20)
	moved, err := rules.Move(from, to, old, rules.Moving{On: endedOn.AddDays(1)})
	require.NoError(t, err)
	_, awards := rules.Evaluate(to, rules.Readmit(to, moved, endedOn, on), onDays(t, "A20", "A24"))
	require.Equal(t, []int64{120, 50}, amounts(awards), "four days are left of the phase")
}

// A version that is adopted later changes nothing for those who are enrolled: it
// is the act of moving them that does, from its date on.
func TestPractice_aProtocolChangedUnderEnrolledPeople(t *testing.T) {
	from, to := parse(t, climbing), parse(t, climbing, "step: 100", "step: 10")
	before := onDays(t, "A0", "A1", "A7")
	after := onDays(t, "A14", "A15")
	_, awards := evaluate(from, append(before, after...))
	require.Equal(t, []int64{100, 200, 300, 400, 500}, amounts(awards), "not moved")

	state, earned := evaluate(from, before)
	moved, err := rules.Move(from, to, state, rules.Moving{On: start.AddDays(14)})
	require.NoError(t, err)
	_, awards = rules.Evaluate(to, reread(t, moved), after)
	require.Equal(t, []int64{100, 200, 300}, amounts(earned), "what was earned stays")
	require.Equal(t, []int64{130, 140}, amounts(awards), "at the same level")
	require.Equal(t, 4, awards[0].Milestone)

	corrected, earned := evaluate(from, onDays(t, "A0", "N1", "A7"))
	require.Equal(t, []int64{100, 100}, amounts(earned), "a correction to a visit before the move is evaluated under the version then in force")
	moved, err = rules.Move(from, to, corrected, rules.Moving{On: start.AddDays(14)})
	require.NoError(t, err)
	_, awards = rules.Evaluate(to, moved, after)
	require.Equal(t, []int64{110, 120}, amounts(awards))
}

func TestMove(t *testing.T) {
	const other = "name: weekly"
	for _, c := range []struct {
		name    string
		changes []string
		moving  rules.Moving
		want    []int64
		last    int
	}{
		{"keeps its place and its first day", nil, rules.Moving{}, []int64{300, 400}, 55},
		{"a longer phase, counted from its own first day", []string{"weeks: 8", "weeks: 9"}, rules.Moving{}, []int64{300, 400}, 62},
		{"fewer levels", []string{"step: 100", "step: 100, ceiling: 200"}, rules.Moving{}, []int64{200, 200}, 55},
		{"another phase, from its first level", []string{other, "name: renamed"}, rules.Moving{Phase: "renamed"}, []int64{100, 200}, 14 + 55},
		{"another phase, from a level", []string{other, "name: renamed"}, rules.Moving{Phase: "renamed", Level: 5}, []int64{500, 600}, 14 + 55},
		{"fewer opportunities than it has had", []string{"    weeks: 8\n    opportunities: {per_week: 2}", "    opportunities: {count: 2}"}, rules.Moving{}, []int64{300, 400}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			from, to := parse(t, climbing), parse(t, climbing, append([]string{", cancelled]", "]"}, c.changes...)...)
			state, _ := evaluate(from, onDays(t, "A0", "A1"))
			c.moving.On = start.AddDays(14)
			moved, err := rules.Move(from, to, state, c.moving)
			require.NoError(t, err)
			if c.last > 0 {
				require.Equal(t, start.AddDays(c.last), moved.Progress(to).LastDay)
			}
			_, awards := rules.Evaluate(to, reread(t, moved), onDays(t, "A14", "A15"))
			require.Equal(t, c.want, amounts(awards))
		})
	}
}

// A pause that lasts beyond the move stops the new phase's clock for the rest of
// it.
func TestMove_inAPause(t *testing.T) {
	const pauses = "pauses: [{reason: prison, clock: stops, level: keep, streak: keep}]\n"
	from, to := parse(t, climbing+pauses), parse(t, climbing+pauses, "name: weekly", "name: renamed")
	state, _ := evaluate(from, append(onDays(t, "A0"), prison(from, 3, 19)))
	moved, err := rules.Move(from, to, state, rules.Moving{On: start.AddDays(14), Phase: "renamed"})
	require.NoError(t, err)
	require.Equal(t, start.AddDays(14+55+6), moved.Progress(to).LastDay)
	_, awards := rules.Evaluate(to, moved, onDays(t, "A19", "A20"))
	require.Equal(t, []int64{100}, amounts(awards))
}

// Opportunities count on over a move between versions that count them.
func TestMove_phaseIsOver(t *testing.T) {
	const weekly = "    weeks: 8\n    opportunities: {per_week: 2}"
	from := parse(t, climbing, weekly, "    opportunities: {count: 5}", ", cancelled]", "]")
	to := parse(t, climbing, weekly, "    opportunities: {count: 3}", ", cancelled]", "]")
	state, _ := evaluate(from, onDays(t, "A0", "A1", "A2"))
	moved, err := rules.Move(from, to, state, rules.Moving{On: start.AddDays(3)})
	require.NoError(t, err)
	require.Equal(t, rules.PhasesOver, moved.Finished)
	moved, err = rules.Move(to, from, moved, rules.Moving{On: start.AddDays(4)})
	require.NoError(t, err)
	require.Empty(t, moved.Finished, "and goes on where a version has more")
}

// A cap of the same period goes on counting; one that the old version did not
// have counts from the move.
func TestMove_caps(t *testing.T) {
	const yearly = "caps: [{amount: 450, period: calendar_year, basis: earned, at_limit: pay_rest}]\n"
	for _, c := range []struct {
		from, to string
		want     []int64
	}{
		{yearly, yearly, []int64{150, 0}},
		{"", yearly, []int64{300, 150}},
		{yearly, "caps: [{count: 4, period: month, at_limit: deny}, {amount: 700, period: calendar_year, basis: earned, at_limit: pay_rest}]\n", []int64{300, 100}},
		{yearly, "", []int64{300, 400}},
		{"", "caps: [{amount: 450, period: episode, basis: earned, at_limit: pay_rest}]\n", []int64{150, 0}},
		{"caps: [{count: 2, period: episode, at_limit: stop}]\n", "caps: [{count: 3, period: episode, at_limit: stop}]\n", []int64{300}},
		{"caps: [{count: 3, period: episode, at_limit: stop}]\n", "caps: [{count: 2, period: episode, at_limit: stop}]\n", []int64{}},
	} {
		from, to := parse(t, climbing+c.from), parse(t, climbing+c.to)
		state, _ := evaluate(from, onDays(t, "A0", "A1"))
		moved, err := rules.Move(from, to, reread(t, state), rules.Moving{On: start.AddDays(14)})
		require.NoError(t, err)
		_, awards := rules.Evaluate(to, reread(t, moved), onDays(t, "A14", "A15"))
		require.Equal(t, c.want, amounts(awards), "%s to %s", c.from, c.to)
	}
}

func TestMove_refused(t *testing.T) {
	from := parse(t, climbing)
	state, _ := evaluate(from, onDays(t, "A0", "A1"))
	for _, c := range []struct {
		changes []string
		moving  rules.Moving
		want    string
	}{
		{[]string{"name: weekly", "name: renamed"}, rules.Moving{On: start.AddDays(2)}, "phase: must be stated, because the new version has no phase weekly: take one of renamed"},
		{nil, rules.Moving{On: start.AddDays(2), Phase: "monthly"}, "phase: must be a phase of the new version: weekly"},
		{nil, rules.Moving{On: start.AddDays(2), Level: 2}, "level: must be left out: the enrolment keeps its level in the phase weekly"},
		{[]string{"name: weekly", "name: renamed", "step: 100", "step: 100, ceiling: 300"}, rules.Moving{On: start.AddDays(2), Phase: "renamed", Level: 4}, "level: must be from 1 to 3, the highest level of renamed"},
		{[]string{"name: weekly", "name: renamed", "step: 100", "step: 100, ceiling: 300"}, rules.Moving{On: start.AddDays(2), Phase: "renamed", Level: -1}, "level: must be from 1 to 3, the highest level of renamed"},
		{nil, rules.Moving{On: start.AddDays(1)}, "on: must be after the last visit under the old version"},
	} {
		_, err := rules.Move(from, parse(t, climbing, c.changes...), state, c.moving)
		require.Equal(t, []string{c.want}, faults(t, err))
	}
	krone, err := rules.Parse([]byte(change(t, string(from.JSON()), "USD", "DKK")))
	require.NoError(t, err)
	_, err = rules.Move(from, krone, state, rules.Moving{On: start.AddDays(2)})
	require.Equal(t, []string{"currency: must be USD in both versions, in which the enrolment has earned"}, faults(t, err))
}
