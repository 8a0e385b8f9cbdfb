package domain

import (
	"math"
	"slices"
)

// Stay is how long one course of treatment was followed.
type Stay struct {
	Days int  // from its first day on, ≥ 0
	Left bool // the person left then; false: they were still there, or had come through
}

// Remaining is the share of those who began who are still there after a week, with
// what it may be by chance.
type Remaining struct {
	Week      int
	Share     float64 // 0 to 1
	Low, High float64 // its 95 % confidence interval
	AtRisk    int     // how many were followed for so long: the share rests on them
}

// twoSided is the normal deviate of a 95 % confidence interval.
const twoSided = 1.959963984540054

// RemainingByWeek estimates the share still there after each week from 0 on, as Kaplan
// and Meier do: who is no longer followed counts for as long as they were. The interval
// is Greenwood's on the log-log scale, so that it stays between 0 and 1. It ends with
// the last week, or before fewer than so many are followed.
func RemainingByWeek(stays []Stay, weeks, fewest int) (list []Remaining) {
	stays = slices.Clone(stays)
	slices.SortFunc(stays, func(a, b Stay) int { return a.Days - b.Days })
	now := Remaining{Share: 1, Low: 1, High: 1, AtRisk: len(stays)}
	greenwood, next := 0.0, 0
	for now.Week = 0; now.Week <= weeks; now.Week++ {
		for next < len(stays) && stays[next].Days <= 7*now.Week {
			here, day := len(stays)-next, stays[next].Days
			left := 0
			for ; next < len(stays) && stays[next].Days == day; next++ {
				if stays[next].Left {
					left++
				}
			}
			if left > 0 {
				now.Share *= 1 - float64(left)/float64(here)
				greenwood += float64(left) / (float64(here) * float64(here-left))
			}
		}
		now.AtRisk = len(stays) - next
		for i := next - 1; i >= 0 && stays[i].Days == 7*now.Week; i-- {
			now.AtRisk++ // followed to this very day
		}
		if now.AtRisk < fewest {
			return list
		}
		now.Low, now.High = interval(now.Share, greenwood, now.AtRisk)
		list = append(list, now)
	}
	return list
}

// interval is the 95 % confidence interval of a share. Where nobody has left, or
// nobody is left, it is the exact one of as many tries as are followed.
func interval(share, greenwood float64, atRisk int) (low, high float64) {
	const tail = 0.025
	exact := math.Pow(tail, 1/float64(max(atRisk, 1)))
	switch share {
	case 1:
		return exact, 1
	case 0:
		return 0, 1 - exact
	}
	spread := math.Exp(twoSided * math.Sqrt(greenwood) / math.Abs(math.Log(share)))
	return math.Pow(share, spread), math.Pow(share, 1/spread)
}
