package domain

import "time"

// CitizenLink opens a citizen's own page, once. Only the hash of its secret is
// kept.
type CitizenLink struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	CitizenID      ID
	Hash           []byte // SHA-256 of the secret
	CreatedBy      string // who handed it out
	CreatedAt      time.Time
	ExpiresAt      time.Time  // first instant at which it opens nothing
	UsedAt         *time.Time // nil: not used
	RevokedAt      *time.Time // nil: not revoked; a newer link revokes it too
}

// The states of a citizen's link.
const (
	LinkOpen    = "open" // it can be used
	LinkUsed    = "used"
	LinkRevoked = "revoked"
	LinkExpired = "expired"
)

// State gives what a link is at an instant.
func (l CitizenLink) State(now time.Time) string {
	switch {
	case l.UsedAt != nil:
		return LinkUsed
	case l.RevokedAt != nil:
		return LinkRevoked
	case !now.Before(l.ExpiresAt):
		return LinkExpired
	}
	return LinkOpen
}

// CitizenPIN is the PIN that a citizen has set for their own page, or that there
// is none any more.
type CitizenPIN struct {
	MunicipalityID ID     `gorm:"primaryKey"`
	CitizenID      ID     `gorm:"primaryKey"`
	Hash           string // Argon2id in PHC form; "": it was taken away
	ChangedBy      string // who set it or took it away
	ChangedAt      time.Time
}
