package domain

import "time"

// Programme (ordning) is a municipality's incentive scheme; its rules live in
// its versions.
type Programme struct {
	MunicipalityID ID     `gorm:"primaryKey"`
	ID             ID     `gorm:"primaryKey"`
	Slug           string // the document's `programme`, unique: "move-2026"
	TitleDA        string `gorm:"column:title_da"`
	TitleEN        string `gorm:"column:title_en"`
	CreatedAt      time.Time
}

// The states of a programme version.
const (
	VersionDraft   = "draft"
	VersionAdopted = "adopted"
	VersionEnded   = "ended"
)

// ProgrammeVersion is one edition of a programme's rules (RULES.md). Once
// adopted its document never changes; the database refuses it.
type ProgrammeVersion struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	ProgrammeID    ID
	Number         int    // 1, 2, … within the programme
	State          string // draft, adopted, ended
	Document       Raw    // rules.Document as canonical JSON
	AdoptedBy      string // the council or committee that decided; "" while a draft
	AdoptedOn      Date   // when it decided; zero while a draft
	InForceFrom    Date   // first day; zero while a draft
	InForceTo      Date   // last day; zero: no end set
	RecordedBy     string // the person who recorded the adoption; "" while a draft
	WrittenBy      string // who wrote the document last, in small letters: not who may record its adoption; "" when it is older than this rule
	Version        int64
	CreatedAt      time.Time
}

// InForce reports whether the version may take new enrolments on d.
func (v ProgrammeVersion) InForce(d Date) bool {
	return v.State != VersionDraft && !d.Before(v.InForceFrom) && (v.InForceTo.IsZero() || !v.InForceTo.Before(d))
}

// Enrolment is one plan in one programme version, to which it stays pinned until
// it is moved.
type Enrolment struct {
	MunicipalityID   ID `gorm:"primaryKey"`
	ID               ID `gorm:"primaryKey"`
	PlanID           ID
	UnitID           ID
	ProgrammeID      ID
	VersionID        ID     // the version that it is in now: of its newest move, if it was ever moved
	StartDate        Date   // day 0 of the rules: the plan's start
	State            string // active, ended
	EndedOn          Date
	ContinuesID      *ID  // the ended enrolment whose episode goes on here; nil: an episode of its own
	MovedOn          Date // day of its newest move: visits before it are under the version before; zero: never moved
	CountedTo        *ID  // nil unless a cap counts it together with others of the citizen: it was evaluated with all that they had earned when this ID was made
	CountedOn        Date // the site's date of that evaluation; zero with CountedTo nil
	RuleState        Raw  // rules.State after the last visit, so that one more costs the same however many there were
	RequiresApproval bool // its awards wait for approval, whatever the programme says (ApprovalDemand)
	ApprovalUntil    Date // last day on which they do; zero: until it is said anew
	Version          int64
	CreatedAt        time.Time
}

// EnrolmentMove puts an enrolment into another version of its programme from a
// day on: append-only.
type EnrolmentMove struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	EnrolmentID    ID
	Number         int // 1, 2, … within the enrolment
	FromVersionID  ID
	ToVersionID    ID
	MovedOn        Date   // the first day whose visits are under the new version
	Phase          string // of the new version, in which it goes on; "": the one of the same name
	Level          int    // from 1, at which it goes on in another phase; 0: at the first
	Reason         Private
	MovedBy        string
	CreatedAt      time.Time
}

// Award is what an enrolment has earned by reaching one milestone. Amounts in
// minor units.
type Award struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	EnrolmentID    ID
	UnitID         ID
	ProgrammeID    ID
	VersionID      ID
	Milestone      int   // 1, 2, … within the enrolment; unique there. Of one given by hand -1, -2, …
	Amount         int64 // owed now; 0 when a cap denied it, no slip drawn had a value, or a correction took the milestone back
	Granted        int64 // what vouchers were issued for; above Amount after a correction that came too late to matter
	BudgetID       *ID   // what was reserved for it last was of this budget; nil: of none
	Reserved       int64 // what of the budget is kept for it and not issued yet; below Owed it waits for money
	Currency       string
	State          string  // proposed, issued, rejected, denied (a cap left nothing), no_prize (no slip drawn had a value), undrawn (waits for the group's hat), withdrawn (by who proposed it by hand), withheld (by hand, for good)
	ReachedOn      Date    // the site's date of the visit that reached it
	Explanation    Raw     // rules.Explanation
	RecordedBy     Strings // who recorded the visits it rests on, or proposed it by hand: none of them may approve it
	DecidedBy      string  // who approved or rejected it last; "" when nobody had to
	DecidedAt      *time.Time
	Reason         Private    // why it was rejected
	Grounds        Private    // why it is given by hand; says nothing of a milestone's
	Evidence       string     // where that is evidenced, in the case system; "" of a milestone's
	WaitsBecause   Strings    // why it must be approved, or wait: BecauseProgramme, …; stays when it is decided
	WaitsSince     *time.Time // when it began to wait; nil unless State is proposed
	Limits         int        // the number of the limits by which it waits or does not; 0: they were not asked
	Version        int64
	CreatedAt      time.Time
}

// The states of an award.
const (
	AwardProposed  = "proposed"
	AwardIssued    = "issued"
	AwardRejected  = "rejected"
	AwardDenied    = "denied"
	AwardNoPrize   = "no_prize"
	AwardUndrawn   = "undrawn"
	AwardWithdrawn = "withdrawn"
	AwardWithheld  = "withheld"
)

// Become puts the award into a state, and notes since when it waits.
func (a *Award) Become(state string, at time.Time) {
	switch {
	case state != AwardProposed:
		a.WaitsSince = nil
	case a.WaitsSince == nil:
		a.WaitsSince = &at
	}
	a.State = state
}

// ByHand reports whether the award was given by hand, not earned by a milestone.
func (a Award) ByHand() bool { return a.Milestone < 0 }

// AwardAdjustment is one change that a late or corrected visit, or the voiding
// of a voucher, made to an award: append-only, so that the award's history can
// be read.
type AwardAdjustment struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	AwardID        ID
	AmountBefore   int64
	AmountAfter    int64
	GrantedBefore  int64
	GrantedAfter   int64
	Cause          string // the attendance event or the voided voucher that caused it, or "enrolment"
	CreatedAt      time.Time
}

// Attendance outcomes: what happened at a visit, before any programme's rules
// say what it means.
const (
	Attended      = "attended"
	NoShow        = "no_show"
	Excused       = "excused"
	Cancelled     = "cancelled"       // by the provider
	Late          = "late"            // there, but too late for the visit to count as attended
	LeftEarly     = "left_early"      // there, but not for long enough
	NoValidSample = "no_valid_sample" // there, without a sample that can be tested
	Pending       = "pending"         // not known yet
)

// Outcomes are all outcomes that can be recorded.
var Outcomes = []string{Attended, NoShow, Excused, Cancelled, Late, LeftEarly, NoValidSample, Pending}

// The results of a test.
const (
	Negative = "negative" // what was tested for was not found
	Positive = "positive"
)

// Details is what else is said about a visit. A test's result is special-category
// data: it is shown where attendances are, and nowhere else.
type Details struct {
	ArrivedAt     *time.Time // nil: not recorded
	LeftAt        *time.Time // nil: not recorded
	Test          string     // Negative or Positive; "": no result
	Task          string     // the task that was done, in the words of the programmes' targets; "": none
	MakesUp       *ID        // the missed visit, an attendance of the same plan, that this one makes up for
	AbsenceReason string     // why the person was away: "illness"; "": not said
	NoticeAt      *time.Time // when they sent word of it; nil: they did not
}

// AttendanceEvent is one statement about one visit. Events are append-only: a
// correction is a new event with the next Revision of the same attendance.
type AttendanceEvent struct {
	MunicipalityID ID  `gorm:"primaryKey"`
	ID             ID  `gorm:"primaryKey"`
	AttendanceID   ID  // the visit: the ID of its first event
	Revision       int // 1, 2, …
	PlanID         ID
	UnitID         ID
	SessionID      *ID       // the planned session, if there was one; at most one attendance each
	Key            string    // unique in the municipality: "session:…", "import:…" with the file's ID, or "visit:…"
	OccurredAt     time.Time // when the visit was to begin
	LocalDate      Date      // its date at the site
	Kind           string
	Outcome        string
	Details
	Withdrawn        bool    // true: as if it had never been recorded
	Reason           Private // why it was corrected or withdrawn; says nothing for a first event
	SourceRevision   int     // the version in the imported file; 0 when not imported
	RecordedBy       string  // who told the service: the caseworker, or who imported the file
	SourceRecordedBy string  // who recorded it in the system that the file came from; "" when not imported
	CreatedAt        time.Time
}

// Attendance is an attendance's newest event: the view `attendances`.
type Attendance AttendanceEvent

// TableName names the view.
func (Attendance) TableName() string { return "attendances" }
