package domain

import (
	"slices"
	"time"
)

// Why an award waits. All but the last want a person's approval.
const (
	BecauseProgramme = "programme" // its programme proposes
	BecauseAmount    = "amount"    // an automatic programme's, above what the limits let it give
	BecausePerson    = "person"    // its enrolment says that its awards need approval
	BecauseByHand    = "by_hand"   // it is given by hand
	BecauseBudget    = "budget"    // there is no money for it: never stored, for it is what is reserved that says so
)

// Approvable reports whether an award that waits for these reasons wants somebody's
// approval, not only money.
func Approvable(reasons Strings) bool { return len(reasons) > 0 }

// Waits gives all that an award that is proposed waits for; of another one, why it
// had to be approved.
func (a Award) Waits() Strings {
	if !a.WaitsForBudget() {
		return a.WaitsBecause
	}
	return append(slices.Clone(a.WaitsBecause), BecauseBudget)
}

// ApprovalDemand says from when on an enrolment's awards need approval, or need it
// no more: append-only. The newest one holds.
type ApprovalDemand struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	EnrolmentID    ID
	Required       bool
	Until          Date // last day on which they do; zero: until it is said anew
	Reason         Private
	SetBy          string // in small letters
	CreatedAt      time.Time
}

// Personal gives why the awards need approval, or need it no more.
func (d *ApprovalDemand) Personal() []PersonalText {
	return []PersonalText{{"approval_demands.reason", d.ID, &d.Reason}}
}

// Concerns says whose it is.
func (d ApprovalDemand) Concerns() (row, of Subject) {
	return Subject{"approval_demands", d.ID}, ofEnrolment(d.EnrolmentID)
}

// NeedsApproval reports whether an award that the enrolment reaches on a day waits
// because of the person.
func (e Enrolment) NeedsApproval(on Date) bool {
	return e.RequiresApproval && (e.ApprovalUntil.IsZero() || !e.ApprovalUntil.Before(on))
}

// Deputy is one person who stands in for another from a day to a day: decides on
// awards that wait for the absent one, in their own name and on behalf of them, and
// no more than both may. Who was withdrawn stood in until then.
type Deputy struct {
	MunicipalityID ID     `gorm:"primaryKey"`
	ID             ID     `gorm:"primaryKey"`
	Person         string // who is away, and named the deputy; in small letters
	Role           Role   // in which: Caseworker or TeamLeader, and the deputy must have it too
	UnitID         *ID    // the unit of Person's role, whose awards the deputy reaches; nil: all units
	Deputy         string // in small letters
	FirstDay       Date
	LastDay        Date
	CreatedAt      time.Time
	WithdrawnAt    *time.Time // nil: it stands
	WithdrawnBy    string     // "" until then
}

// Covers reports whether the deputy reaches a unit's awards.
func (d Deputy) Covers(unit ID) bool { return d.UnitID == nil || *d.UnitID == unit }

// On reports whether the deputy stands in on a day.
func (d Deputy) On(day Date) bool {
	return d.WithdrawnAt == nil && !day.Before(d.FirstDay) && !d.LastDay.Before(day)
}

// The states of a withholding.
const (
	WithholdingProposed  = "proposed"
	WithholdingApproved  = "approved"
	WithholdingRejected  = "rejected"
	WithholdingWithdrawn = "withdrawn" // by who proposed it
)

// Withholding takes an award by hand from a citizen who has not used it: one person
// proposes it, another decides. Amounts in minor units.
type Withholding struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	AwardID        ID
	UnitID         ID
	Amount         int64 // of the award when it was proposed; > 0
	Reason         Private
	Evidence       string // where that is evidenced, in the case system
	State          string
	ProposedBy     string     // in small letters
	DecidedBy      string     // who approved, rejected or withdrew it; "" until then
	DecidedAt      *time.Time // nil until then
	OnBehalfOf     string     // the absent person for whom DecidedBy stood in; "": for nobody
	Comment        Private    // why it was rejected; says nothing otherwise
	Version        int64
	CreatedAt      time.Time
}

// Personal gives why the award is withheld, or is not.
func (w *Withholding) Personal() []PersonalText {
	return []PersonalText{{"withholdings.reason", w.ID, &w.Reason}, {"withholdings.comment", w.ID, &w.Comment}}
}

// Concerns says whose it is.
func (w Withholding) Concerns() (row, of Subject) {
	return Subject{"withholdings", w.ID}, ofAward(w.AwardID)
}
