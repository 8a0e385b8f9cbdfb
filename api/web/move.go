package web

import (
	"fmt"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/vouchers"
)

// MovePreview is what a move to other rules would change for a citizen.
type MovePreview struct {
	Changes       []RuleChange
	Before, After string // how far they have come, and what is next
	Awards        []MovedAward
	Kept          []Option // what was typed, sent again when it is done
}

// MovedAward is a reward that would be worth something else.
type MovedAward struct {
	Number      int
	Before, Now string
	Granted     string // what vouchers were issued for; "": none were
}

// NewMovePreview writes out what a move would change.
func NewMovePreview(v View, p vouchers.MovePreview, in Input) *MovePreview {
	shown := &MovePreview{Before: v.In(p.Before.Progress.Text), After: v.In(p.After.Progress.Text)}
	for _, c := range p.Changes {
		shown.Changes = append(shown.Changes, v.change(c, rules.Document{}))
	}
	for _, a := range p.Awards {
		award := MovedAward{Number: a.Milestone, Before: domain.FormatMoneyShort(a.Before, a.Currency), Now: domain.FormatMoneyShort(a.After, a.Currency)}
		if a.Granted > 0 {
			award.Granted = domain.FormatMoneyShort(a.Granted, a.Currency)
		}
		shown.Awards = append(shown.Awards, award)
	}
	for _, name := range []string{"enrolment", "on", "phase", "reason", "from", "to"} {
		shown.Kept = append(shown.Kept, Option{name, in.Values.Get(name)})
	}
	return shown
}

// behind are the courses that can be moved to a version in force.
func behind(o vouchers.Overview) (list []vouchers.Course) {
	for _, c := range o.Courses {
		if c.Newer != nil {
			list = append(list, c)
		}
	}
	return list
}

// Behind gives the version that an enrolment is in and the one it can be moved to;
// zero when it cannot be moved.
func Behind(o vouchers.Overview, enrolment domain.ID) (from, to domain.ID) {
	for _, c := range behind(o) {
		if c.Enrolment.ID == enrolment {
			return c.Enrolment.VersionID, c.Newer.ID
		}
	}
	return from, to
}

// behind are the enrolments to choose among, with where each would go.
func (f *formFields) behind() (list []Option) {
	for _, c := range behind(f.o) {
		list = append(list, Option{f.v.ID("enr", c.Enrolment.ID), Text(f.v.Lang, "citizen.move_to", f.v.In(c.Title), fmt.Sprint(c.Version), fmt.Sprint(c.Newer.Number))})
	}
	return list
}
