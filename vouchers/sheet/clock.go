package sheet

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// The years in which a date is taken to be no slip of the finger.
const (
	firstYear = 1900
	lastYear  = 2199
)

// moment is a date, with or without a time of day, as written.
type moment struct {
	date  time.Time // midnight in UTC
	clock time.Time // on no date; midnight when none was written
	exact time.Time // set when an offset was written, and then the whole truth
}

// parseMoment reads a Danish or an ISO date and the time of day that may
// follow. The reason is "" when it could.
func parseMoment(s string) (m moment, reason string) {
	day, clock, _ := strings.Cut(s, " ")
	if i := strings.IndexByte(s, 'T'); i >= 0 {
		day, clock = s[:i], s[i+1:]
	}
	var err error
	if m.date, err = parseAny(day, "2-1-2006", time.DateOnly); err != nil {
		return m, explain(err, "no such date: ", day)
	}
	if y := m.date.Year(); y < firstYear || y > lastYear {
		return m, fmt.Sprintf("no such date: the year of %s is not between %d and %d", this(day), firstYear, lastYear)
	}
	clock = strings.TrimSpace(clock)
	switch {
	case clock == "":
		return m, ""
	case strings.ContainsAny(clock, "Zz+-"):
		iso := m.date.Format(time.DateOnly) + "T" + strings.ToUpper(clock)
		m.exact, err = parseAny(iso, "2006-01-02T15:04Z07:00", time.RFC3339)
	case strings.Contains(clock, ":"):
		m.clock, err = parseAny(clock, "15:04", time.TimeOnly)
	default:
		m.clock, err = time.Parse("15.04", clock) // the other Danish way
	}
	if err != nil {
		return m, explain(err, "no such time of day: ", clock)
	}
	return m, ""
}

// parseAny reads s by the first layout that fits. When none does, it gives the
// error of a value out of range rather than that of a form that is not ours.
func parseAny(s string, layouts ...string) (time.Time, error) {
	var worst error
	for _, layout := range layouts {
		t, err := time.Parse(layout, s)
		if err == nil {
			return t, nil
		}
		if worst == nil || outOfRange(err) {
			worst = err
		}
	}
	return time.Time{}, worst
}

// outOfRange tells 31-02-2026, which is well written, from "in March".
func outOfRange(err error) bool {
	var parse *time.ParseError
	return errors.As(err, &parse) && strings.Contains(parse.Message, "out of range")
}

func explain(err error, impossible, s string) string {
	if outOfRange(err) {
		return impossible + this(s)
	}
	return this(s) + " cannot be read: want dd-mm-yyyy hh:mm or yyyy-mm-dd hh:mm"
}

// civil gives the date; ok is false when the time of day is not midnight.
// Only what was written with an offset needs loc: a date has no zone.
func (m moment) civil(loc *time.Location) (d domain.Date, ok bool) {
	t := m.date.Add(sinceMidnight(m.clock))
	if !m.exact.IsZero() {
		t = m.exact.In(loc)
	}
	return domain.DateOf(t, t.Location()), sinceMidnight(t) == 0
}

func sinceMidnight(t time.Time) time.Duration {
	h, m, s := t.Clock()
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second
}

// in gives the instant at which clocks in loc showed this: the first one when
// they showed it twice. The reason is "" unless they never did.
func (m moment) in(loc *time.Location) (at time.Time, reason string) {
	if !m.exact.IsZero() {
		return m.exact, ""
	}
	wall := m.date.Add(sinceMidnight(m.clock)).Format(time.DateTime)
	at, err := time.ParseInLocation(time.DateTime, wall, loc)
	if err != nil || at.Format(time.DateTime) != wall {
		return at, "no such local time: clocks go forward"
	}
	change, _ := at.ZoneBounds() // when the clocks last changed before
	if change.IsZero() {
		return at, ""
	}
	_, after := at.Zone()
	_, before := change.Add(-1).Zone()
	first := at.Add(time.Duration(after-before) * time.Second)
	if first.Before(change) && first.Format(time.DateTime) == wall {
		return first, ""
	}
	return at, ""
}
