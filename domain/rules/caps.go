package rules

import (
	"slices"

	"github.com/fasthold/fasthold/domain"
)

// verdict is what the caps make of one reward.
type verdict struct {
	full, pays int64  // before and after caps, minor units
	cap        int    // index of the cap that cut it; -1: none did
	stop       string // the cap's reason to end the enrolment; "": it goes on
}

// lasting reports whether what the cap has once used up never comes back.
func (c *Cap) lasting() bool { return c.Period == Episode || c.Period == Lifetime }

// tallied reports whether the state has a tally for the cap.
func (c *Cap) tallied() bool { return c.Period == Month || c.Period == CalendarYear }

// judge says what the caps make of a reward on that date; of draws, draw by draw.
func (d *Document) judge(s *State, date domain.Date, full int64, drawn *Drawn) verdict {
	v := verdict{full: full, pays: full, cap: -1}
	tally := 0
	for i := range d.Caps {
		c := &d.Caps[i]
		u := d.used(s, c, tally, date)
		if c.tallied() {
			tally++
		}
		pays := c.leaves(u, full, drawn)
		if pays < full && c.AtLimit == Stop && c.lasting() {
			return verdict{full: full, cap: i, stop: c.reached()}
		}
		if pays < v.pays {
			v.pays, v.cap = pays, i
		}
	}
	return v
}

// used is what counts towards a cap so far, on that date.
func (d *Document) used(s *State, c *Cap, tally int, date domain.Date) (u Tally) {
	switch c.Period {
	case Episode:
		u.Count, u.Amount = s.Vouchers, s.Earned
	case Lifetime:
		u.Count, u.Amount = s.Vouchers, s.Earned
		if s.Before != nil {
			u.Count, u.Amount = u.Count+s.Before.Count, u.Amount+s.Before.Amount
		}
	case Month, CalendarYear:
		if tally < len(s.Periods) && s.Periods[tally].Key == c.key(date) {
			u = s.Periods[tally]
		}
	case RollingYear:
		since := date.AddMonths(-12) // that date itself is a year ago and counts no more
		for _, r := range s.Rolling {
			if since.Before(r.Date) {
				u.Count, u.Amount = u.Count+r.Count, u.Amount+r.Amount
			}
		}
	}
	return u
}

// key names the period of a date.
func (c *Cap) key(date domain.Date) int {
	if c.Period == Month {
		return date.Year*100 + int(date.Month)
	}
	return date.Year
}

// leaves is how much of a reward this cap alone lets through.
func (c *Cap) leaves(u Tally, full int64, drawn *Drawn) int64 {
	if c.Count > 0 {
		if u.Count < c.Count && !u.Stopped {
			return full
		}
		return 0
	}
	left := max(0, c.Amount-u.Amount)
	switch {
	case u.Stopped:
		return 0
	case full <= left:
		return full
	case c.AtLimit == PayRest:
		return left
	case c.AtLimit == Truncate && drawn != nil:
		return drawn.within(left)
	default:
		return 0
	}
}

// within is the value of the draws, in order, before the first that passes a
// limit.
func (d *Drawn) within(limit int64) (total int64) {
	for _, value := range d.Values {
		if total+value > limit {
			break
		}
		total += value
	}
	return total
}

// count adds a paid reward to all that caps look at.
func (d *Document) count(s *State, date domain.Date, v verdict) {
	one := 0
	if v.pays > 0 {
		one = 1
	}
	s.Earned += v.pays
	s.Vouchers += one
	tally := 0
	for i := range d.Caps {
		c := &d.Caps[i]
		if !c.tallied() {
			continue
		}
		if tally == len(s.Periods) {
			s.Periods = append(s.Periods, Tally{})
		}
		t := &s.Periods[tally]
		tally++
		if key := c.key(date); t.Key != key {
			*t = Tally{Key: key}
		}
		t.Stopped = t.Stopped || c.AtLimit == Stop && c.leaves(*t, v.full, nil) < v.full
		t.Count, t.Amount = t.Count+one, t.Amount+v.pays
	}
	if one > 0 && slices.ContainsFunc(d.Caps, func(c Cap) bool { return c.Period == RollingYear }) {
		s.roll(date, v.pays)
	}
}

// roll adds a day's reward to those of the last year, and drops older ones.
func (s *State) roll(date domain.Date, amount int64) {
	since := date.AddMonths(-12)
	s.Rolling = slices.DeleteFunc(s.Rolling, func(r Day) bool { return !since.Before(r.Date) })
	if n := len(s.Rolling); n > 0 && s.Rolling[n-1].Date == date {
		s.Rolling[n-1].Count++
		s.Rolling[n-1].Amount += amount
		return
	}
	s.Rolling = append(s.Rolling, Day{Date: date, Count: 1, Amount: amount})
}

// reached is the reason for which the cap ends an enrolment.
func (c *Cap) reached() string {
	if c.Count > 0 {
		return CountCap
	}
	return AmountCap
}

// tightest gives the lowest count and the lowest amount that caps of the episode
// allow; 0 where none does.
func (d *Document) tightest() (count int, amount int64) {
	for i := range d.Caps {
		c := &d.Caps[i]
		if c.Period != Episode {
			continue
		}
		if c.Count > 0 && (count == 0 || c.Count < count) {
			count = c.Count
		}
		if c.Amount > 0 && (amount == 0 || c.Amount < amount) {
			amount = c.Amount
		}
	}
	return count, amount
}
