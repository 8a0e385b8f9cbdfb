package rules

// verdict is what the caps make of one reward.
type verdict struct {
	full, pays int64 // before and after caps, minor units
	cap        int   // index of the cap that cut it; -1: none did
}

// next says what the next milestone pays, or why there can be none.
func (d *Document) next(s *State) (v verdict, finished string) {
	full, ok := d.Phases[0].Magnitude.at(s.Milestones + 1)
	if !ok {
		return verdict{}, TableEnd
	}
	v = verdict{full: full, pays: full, cap: -1}
	for i := range d.Caps {
		c := &d.Caps[i]
		pays := c.leaves(s, full)
		if pays < full && c.AtLimit == Stop {
			return verdict{}, c.reached()
		}
		if pays < v.pays {
			v.pays, v.cap = pays, i
		}
	}
	return v, ""
}

// leaves is how much of a reward this cap alone lets through.
func (c *Cap) leaves(s *State, full int64) int64 {
	if c.Count > 0 {
		if s.Vouchers < c.Count {
			return full
		}
		return 0
	}
	left := c.Amount - s.Earned
	switch {
	case full <= left:
		return full
	case c.AtLimit == PayRest:
		return left
	default:
		return 0
	}
}

// reached is the reason for which the cap ends an enrolment.
func (c *Cap) reached() string {
	if c.Count > 0 {
		return CountCap
	}
	return AmountCap
}

// tightest gives the lowest count and the lowest amount that caps allow; 0 where
// none does.
func (d *Document) tightest() (count int, amount int64) {
	for _, c := range d.Caps {
		if c.Count > 0 && (count == 0 || c.Count < count) {
			count = c.Count
		}
		if c.Amount > 0 && (amount == 0 || c.Amount < amount) {
			amount = c.Amount
		}
	}
	return count, amount
}
