package domain

import "strings"

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
	System        Role = "system"
)

// Roles are those a token can carry, in the order of the permission table.
var Roles = []Role{Caseworker, TeamLeader, Finance, Auditor, PartnerRole, Administrator, Operator}

// How the name of who is not a person begins; no person's may.
const (
	TerminalPerson = "terminal:" // and the terminal's ID
	SystemPerson   = "system:"   // and the job's name
)

// Actor is who acts: one person, terminal or job, in one municipality.
type Actor struct {
	MunicipalityID ID
	TokenID        ID     // the token used; zero for System
	Person         string // who it is, the same on all of a person's tokens: "kl@varde.dk", "terminal:…", "system:expire"
	Role           Role
	UnitID         ID      // the only unit within reach; zero: all the municipality's units
	Partner        Partner // the partner acted for; zero unless Role is PartnerRole
	TerminalID     ID      // the terminal used; zero unless the token is an enrolled terminal's
	Address        string  // the network address it came from; "" for System
	RequestID      string  // ties the audit entry to the request's log line
}

// May checks the permission table; the error is Unauthenticated for nobody and
// Forbidden for a role that may not.
func (a Actor) May(action Action) error {
	if a.Role == "" {
		return Errorf(Unauthenticated, "unauthenticated", "send a bearer token in the Authorization header")
	}
	if a.Role == System {
		return nil
	}
	may := make([]string, len(Permissions[action]))
	for i, r := range Permissions[action] {
		if may[i] = string(r); r == a.Role {
			return nil
		}
	}
	return Errorf(Forbidden, "forbidden", "the role %s may not %s; who may: %s", a.Role, action, strings.Join(may, ", "))
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
