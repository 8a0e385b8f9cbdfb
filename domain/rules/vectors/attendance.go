package vectors

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"
)

const (
	constant = "{constant: 20000}"
	untilNow = "days: 140"
	second   = "    requirement: {met: 2}\n"
	sixCards = "caps:\n  - {count: 6, period: episode, at_limit: stop}\n"
	attend   = "{attend: [individual, group]}"
)

// rule is how a schedule of attendance_schedules.csv is written in the language,
// and who comes when.
type rule struct {
	schedule string
	preset   string
	changes  []string
	history  string // a letter a visit; left out: one met visit a reward
	met      int    // met visits a reward takes; 0: one
}

// stay is a daily reward for four hours of the programme, as move-2026 says it.
func stay(schedule, amount string) rule {
	return rule{schedule: schedule, preset: "move-2026", changes: []string{"DKK", "USD", untilNow, "days: 7", attend, "{stay_at_least: 4h}", second, "", constant, amount, sixCards, ""}}
}

func rulesOfAttendance() []rule {
	dated := func(schedule, currency, table string) rule {
		return rule{schedule: schedule, preset: "weaver", changes: []string{"GBP", currency, "[appointment]", "[individual]", "[500, 1000, 1500]", table}}
	}
	weekly := func(target string) rule {
		return rule{schedule: "praise_attendance_or_abstinence", preset: "move-2026", changes: []string{"DKK", "GBP", untilNow, "weeks: 12\n    opportunities: {per_week: 1}", attend, target, second, "", constant, "{constant: 1000}", sixCards, ""}}
	}
	daily := func(target string) rule {
		return rule{schedule: "jones2000", preset: "move-2026", changes: []string{"DKK", "USD", untilNow, "days: 7", attend, target, second, "", constant, "{constant: 500}", sixCards, ""}}
	}
	every := func(history string) rule {
		return rule{schedule: "youthdat_move", preset: "move-2026", changes: []string{"DKK", "EUR", constant, "{constant: 2700}"}, history: history, met: 2}
	}
	return []rule{
		dated("weaver2014_fixed", "GBP", "[1000, 1000, 1000]"), dated("weaver2014_escalating", "GBP", "[500, 1000, 1500]"), dated("havit2013", "AUD", "[0, 3000, 3000]"),
		weekly("{all_of: [{attend: [individual]}, {on_time_within: 15m}]}"), weekly("{all_of: [{attend: [individual]}, {on_time_within: 15m}, {test: negative}]}"),
		stay("svikis1997_0", "{table: [0, 0, 0, 0, 0, 0, 0]}"), stay("svikis1997_1", "{constant: 100}"), stay("svikis1997_5", "{constant: 500}"), stay("svikis1997_10", "{constant: 1000}"),
		daily("{attend: [individual]}"), daily("{test: negative}"), // by what is treated
		every("NNNNNNNNNNNN"), every("NUNNENNXNNUNNNNNNN"), // absences keep what was met
	}
}

// attendance gives each schedule under each of its rules. Every visit arrives
// and leaves as late and as early as its target allows.
func attendance(t testing.TB, files fs.FS) (all []Schedule) {
	names, by := Groups(Table(t, files, "attendance_schedules.csv"), "schedule")
	for _, name := range names {
		n := 0
		for _, r := range rulesOfAttendance() {
			if r.schedule != name {
				continue
			}
			n++
			s := Schedule{Name: fmt.Sprintf("attendance_schedules %s %d", name, n), YAML: preset(t, r.preset, r.changes...), Start: start, Visits: r.visits(t, by[name])}
			all = append(all, s)
		}
		if n == 0 {
			t.Errorf("no rule for the schedule %s", name)
		}
	}
	return all
}

// visits makes the history: each reward of the rows is paid by the met visit
// that completes it.
func (r rule) visits(t testing.TB, rows []Row) (visits []Visit) {
	met := 0
	for i, letter := range strings.Split(r.letters(rows), "") {
		day := i
		if r.history == "" {
			day = dayOf(t, rows[i]["when"]) - dayOf(t, rows[0]["when"])
		}
		v := visit(t, letter, i, start.AddDays(day))
		v.Arrived, v.Left = v.At.Add(15*time.Minute), v.At.Add(4*time.Hour+15*time.Minute)
		if letter == "N" {
			met++
		}
		if each := max(1, r.met); letter == "N" && met%each == 0 && met/each <= len(rows) {
			v.Pays = Minor(t, rows[met/each-1]["amount"])
		}
		visits = append(visits, v)
	}
	return visits
}

func (r rule) letters(rows []Row) string {
	if r.history != "" {
		return r.history
	}
	return strings.Repeat("N", len(rows))
}

// dayOf reads "day 7" and "week 3" as a number of days.
func dayOf(t testing.TB, when string) int {
	word, n, _ := strings.Cut(when, " ")
	if word == "week" {
		return 7 * number(t, n)
	}
	return number(t, n)
}
