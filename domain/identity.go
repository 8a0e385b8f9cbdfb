package domain

import "time"

// Identity binds a person to what an OpenID provider calls them for ever, from
// their first sign-in until an administrator releases it.
type Identity struct {
	MunicipalityID ID     `gorm:"primaryKey"`
	ID             ID     `gorm:"primaryKey"`
	Issuer         string // the provider
	Subject        string // what it calls the person
	Person         string // in small letters, as on all of the person's credentials
	CreatedAt      time.Time
	ReleasedAt     *time.Time // nil while it holds
	ReleasedBy     string     // "" while it holds
}
