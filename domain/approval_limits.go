package domain

import "time"

// ApprovalLimits say how much money a person may decide on, by role. They are a control
// over those who approve, so finance sets them, who never records or approves.
// Each change is a row of its own: append-only. Amounts in minor units.
type ApprovalLimits struct {
	MunicipalityID  ID     `gorm:"primaryKey"`
	Number          int    `gorm:"primaryKey;autoIncrement:false"` // 2, 3, …; 1 is FirstApprovalLimits, which is not stored
	LeaderAlone     int64  // up to which a team leader's approval is enough; above it a second one is needed
	LeaderMost      *int64 // above which no team leader may approve; nil: no such limit
	LeaderGrant     int64  // up to which a team leader grants by hand without a second person
	CaseworkerGrant int64  // the same for a caseworker
	OwnCaseload     int64  // up to which a plan's caseworker may decide on its awards
	ChangedBy       string
	CreatedAt       time.Time
}

// FirstApprovalLimits are those of a municipality that has set none: up to 1.000 kr. one
// team leader approves alone, every grant by hand takes a second person, and
// nobody decides on awards of their own caseload.
func FirstApprovalLimits(municipality ID) ApprovalLimits {
	const alone = 100000
	return ApprovalLimits{MunicipalityID: municipality, Number: 1, LeaderAlone: alone}
}

// RoleLimit is what somebody of one role may decide on, in minor units.
type RoleLimit struct {
	Alone int64  // up to which their approval is enough
	Most  *int64 // above which they may not approve; nil: no such limit
	Grant int64  // up to which they grant by hand without a second person
}

// Of gives a role's limits: nothing, but for those who can decide.
func (l ApprovalLimits) Of(role Role) RoleLimit {
	switch role {
	case TeamLeader:
		return RoleLimit{Alone: l.LeaderAlone, Most: l.LeaderMost, Grant: l.LeaderGrant}
	case Caseworker:
		return RoleLimit{Most: new(int64), Grant: l.CaseworkerGrant}
	default:
		return RoleLimit{Most: new(int64)}
	}
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
	Person         string // in small letters
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

// What an award that waits still needs.
const (
	FirstApproval  = "approval"        // one person must approve it as it is
	SecondApproval = "second_approval" // one person has who may not alone: another must too
	MoreBudget     = "budget"          // nobody can approve it before finance appropriates more; an automatic one is then issued by itself
)

// Needs gives what approvals of an award as it is leave to be wanted: "" for
// nothing, else FirstApproval or SecondApproval.
func (l ApprovalLimits) Needs(amount int64, approvals []Approval) string {
	people := map[string]bool{}
	for _, a := range approvals {
		if people[Fold(a.Person)] = true; len(people) > 1 || amount <= l.Of(a.Role).Alone {
			return ""
		}
	}
	if len(people) == 0 {
		return FirstApproval
	}
	return SecondApproval
}
