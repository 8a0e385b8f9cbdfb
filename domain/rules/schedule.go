package rules

import "slices"

// opportunity reports whether a visit on that day is an opportunity of the
// phase, and counts it as one. Days and weeks are reckoned from the phase's
// first day.
func (f *fold) opportunity(day int) bool {
	sc, since := f.phase.Opportunities, day-f.first
	if sc == nil && !f.weekly {
		return true
	}
	at := &f.state.Place
	if sc != nil && !sc.takes(at, day, since) {
		return false
	}
	if f.weekly {
		f.toWeek(since)
		at.WeekUsed++
	}
	at.Day = since + at.Stopped + 1
	return true
}

// toWeek goes on to the week of a day, so many days after the phase's first.
func (f *fold) toWeek(since int) {
	at, week := &f.state.Place, since/7
	if week <= at.Week {
		return
	}
	if e := f.phase.Escalation; e != nil && e.Every.WeekNumber {
		at.Level = min(at.Level+week-at.Week, f.top)
	}
	at.Week, at.WeekUsed, at.WeekMet, at.WeekHeld = week, 0, 0, 0
}

// takes reports whether the schedule has a place on that day, so many days after
// the phase's first without those on which its clock was stopped.
func (sc *Schedule) takes(at *Place, day, since int) bool {
	this := since + at.Stopped + 1
	switch {
	case at.Day > 0 && this-at.Day < sc.MinGap:
		return false
	case len(sc.Days) > 0:
		return at.Day != this && slices.Contains(sc.Days, weekday(day))
	case len(sc.OnDays) > 0:
		return at.Day != this && slices.Contains(sc.OnDays, since)
	case sc.PerWeek > 0:
		return at.Day == 0 || at.Week != since/7 || at.WeekUsed < sc.PerWeek
	default:
		return true
	}
}
