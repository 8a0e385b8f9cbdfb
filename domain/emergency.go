package domain

import "time"

// EmergencyAccess lets one person read the record of one citizen of another
// unit, for some hours (break-glass). CitizenID is that of nobody when the citizen
// who was named is not known: the row looks the same.
type EmergencyAccess struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	CitizenID      ID
	CitizenUnitID  *ID // the citizen's unit, whose leaders were told; nil for a citizen of none
	Person         string
	Role           Role
	UnitID         *ID     // the person's own unit, whose leaders were told too; nil: all units
	Reason         Private // why it was needed
	Day            Date    // the site's date, on which it counts
	Number         int     // 1, 2, … of the person's on that day
	CreatedAt      time.Time
	ExpiresAt      time.Time // first instant at which it opens nothing any more
	RevokedAt      *time.Time
	RevokedBy      string // "" unless revoked
	ReviewedAt     *time.Time
	ReviewedBy     string  // "" until somebody else has reviewed it
	Comment        Private // what the reviewer says; says nothing before
}

// Open reports whether it lets anything be read at that moment.
func (e EmergencyAccess) Open(at time.Time) bool {
	return e.RevokedAt == nil && at.Before(e.ExpiresAt)
}

// Personal gives why it was needed, and what the reviewer says.
func (e *EmergencyAccess) Personal() []PersonalText {
	return []PersonalText{{"emergency_accesses.reason", e.ID, &e.Reason}, {"emergency_accesses.comment", e.ID, &e.Comment}}
}

// Concerns says whose it is.
func (e EmergencyAccess) Concerns() (row, of Subject) {
	return Subject{"emergency_accesses", e.ID}, OfCitizen(e.CitizenID)
}
