package domain

import "time"

// DrawSeed is what one visit of an enrolment draws from. Its commitment is known
// from CommittedAt on, the seed itself only when a visit has taken it; it then
// stays that visit's for ever. The database refuses any other change.
type DrawSeed struct {
	MunicipalityID ID     `gorm:"primaryKey"`
	EnrolmentID    ID     `gorm:"primaryKey"`
	Number         int    `gorm:"primaryKey"` // 1, 2, … within the enrolment, without gaps
	Seed           string `json:"-"`          // rules.NewSeed: never shown before it is taken
	Commitment     string // rules.Commit of it
	CommittedAt    time.Time
	AttendanceID   *ID        // the visit that has taken it; nil: none yet
	TakenAt        *time.Time // nil: not yet
}

// Hat is a group session's draw of names. Its commitment is published when it is
// made, its seed when it is drawn, which happens once. Who is in it, and who has
// won, HatEntry says: by visit, never by name.
type Hat struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	ProgrammeID    ID
	UnitID         ID
	Title          string
	HeldAt         time.Time
	Names          int    // how many people can win
	Seed           string `json:"-"` // never shown before it is drawn
	Commitment     string // rules.Commit of it
	CreatedBy      string
	CreatedAt      time.Time // when the commitment was made
	DrawnBy        string    // "": not yet
	DrawnAt        *time.Time
}

// HatEntry is one visit's place in a hat. Tickets and Place are set once, when
// the hat is drawn.
type HatEntry struct {
	MunicipalityID ID `gorm:"primaryKey"`
	HatID          ID `gorm:"primaryKey"`
	AttendanceID   ID `gorm:"primaryKey"`
	EnrolmentID    ID
	Tickets        *int // slips with the name; 0: the visit was not met
	Place          *int // 1 for the first name drawn; 0: has not won
	CreatedBy      string
	CreatedAt      time.Time
}
