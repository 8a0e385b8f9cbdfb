package domain

import (
	"slices"
	"strings"
)

// Hands says who has had a hand in an award and its vouchers so far, and so what
// they may no longer do with it: who says that something happened, who approves
// the money and who pays the shop are different people. Every use case that
// decides on money asks here, and nowhere else.
type Hands struct {
	Recorded   []string // recorded a fact that the award rests on: a visit, a goal, the plan's end
	Proposed   []string // proposed it by hand
	Approved   []string // approved it as it is now
	Settled    []string // settled a voucher of it with a shop
	Caseworker string   // is responsible for the citizen's plan; "": nobody is
}

// Fold gives a person's name as names are compared: in small letters.
func Fold(person string) string { return strings.ToLower(strings.TrimSpace(person)) }

// has reports whether a person is among others.
func has(people []string, person string) bool {
	return slices.ContainsFunc(people, func(p string) bool { return Fold(p) == Fold(person) })
}

// IsPerson reports whether an actor is somebody at work, not a job, a till or a
// citizen.
func (a Actor) IsPerson() bool {
	person := Fold(a.Person)
	for _, prefix := range []string{SystemPerson, TerminalPerson, CitizenPerson} {
		if strings.HasPrefix(person, prefix) {
			return false
		}
	}
	return person != "" && a.Role != System
}

// MayDecide refuses who may not decide on an award of what it is worth now:
// neither approve nor reject it. Forbidden says why.
func (h Hands) MayDecide(actor Actor, a Award, l ApprovalLimits) error {
	switch {
	case !actor.IsPerson():
		return Errorf(Forbidden, "not_a_person", "a person decides on awards, not a job or a till")
	case has(h.Proposed, actor.Person):
		return Errorf(Forbidden, "own_proposal", "you proposed it: someone else must decide")
	case has(h.Recorded, actor.Person):
		return Errorf(Forbidden, "own_record", "you recorded a visit that this award rests on: someone else must decide")
	case has(h.Settled, actor.Person):
		return Errorf(Forbidden, "own_settlement", "you settled a voucher of this award with a shop: someone else must decide")
	case a.Amount > l.OwnCaseload && has([]string{h.Caseworker}, actor.Person):
		return Errorf(Forbidden, "own_caseload", "you are the citizen's caseworker: above %s someone else must decide", FormatMoneyShort(l.OwnCaseload, a.Currency))
	}
	return nil
}

// MayApprove refuses who may not approve an award: who may not decide on it, and
// whose role may not approve so much. Conflict to who has approved it already.
func (h Hands) MayApprove(actor Actor, a Award, l ApprovalLimits) error {
	if err := h.MayDecide(actor, a, l); err != nil {
		return err
	}
	if most := l.Most(actor.Role); most != nil && a.Amount > *most {
		return Errorf(Forbidden, "over_limit", "the role %s may approve up to %s: finance can raise that", actor.Role, FormatMoneyShort(*most, a.Currency))
	}
	if has(h.Approved, actor.Person) {
		return Errorf(Conflict, "already_approved", "you have approved it: someone else must too")
	}
	return nil
}

// MaySettle refuses who may not settle a voucher of the award with a shop:
// whoever recorded, proposed or approved it.
func (h Hands) MaySettle(actor Actor) error {
	switch {
	case !actor.IsPerson():
		return Errorf(Forbidden, "not_a_person", "a person settles vouchers, not a job or a till")
	case has(h.Approved, actor.Person):
		return Errorf(Forbidden, "own_approval", "you approved its award: someone else must settle it")
	case has(h.Recorded, actor.Person), has(h.Proposed, actor.Person):
		return Errorf(Forbidden, "own_record", "you recorded what its award rests on: someone else must settle it")
	}
	return nil
}

// MayAdopt refuses to record the adoption of a version to who wrote it last.
// Only the command line, which takes in what the council has adopted, may do both.
func MayAdopt(actor Actor, v ProgrammeVersion) error {
	if actor.Role != System && v.WrittenBy != "" && has([]string{v.WrittenBy}, actor.Person) {
		return Errorf(Forbidden, "own_draft", "you wrote this version: someone else must record that it is adopted")
	}
	return nil
}
