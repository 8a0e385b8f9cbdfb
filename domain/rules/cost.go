package rules

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// Cost is what one person who meets every opportunity can still earn, in whole
// minor units, under the caps.
//
// Worst is never passed by any luck, and is reached where every amount cap says
// pay_rest or no cap is near; another at_limit can only leave less. Expected is
// the mean: exact without an amount cap, and under one that says pay_rest, by the
// convolution of the draws; several caps are looked at one at a time and the
// least counts, which can only be too much. A cap on their number is taken as if
// each award used one up. Of a hat it takes every name as won.
type Cost struct {
	Certain  int64 // of it, without the draws
	Expected int64
	Worst    int64
}

// payout is one award to come.
type payout struct {
	date    domain.Date
	certain int64 // what is not drawn
	draws   int
	bowl    Bowl
}

// Cost is what can be earned from a state on, by visits from a date on.
func (d Document) Cost(s State, from domain.Date) (c Cost) {
	if from.Before(s.Start) {
		from = s.Start
	}
	c.Worst, _ = d.ahead(s, from, true)
	var list []payout
	c.Certain, list = d.ahead(s, from, false)
	if most, _ := d.tightest(); most > 0 {
		list = list[:min(len(list), max(0, most-s.Vouchers))]
	}
	mean := 0.0
	for _, p := range list {
		mean += float64(p.certain) + p.bowl.mean(p.draws)
	}
	for i := range d.Caps {
		if d.Caps[i].Amount > 0 {
			mean = min(mean, d.meanUnder(i, s, list))
		}
	}
	c.Expected = min(int64(math.Round(mean)), c.Worst)
	return c
}

// mean is what so many draws pay on average; nothing without a bowl.
func (b Bowl) mean(draws int) float64 {
	if draws == 0 {
		return 0
	}
	return b.Expected(draws)
}

// ahead walks through the days from a date on, each with a visit that is met, and
// gives what it earns and in which awards. The draws bring nothing, or lucky the
// most that they can.
func (d Document) ahead(s State, from domain.Date, lucky bool) (total int64, list []payout) {
	d.Phases, d.Caps = slices.Clone(d.Phases), slices.Clone(d.Caps)
	bowls := map[string]Bowl{}
	for i := range d.Phases {
		bowls[d.Phases[i].Name] = d.Phases[i].Bowl
	}
	if lucky && len(bowls) > 0 && slices.ContainsFunc(d.Phases, func(p Phase) bool { return p.Draws != nil }) {
		for i := range d.Caps {
			d.Caps[i].AtLimit = PayRest
		}
	}
	for day := 0; day < maxPhases*maxDays && len(list) < MaxAmounts && s.Finished == ""; day++ {
		date := from.AddDays(day)
		if last := s.lastDay(&d); !last.IsZero() && last.Before(date) {
			break
		}
		o := Opportunity{ID: "cost" + strconv.Itoa(day), At: date.In(d.Location()).Add(12 * time.Hour), Outcome: domain.Attended, Won: 1}
		d.Phases[d.phaseOn(&s, date)].Target.meet(&o)
		if s.LastID != "" && !s.Follows(o) {
			continue
		}
		if lucky {
			d.prepare(&o, s, bowls)
		}
		var awards []Award
		s, awards = Evaluate(d, s, []Opportunity{o})
		for _, a := range awards {
			p := payout{date: a.Date, certain: a.Explanation.Full}
			if drawn := a.Explanation.Draws; drawn != nil {
				p.certain, p.draws, p.bowl = p.certain-drawn.total(), drawn.Number, bowls[a.Explanation.Phase]
			}
			if total += a.Amount; a.Amount > 0 || p.draws > 0 {
				list = append(list, p)
			}
		}
	}
	return total, list
}

// prepare lets a visit draw the best slips there are: it leaves in its phase's
// bowl only those, as many as it draws.
func (d *Document) prepare(o *Opportunity, s State, bowls map[string]Bowl) {
	_, awards := Evaluate(*d, s, []Opportunity{*o})
	for _, a := range awards {
		drawn := a.Explanation.Draws
		if drawn == nil {
			continue
		}
		for i := range d.Phases {
			if p := &d.Phases[i]; p.Name == a.Explanation.Phase {
				p.Bowl = bowls[p.Name].best(drawn.Number, p.Draws.WithReplacement)
				o.Seed = NewSeed([seedBytes]byte{})
			}
		}
	}
}

// best is a bowl of which so many draws can only take the dearest slips.
func (b Bowl) best(draws int, withReplacement bool) Bowl {
	if withReplacement {
		return Bowl{{Slips: 1, Value: b.Worst()}}
	}
	sorted := slices.SortedFunc(slices.Values(b), func(x, y Slip) int { return cmp.Compare(y.Value, x.Value) })
	var best Bowl
	for _, slip := range sorted {
		slip.Slips = min(slip.Slips, draws)
		if draws -= slip.Slips; slip.Slips > 0 {
			best = append(best, slip)
		}
	}
	return best
}
