package rules

import (
	"math"

	"github.com/fasthold/fasthold/domain"
)

// NoCap is the room where no cap says anything.
const NoCap int64 = math.MaxInt64

// Room is what the caps leave for an award by hand on a date, in minor units, on
// top of what has counted towards them in that date's periods; NoCap when none
// says. Below zero, more has counted than they let through.
func (s State) Room(d Document, o Outside, date domain.Date) int64 {
	out, room, tally := d.outside(o), NoCap, 0
	for i := range d.Caps {
		c := &d.Caps[i]
		room = min(room, c.room(d.used(&s, out, i, tally, c.dated(out, date))))
		if c.tallied() {
			tally++
		}
	}
	return room
}

// room is what this cap alone leaves.
func (c *Cap) room(u Tally) int64 {
	switch {
	case c.Period == PerAward && c.Count > 0:
		return NoCap
	case c.Count > 0 && u.Count < c.Count:
		return NoCap
	case c.Count > 0:
		return int64(min(0, c.Count-u.Count))
	default:
		return c.Amount - u.Amount
	}
}
