package domain

import "time"

// Where an assignment comes from.
const (
	Granted    = "granted" // by an administrator, until revoked
	FromClaims = "claims"  // by where the person signs in, as told at each sign-in
)

// Assignment is a role that a person has. They may have several, if each goes
// with each other (Incompatible), and act under one at a time.
type Assignment struct {
	MunicipalityID ID     `gorm:"primaryKey"`
	ID             ID     `gorm:"primaryKey"`
	Person         string // in small letters, as on all of the person's credentials
	Role           Role
	UnitID         *ID    // for a caseworker, always; for a team leader, if bound to one unit
	PartnerID      *ID    // for PartnerRole, always
	Source         string // Granted or FromClaims
	CreatedAt      time.Time
	CreatedBy      string
	RevokedAt      *time.Time
	RevokedBy      string // "" while it holds
}

// TableName names the table.
func (Assignment) TableName() string { return "role_assignments" }

// Same reports whether two assignments give the same role in the same place.
func (a Assignment) Same(b Assignment) bool {
	return a.Role == b.Role && equal(a.UnitID, b.UnitID) && equal(a.PartnerID, b.PartnerID)
}

func equal(a, b *ID) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// together are the pairs of roles that one person may have: all others exclude
// each other, so that nobody records what they approve or pays what they granted.
var together = map[[2]Role]bool{
	{Caseworker, TeamLeader}:  true,
	{Administrator, Operator}: true,
}

// Incompatible reports whether one person must not have both roles.
func Incompatible(a, b Role) bool {
	return a != b && !together[[2]Role{a, b}] && !together[[2]Role{b, a}]
}
