package vouchers

import (
	"context"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// The states of a planned session.
const (
	sessionPlanned   = "planned"
	sessionWithdrawn = "withdrawn"
)

const (
	maxSeries       = 200 // sessions planned in one go
	maxSessionAhead = 10  // years
)

// SessionsInput says which sessions to plan: one, or a series at the same time
// of day.
type SessionsInput struct {
	StartsAt time.Time
	Kind     string  // individual, group, …: what a programme's target names
	Repeat   *Repeat // nil: one session
}

// Repeat says how far apart the sessions of a series are, and how many.
type Repeat struct {
	Every string // day, week or two_weeks
	Count int    // 1–200, the first included
}

// PlanSessions plans one session or a series in a plan within reach, all or
// none. Conflict if the plan has a session at one of the times already, or has
// ended before.
func (s *Service) PlanSessions(ctx context.Context, actor domain.Actor, planID domain.ID, in SessionsInput) (sessions []domain.Session, err error) {
	err = s.write(ctx, actor, "planSessions", func(tx *store.Tx) error {
		plan, err := lockPlan(tx, planID)
		if err != nil {
			return err
		}
		loc, err := tx.Zone()
		if err != nil {
			return err
		}
		starts, err := s.checkSeries(in, plan, loc)
		if err != nil {
			return err
		}
		if err := checkFree(tx, plan.ID, starts, loc); err != nil {
			return err
		}
		sessions, err = s.addSessions(tx, plan, in.Kind, starts)
		return err
	})
	if err != nil {
		return nil, err
	}
	return sessions, nil
}

// addSessions stores sessions that were checked.
func (s *Service) addSessions(tx *store.Tx, plan domain.Plan, kind string, starts []time.Time) (sessions []domain.Session, err error) {
	loc, err := tx.Zone()
	if err != nil {
		return nil, err
	}
	now := s.now()
	for _, at := range starts {
		session := domain.Session{
			MunicipalityID: plan.MunicipalityID, ID: store.NewID(), PlanID: plan.ID, UnitID: plan.UnitID, StartsAt: at,
			LocalDate: domain.DateOf(at, loc), Kind: kind, State: sessionPlanned, Version: 1, CreatedAt: now,
		}
		if err := tx.Append(&session); err != nil {
			return nil, err
		}
		sessions = append(sessions, session)
	}
	return sessions, tx.Audit("planSessions", "plan", plan.ID, now, domain.Detail(map[string]any{"sessions": len(sessions), "first": sessions[0].ID}))
}

// checkSeries gives the instants that the input asks for.
func (s *Service) checkSeries(in SessionsInput, plan domain.Plan, loc *time.Location) ([]time.Time, error) {
	var f domain.Fields
	checkKind(&f, in.Kind)
	days, count := 0, 1
	if in.Repeat != nil {
		days, count = cadences[in.Repeat.Every], in.Repeat.Count
		f.Check(days > 0, "repeat.every", "unknown", "must be day, week or two_weeks")
		f.Check(count >= 1 && count <= maxSeries, "repeat.count", "out_of_range", "must be 1 to %d", maxSeries)
	}
	first := in.StartsAt.UTC().Truncate(time.Microsecond)
	s.checkStartsAt(&f, first, plan, loc)
	if err := f.Err(); err != nil {
		return nil, err
	}
	starts, err := series(first, days, count, loc)
	if err != nil {
		return nil, f.Add("starts_at", "no_such_time", "%s", err).Err()
	}
	last := domain.DateOf(starts[len(starts)-1], loc)
	if count > 1 {
		f.Check(inPlan(plan, last), "repeat.count", "after_plan", "makes the last session %s, after the plan's end on %s", last, plan.EndDate)
	}
	return starts, f.Err()
}

func checkKind(f *domain.Fields, kind string) {
	f.Check(isSlug(kind), "kind", "invalid", "must be a word of at most %d small letters, digits, - and _, like individual or group", longestSlug)
}

// checkStartsAt notes what is wrong with the time of a session.
func (s *Service) checkStartsAt(f *domain.Fields, at time.Time, plan domain.Plan, loc *time.Location) {
	date, now := domain.DateOf(at, loc), s.now()
	switch {
	case at.IsZero():
		f.Add("starts_at", "required", "must not be empty")
	case date.Before(plan.StartDate):
		f.Add("starts_at", "before_plan", "must not be before the plan's start, %s", plan.StartDate)
	case !inPlan(plan, date):
		f.Add("starts_at", "after_plan", "must not be after the plan's end, %s", plan.EndDate)
	case at.After(now.AddDate(maxSessionAhead, 0, 0)):
		f.Add("starts_at", "too_far_ahead", "must not be more than %d years ahead: check the year", maxSessionAhead)
	}
}

// inPlan reports whether the plan has not ended before the date.
func inPlan(plan domain.Plan, date domain.Date) bool {
	return plan.EndDate.IsZero() || !plan.EndDate.Before(date)
}

// checkFree gives a Conflict that names the times at which the plan has a
// session already. The unique index sessions_once has the last word.
func checkFree(tx *store.Tx, planID domain.ID, starts []time.Time, loc *time.Location) error {
	taken, err := store.All[domain.Session](tx, "starts_at", store.Is("plan_id", planID), store.Is("state", sessionPlanned), store.In("starts_at", starts))
	if err != nil || len(taken) == 0 {
		return err
	}
	var times []string
	for _, session := range taken {
		times = append(times, session.StartsAt.In(loc).Format("2006-01-02 15:04"))
	}
	return domain.Errorf(domain.Conflict, "session_exists", "the plan has a session already on %s: nothing was planned", strings.Join(times, ", "))
}

// SessionChange says what to change; nil stays as it is.
type SessionChange struct {
	StartsAt *time.Time
	Kind     *string
	State    *string // withdrawn
}

// UpdateSession moves or withdraws a planned session. Conflict once an
// attendance is recorded for it, or when it is withdrawn: plan a new one. Stale
// unless version is the one last read.
func (s *Service) UpdateSession(ctx context.Context, actor domain.Actor, id domain.ID, version int64, change SessionChange) (session domain.Session, err error) {
	err = s.write(ctx, actor, "updateSession", func(tx *store.Tx) error {
		plan, err := lockSession(tx, &session, id)
		if err != nil {
			return err
		}
		loc, err := tx.Zone()
		if err != nil {
			return err
		}
		before := session.StartsAt
		var f domain.Fields
		domain.Set(&session.Kind, change.Kind)
		domain.Set(&session.State, change.State)
		checkKind(&f, session.Kind)
		f.Check(session.State == sessionPlanned || session.State == sessionWithdrawn, "state", "unknown", "must be %s or %s", sessionPlanned, sessionWithdrawn)
		if change.StartsAt != nil {
			session.StartsAt = change.StartsAt.UTC().Truncate(time.Microsecond)
			session.LocalDate = domain.DateOf(session.StartsAt, loc)
			s.checkStartsAt(&f, session.StartsAt, plan, loc)
		}
		if err := f.Err(); err != nil {
			return err
		}
		if !session.StartsAt.Equal(before) && session.State == sessionPlanned {
			if err := checkFree(tx, plan.ID, []time.Time{session.StartsAt}, loc); err != nil {
				return err
			}
		}
		session.Version = version + 1
		err = store.Set[domain.Session](tx, id, version, map[string]any{
			"starts_at": session.StartsAt, "local_date": session.LocalDate, "kind": session.Kind, "state": session.State,
		})
		if err != nil {
			return err
		}
		return tx.Audit("updateSession", "session", id, s.now(), domain.Detail(map[string]any{"state": session.State}))
	})
	return session, err
}

// lockSession reads a session that can still be changed, and its plan, which
// recorders of its attendance lock too.
func lockSession(tx *store.Tx, session *domain.Session, id domain.ID) (plan domain.Plan, err error) {
	if *session, err = store.Get[domain.Session](tx, id); err != nil {
		return plan, err
	}
	if plan, err = lockPlan(tx, session.PlanID); err != nil {
		return plan, err
	}
	if *session, err = store.Get[domain.Session](tx, id); err != nil { // again, under the lock
		return plan, err
	}
	if session.State != sessionPlanned {
		return plan, domain.Errorf(domain.Conflict, "session_withdrawn", "the session is withdrawn: plan a new one")
	}
	recorded, err := attended(tx, id)
	if err == nil && recorded {
		err = domain.Errorf(domain.Conflict, "attendance_recorded", "an attendance is recorded for the session: correct that instead")
	}
	return plan, err
}

// attended reports whether an attendance is recorded for the session, be it
// cancelled since.
func attended(tx *store.Tx, session domain.ID) (bool, error) {
	n, err := store.Count[domain.AttendanceEvent](tx, store.Is("session_id", session), store.FirstEvents())
	return n > 0, err
}

// Session gives one planned session of a unit within reach.
func (s *Service) Session(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Session, error) {
	return get(ctx, s, actor, "getSession", id, func(x domain.Session) bool { return actor.Reaches(x.UnitID) })
}

// SessionFilter narrows a list of sessions; zero fields narrow nothing.
type SessionFilter struct {
	PlanID  domain.ID
	UnitID  domain.ID
	From    domain.Date // first date at the site
	To      domain.Date // last date at the site
	State   string
	Outcome string // missing: past their time and nobody has told it; recorded
}

// Sessions lists the planned sessions of the units within reach, newest made
// first.
func (s *Service) Sessions(ctx context.Context, actor domain.Actor, page store.Page, f SessionFilter) (Listed[domain.Session], error) {
	outcome := store.Cond{}
	switch f.Outcome {
	case "":
	case "missing":
		outcome = store.OutcomeMissing(s.now())
	case "recorded":
		outcome = store.OutcomeRecorded()
	default:
		return Listed[domain.Session]{}, domain.InvalidField("outcome", "unknown", "must be missing or recorded")
	}
	return list[domain.Session](ctx, s, actor, "listSessions", page, store.Eq("unit_id", actor.UnitID), outcome,
		store.Eq("plan_id", f.PlanID), store.Eq("unit_id", f.UnitID), store.From("local_date", day(f.From)), store.To("local_date", day(f.To)), store.Eq("state", f.State))
}
