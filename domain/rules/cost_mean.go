package rules

import "github.com/fasthold/fasthold/domain"

// meanUnder is the mean of the awards under one amount cap, as if it said
// pay_rest: in each of its periods, the mean of the smaller of what is earned and
// what the cap leaves.
func (d *Document) meanUnder(index int, s State, list []payout) (mean float64) {
	c := &d.Caps[index]
	for len(list) > 0 {
		n := 1
		for n < len(list) && c.together(list[0].date, list[n].date) {
			n++
		}
		left := c.Amount
		if c.Period != PerAward {
			left -= d.usedOn(&s, index, list[0].date)
		}
		mean += meanOfLeast(list[:n], max(0, left))
		list = list[n:]
	}
	return mean
}

// together reports whether awards of two dates, the first one earlier, count
// towards the cap in the same period. A rolling year begins with the first.
func (c *Cap) together(first, then domain.Date) bool {
	switch c.Period {
	case PerAward:
		return false
	case Month, CalendarYear:
		return c.key(first) == c.key(then)
	case RollingYear:
		return then.Before(first.AddMonths(12))
	default:
		return true
	}
}

// usedOn is what counts towards a cap on a date.
func (d *Document) usedOn(s *State, index int, date domain.Date) int64 {
	tally := 0
	for i := range index {
		if d.Caps[i].tallied() {
			tally++
		}
	}
	return d.used(s, d.outside(Outside{}), index, tally, date).Amount
}

// maxBins bounds the convolution.
const maxBins = 1 << 16

// meanOfLeast is the mean of the smaller of what the awards come to and a limit.
func meanOfLeast(list []payout, limit int64) float64 {
	certain, unit, sum := int64(0), int64(0), 0.0
	for _, p := range list {
		certain += p.certain
		sum += p.bowl.mean(p.draws)
		for _, slip := range p.bowl {
			unit = gcd(unit, slip.Value)
		}
	}
	room := limit - certain
	switch {
	case room <= 0:
		return float64(limit)
	case unit == 0:
		return float64(certain)
	case room/unit >= maxBins:
		return float64(certain) + min(sum, float64(room))
	}
	chances := make([]float64, room/unit+2) // of each sum, in units; the last: of all that reach the limit
	chances[0] = 1
	for _, p := range list {
		for range p.draws {
			chances = p.bowl.oneMore(chances, unit)
		}
	}
	mean := float64(certain)
	for i, chance := range chances {
		mean += chance * float64(min(int64(i)*unit, room))
	}
	return mean
}

// oneMore is the distribution of a sum after one more draw.
func (b Bowl) oneMore(chances []float64, unit int64) []float64 {
	after, slips := make([]float64, len(chances)), float64(b.Slips())
	for _, slip := range b {
		share, step := float64(slip.Slips)/slips, int(slip.Value/unit)
		for i, chance := range chances {
			after[min(i+step, len(after)-1)] += chance * share
		}
	}
	return after
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
