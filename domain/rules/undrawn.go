package rules

import "slices"

// Draws reports whether a visit can draw from a bowl by itself, for which it
// needs a seed of its own.
func (d Document) Draws() bool {
	return slices.ContainsFunc(d.Phases, func(p Phase) bool { return p.Draws != nil && p.Hat == nil })
}

// Hat is the group's hat of the first phase that has one; nil when none has.
func (d Document) Hat() *Hat {
	for _, p := range d.Phases {
		if p.Hat != nil {
			return p.Hat
		}
	}
	return nil
}

// Undrawn is the visit that has draws still to be made, because it had no seed
// when it was evaluated; "" when there is none.
func (a Award) Undrawn() string {
	e := &a.Explanation
	if e.Draws == nil || e.Draws.Commitment != "" || e.Draws.Tickets > 0 {
		return ""
	}
	return e.Visited()
}

// Visited is the visit that made the award: the last that it rests on.
func (e *Explanation) Visited() string {
	if len(e.Opportunities) == 0 { // the zero Explanation
		return ""
	}
	return e.Opportunities[len(e.Opportunities)-1]
}

// Blank reports whether every slip that was drawn is a kind word, or none was
// drawn, and there was no bonus: an award that no cap has denied and that yet
// pays nothing.
func (e *Explanation) Blank() bool { return e.Draws != nil && e.Full == 0 }

// Bowl is that of the phase with this name; nil when there is no such phase.
func (d Document) Bowl(phase string) Bowl {
	for _, p := range d.Phases {
		if p.Name == phase {
			return p.Bowl
		}
	}
	return nil
}
