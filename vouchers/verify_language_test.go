package vouchers

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// travelled is a municipality in which one has moved and come back, two programmes
// of one person share a cap, and a hat is drawn and another is not.
type travelled struct {
	story
	raw                 *sql.DB
	move                domain.EnrolmentMove
	left, back, sharing domain.Enrolment
	goal                domain.Goal
	detailed            map[string]domain.Attendance // visits, by the detail that they have
	drawn, undrawn      Hat
	award               domain.Award // of the goal
}

func newTravelled(t testing.TB, s *store.Store, raw *sql.DB) travelled {
	t.Helper()
	w := travelled{story: story{desk: newDesk(t, s)}, raw: raw, detailed: map[string]domain.Attendance{}}
	worker := w.as(domain.Caseworker)
	one := []string{everySecond, "requirement: {met: 1}", sixAtMost, "{count: 30, period: episode, at_limit: stop}"}
	programme, versions := w.editions(t, "prog", append(one, comeback("new_episode")...), append([]string{sixAtMost, "{count: 3, period: episode, at_limit: stop}", "name: treatment", "name: harvest", constant, "{table: [1000, 2000, 3000]}"}, append(one, comeback("new_episode")...)...))
	plan, e := w.join(t, "P-moved", programme)
	w.attended(t, plan, "2026-02-03T09:00:00Z")
	moved, err := w.Move(t.Context(), worker, Key{}, e.ID, Move{VersionID: versions[1].ID, On: date("2026-02-16"), Phase: "harvest", Level: 2, Reason: "ny aftale"})
	require.NoError(t, err)
	w.move = moved.Value.Move
	w.attended(t, plan, "2026-02-17T09:00:00Z")
	w.ended(t, e, "2026-02-18")
	back, err := w.Enrol(t.Context(), worker, Key{}, Enrol{PlanID: plan.ID, ProgrammeID: programme.ID, StartDate: date("2026-02-20")})
	require.NoError(t, err)
	w.left, w.back = e, back.Value.Enrolment
	w.attended(t, plan, "2026-02-21T09:00:00Z")

	first, _ := w.join(t, "P-calls", w.funded(t, "calls", "phone", fiveHundred))
	second := w.beside(t, first, "P-groups", w.funded(t, "groups", "group", fiveHundred))
	w.attends(t, first, "2026-02-03T09:00:00Z", "phone")
	w.time.add(time.Minute)
	w.attends(t, second, "2026-02-04T09:00:00Z", "group")
	w.attends(t, second, "2026-02-05T09:00:00Z", "group")
	list, err := w.Enrolments(t.Context(), worker, ten, EnrolmentFilter{PlanID: second.ID})
	require.NoError(t, err)
	w.sharing = list.Rows[0]

	goals, _ := w.join(t, "P-goals", w.variant(t, "goals", append(one, targetSessions, "{goal: any}")...))
	reached := w.reached(t, worker, w.desk.goal(t, goals, GoalInput{}), "2026-02-10")
	w.goal, w.award = reached.Goal, reached.Awards[0]
	w.details(t)

	hat, _ := w.group(t, 3)
	open, err := w.CreateHat(t.Context(), worker, Key{}, HatInput{ProgrammeID: hat.ProgrammeID, UnitID: w.unit.ID, HeldAt: instant("2026-02-10T09:00:00Z"), Title: "Tirsdagsgruppen"})
	require.NoError(t, err)
	w.undrawn = open.Value
	w.time.add(time.Minute)
	w.drawn = w.drawHat(t, hat)
	return w
}

// details records visits of which each detail decides what they earn.
func (w travelled) details(t testing.TB) {
	t.Helper()
	strict := "{all_of: [{attend: [individual, group]}, {on_time_within: 15m}, {stay_at_least: 1h}, {test: negative}, {task: [homework]}]}"
	excused := "excused: {reasons: [illness], notice_hours: 24}\n" + beforeVoucher
	plan, _ := w.join(t, "P-details", w.variant(t, "details", everySecond, "requirement: {met: 1}", targetSessions, strict,
		"no_show: hold", "no_show: not_met, late: not_met, left_early: not_met, no_valid_sample: not_met, pending: hold", constant, "{linear: {start: 1000, step: 500, ceiling: 9000}}\n    escalation: {every: visit}\n    reset: {on: [not_met], to: start}\n    make_up: {of: [no_show, excused], within_days: 7}",
		sixAtMost, "{count: 30, period: episode, at_limit: stop}", beforeVoucher, excused))
	record := func(v Visit) domain.Attendance {
		a, err := w.Attend(t.Context(), w.as(domain.Caseworker), Key{}, v)
		require.NoError(t, err)
		return a.Value.Attendance
	}
	met := func(day string) Visit {
		v := visitAt(plan, "2026-02-"+day+"T09:00:00Z", domain.Attended)
		v.Details = domain.Details{ArrivedAt: moment("2026-02-" + day + "T09:00:00Z"), LeftAt: moment("2026-02-" + day + "T10:30:00Z"), Test: domain.Negative, Task: "homework"}
		return v
	}
	w.detailed["met"] = record(met("03"))
	missed := record(visitAt(plan, "2026-02-04T09:00:00Z", domain.NoShow)).AttendanceID
	madeUp := met("05")
	madeUp.MakesUp = &missed
	w.detailed["makes_up"] = record(madeUp)
	away := visitAt(plan, "2026-02-06T09:00:00Z", domain.Excused)
	away.Details = domain.Details{AbsenceReason: "illness", NoticeAt: moment("2026-02-04T09:00:00Z")}
	w.detailed["absence"] = record(away)
	record(met("09"))
}

// alterations are statements that each change one row, and what Verify's
// difference must name.
func (w travelled) alterations() map[string]struct{ statement, names string } {
	one := func(table, set string, id domain.ID) string {
		return fmt.Sprintf("UPDATE %s SET %s WHERE id = '%s'", table, set, id)
	}
	entry := func(set string) string {
		return fmt.Sprintf("UPDATE hat_entries SET %s WHERE attendance_id = '%s'", set, w.drawn.Entries[0].AttendanceID)
	}
	audit := func(action domain.Action, id domain.ID) string {
		return fmt.Sprintf("DELETE FROM audit_entries WHERE action = '%s' AND object_id = '%s'", action, id)
	}
	another, seed := store.NewID().String(), rules.NewSeed([32]byte{7})
	swapped := "seed = '" + seed + "', commitment = '" + must(rules.Commit(seed)) + "'"
	move, left, back, sharing := w.move.ID, w.left.ID, w.back.ID, w.sharing.ID
	return map[string]struct{ statement, names string }{
		"move: another day":      {one("enrolment_moves", "moved_on = '2026-02-15'", move), move.String()},
		"move: before the start": {one("enrolment_moves", "moved_on = '2026-01-01'", move), move.String()},
		"move: number":           {one("enrolment_moves", "number = 2", move), move.String()},
		"move: from":             {one("enrolment_moves", "from_version_id = '"+w.sharing.VersionID.String()+"'", move), move.String()},
		"move: level":            {one("enrolment_moves", "level = 1", move), back.String()},
		"move: phase":            {one("enrolment_moves", "phase = 'treatment'", move), move.String()},
		"move: nobody's":         {one("enrolment_moves", "moved_by = 'someone@varde.dk'", move), move.String()},
		"move: another's":        {one("enrolment_moves", "enrolment_id = '"+sharing.String()+"'", move), left.String()},
		"move: deleted":          {"DELETE FROM enrolment_moves WHERE id = '" + move.String() + "'", left.String()},
		"audit: move":            {audit("moveEnrolment", move), move.String()},

		"enrolment: continues none":         {one("enrolments", "continues_id = NULL", back), back.String()},
		"enrolment: continues itself":       {one("enrolments", "continues_id = id", back), back.String()},
		"enrolment: continues what follows": {one("enrolments", "continues_id = '"+back.String()+"'", left), left.String()},
		"enrolment: continues another":      {one("enrolments", "continues_id = '"+sharing.String()+"'", back), back.String()},
		"enrolment: continues nothing":      {one("enrolments", "continues_id = '"+another+"'", back), back.String()},
		"enrolment: not moved":              {one("enrolments", "moved_on = NULL", left), left.String()},
		"enrolment: ended later":            {one("enrolments", "ended_on = '2026-02-19'", left), back.String()},
		"enrolment: not counted":            {one("enrolments", "counted_to = NULL, counted_on = NULL", sharing), sharing.String()},
		"enrolment: counted before":         {one("enrolments", "counted_to = '"+domain.ID{}.String()+"'", sharing), sharing.String()},
		"enrolment: counted, shares none":   {one("enrolments", "counted_to = '"+another+"', counted_on = '2026-03-02'", back), back.String()},

		"hat: names":               {one("hats", "names = 1", w.drawn.ID), w.drawn.ID.String()},
		"hat: seed":                {one("hats", "seed = '"+seed+"'", w.drawn.ID), w.drawn.ID.String()},
		"hat: seed of an open one": {one("hats", swapped, w.undrawn.ID), w.undrawn.ID.String()},
		"hat: drawn by another":    {one("hats", "drawn_by = 'someone@varde.dk'", w.drawn.ID), w.drawn.ID.String()},
		"hat: not drawn":           {one("hats", "drawn_by = '', drawn_at = NULL", w.drawn.ID), w.drawn.ID.String()},
		"hat: slips":               {entry("tickets = tickets + 1"), w.drawn.ID.String()},
		"hat: place":               {entry("place = place + 1"), w.drawn.ID.String()},
		"hat: another enrolment":   {entry("enrolment_id = '" + back.String() + "'"), "the stored explanation is not what its visits give"},
		"hat: a name taken out":    {fmt.Sprintf("DELETE FROM hat_entries WHERE attendance_id = '%s'", w.drawn.Entries[0].AttendanceID), w.drawn.ID.String()},
		"audit: hat":               {audit("createHat", w.undrawn.ID), w.undrawn.ID.String()},
		"audit: hat drawn":         {audit("drawHat", w.drawn.ID), w.drawn.ID.String()},

		"goal: reached by another": {one("goals", "reached_by = '[\"someone@varde.dk\"]'", w.goal.ID), w.award.ID.String()},
		"goal: reached later":      {one("goals", "reached_on = '2026-02-11'", w.goal.ID), w.award.ID.String()},
		"goal: kind":               {one("goals", "kind = 'phase'", w.goal.ID), w.award.ID.String()},

		"attendance: arrived":    {one("attendance_events", "arrived_at = '2026-02-03 09:16:00+00:00'", w.detailed["met"].ID), "enrolment"},
		"attendance: left":       {one("attendance_events", "left_at = '2026-02-03 09:30:00+00:00'", w.detailed["met"].ID), "enrolment"},
		"attendance: test":       {one("attendance_events", "test = 'positive'", w.detailed["met"].ID), "enrolment"},
		"attendance: task":       {one("attendance_events", "task = 'diary'", w.detailed["met"].ID), "enrolment"},
		"attendance: makes up":   {one("attendance_events", "makes_up = NULL", w.detailed["makes_up"].ID), "enrolment"},
		"attendance: reason":     {one("attendance_events", "absence_reason = 'work'", w.detailed["absence"].ID), "enrolment"},
		"attendance: notice":     {one("attendance_events", "notice_at = '2026-02-05 12:00:00+00:00'", w.detailed["absence"].ID), "enrolment"},
		"attendance: other plan": {one("attendance_events", "plan_id = '"+another+"'", w.detailed["met"].ID), "enrolment"},
	}
}

// What is done behind the program's back to moves, returns, shared caps, hats,
// goals and details of visits is noticed and named.
func TestVerifyNoticesTheLanguage(t *testing.T) {
	eachBehind(t, func(t *testing.T, s *store.Store, raw *sql.DB) {
		w := newTravelled(t, s, raw)
		w.verified(t)
		for name, c := range w.alterations() {
			busy{raw: w.raw}.alter(t, c.statement, func() {
				v, err := w.Verify(t.Context(), w.home.MunicipalityID)
				require.NoError(t, err, name)
				require.Contains(t, strings.Join(v.Differences, "\n"), c.names, name)
			})
		}
	})
}
