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
		if week := since / 7; week != at.Week {
			if e := f.phase.Escalation; e != nil && e.Every.WeekNumber {
				at.Level = min(at.Level+week-at.Week, f.top)
			}
			at.Week, at.WeekUsed, at.WeekMet, at.WeekHeld = week, 0, 0, 0
		}
		at.WeekUsed++
	}
	at.Day = since + 1
	return true
}

// takes reports whether the schedule has a place on that day.
func (sc *Schedule) takes(at *Place, day, since int) bool {
	switch {
	case at.Day > 0 && since+1-at.Day < sc.MinGap:
		return false
	case len(sc.Days) > 0:
		return at.Day != since+1 && slices.Contains(sc.Days, weekday(day))
	case len(sc.OnDays) > 0:
		return at.Day != since+1 && slices.Contains(sc.OnDays, since)
	case sc.PerWeek > 0:
		return at.Day == 0 || at.Week != since/7 || at.WeekUsed < sc.PerWeek
	default:
		return true
	}
}
