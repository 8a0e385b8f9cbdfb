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
