package domain

import "time"

// Purpose says what personal data was handled for: the answer that a citizen may
// have to "why?" (GDPR art. 15, C-579/21).
type Purpose string

// The purposes.
const (
	ForTreatment Purpose = "treatment"        // to plan and carry out the treatment
	ForReward    Purpose = "reward"           // to decide on and issue what was earned
	ForSupport   Purpose = "support"          // to help with a voucher: show, block, replace or void it
	ForRights    Purpose = "citizens_request" // because the citizen asked what is kept
	ForEmergency Purpose = "emergency"        // to help another unit's citizen at once
	ForOversight Purpose = "oversight"        // to see whether what was done was right
	ForErasure   Purpose = "erasure"          // to erase what may be kept no longer, or say what is kept
)

// Act is what was done with personal data.
type Act string

// The acts.
const (
	LookedUp  Act = "looked_up"
	Added     Act = "added"
	Changed   Act = "changed"
	Extracted Act = "extracted"
	Deleted   Act = "deleted"
)

// Handling is what an action does with personal data, and what for.
type Handling struct {
	Purpose Purpose
	Act     Act
}

// Access is one entry of the access log: who did what with one citizen's data,
// when and what for. One request leaves one for each citizen. Append-only; it
// names the citizen by ID only, so that it can outlive an erasure.
type Access struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	CitizenID      ID // need not exist: an emergency access may be to a number that nobody has
	Person         string
	Role           Role
	Action         Action
	Act            Act
	Purpose        Purpose
	EmergencyID    *ID // the emergency access under which it was done; nil: none
	RequestID      string
	CreatedAt      time.Time
}

// Subject is a row that tells of a citizen, by its table and ID.
type Subject struct {
	Table string
	ID    ID
}

// Concerning is a row that tells of a citizen: it says which row it is, and of
// which row, nearer to the citizen, it is a part: the zero Subject for one that
// tells of nobody. A citizen is a part of itself.
type Concerning interface{ Concerns() (row, of Subject) }

// OfCitizen is a citizen as a subject.
func OfCitizen(id ID) Subject { return Subject{"citizens", id} }

func ofPlan(id ID) Subject { return Subject{"plans", id} }

func ofEnrolment(id ID) Subject { return Subject{"enrolments", id} }

func ofAward(id ID) Subject { return Subject{"awards", id} }

// Concerns says whose visit to their own page it lets in, if it is one's.
func (t Token) Concerns() (row, of Subject) {
	if t.CitizenID != nil {
		of = OfCitizen(*t.CitizenID)
	}
	return Subject{"tokens", t.ID}, of
}

// Concerns says whose it is.
func (l CitizenLink) Concerns() (row, of Subject) {
	return Subject{"citizen_links", l.ID}, OfCitizen(l.CitizenID)
}

// Concerns says whose it is.
func (p CitizenPIN) Concerns() (row, of Subject) {
	return Subject{"citizen_pins", p.CitizenID}, OfCitizen(p.CitizenID)
}

// Concerns says whose it is.
func (c Citizen) Concerns() (row, of Subject) { return OfCitizen(c.ID), OfCitizen(c.ID) }

// Concerns says whose it is.
func (p Plan) Concerns() (row, of Subject) { return ofPlan(p.ID), OfCitizen(p.CitizenID) }

// Concerns says whose it is.
func (g Goal) Concerns() (row, of Subject) { return Subject{"goals", g.ID}, ofPlan(g.PlanID) }

// Concerns says whose it is.
func (p Pause) Concerns() (row, of Subject) { return Subject{"pauses", p.ID}, ofPlan(p.PlanID) }

// Concerns says whose it is.
func (s Session) Concerns() (row, of Subject) { return Subject{"sessions", s.ID}, ofPlan(s.PlanID) }

// Concerns says whose it is.
func (e Enrolment) Concerns() (row, of Subject) { return ofEnrolment(e.ID), ofPlan(e.PlanID) }

// Concerns says whose it is.
func (m EnrolmentMove) Concerns() (row, of Subject) {
	return Subject{"enrolment_moves", m.ID}, ofEnrolment(m.EnrolmentID)
}

// Concerns says whose it is.
func (e AttendanceEvent) Concerns() (row, of Subject) {
	return Subject{"attendance_events", e.ID}, ofPlan(e.PlanID)
}

// Concerns says whose it is.
func (a Attendance) Concerns() (row, of Subject) { return AttendanceEvent(a).Concerns() }

// Concerns says whose it is.
func (e HatEntry) Concerns() (row, of Subject) {
	return Subject{"hat_entries", e.AttendanceID}, ofEnrolment(e.EnrolmentID)
}

// Concerns says whose it is.
func (a Award) Concerns() (row, of Subject) { return ofAward(a.ID), ofEnrolment(a.EnrolmentID) }

// Concerns says whose it is.
func (v Voucher) Concerns() (row, of Subject) { return Subject{"vouchers", v.ID}, ofAward(v.AwardID) }
