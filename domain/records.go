package domain

import "time"

// Token lets somebody in: an API token, a person's sign-in, a till or a citizen's
// visit to their own page. Of its text only a hash is kept.
type Token struct {
	MunicipalityID  ID     `gorm:"primaryKey"`
	ID              ID     `gorm:"primaryKey"`
	Hash            []byte // SHA-256 of the text
	Kind            Credential
	Person          string
	Role            Role
	UnitID          *ID
	PartnerID       *ID
	TerminalID      *ID     // nil unless Kind is ByTerminal
	AssignmentID    *ID     // the assignment that it acts under and ends with; nil: none
	CitizenID       *ID     // nil unless Kind is ByCitizen
	Scopes          Strings // the actions that an API token is for; empty: whatever the role may
	CreatedAt       time.Time
	ExpiresAt       *time.Time // nil: never, as for a till
	IdleMinutes     int        // it ends when unused for so long; 0: it does not
	LastUsedAt      *time.Time // to within a minute; nil: not yet
	ProvedAt        *time.Time // when the person last proved who they are
	Method          string     // how: oidc, passkey, password, link; "" for a token and a till
	ACR             string     `gorm:"column:acr"` // the assurance level that the provider gave; "" when none did
	ProviderSubject string     // who the person is to the OpenID provider; "" when signed in without one
	ProviderSession string     // the provider's session, which ends this one with it; "" when it named none
	ReplacesID      *ID        // the token that this one took over from
	FamilyID        *ID        // the first of those that took over from each other; nil when it took over from none
	OpenUntil       *time.Time // of a citizen's sign-in: when it asks for the PIN, where one is set; nil otherwise
	RevokedAt       *time.Time
}

// Ends is when the token ends if it is not used before, or in any case; zero for
// one that does not end by itself.
func (t Token) Ends() time.Time {
	var ends time.Time
	if t.ExpiresAt != nil {
		ends = *t.ExpiresAt
	}
	if t.IdleMinutes == 0 {
		return ends
	}
	used := t.CreatedAt
	if t.LastUsedAt != nil {
		used = *t.LastUsedAt
	}
	if rests := used.Add(time.Duration(t.IdleMinutes) * time.Minute); ends.IsZero() || rests.Before(ends) {
		return rests
	}
	return ends
}

// AttemptWindow counts what may be tried only so often in a time.
type AttemptWindow struct {
	MunicipalityID ID     `gorm:"primaryKey"`
	Bucket         []byte `gorm:"primaryKey"` // SHA-256 of what is counted together, so that it does not say who tried
	Count          int    // tried so far, > 0
	EndsAt         time.Time
}

// The purposes of a data key.
const (
	KeyOfCitizen = "citizen" // seals what is personal about one citizen
	KeyOfLookup  = "lookup"  // makes the keyed hashes by which a municipality's citizens are looked up
	KeyOfFiles   = "files"   // seals a municipality's exports while they wait to be taken in, and the secrets of its code generators
)

// DataKey is a key, stored wrapped by one that only the service's environment
// has. A citizen's is made with the first text about them.
type DataKey struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	Purpose        string
	CitizenID      *ID    // nil unless Purpose is KeyOfCitizen
	KEK            int    `gorm:"column:kek"` // the number of the key that wraps it
	Wrapped        []byte // nil when it is destroyed: what it sealed is lost
	CreatedAt      time.Time
	DestroyedAt    *time.Time
}

// AuditEntry says who did what to which thing, when. Append-only; Detail holds
// references and amounts, never names or codes.
type AuditEntry struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	Person         string
	Role           Role
	TokenID        ID
	Action         string // the Action, or a job's name
	Object         string // the kind of thing: "voucher"
	ObjectID       ID
	Detail         Raw // JSON object, or nil
	RequestID      string
	CreatedAt      time.Time
}

// Idempotency remembers what a key was answered with, so that a replay gets
// the first answer and does nothing twice.
type Idempotency struct {
	MunicipalityID ID     `gorm:"primaryKey"`
	Caller         string `gorm:"primaryKey"` // Actor.CallerID
	Key            string `gorm:"primaryKey"`
	BodyHash       []byte // SHA-256 of operation and body
	Result         Raw    // the use case's result
	CreatedAt      time.Time
}

// TableName names the table.
func (Idempotency) TableName() string { return "idempotency_keys" }

// Import is one run of reading a municipality's export.
type Import struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	ProgrammeID    ID
	UnitID         *ID    // the only unit whose lines are taken; nil: all units
	State          string // queued, running, done, failed
	PlansFile      []byte // as sent, sealed; emptied when done
	AttendanceFile []byte
	Actor          Raw // who asked for it, so that it can go on after a restart
	PlansTotal     int // plans to go through
	PlansDone      int
	LinesAccepted  int
	LinesRefused   int
	Vouchers       int   // issued by this run
	Amount         int64 // of those vouchers
	Failure        string
	CreatedAt      time.Time
	FinishedAt     *time.Time
}

// ImportRefusal is one line of a file that was not taken, and why.
type ImportRefusal struct {
	MunicipalityID ID     `gorm:"primaryKey"`
	ImportID       ID     `gorm:"primaryKey"`
	File           string `gorm:"primaryKey"` // plans or attendance
	Line           int    `gorm:"primaryKey"` // 1 is the heading
	Column         string
	Reason         string
}
