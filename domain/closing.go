package domain

import "time"

// Closing freezes the books up to a day: append-only. Nothing is booked on that
// day or an earlier one from then on.
type Closing struct {
	MunicipalityID ID     `gorm:"primaryKey"`
	ID             ID     `gorm:"primaryKey"`
	Number         int    // 1, 2, … in the municipality
	Through        Date   // the last day that is closed
	Postings       int64  // how many are booked on that day or earlier
	ClosedBy       string // who closed it
	CreatedAt      time.Time
}

// ClosingTotal is what stood on an account when a period was closed, for one
// programme, unit and budget: append-only.
type ClosingTotal struct {
	MunicipalityID ID  `gorm:"primaryKey"`
	ClosingID      ID  `gorm:"primaryKey"`
	Line           int `gorm:"primaryKey"` // 1, 2, … in the order of the columns that follow
	Account        string
	Currency       string
	ProgrammeID    ID
	UnitID         ID
	BudgetID       *ID   // nil: what was booked under no budget
	Amount         int64 // minor units; debit > 0. From the beginning of the books to the last day closed
}
