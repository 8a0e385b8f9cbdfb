package domain

import "time"

// The states of an account.
const (
	AccountInvited   = "invited"   // has no means of signing in yet
	AccountActive    = "active"    // has a passkey, or a password and a code generator
	AccountSuspended = "suspended" // cannot sign in
)

// Account is a person of the staff who signs in here, not at a provider. What
// one may do comes from the person's assignments, never from the account.
type Account struct {
	MunicipalityID ID     `gorm:"primaryKey"`
	ID             ID     `gorm:"primaryKey"`
	Person         string // as everywhere, in small letters; unique
	State          string
	PasswordHash   string // Argon2id with its parameters; "" when there is no password
	TOTPSecret     []byte `gorm:"column:totp_secret"` // of the code generator, sealed; nil exactly when there is no password
	TOTPStep       int64  `gorm:"column:totp_step"`   // the time step of the last code that was taken: none up to it is taken again
	CreatedBy      string
	CreatedAt      time.Time
	ActiveSince    *time.Time // when the present means were chosen first; nil while invited
	SuspendedAt    *time.Time // nil unless suspended
}

// Invitation lets a person choose the first means of signing in, once.
type Invitation struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	AccountID      ID
	Hash           []byte // SHA-256 of the link's secret
	CreatedBy      string
	CreatedAt      time.Time
	ExpiresAt      time.Time
	EndedAt        *time.Time // when it was used, or another took its place
}

// Passkey is a key on a person's device or security key (WebAuthn), with which
// they sign in.
type Passkey struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	AccountID      ID
	CredentialID   []byte // by which the device names it
	Name           string // the person's own word for it
	Credential     Raw    // public key, sign count and flags, as go-webauthn writes them: nothing secret
	CreatedAt      time.Time
	LastUsedAt     *time.Time
	RemovedAt      *time.Time
}

// The states of a recovery.
const (
	RecoveryStarted   = "started"   // by one administrator: another must confirm
	RecoveryConfirmed = "confirmed" // both halves of the code are out
	RecoveryUsed      = "used"
	RecoveryWithdrawn = "withdrawn"
)

// Recovery gives a person who has lost every means of signing in new ones. Two
// administrators do it together, and each is shown one half of the code.
type Recovery struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	AccountID      ID
	State          string
	Reason         string // the administrator's, about a sign-in: it is of staff and says nothing of a citizen
	StartedBy      string
	FirstHash      []byte // SHA-256 of the half that who started it was shown
	ConfirmedBy    string // "" until somebody confirms; never who started it
	SecondHash     []byte // of the other half; nil until then
	CreatedAt      time.Time
	ExpiresAt      time.Time // until then it can be confirmed, and then used
	EndedBy        string    // who used or withdrew it; "" until then
	EndedAt        *time.Time
}

// Spent is something that could be used once and was, such as the challenge of
// a sign-in with a passkey.
type Spent struct {
	MunicipalityID ID     `gorm:"primaryKey"`
	Hash           []byte `gorm:"primaryKey"` // SHA-256 of it
	CreatedAt      time.Time
}

// TableName names the table.
func (Spent) TableName() string { return "spent" }
