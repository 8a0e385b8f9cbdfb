package domain

import "time"

// Budget (bevilling) is what a programme may cost in a year: in one unit, or in
// every unit that has no line of its own. Amounts in minor units.
type Budget struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	ProgrammeID    ID
	UnitID         *ID // nil: every unit without a budget of its own
	Year           int
	Currency       string
	AccountString  string // the municipality's account, as its ledger writes it: "5.38.45.1.001"; "": not said
	Amount         int64  // appropriated now: the sum of its changes
	Changes        int    // how many there are; the first made the budget
	Version        int64
	CreatedAt      time.Time
}

// BudgetChange is one appropriation, or a part of one taken away: append-only.
type BudgetChange struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	BudgetID       ID
	Number         int   // 1, 2, … within the budget
	Amount         int64 // below zero when it is taken away; zero only of a budget made with nothing
	Reason         string
	BookedOn       Date // the municipality's date
	ChangedBy      string
	CreatedAt      time.Time
}

// BudgetSlice is a part of what is free of a budget: neither reserved nor issued.
// Whoever reserves locks one, so that others may reserve beside them.
type BudgetSlice struct {
	MunicipalityID ID    `gorm:"primaryKey"`
	BudgetID       ID    `gorm:"primaryKey"`
	ID             ID    `gorm:"primaryKey"`
	Free           int64 // minor units, ≥ 0
}

// BudgetAlert says that finance was told how much of a budget is used.
type BudgetAlert struct {
	MunicipalityID ID  `gorm:"primaryKey"`
	BudgetID       ID  `gorm:"primaryKey"`
	Changes        int `gorm:"primaryKey;autoIncrement:false"` // the budget's then: a new appropriation is told of anew
	Percent        int `gorm:"primaryKey;autoIncrement:false"` // 80 or 100
	CreatedAt      time.Time
}

// Owed is what an award still has to be issued for, and so has to have reserved:
// nothing once it is issued, or ended without.
func (a Award) Owed() int64 {
	if a.State != AwardProposed && a.State != AwardIssued {
		return 0
	}
	return max(a.Amount-a.Granted, 0)
}

// WaitsForBudget reports whether an award waits for money: it is not issued, and
// the budget has not had enough to reserve for it.
func (a Award) WaitsForBudget() bool {
	return a.State == AwardProposed && a.Reserved < a.Owed()
}
