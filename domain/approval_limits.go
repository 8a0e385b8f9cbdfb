package domain

import (
	"database/sql/driver"
	"encoding/json"
	"slices"
	"time"
)

// ApprovalLimits say how much money a person may decide on, by role, and in which
// order people do. They are a control over those who approve, so finance sets them,
// who never records or approves. They hold for all programmes, or for one instead.
// Each change is a row of its own: append-only. Amounts in minor units.
type ApprovalLimits struct {
	MunicipalityID  ID            `gorm:"primaryKey"`
	Number          int           `gorm:"primaryKey;autoIncrement:false"` // 2, 3, … over all of a municipality's; 1 is FirstApprovalLimits, which is not stored
	ProgrammeID     *ID           // the only programme they hold for; nil: all that have none of their own
	Steps           ApprovalSteps // who must approve, in order
	AutomaticMost   *int64        // above which an automatic programme's award waits for approval too; nil: it never does
	LeaderMost      *int64        // above which no team leader may approve; nil: no such limit
	LeaderGrant     int64         // up to which a team leader grants by hand without a second person
	CaseworkerGrant int64         // the same for a caseworker
	OwnCaseload     int64         // up to which a plan's caseworker may decide on its awards
	RemindDays      int           // after how many days of waiting the team leaders are told again; 0: never
	Removed         bool          // the programme gave them up: those of all hold there again
	ChangedBy       string
	CreatedAt       time.Time
}

// ApprovalStep is one person who must approve. Steps are taken in order, each by a
// person of its own.
type ApprovalStep struct {
	Role  Role  `json:"role"`  // Caseworker, of the award's unit, or TeamLeader
	Above int64 `json:"above"` // above which amount the step is wanted, minor units; 0 in the first, and never less than in the step before
}

// ApprovalSteps is a list of steps stored as a JSON array in one column.
type ApprovalSteps []ApprovalStep

// Value writes the steps to a database.
func (s ApprovalSteps) Value() (driver.Value, error) {
	b, err := json.Marshal([]ApprovalStep(s))
	return string(b), err
}

// Scan reads the steps from a database.
func (s *ApprovalSteps) Scan(src any) error { return scanJSON(src, (*[]ApprovalStep)(s)) }

// ApprovingRoles are those of which a step can be.
var ApprovingRoles = []Role{Caseworker, TeamLeader}

// FirstApprovalLimits are those of a municipality that has set none: up to 1.000 kr. one
// team leader approves alone, above that a second one too, every grant by hand takes
// a second person, nobody decides on awards of their own caseload, an automatic
// programme's awards never wait, and the leaders are reminded after a week.
func FirstApprovalLimits(municipality ID) ApprovalLimits {
	const alone = 100000
	return ApprovalLimits{
		MunicipalityID: municipality, Number: 1, RemindDays: 7,
		Steps: ApprovalSteps{{Role: TeamLeader}, {Role: TeamLeader, Above: alone}},
	}
}

// Most gives above which amount somebody of a role may not approve; nil: no such
// limit.
func (l ApprovalLimits) Most(role Role) *int64 {
	switch role {
	case TeamLeader:
		return l.LeaderMost
	case Caseworker:
		return nil
	default:
		return new(int64)
	}
}

// Grant gives up to which amount somebody of a role grants by hand without a second
// person.
func (l ApprovalLimits) Grant(role Role) int64 {
	switch role {
	case TeamLeader:
		return l.LeaderGrant
	case Caseworker:
		return l.CaseworkerGrant
	default:
		return 0
	}
}

// Waits reports whether an automatic programme's award of this amount waits for
// approval.
func (l ApprovalLimits) Waits(amount int64) bool {
	return l.AutomaticMost != nil && amount > *l.AutomaticMost
}

// Approval is one step by which a person answers for an award's amount: its
// proposal by hand, or an approval. It is of the award as it stood: any change to
// the award makes it lapse. Append-only.
type Approval struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	AwardID        ID
	AwardVersion   int64  // the award's version that was approved; 0: before approvals were kept
	Step           string // StepProposed or StepApproved
	Number         int    // which of the limits' steps it took, from 1; 0 of a proposal, and before steps were kept
	Person         string // in small letters
	OnBehalfOf     string // the absent person for whom Person stood in, in small letters; "": for nobody
	Role           Role
	Amount         int64 // minor units
	Limits         int   // the number of the limits in force; 0: there were none yet
	CreatedAt      time.Time
}

// The steps of an approval.
const (
	StepProposed = "proposed"
	StepApproved = "approved"
)

// People are those who answer by an approval: who approved, and for whom.
func (p Approval) People() []string {
	if p.OnBehalfOf == "" {
		return []string{p.Person}
	}
	return []string{p.Person, p.OnBehalfOf}
}

// Wanted is the approval that an award waits for next; zero: it wants none.
type Wanted struct {
	Number int  // which of the limits' steps, from 1
	Of     int  // how many steps the amount takes
	Role   Role // of who may take it
}

// Needs gives the first step that approvals of an award as it is leave to be taken.
// Nobody takes two, in their own name or by a deputy.
func (l ApprovalLimits) Needs(amount int64, approvals []Approval) Wanted {
	left, took := slices.Clone(approvals), []string{}
	wanted := slices.IndexFunc(l.Steps, func(s ApprovalStep) bool { return amount <= s.Above })
	if wanted < 0 {
		wanted = len(l.Steps)
	}
	for i, step := range l.Steps[:wanted] {
		by := slices.IndexFunc(left, func(p Approval) bool {
			return p.Role == step.Role && !slices.ContainsFunc(p.People(), func(name string) bool { return has(took, name) })
		})
		if by < 0 {
			return Wanted{Number: i + 1, Of: wanted, Role: step.Role}
		}
		took, left = append(took, left[by].People()...), slices.Delete(left, by, by+1)
	}
	return Wanted{}
}
