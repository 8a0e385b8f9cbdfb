package domain

import (
	"encoding/hex"
	"time"
)

// Municipality is the tenant (kommune). Every other row belongs to one.
type Municipality struct {
	MunicipalityID  ID `gorm:"primaryKey"`
	Name            string
	TimeZone        string     // IANA name; decides which date a visit belongs to
	ReversalMinutes int        // how long after a redemption it can be reversed, ≥ 0
	Limits                     // of every till that has none of its own, each > 0
	Erasure                    // when what is personal about those whose plans have ended is erased
	FinanceEmail    string     // the finance department's functional mailbox, to which new notices for it are mailed; "": none
	SealedAt        *time.Time // since when nothing personal is stored in plain text; nil: the upgrade is not finished
	Version         int64      // counts changes, for ETag and If-Match
	CreatedAt       time.Time
}

// Unit is a treatment provider (behandlingstilbud) of a municipality.
type Unit struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	Name           string
	Organisation   string // what the OpenID provider calls it, in the claims that bind a role to it; "": nothing
	NotifyEmail    string // the unit's functional mailbox, to which new notices for its leaders are mailed; "": none
	Version        int64
	CreatedAt      time.Time
}

// Citizen (borger) is a person in treatment at a unit.
type Citizen struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	UnitID         ID
	Reference      string  // the municipality's own number for the person, unique; never a CPR number; Pseudonym once the citizen is erased
	Name           Private // says nothing when only the reference is known, as after an import
	CPR            Private `gorm:"column:cpr"`      // as CPR.Reveal writes it; says nothing when it is not known
	CPRHash        []byte  `gorm:"column:cpr_hash"` // to look the person up by; nil when the number is not known
	Phone          Private // as Phone.Reveal writes it; says nothing when there is none
	BirthDate      Date    // zero once the citizen is erased
	ClosedOn       Date    // since when no plan of theirs runs: the last one was ended then, or there was none yet; zero while one runs and once the citizen is erased
	KeptUntil      Date    // the last day on which the citizen cannot be erased; zero: nobody ever said so
	KeptBecause    Private // why
	KeptBy         string  // who said so last, in small letters; "": nobody
	Version        int64
	CreatedAt      time.Time
}

// Erased reports whether what was known of the citizen is erased.
func (c Citizen) Erased() bool { return c.BirthDate.IsZero() }

// Pseudonym is the reference of a citizen who is erased: it is made of the ID, and
// nobody else has it.
func (c Citizen) Pseudonym() string { return "erased-" + hex.EncodeToString(c.ID[len(c.ID)/2:]) }

// Plan is a treatment plan (behandlingsplan); required before any enrolment.
type Plan struct {
	MunicipalityID      ID `gorm:"primaryKey"`
	ID                  ID `gorm:"primaryKey"`
	CitizenID           ID
	UnitID              ID
	Reference           string // the plan's number in the municipality's case system, unique
	AssessmentDate      Date   // of the whole-person assessment (helhedsorienteret afdækning); zero when an import did not say
	AssessmentReference string // its case reference, never its contents; "" when an import did not say
	StartDate           Date
	EndDate             Date   // zero while the plan runs
	EndReason           string // completed, dropped_out, moved, other; "" while the plan runs
	EndedBy             string // who said so, in small letters; "" while the plan runs
	Caseworker          string // whose caseload it is in, in small letters: nobody decides on awards of their own above a limit; "": nobody's
	Version             int64
	CreatedAt           time.Time
}

// FollowUps gives the dates on which the plan is due to be followed up, one and
// six months after it ended (BEK 1477/2019 § 4 stk. 2); none while it runs.
func (p Plan) FollowUps() []Date {
	if p.EndDate.IsZero() {
		return nil
	}
	return []Date{p.EndDate.AddMonths(1), p.EndDate.AddMonths(6)}
}

// Goal is a goal (mål) of a plan, or a sub-goal (delmål) when ParentID is set,
// worded with the citizen.
type Goal struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	PlanID         ID
	ParentID       *ID
	Kind           string // goal, or phase: a phase of the treatment, reached when it is completed
	Wording        Private
	State          string  // open, reached, dropped
	ReachedOn      Date    // zero unless reached
	ReachedBy      Strings // who said that it is, or when, in small letters; empty unless reached
	Version        int64
	CreatedAt      time.Time
}

// Session is a planned appointment in a plan.
type Session struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	PlanID         ID
	UnitID         ID
	StartsAt       time.Time
	LocalDate      Date   // StartsAt's date at the site
	Kind           string // individual, group, …: what a programme's target names
	State          string // planned, withdrawn
	Version        int64
	CreatedAt      time.Time
}

// Why a plan is paused.
const (
	Closure         = "closure"          // the provider is closed
	ResidentialCare = "residential_care" // the person is an in-patient
	Prison          = "prison"
	Leave           = "leave"
)

// PauseReasons are all reasons that a pause can have.
var PauseReasons = []string{Closure, ResidentialCare, Prison, Leave}

// Pause is a time in which a plan rests. What that does is for each programme's
// rules to say.
type Pause struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	PlanID         ID
	Reason         string // one of PauseReasons
	FirstDay       Date
	LastDay        Date    // zero: it is not known yet
	Withdrawn      bool    // true: as if it had never been recorded
	ChangedBecause Private // why it was changed or withdrawn last; says nothing when it never was
	Version        int64
	CreatedAt      time.Time
}

// Meets reports whether two pauses have a day in common.
func (p Pause) Meets(other Pause) bool {
	after := func(a, b Pause) bool { return !b.LastDay.IsZero() && b.LastDay.Before(a.FirstDay) }
	return !after(p, other) && !after(other, p)
}
