package domain

import "time"

// Municipality is the tenant (kommune). Every other row belongs to one.
type Municipality struct {
	MunicipalityID  ID `gorm:"primaryKey"`
	Name            string
	TimeZone        string // IANA name; decides which date a visit belongs to
	ReversalMinutes int    // how long after a redemption it can be reversed, ≥ 0
	Version         int64  // counts changes, for ETag and If-Match
	CreatedAt       time.Time
}

// Unit is a treatment provider (behandlingstilbud) of a municipality.
type Unit struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	Name           string
	Version        int64
	CreatedAt      time.Time
}

// Citizen (borger) is a person in treatment at a unit.
type Citizen struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	UnitID         ID
	Reference      string // the municipality's own number for the person, unique; never a CPR number
	Name           string // "" when only the reference is known, as after an import
	BirthDate      Date
	Version        int64
	CreatedAt      time.Time
}

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
	Wording        string
	State          string // open, reached, dropped
	ReachedOn      Date   // zero unless reached
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
