package store

import "github.com/fasthold/fasthold/domain"

// EmergenciesOf wants the emergency accesses that an actor may know of: their
// own; of a leader also those taken from the units within reach, and to the
// citizens of those; of an auditor all.
func EmergenciesOf(a domain.Actor) Cond {
	switch {
	case a.Role == domain.Auditor, a.Role == domain.TeamLeader && !a.Restricted():
		return Cond{}
	case a.Role == domain.TeamLeader:
		return Cond{"(person = ? OR unit_id = ? OR citizen_unit_id = ?)", []any{a.Person, a.UnitID, a.UnitID}}
	default:
		return Is("person", a.Person)
	}
}
