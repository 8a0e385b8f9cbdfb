package vouchers

import (
	"context"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// How much of what grows with the years an Overview has: all of it is in the
// Timeline.
const (
	visitsShown  = 24
	aheadShown   = 12
	awardsShown  = 12
	plansShown   = 20
	oldestMissed = 60 // days in which a session without an outcome is asked for
)

// Overview is a citizen as those who treat them want to take them in: one of their
// plans, and the latest of what is long. It costs the same after five years as on
// the first day.
type Overview struct {
	Citizen domain.Citizen
	Unit    domain.Unit
	Site    *time.Location
	Today   domain.Date
	Erasure domain.Erasure // what the municipality says of those whose plans have ended
	Keeps   bool           // the actor may say that the citizen's data is kept
	Plans   []domain.Plan  // newest first
	Plan    *domain.Plan   // the one that the rest is about; nil: there is none yet
	Goals   []domain.Goal  // in the order in which they were made
	Pauses  []domain.Pause
	Past    []Occasion // the latest, oldest first
	Older   bool       // there are more before them
	Ahead   []domain.Session
	Courses []Course // newest first
	Waiting []domain.Award
	Asked   []domain.Withholding // that wait
	Live    []domain.Voucher     // on which something is left; those that lapse first come first
	Had     []domain.Voucher     // other ones, newest first
}

// Occasion is one session that has been, one that was not planned, or both.
type Occasion struct {
	At         time.Time
	Kind       string
	Session    *domain.Session    // nil: it was not planned
	Attendance *domain.Attendance // nil: nobody has told its outcome
}

// Course is an enrolment with how far it has come.
type Course struct {
	Enrolment domain.Enrolment
	Title     rules.Text
	Version   int
	Newer     *domain.ProgrammeVersion // a later one that is in force today, to which an active enrolment can be moved; nil: there is none
	Standing  Standing
	Next      *NextVisit     // nil: no visit ahead counts
	Awards    []domain.Award // the latest
}

// Overview gives a citizen within reach, with one of their plans; for the zero
// plan it is the newest that runs, or else the newest.
func (s *Service) Overview(ctx context.Context, actor domain.Actor, citizen, plan domain.ID) (o Overview, err error) {
	err = s.read(ctx, actor, "getCitizen", func(tx *store.Tx) error {
		o = Overview{}
		if o.Citizen, err = store.Get[domain.Citizen](tx, citizen); err != nil {
			return err
		}
		if !actor.Reaches(o.Citizen.UnitID) {
			return domain.OutOfReach()
		}
		if o.Unit, err = store.Get[domain.Unit](tx, o.Citizen.UnitID); err != nil {
			return err
		}
		if o.Site, err = tx.Zone(); err != nil {
			return err
		}
		over, m, err := s.over(tx)
		if err != nil {
			return err
		}
		o.Today, o.Erasure, o.Keeps = over.Today, m.Erasure, actor.May("keepCitizen") == nil
		if err := o.choosePlan(tx, actor, plan); err != nil {
			return err
		}
		if o.Plan != nil {
			if err := s.overviewPlan(tx, &o); err != nil {
				return err
			}
		}
		return s.open(tx, o.personal()...)
	})
	return o, err
}

// choosePlan reads the citizen's plans within reach and picks the one to show.
func (o *Overview) choosePlan(tx *store.Tx, actor domain.Actor, wanted domain.ID) (err error) {
	all, err := store.All[domain.Plan](tx, "", store.Is("citizen_id", o.Citizen.ID), store.Eq("unit_id", actor.UnitID))
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b domain.Plan) int { return slices.Compare(b.ID[:], a.ID[:]) })
	o.Plans = all[:min(len(all), plansShown)]
	for i := range all {
		switch p := &all[i]; {
		case p.ID == wanted:
			o.Plan = p
			return nil
		case wanted != domain.ID{}:
		case o.Plan == nil, !o.Plan.EndDate.IsZero() && p.EndDate.IsZero():
			o.Plan = p
		}
	}
	if wanted != (domain.ID{}) {
		return domain.OutOfReach()
	}
	return nil
}

// overviewPlan reads what belongs to the plan.
func (s *Service) overviewPlan(tx *store.Tx, o *Overview) (err error) {
	of := store.Is("plan_id", o.Plan.ID)
	if o.Goals, err = store.All[domain.Goal](tx, "", of); err != nil {
		return err
	}
	slices.SortFunc(o.Goals, func(a, b domain.Goal) int { return slices.Compare(a.ID[:], b.ID[:]) })
	if o.Pauses, err = store.All[domain.Pause](tx, "", of, store.Is("withdrawn", false)); err != nil {
		return err
	}
	slices.SortFunc(o.Pauses, func(a, b domain.Pause) int { return a.FirstDay.Days(b.FirstDay) })
	if o.Ahead, err = store.Oldest[domain.Session](tx, "starts_at", store.Place{}, aheadShown, of, store.Is("state", sessionPlanned), store.From("starts_at", s.now())); err != nil {
		return err
	}
	if err := s.occasions(tx, o); err != nil {
		return err
	}
	return s.overviewCourses(tx, o)
}

// occasions reads the plan's latest sessions and visits, and puts those together
// that are one.
func (s *Service) occasions(tx *store.Tx, o *Overview) error {
	of := store.Is("plan_id", o.Plan.ID)
	visits, err := store.Latest[domain.Attendance](tx, "occurred_at", visitsShown+1, of, store.Is("withdrawn", false))
	if err != nil {
		return err
	}
	sessions, err := store.Latest[domain.Session](tx, "starts_at", visitsShown+1, of, store.Is("state", sessionPlanned), store.Before("starts_at", s.now()))
	if err != nil {
		return err
	}
	told := map[domain.ID]bool{}
	for i := range visits {
		v := &visits[i]
		if v.SessionID != nil {
			told[*v.SessionID] = true
		}
		o.Past = append(o.Past, Occasion{At: v.OccurredAt, Kind: v.Kind, Attendance: v})
	}
	since := s.now().AddDate(0, 0, -oldestMissed)
	for i := range sessions {
		x := &sessions[i]
		if !told[x.ID] && x.StartsAt.After(since) {
			o.Past = append(o.Past, Occasion{At: x.StartsAt, Kind: x.Kind, Session: x})
		}
	}
	o.Ahead = slices.DeleteFunc(o.Ahead, func(x domain.Session) bool { return told[x.ID] })
	slices.SortStableFunc(o.Past, func(a, b Occasion) int { return a.At.Compare(b.At) })
	if o.Older = len(o.Past) > visitsShown; o.Older {
		o.Past = o.Past[len(o.Past)-visitsShown:]
	}
	return nil
}

// overviewCourses reads the plan's enrolments with what they have led to.
func (s *Service) overviewCourses(tx *store.Tx, o *Overview) error {
	enrolments, err := store.All[domain.Enrolment](tx, "", store.Is("plan_id", o.Plan.ID))
	if err != nil {
		return err
	}
	slices.SortFunc(enrolments, func(a, b domain.Enrolment) int { return slices.Compare(b.ID[:], a.ID[:]) })
	var awards []domain.ID
	for _, e := range enrolments {
		c, err := s.course(tx, e)
		if err != nil {
			return err
		}
		o.Courses = append(o.Courses, c)
		awards = append(awards, ids(c.Awards, func(a domain.Award) domain.ID { return a.ID })...)
	}
	of := ids(enrolments, func(e domain.Enrolment) domain.ID { return e.ID })
	if o.Waiting, err = store.All[domain.Award](tx, "", store.In("enrolment_id", of), store.Is("state", domain.AwardProposed)); err != nil {
		return err
	}
	awards = append(awards, ids(o.Waiting, func(a domain.Award) domain.ID { return a.ID })...)
	return o.readVouchers(tx, of, awards)
}

// course tells how far an enrolment has come.
func (s *Service) course(tx *store.Tx, e domain.Enrolment) (c Course, err error) {
	c.Enrolment = e
	programme, err := store.Get[domain.Programme](tx, e.ProgrammeID)
	if err != nil {
		return c, err
	}
	version, err := store.Get[domain.ProgrammeVersion](tx, e.VersionID)
	if err != nil {
		return c, err
	}
	c.Title, c.Version = rules.Text{DA: programme.TitleDA, EN: programme.TitleEN}, version.Number
	if c.Standing, err = s.standing(tx, e); err != nil {
		return c, err
	}
	if c.Awards, err = store.Latest[domain.Award](tx, "milestone", awardsShown, store.Is("enrolment_id", e.ID)); err != nil {
		return c, err
	}
	if e.State == "active" {
		if c.Newer, err = s.newer(tx, version); err != nil {
			return c, err
		}
	}
	if e.State != "active" || c.Standing.Progress.Finished {
		return c, nil
	}
	next, err := s.next(tx, e)
	if err == nil && next.Ahead.Counts {
		c.Next = &next
	}
	return c, err
}

// newer finds a later version of the same programme that is in force today; nil
// when there is none.
func (s *Service) newer(tx *store.Tx, v domain.ProgrammeVersion) (*domain.ProgrammeVersion, error) {
	today, err := s.today(tx)
	if err != nil {
		return nil, err
	}
	later, err := store.All[domain.ProgrammeVersion](tx, "number", store.Is("programme_id", v.ProgrammeID), store.Above("number", int64(v.Number)), store.Not("state", domain.VersionDraft))
	for i := range later {
		if later[i].InForce(today) {
			return &later[i], err
		}
	}
	return nil, err
}

// readVouchers reads the enrolments' vouchers on which something is left, and of
// the other ones those of the awards that are named.
func (o *Overview) readVouchers(tx *store.Tx, enrolments, awards []domain.ID) (err error) {
	live := []domain.VoucherState{domain.Issued, domain.PartlyRedeemed, domain.Blocked}
	if o.Live, err = store.All[domain.Voucher](tx, "", store.EarnedIn(enrolments), store.In("state", live)); err != nil {
		return err
	}
	slices.SortFunc(o.Live, func(a, b domain.Voucher) int { return a.ValidTo.Compare(b.ValidTo) })
	gone := []domain.VoucherState{domain.Redeemed, domain.Replaced, domain.Expired, domain.Void}
	if o.Had, err = store.All[domain.Voucher](tx, "", store.In("award_id", awards), store.In("state", gone)); err != nil {
		return err
	}
	slices.SortFunc(o.Had, func(a, b domain.Voucher) int { return b.CreatedAt.Compare(a.CreatedAt) })
	awards = append(awards, ids(o.Live, func(v domain.Voucher) domain.ID { return v.AwardID })...)
	o.Asked, err = store.All[domain.Withholding](tx, "", store.In("award_id", awards), store.Is("state", domain.WithholdingProposed))
	return err
}

// personal are the rows that have something sealed.
func (o *Overview) personal() []any {
	rows := slices.Concat([]any{&o.Citizen}, pointers(o.Goals), pointers(o.Pauses), pointers(o.Waiting), pointers(o.Asked), pointers(o.Live), pointers(o.Had))
	for _, x := range o.Past {
		if x.Attendance != nil {
			rows = append(rows, x.Attendance)
		}
	}
	for i := range o.Courses {
		rows = append(rows, pointers(o.Courses[i].Awards)...)
	}
	return rows
}
