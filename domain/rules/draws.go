package rules

import (
	"fmt"
	"math"
)

// Draws says how many slips a met visit draws from the phase's bowl: Start on
// the first, Step more at each next, until a miss.
type Draws struct {
	Start           int       `json:"start"`
	Step            int       `json:"step"`
	Ceiling         int       `json:"ceiling"`
	Reset           DrawReset `json:"reset"`
	WithReplacement bool      `json:"with_replacement"` // whether a slip goes back before the visit's next draw; before the next visit all do
}

// DrawReset says which misses set the number of draws back, and to how many.
type DrawReset struct {
	On []string `json:"on"`
	To int      `json:"to"`
}

// number is how many draws a level has, by its index, and level the other way.
func (d *Draws) number(level int) int { return min(d.Start+level*d.Step, d.Ceiling) }
func (d *Draws) level(number int) int {
	if d.Step == 0 {
		return 0
	}
	return (number - d.Start) / d.Step
}
func (d *Draws) top() int {
	if d.Step == 0 {
		return 0
	}
	return steps(int64(d.Ceiling-d.Start), int64(d.Step))
}

// Bowl is what slips there are to draw.
type Bowl []Slip

// Slip is a number of equal slips. Either Label or Value is set: a slip with a
// label and no value is a kind word.
type Slip struct {
	Slips int    `json:"slips"` // how many
	Label string `json:"label,omitempty"`
	Value int64  `json:"value,omitempty"` // minor units
}

// Slips is how many slips are in the bowl.
func (b Bowl) Slips() (n int) {
	for _, s := range b {
		n += s.Slips
	}
	return n
}

// Worth is the value of all slips together: one draw is worth Worth/Slips on
// average.
func (b Bowl) Worth() (total int64) {
	for _, s := range b {
		total += int64(s.Slips) * s.Value
	}
	return total
}

// Expected is what so many draws pay on average, in minor units.
func (b Bowl) Expected(draws int) float64 {
	return float64(draws) * float64(b.Worth()) / float64(b.Slips())
}

// Deviation is the standard deviation of one draw, in minor units.
func (b Bowl) Deviation() float64 {
	mean, squares := b.Expected(1), 0.0
	for _, s := range b {
		squares += float64(s.Slips) * (float64(s.Value) - mean) * (float64(s.Value) - mean)
	}
	return math.Sqrt(squares / float64(b.Slips()))
}

// Worst is the most that one draw can pay, in minor units.
func (b Bowl) Worst() (most int64) {
	for _, s := range b {
		most = max(most, s.Value)
	}
	return most
}

// Drawn is the record of a visit's draws: enough to make them again and compare.
type Drawn struct {
	Number     int     `json:"number"`               // of draws
	Tickets    int     `json:"tickets,omitempty"`    // slips with the name in the group's hat, which decides whether there is a draw
	Commitment string  `json:"commitment,omitempty"` // hash of the seed, published before the visit; "": no seed, so no draws yet
	Picks      []int   `json:"picks,omitempty"`      // for each draw, which entry of the bowl, from 0
	Values     []int64 `json:"values,omitempty"`     // and its value, minor units
}

// Draw makes a visit's draws from its seed. They depend on nothing else but the
// bowl, the number of draws, whether slips go back, and the visit's ID.
func (b Bowl) Draw(seed, visit string, number int, withReplacement bool) (Drawn, error) {
	commitment, err := Commit(seed)
	if err != nil {
		return Drawn{Number: number}, err
	}
	left := make([]int, len(b))
	total := 0
	for i, s := range b {
		left[i] = s.Slips
		total += s.Slips
	}
	if !withReplacement && number > total {
		return Drawn{Number: number}, fmt.Errorf("draw %d of %d slips without replacement", number, total)
	}
	source := newDRBG(mustHex(seed), nil, []byte("fasthold draw "+visit))
	d := Drawn{Number: number, Commitment: commitment, Picks: make([]int, number), Values: make([]int64, number)}
	for n := range number {
		slip, i := source.below(total), 0
		for slip >= left[i] {
			slip -= left[i]
			i++
		}
		d.Picks[n], d.Values[n] = i, b[i].Value
		if !withReplacement {
			left[i]--
			total--
		}
	}
	return d, nil
}

// total is the value of the draws together.
func (d *Drawn) total() int64 { return sum(d.Values) }

// Total is how many draws so many met visits in a row have: what a budget has to
// reckon with, on average Bowl.Expected of it and at worst Bowl.Worst times it.
func (d *Draws) Total(met int) (draws int) {
	for level := range met {
		draws += d.number(min(level, d.top()))
	}
	return draws
}
