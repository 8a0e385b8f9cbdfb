package domain

import "time"

// The kinds of notice.
const (
	EmergencyUsed     = "emergency_access"   // somebody took access to another unit's citizen: review it
	EmergencyReviewed = "emergency_reviewed" // your emergency access was reviewed
	BudgetNearlyUsed  = "budget_nearly_used" // 80 percent of a budget is reserved, issued or paid
	BudgetUsedUp      = "budget_used_up"     // so is all of it, or what is left is too little for an award: awards wait
	BudgetMissing     = "budget_missing"     // awards of a programme wait where it has no budget this year
	DeputyNamed       = "deputy_named"       // you stand in for somebody
	LongWaiting       = "long_waiting"       // something of the unit has waited for long to be decided on
)

// Notice tells that there is something to look at, and never what it says: no
// name, no word of treatment. It is for whoever has a role, in one unit or in the
// whole municipality, or for one person.
type Notice struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	Kind           string
	Role           Role   // "" when it is for Person
	UnitID         *ID    // of the role: nil for all who have it
	Person         string // in small letters; "" when it is for Role
	Object         string // the kind of thing it is about: "emergency_access", "budget"
	ObjectID       ID
	CreatedAt      time.Time
	SeenAt         *time.Time // nil until somebody whom it is for has seen it
	SeenBy         string     // "" until then
}

// Mail waits to be sent to an address, or was: that there is a new notice, and
// no more than that.
type Mail struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	NoticeID       ID
	Address        string
	Attempts       int       // begun so far
	NextAt         time.Time // not to be tried before; while it is tried, when the next may take it over
	CreatedAt      time.Time
	SentAt         *time.Time // nil: it waits
}

// TableName names the table.
func (Mail) TableName() string { return "outbox" }
