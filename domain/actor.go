package domain

import (
	"slices"
	"strings"
	"time"
)

// Role is what an actor is to the service (DESIGN.md §5).
type Role string

// The roles. System is the service itself (jobs and the command line) and is
// never granted to a token.
const (
	Caseworker    Role = "caseworker"
	TeamLeader    Role = "team_leader"
	Finance       Role = "finance"
	Auditor       Role = "auditor"
	PartnerRole   Role = "partner"
	Administrator Role = "administrator"
	Operator      Role = "operator" // hosts the service: makes municipalities, sees nothing in them
	CitizenRole   Role = "citizen"  // a citizen on their own page; never granted
	System        Role = "system"
)

// Roles are those that can be granted, in the order of the permission table.
var Roles = []Role{Caseworker, TeamLeader, Finance, Auditor, PartnerRole, Administrator, Operator}

// Words is the role in a sentence: "team leader".
func (r Role) Words() string { return strings.ReplaceAll(string(r), "_", " ") }

// How the name of who is not a person begins; no person's may.
const (
	TerminalPerson = "terminal:" // and the terminal's ID
	CitizenPerson  = "citizen:"  // and the citizen's ID
	SystemPerson   = "system:"   // and the job's name
)

// Credential is what somebody got in with: the kind of their row in tokens.
type Credential string

// The kinds of credential.
const (
	ByToken    Credential = "token"    // an API token, which a program sends
	BySignIn   Credential = "sign_in"  // a person's sign-in, in their browser
	ByTerminal Credential = "terminal" // a till
	ByCitizen  Credential = "citizen"  // a citizen's visit to their own page
)

// FreshFor is how long a proof of identity counts as fresh: what StepUp names
// is done from a browser only that soon after it.
const FreshFor = 10 * time.Minute

// Actor is who acts: one person, terminal or job, in one municipality.
type Actor struct {
	MunicipalityID ID
	TokenID        ID         // what they got in with; zero for System
	FamilyID       ID         // the first of the tokens that this one took over from by rotation; zero: from none
	Kind           Credential // of what they got in with; "" for System
	Person         string     // who it is, the same on all of a person's credentials: "kl@varde.dk", "terminal:…", "citizen:…", "system:expire"
	Role           Role
	Scopes         []Action  // all that an API token is for; empty: whatever the role may
	UnitID         ID        // the only unit within reach; zero: all the municipality's units
	Partner        Partner   // the partner acted for, without how it is paid; zero unless Role is PartnerRole
	TerminalID     ID        // the terminal used; zero unless Kind is ByTerminal
	CitizenID      ID        // whose own page it is; zero unless Kind is ByCitizen
	ProvedAt       time.Time // when the person last proved who they are; zero unless Kind is BySignIn or ByCitizen
	Fresh          bool      // ProvedAt is less than FreshFor before this request
	Method         string    // how they proved it: oidc, passkey, password, link; "" unless ProvedAt is set
	Address        string    // the network address it came from; "" for System
	RequestID      string    // ties the audit entry to the request's log line
}

// CallerID is what idempotency keys belong to: the token, and all that took over
// from it, so that a request repeated after a rotation is still the same one.
func (a Actor) CallerID() ID {
	if a.FamilyID != (ID{}) {
		return a.FamilyID
	}
	return a.TokenID
}

// May checks the permission table, then what an API token is for, then whether
// the action wants a fresh proof of identity. The error is Unauthenticated for
// nobody and else Forbidden: "forbidden", "out_of_scope" or "step_up_required".
func (a Actor) May(action Action) error {
	switch {
	case a.Role == "":
		return Errorf(Unauthenticated, "unauthenticated", "sign in, or send a bearer token in the Authorization header")
	case a.Role == System:
		return nil
	case !slices.Contains(Permissions[action], a.Role):
		return Errorf(Forbidden, "forbidden", "the role %s may not %s; who may: %s", a.Role, action, roleNames(Permissions[action]))
	case len(a.Scopes) > 0 && !slices.Contains(a.Scopes, action):
		return Errorf(Forbidden, "out_of_scope", "this token is not for %s: use one that is", action)
	case StepUp[action] && a.Kind == BySignIn:
		return a.Proved()
	}
	return nil
}

// Proved refuses who has not just proved who they are: Forbidden
// "step_up_required".
func (a Actor) Proved() error {
	if a.Fresh {
		return nil
	}
	return Errorf(Forbidden, "step_up_required", "prove again who you are: this wants it within the last %d minutes", int(FreshFor.Minutes()))
}

func roleNames(roles []Role) string {
	names := make([]string, len(roles))
	for i, role := range roles {
		names[i] = string(role)
	}
	return strings.Join(names, ", ")
}

// Reaches reports whether the actor's unit is unitID, or no unit bounds it.
func (a Actor) Reaches(unitID ID) bool { return a.UnitID == ID{} || a.UnitID == unitID }

// Restricted reports whether the actor is bound to one unit.
func (a Actor) Restricted() bool { return a.UnitID != ID{} }

// Serves reports whether a partner's rows are within the actor's reach.
func (a Actor) Serves(partner ID) bool { return a.Role != PartnerRole || a.Partner.ID == partner }

// OutOfReach answers for another unit's rows as for rows that do not exist.
func OutOfReach() error {
	return Errorf(NotFound, "not_found", "there is no such thing within your reach")
}
