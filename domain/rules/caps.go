package rules

import (
	"slices"

	"github.com/fasthold/fasthold/domain"
)

// due is a reward that the caps are asked about.
type due struct {
	full  int64       // before caps, minor units
	drawn *Drawn      // nil: not of draws
	date  domain.Date // the site's date of the visit
	visit string      // its ID
}

// verdict is what the caps make of one reward.
type verdict struct {
	full, pays int64   // before and after caps, minor units
	cap        int     // index of the cap that cut it; -1: none did
	used       Tally   // what had counted towards that cap
	kept       claimed // what was issued for the reward before
	stop       string  // the cap's reason to end the enrolment; "": it goes on
}

// lasting reports whether what the cap has once used up never comes back.
func (c *Cap) lasting() bool { return c.Period == Episode || c.Period == Lifetime }

// tallied reports whether the state has a tally for the cap.
func (c *Cap) tallied() bool {
	return c.Period == Month || c.Period == CalendarYear || c.Basis == Issued && c.lasting()
}

// judge says what the caps make of a reward; of draws, draw by draw.
func (d *Document) judge(s *State, out *outside, r due) verdict {
	v := verdict{full: r.full, pays: r.full, cap: -1, kept: out.of(s.Milestones+1, r.visit)}
	tally := 0
	for i := range d.Caps {
		c := &d.Caps[i]
		u := d.used(s, out, i, tally, c.dated(out, r.date))
		pays := c.lets(u, r, v.kept)
		if c.Basis == Issued && !v.kept.judged.IsZero() {
			then := d.used(s, out, i, tally, v.kept.judged)
			if let := c.lets(then, r, v.kept); let < pays {
				pays, u = let, then
			}
		}
		if c.tallied() {
			tally++
		}
		if pays < r.full && c.AtLimit == Stop && c.lasting() {
			return verdict{full: r.full, cap: i, stop: c.reached()}
		}
		if pays < v.pays {
			v.pays, v.cap, v.used = pays, i, u
		}
	}
	return v
}

// used is what counts so far towards cap i, which has that tally if it has one,
// to rewards dated so.
func (d *Document) used(s *State, out *outside, i, tally int, date domain.Date) (u Tally) {
	c := &d.Caps[i]
	switch {
	case c.Period == PerAward:
		return u
	case c.Period == RollingYear:
		return out.yearly(i, s.days(c), date)
	case !c.tallied():
		u.Count, u.Amount = s.Vouchers, s.Earned
	case tally < len(s.Periods) && s.Periods[tally].Key == c.key(date):
		u = s.Periods[tally]
	}
	if out != nil {
		there := out.during(i, c, date)
		u.Count, u.Amount = u.Count+there.Count, u.Amount+there.Amount
	}
	return u
}

// dated is the date by which a reward of a visit on that date counts.
func (c *Cap) dated(out *outside, date domain.Date) domain.Date {
	if c.Basis == Issued && out != nil && !out.issueOn.IsZero() && date.Before(out.issueOn) {
		return out.issueOn
	}
	return date
}

// days are those of the last year that count towards a cap by rolling year.
func (s *State) days(c *Cap) []Day {
	if c.Basis == Issued {
		return s.Issues
	}
	return s.Rolling
}

// key names the period of a date.
func (c *Cap) key(date domain.Date) int {
	switch c.Period {
	case Month:
		return date.Year*100 + int(date.Month)
	case CalendarYear:
		return date.Year
	default:
		return 0
	}
}

// lets is how much of a reward this cap alone lets through. What was issued for
// it before has its place, and only what exceeds that needs room.
func (c *Cap) lets(u Tally, r due, kept claimed) int64 {
	if c.Basis != Issued || c.Period == PerAward || kept.count == 0 && kept.amount == 0 {
		return c.leaves(u, r.full, r.drawn)
	}
	u.Count, u.Amount = min(u.Count, c.Count)-kept.count, min(u.Amount, c.Amount)-kept.amount
	return max(c.leaves(u, r.full, r.drawn), min(r.full, kept.amount))
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
func (d *Document) count(s *State, out *outside, r due, v verdict) {
	earned, issued := v.counts()
	s.Earned += earned.Amount
	s.Vouchers += earned.Count
	tally, rolling, issues := 0, false, false
	for i := range d.Caps {
		c := &d.Caps[i]
		add := earned
		if c.Basis == Issued {
			add = issued
		}
		rolling = rolling || c.Period == RollingYear && c.Basis != Issued
		issues = issues || c.Period == RollingYear && c.Basis == Issued
		if c.tallied() {
			s.tally(tally, c, c.key(c.dated(out, r.date)), add, v.full)
			tally++
		}
	}
	if rolling && earned.Count > 0 {
		s.Rolling = roll(s.Rolling, r.date, earned)
	}
	if issues && issued.Amount > 0 {
		issue := Cap{Basis: Issued}
		s.Issues = roll(s.Issues, issue.dated(out, r.date), issued)
	}
}

// counts is what the reward adds to caps by what is earned, and to those by what
// is issued: there only what was not issued before.
func (v *verdict) counts() (earned, issued Tally) {
	if v.pays == 0 {
		return earned, issued
	}
	earned = Tally{Count: 1, Amount: v.pays}
	if v.kept.withheld || v.pays <= v.kept.amount {
		return earned, issued
	}
	issued.Amount = v.pays - v.kept.amount
	if v.kept.count == 0 {
		issued.Count = 1
	}
	return earned, issued
}

// tally adds to the tally of a cap in a period.
func (s *State) tally(i int, c *Cap, key int, add Tally, full int64) {
	if i == len(s.Periods) {
		s.Periods = append(s.Periods, Tally{})
	}
	t := &s.Periods[i]
	if t.Key != key {
		*t = Tally{Key: key}
	}
	t.Stopped = t.Stopped || c.AtLimit == Stop && c.leaves(*t, full, nil) < full
	t.Count, t.Amount = t.Count+add.Count, t.Amount+add.Amount
}

// roll adds a day's reward to those of the last year, and drops older ones.
func roll(days []Day, date domain.Date, add Tally) []Day {
	since := date.AddMonths(-12)
	days = slices.DeleteFunc(days, func(r Day) bool { return !since.Before(r.Date) })
	if n := len(days); n > 0 && days[n-1].Date == date {
		days[n-1].Count += add.Count
		days[n-1].Amount += add.Amount
		return days
	}
	return append(days, Day{Date: date, Count: add.Count, Amount: add.Amount})
}

// reached is the reason for which the cap ends an enrolment.
func (c *Cap) reached() string {
	if c.Count > 0 {
		return CountCap
	}
	return AmountCap
}

// tightest gives the lowest count and the lowest amount that may be earned in
// the episode; 0 where no cap says.
func (d *Document) tightest() (count int, amount int64) {
	for i := range d.Caps {
		c := &d.Caps[i]
		if c.Period != Episode || c.Basis == Issued {
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

// cut is what the cap that cut the reward had counted, in its own terms.
func (v *verdict) cut(d *Document) int64 {
	if d.Caps[v.cap].Count > 0 {
		return int64(v.used.Count)
	}
	return v.used.Amount
}
