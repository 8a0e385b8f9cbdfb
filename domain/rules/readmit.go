package rules

import (
	"slices"

	"github.com/fasthold/fasthold/domain"
)

// Readmission says how a citizen goes on who comes back to the programme.
type Readmission struct {
	WithinDays int    `json:"within_days"` // from the end of the enrolment to the new start, at most
	Clock      string `json:"clock"`       // Stops, Runs or Restarts
	Level      string `json:"level"`       // Keep, ToStart or ToPrevious
	Streak     string `json:"streak"`      // Keep or Restart
	Later      string `json:"later"`       // who comes later: NewEpisode or Refuse
}

// What becomes of someone who comes back too late to go on.
const (
	NewEpisode = "new_episode" // begins like anyone else
	Refuse     = "refuse"      // cannot be enrolled again
)

// Readmits reports whether an enrolment that starts on a date goes on with the
// episode of one that ended on another.
func (d Document) Readmits(endedOn, on domain.Date) bool {
	if d.Readmission == nil {
		return false
	}
	gap := endedOn.Days(on)
	return gap >= 0 && gap <= d.Readmission.WithinDays
}

// Readmit is the state of an enrolment that starts on a date and goes on with
// the episode of an earlier one, which stood at old when it ended: what was
// earned, milestones and tallies go on, and the days between are a pause. Where
// d does not readmit then (Readmits), it is that of a new episode. Who comes back
// into another version is moved first, on the day after the end, so that no
// phase goes on meanwhile but by the readmission's clock.
func Readmit(d Document, old State, endedOn, on domain.Date) State {
	if !d.Readmits(endedOn, on) {
		return Start(d, on)
	}
	r := d.Readmission
	f := fold{doc: &d, state: old, site: calendar{zone: d.Location()}}
	s := &f.state
	s.Met, s.Periods, s.Rolling, s.Issues = slices.Clip(old.Met), slices.Clone(old.Periods), slices.Clone(old.Rolling), slices.Clone(old.Issues)
	s.LastAt, s.LastID = 0, ""
	f.open()
	from, until := dayOf(endedOn)+1, dayOf(on)-1
	switch p := s.Pause; {
	case p == nil:
	case p.Until.IsZero(): // the enrolment ended in it: it goes on to the return
		from = dayOf(p.From)
	default:
		from = max(from, p.last()+1)
	}
	first := max(min(from, until+1), f.first)
	if !f.enter(first) && r.Clock != Restarts {
		return f.state
	}
	f.rest(Pausing{From: dateOf(from), Until: dateOf(until), Clock: r.Clock, Level: r.Level, Streak: r.Streak, Readmitted: true}, first, until)
	return f.state
}

// restart begins the phase again on a day, at its first opportunity. What was
// reached in it stays reached.
func (f *fold) restart(day int) {
	s := &f.state
	at := &s.Place
	s.From = dateOf(day)
	at.Count, at.Day, at.Week, at.WeekUsed, at.WeekMet, at.WeekHeld, at.Stopped = 0, 0, 0, 0, 0, 0, 0
	if s.Finished == PhasesOver {
		s.Finished = ""
	}
	f.open()
}
