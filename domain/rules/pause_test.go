package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

// paused is a schedule with a pause for prison as the given words say.
func paused(t testing.TB, how string, changes ...string) rules.Document {
	return parse(t, climbing+"pauses: [{reason: prison, "+how+"}]\n", changes...)
}

// prison is a pause from one day to another, from the start date; open without.
func prison(d rules.Document, from int, until ...int) rules.Opportunity {
	last := domain.Date{}
	if len(until) > 0 {
		last = start.AddDays(until[0])
	}
	return d.Paused("prison", rules.Prison, start.AddDays(from), last)
}

func TestPause(t *testing.T) {
	const kept = "clock: stops, level: keep, streak: keep"
	for _, c := range []struct {
		name, how string
		changes   []string
		from      int
		until     []int
		history   []string
		want      []int64
	}{
		{"visits in it are none", kept, nil, 3, []int{9}, []string{"A0", "N4", "A8", "A10"}, []int64{100, 200}},
		{"its first and last day too", kept, nil, 3, []int{9}, []string{"A0", "N3", "N9", "A10"}, []int64{100, 200}},
		{"the day before it counts", kept, nil, 3, []int{9}, []string{"A0", "N2", "A14"}, []int64{100, 100}},
		{"an open one lasts", kept, nil, 3, nil, []string{"A0", "A10", "A40"}, []int64{100}},
		{"a stopped clock keeps the week's places used", kept, nil, 3, []int{9}, []string{"A0", "A1", "A10", "A14"}, []int64{100, 200, 300}},
		{"a running clock begins a new week", "clock: runs, level: keep, streak: keep", nil, 3, []int{9}, []string{"A0", "A1", "A10", "A14"}, []int64{100, 200, 300, 400}},
		{"a stopped clock lengthens the phase", kept, []string{"weeks: 8", "weeks: 1"}, 3, []int{9}, []string{"A0", "A13", "A14"}, []int64{100, 200}},
		{"a running clock does not", "clock: runs, level: keep, streak: keep", []string{"weeks: 8", "weeks: 1"}, 3, []int{9}, []string{"A0", "A13"}, []int64{100}},
		{"days before the phase do not lengthen it", kept, []string{"weeks: 8", "weeks: 1"}, -5, []int{1}, []string{"A0", "A2", "A8", "A9"}, []int64{100, 200}},
		{"nor do days after its end", kept, []string{"weeks: 8", "weeks: 1"}, 7, []int{20}, []string{"A0", "A21"}, []int64{100}},
		{"back to the start", "clock: stops, level: start, streak: keep", nil, 3, []int{9}, []string{"A0", "A1", "A14"}, []int64{100, 200, 100}},
		{"one level down", "clock: stops, level: previous, streak: keep", nil, 3, []int{9}, []string{"A0", "A1", "A14"}, []int64{100, 200, 200}},
		{"at most so long", kept + ", max_days: 4", nil, 3, []int{30}, []string{"A0", "N6", "A7", "A14"}, []int64{100, 200, 300}},
		{"at most so long, though nobody ended it", kept + ", max_days: 4", nil, 3, nil, []string{"A0", "N6", "A7", "A14"}, []int64{100, 200, 300}},
		{"no time at all", kept, nil, 3, []int{2}, []string{"A0", "N3", "A10"}, []int64{100, 100}},
		{"dated days move with the clock", kept, []string{"    weeks: 8\n    opportunities: {per_week: 2}", "    opportunities: {on_days: [0, 7, 21]}"}, 3, []int{12}, []string{"A0", "A7", "A17", "A21", "A31"}, []int64{100, 200, 300}},
		{"a gap is in days of the calendar", kept, []string{"{per_week: 2}", "{min_gap: 3}"}, 1, []int{9}, []string{"A0", "A10"}, []int64{100, 200}},
		{"the run towards the next level goes on", kept, []string{"{every: visit}", "{every: {consecutive: 2}}"}, 3, []int{9}, []string{"A0", "A10", "A14"}, []int64{100, 100, 200}},
		{"or begins again", "clock: stops, level: keep, streak: restart", []string{"{every: visit}", "{every: {consecutive: 2}}"}, 3, []int{9}, []string{"A0", "A10", "A14", "A21"}, []int64{100, 100, 100, 200}},
		{"met visits towards the next reward stay", kept, []string{"    magnitude", "    requirement: {met: 2}\n    magnitude"}, 3, []int{9}, []string{"A0", "A10"}, []int64{200}},
		{"or go", "clock: stops, level: keep, streak: restart", []string{"    magnitude", "    requirement: {met: 2}\n    magnitude"}, 3, []int{9}, []string{"A0", "A10"}, []int64{}},
		{"weeks counted up while the clock runs", "clock: runs, level: start, streak: keep", []string{"{every: visit}", "{every: week_number}"}, 3, []int{16}, []string{"A0", "A17", "A21"}, []int64{100, 100, 200}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := paused(t, c.how, c.changes...)
			_, awards := evaluate(d, append(onDays(t, c.history...), prison(d, c.from, c.until...)))
			require.Equal(t, c.want, amounts(awards))
		})
	}
}

// Back at the start, nothing leads back to a level of before; but a table that
// has ended stays ended.
func TestPause_backToTheStart(t *testing.T) {
	restored := paused(t, "clock: runs, level: start, streak: keep", "to: start}\n", "to: start}\n    restoration: {after: 2, apply: next, to: due, memory: highest, part_run: keep}\n")
	_, awards := evaluate(restored, append(onDays(t, "A0", "A1", "A7", "N8", "A21", "A22", "A28"), prison(restored, 9, 16)))
	require.Equal(t, []int64{100, 200, 300, 100, 200, 300}, amounts(awards))

	const linear = "magnitude: {linear: {start: 100, step: 100}}\n    escalation: {every: visit}\n    reset: {on: [not_met], to: start}"
	ended := paused(t, "clock: runs, level: start, streak: keep", linear, "magnitude: {table: [100, 200]}\n    bonus: [{every_consecutive: 3, amount: 7}]")
	_, awards = evaluate(ended, append(onDays(t, "A0", "A1", "A21", "A22"), prison(ended, 3, 9)))
	require.Equal(t, []int64{100, 200, 7}, amounts(awards))
}

// Weeks without a visit raise no level by themselves, nor does a pause in them.
func TestPause_inAWeekWithoutVisits(t *testing.T) {
	d := paused(t, "clock: stops, level: keep, streak: keep", "{every: visit}", "{every: week_number}")
	state, _ := evaluate(d, []rules.Opportunity{prison(d, 7, 8)})
	require.Zero(t, state.Place.Level)
}

func TestPause_notInTheDocument(t *testing.T) {
	d := paused(t, "clock: stops, level: start, streak: restart")
	closed := d.Paused("closed", rules.Closure, start.AddDays(3), start.AddDays(9))
	_, awards := evaluate(d, append(onDays(t, "A0", "A4", "A10"), closed))
	require.Equal(t, []int64{100, 200, 300}, amounts(awards))
	require.True(t, d.HasPause(rules.Prison))
	require.False(t, d.HasPause(rules.Closure))
}

// Days that two pauses share are stopped once, and belong to the one that began
// first.
func TestPause_overlapping(t *testing.T) {
	d := parse(t, climbing+"pauses: [{reason: prison, clock: stops, level: keep, streak: keep}, {reason: leave, clock: stops, level: start, streak: keep}]\n", "weeks: 8", "weeks: 1")
	inside := d.Paused("leave", rules.Leave, start.AddDays(4), start.AddDays(6))
	state, awards := evaluate(d, append(onDays(t, "A0", "A10", "A13", "A14"), prison(d, 3, 9), inside))
	require.Equal(t, []int64{100, 200}, amounts(awards), "within: nothing of its own")
	require.Equal(t, start.AddDays(13), state.Progress(d).LastDay)
	longer := d.Paused("leave", rules.Leave, start.AddDays(4), start.AddDays(12))
	state, awards = evaluate(d, append(onDays(t, "A0", "A11", "A16"), prison(d, 3, 9), longer))
	require.Equal(t, []int64{100, 100}, amounts(awards), "longer: the rest of it")
	require.Equal(t, start.AddDays(16), state.Progress(d).LastDay)
}

// The order of entry: a pause that is told late is evaluated as if it had been
// told in time, and one that is ended changes what came after it.
func TestPause_toldLate(t *testing.T) {
	d := paused(t, "clock: stops, level: keep, streak: keep")
	state, _ := evaluate(d, onDays(t, "A0", "N4"))
	require.False(t, state.Follows(prison(d, 3, 9)))
	state, _ = evaluate(d, append(onDays(t, "A0"), prison(d, 3)))
	require.False(t, state.Follows(prison(d, 3, 9)), "the same pause, ended")
	require.True(t, state.Follows(onDays(t, "A4")[0]))
}

// The first award after it tells of the pause; those that follow do not.
func TestPause_explained(t *testing.T) {
	d := paused(t, "clock: stops, level: previous, streak: restart")
	_, awards := evaluate(d, append(onDays(t, "A0", "A1", "A14", "A15"), prison(d, 3, 9)))
	after := awards[2].Explanation.After
	require.Equal(t, &rules.Pausing{From: start.AddDays(3), Until: start.AddDays(9), Clock: rules.Stops, Level: rules.ToPrevious, Streak: rules.Restart}, after)
	text := awards[2].Explanation.Text()
	require.Equal(t, "3. fremmøde · niveau 2 giver 2 USD · efter pause fra 08-01-2026 til 14-01-2026 er niveauet ét lavere, og rækken af fremmøder begynder forfra · gavekort nr. 3", text.DA)
	require.Equal(t, "session 3 · level 2 gives 2 USD · after a pause from 2026-01-08 to 2026-01-14 the level is one lower, and the streak begins again · voucher 3", text.EN)
	require.Nil(t, awards[3].Explanation.After)
}

func TestPause_progress(t *testing.T) {
	d := paused(t, "clock: stops, level: start, streak: keep")
	state, _ := evaluate(d, append(onDays(t, "A0", "A1"), prison(d, 3)))
	p := state.Progress(d)
	require.Equal(t, "På pause fra 08-01-2026 · derefter: 1 fremmøde mere til 1 USD", p.Text.DA)
	require.Equal(t, "On pause from 2026-01-08 · then: 1 more session to 1 USD", p.Text.EN)
	require.Equal(t, start.AddDays(3), p.Pause.From)
	require.Zero(t, p.LastDay, "nobody knows when it ends")
	require.Equal(t, p, p.On(start.AddDays(400)))
	require.Zero(t, state.Ahead(d, copenhagen(start.AddDays(20), 10, 0)))

	state, _ = evaluate(d, append(onDays(t, "A0", "A1"), prison(d, 3, 9)))
	p = state.Progress(d)
	require.Equal(t, start.AddDays(8*7+7-1), p.LastDay)
	require.Equal(t, "1 more session to 1 USD", p.Text.EN)
	require.Equal(t, "On pause from 2026-01-08 to 2026-01-14 · then: 1 more session to 1 USD", p.On(start.AddDays(9)).Text.EN)
	require.Equal(t, "1 more session to 1 USD", p.On(start.AddDays(10)).Text.EN)
	require.Nil(t, p.On(start.AddDays(10)).Pause)
	require.Zero(t, state.Ahead(d, copenhagen(start.AddDays(9), 10, 0)))
	require.Equal(t, int64(100), state.Ahead(d, copenhagen(start.AddDays(14), 10, 0)).IfMet)

	state, _ = rules.Evaluate(d, reread(t, state), onDays(t, "N14"))
	require.Nil(t, state.Progress(d).Pause)
}

// A pause begins with its first day at the site, also in a zone that skips the
// midnight before it.
func TestPause_nightWithoutMidnight(t *testing.T) {
	d := parse(t, climbing+"pauses: [{reason: closure, clock: stops, level: keep, streak: keep}]\n")
	other := d.JSON()
	b := []byte(change(t, string(other), "Europe/Copenhagen", "Asia/Beirut"))
	beirut, err := rules.Parse(b)
	require.NoError(t, err)
	night := date(t, "2026-03-29")
	closed := beirut.Paused("closed", rules.Closure, night, night)
	require.Equal(t, night, domain.DateOf(closed.At, beirut.Location()))
	state, _ := rules.Evaluate(beirut, rules.Start(beirut, night.AddDays(-1)), []rules.Opportunity{closed})
	require.Equal(t, 1, state.Place.Stopped)
}

// A state of before there were pauses is read as it was written.
func TestState_storedByAnOlderProgram(t *testing.T) {
	d := parse(t, climbing)
	state, awards := rules.Evaluate(d, restored(t, `{"start":"2026-01-05","milestones":1,"vouchers":1,"earned":100,"last_at":1767603600000000,"last_id":"A0","place":{"level":1,"streak":1,"rewards":1,"met_count":1,"paid":1,"day":1,"week_used":1,"week_met":1}}`), onDays(t, "A1"))
	require.Equal(t, []int64{200}, amounts(awards))
	whole, _ := evaluate(d, onDays(t, "A0", "A1"))
	require.Equal(t, whole, state)
}
