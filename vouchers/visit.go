package vouchers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Visit is what is said about one visit. It was planned (SessionID), or it has
// a time and a kind of its own.
type Visit struct {
	PlanID     domain.ID
	SessionID  domain.ID // zero: not planned
	OccurredAt time.Time // when it was to begin; taken from the session when that is given
	Kind       string    // individual, group, …; taken from the session when that is given
	Outcome    string    // one of domain.Outcomes
	HatID      domain.ID // the group's hat that the name goes into; zero: none
	domain.Details
}

// lockPlan reads a plan within the actor's reach and makes other recorders of
// its visits wait for this one, so that visits are evaluated one at a time.
func lockPlan(tx *store.Tx, id domain.ID) (domain.Plan, error) {
	plan, err := store.GetLocked[domain.Plan](tx, id)
	if err == nil && !tx.Actor().Reaches(plan.UnitID) {
		err = domain.OutOfReach()
	}
	return plan, err
}

// firstEvent checks what is said about a visit and makes its first event.
func (s *Service) firstEvent(tx *store.Tx, plan domain.Plan, v Visit, loc *time.Location) (domain.AttendanceEvent, error) {
	now := s.now()
	e := domain.AttendanceEvent{
		MunicipalityID: plan.MunicipalityID, ID: store.NewID(), Revision: 1, PlanID: plan.ID, UnitID: plan.UnitID,
		OccurredAt: v.OccurredAt.UTC().Truncate(time.Microsecond), Kind: v.Kind, Outcome: v.Outcome, Details: exact(v.Details), RecordedBy: tx.Actor().Person, CreatedAt: now,
	}
	e.AttendanceID = e.ID
	var f domain.Fields
	if v.SessionID != (domain.ID{}) {
		f.Check(v.OccurredAt.IsZero() && v.Kind == "", "session_id", "contradiction", "a planned session already says when and what kind: send session_id alone, or occurred_at and kind")
		session, err := store.Get[domain.Session](tx, v.SessionID)
		if err != nil {
			return e, err
		}
		f.Check(session.PlanID == plan.ID, "session_id", "other_plan", "the session belongs to another plan")
		f.Check(session.State == "planned", "session_id", "withdrawn", "the session was withdrawn from the plan")
		e.SessionID, e.OccurredAt, e.Kind, e.Key = &session.ID, session.StartsAt, session.Kind, "session:"+session.ID.String()
	} else {
		f.Check(!v.OccurredAt.IsZero(), "occurred_at", "required", "say when the visit was, or which session_id it was")
		e.Key = "visit:" + e.ID.String()
	}
	e.LocalDate = domain.DateOf(e.OccurredAt, loc)
	checkVisit(&f, e, plan, now, loc)
	if err := checkMakeUp(tx, &f, e); err != nil {
		return e, err
	}
	return e, f.Err()
}

// checkVisit refuses a visit that cannot have been.
func checkVisit(f *domain.Fields, e domain.AttendanceEvent, plan domain.Plan, now time.Time, loc *time.Location) {
	checkKind(f, e.Kind)
	f.Check(slices.Contains(domain.Outcomes, e.Outcome), "outcome", "unknown", "must be one of %s", strings.Join(domain.Outcomes, ", "))
	checkDetails(f, e)
	if e.OccurredAt.IsZero() {
		return
	}
	happened := e.Outcome != domain.Excused && e.Outcome != domain.Cancelled
	f.Check(!happened || !domain.DateOf(now, loc).Before(e.LocalDate), "occurred_at", "in_the_future", "%s is not yet here: only excused and cancelled can be recorded ahead", e.LocalDate)
	f.Check(plan.StartDate.Days(e.LocalDate) >= -366, "occurred_at", "before_plan", "is more than a year before the plan began on %s: check the year", plan.StartDate)
	f.Check(e.LocalDate.Days(domain.DateOf(now, loc)) >= -366, "occurred_at", "too_far_ahead", "is more than a year ahead: check the year")
	f.Check(plan.EndDate.IsZero() || !plan.EndDate.Before(e.LocalDate), "occurred_at", "after_plan", "the plan ended on %s", plan.EndDate)
}

// attendanceRef names an attendance the way the API does.
func attendanceRef(id domain.ID) string { return fmt.Sprintf("att_%x", id[:]) }

// recorded finds what is already recorded about the same visit: the same
// session, even one moved or withdrawn since, or the same plan at the same
// moment.
func recorded(tx *store.Tx, e domain.AttendanceEvent) (domain.Attendance, bool, error) {
	if e.SessionID == nil {
		return at(tx, e)
	}
	first, err := store.First[domain.AttendanceEvent](tx, store.Is("session_id", *e.SessionID), store.FirstEvents())
	if domain.KindOf(err) == domain.NotFound {
		return at(tx, e)
	}
	if err != nil {
		return domain.Attendance{}, false, err
	}
	a, err := store.First[domain.Attendance](tx, store.Is("attendance_id", first.AttendanceID))
	return a, err == nil, err
}

// at finds a visit of the plan that is recorded for the same moment.
func at(tx *store.Tx, e domain.AttendanceEvent) (domain.Attendance, bool, error) {
	there, err := store.All[domain.Attendance](tx, "", store.Is("plan_id", e.PlanID), store.Is("occurred_at", e.OccurredAt), store.Is("withdrawn", false))
	for _, a := range there {
		if a.AttendanceID != e.AttendanceID {
			return a, true, err
		}
	}
	return domain.Attendance{}, false, err
}
