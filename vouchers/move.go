package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// Move says which version of its programme an enrolment goes over to, and when.
type Move struct {
	VersionID     domain.ID   // an adopted one, in force on that day
	FromVersionID domain.ID   // the version it is believed to be in; zero: whichever
	On            domain.Date // the first day under the new version; zero: today
	Phase         string      // of the new version, to go on in; "": the one of the same name
	Level         int         // at which to go on in another phase, from 1; 0: at the first
	Reason        string      // 1–500 letters
}

// Moved is a move that was made, with what it changed.
type Moved struct {
	Move      domain.EnrolmentMove
	Enrolment domain.Enrolment
	Awards    []domain.Award
	Vouchers  []domain.Voucher
	Progress  Standing
}

// Move puts an enrolment into another version of its programme from a day on.
// Visits before that day stay under the version then in force, also when they
// are corrected or recorded later. Conflict once it has ended; Stale when it has
// been moved since the caller looked.
func (s *Service) Move(ctx context.Context, actor domain.Actor, key Key, id domain.ID, in Move) (Answer[Moved], error) {
	return once(ctx, s, actor, "moveEnrolment", key, func(tx *store.Tx) (Moved, error) {
		ep, _, err := lockEpisode(tx, id)
		if err != nil {
			return Moved{}, err
		}
		m, err := s.moveOf(tx, ep, in)
		if err != nil {
			return Moved{}, err
		}
		return s.move(tx, ep.last().Enrolment, m)
	})
}

func (s *Service) move(tx *store.Tx, e domain.Enrolment, m domain.EnrolmentMove) (moved Moved, err error) {
	if err := s.sealFor(tx, e.PlanID, &m); err != nil {
		return moved, err
	}
	if err := store.Insert(tx, &m); err != nil {
		return moved, err
	}
	if err := store.Set[domain.Enrolment](tx, e.ID, e.Version, map[string]any{"version_id": m.ToVersionID, "moved_on": m.MovedOn}); err != nil {
		return moved, err
	}
	e.VersionID, e.MovedOn, e.Version = m.ToVersionID, m.MovedOn, e.Version+1
	if err := auditMove(tx, m); err != nil {
		return moved, err
	}
	if e, err = s.linked(tx, e); err != nil {
		return moved, err
	}
	var changed Earned
	if err := s.again(tx, e, settlement{cause: Fact{MoveFact, m.ID}.String(), result: &changed}); err != nil {
		return moved, err
	}
	if e, err = store.Get[domain.Enrolment](tx, e.ID); err != nil {
		return moved, err
	}
	standing, err := s.standing(tx, e)
	return Moved{Move: m, Enrolment: e, Awards: changed.Awards, Vouchers: changed.Vouchers, Progress: standing}, err
}

func auditMove(tx *store.Tx, m domain.EnrolmentMove) error {
	return tx.Audit("moveEnrolment", "move", m.ID, m.CreatedAt, domain.Detail(map[string]any{
		"enrolment": m.EnrolmentID, "from_programme_version": m.FromVersionID, "programme_version": m.ToVersionID, "on": m.MovedOn,
	}))
}

// lockEpisode reads the episode of an enrolment within reach, up to it, and makes
// other changes of its plan wait.
func lockEpisode(tx *store.Tx, id domain.ID) (episode, domain.Plan, error) {
	e, err := store.Get[domain.Enrolment](tx, id)
	if err != nil {
		return nil, domain.Plan{}, err
	}
	plan, err := lockPlan(tx, e.PlanID)
	if err != nil {
		return nil, plan, err
	}
	// Locked, so that nobody enrols the citizen meanwhile where the same is rewarded.
	if _, err := store.GetLocked[domain.Citizen](tx, plan.CitizenID); err != nil {
		return nil, plan, err
	}
	if e, err = store.Get[domain.Enrolment](tx, id); err != nil { // again, under the locks
		return nil, plan, err
	}
	ep, err := episodeOf(tx, e)
	return ep, plan, err
}

// last is the episode's newest chapter.
func (ep episode) last() chapter { return ep[len(ep)-1] }

// moveOf checks what is asked for and makes the row of it.
func (s *Service) moveOf(tx *store.Tx, ep episode, in Move) (m domain.EnrolmentMove, err error) {
	c := ep.last()
	if c.State != "active" {
		return m, domain.Errorf(domain.Conflict, "wrong_state", "the enrolment ended on %s: only an active one can be moved", c.EndedOn)
	}
	if in.FromVersionID != (domain.ID{}) && in.FromVersionID != c.VersionID {
		return m, domain.Errorf(domain.Stale, "stale", "the enrolment has been moved to another version meanwhile: look at it again and repeat the move")
	}
	today, err := s.today(tx)
	if err != nil {
		return m, err
	}
	if in.On.IsZero() {
		in.On = today
	}
	var f domain.Fields
	reason := f.Clean("reason", in.Reason, 500, false)
	checkMoveDay(&f, c, in.On, today)
	if err := s.checkTarget(tx, &f, c, in); err != nil {
		return m, err
	}
	if err := f.Err(); err != nil {
		return m, err
	}
	m = domain.EnrolmentMove{
		MunicipalityID: c.MunicipalityID, ID: store.NewID(), EnrolmentID: c.ID, Number: len(c.moves) + 1, FromVersionID: c.VersionID, ToVersionID: in.VersionID,
		MovedOn: in.On, Phase: in.Phase, Level: in.Level, Reason: domain.NewPrivate(reason), MovedBy: tx.Actor().Person, CreatedAt: s.now(),
	}
	return m, s.settlePhase(tx, ep, &m)
}

// checkMoveDay notes what is wrong with the day of a move.
func checkMoveDay(f *domain.Fields, c chapter, on, today domain.Date) {
	first := c.StartDate
	if c.ContinuesID != nil { // on its first day it takes up the episode
		first = first.AddDays(1)
	}
	switch {
	case today.Before(on):
		f.Add("on", "in_the_future", "must not be after today, %s", today)
	case on.Before(first):
		f.Add("on", "before_start", "must not be before %s, when the enrolment began", first)
	case on.Before(c.MovedOn):
		f.Add("on", "before_last_move", "must not be before %s, the day of its last move", c.MovedOn)
	}
}

// checkTarget notes what is wrong with the version that a move leads to.
func (s *Service) checkTarget(tx *store.Tx, f *domain.Fields, c chapter, in Move) error {
	v, err := store.Refer(tx, "version_id", in.VersionID, store.Everyone[domain.ProgrammeVersion])
	if err != nil {
		return f.Merge(err)
	}
	switch {
	case v.ProgrammeID != c.ProgrammeID:
		f.Add("version_id", "other_programme", "belongs to another programme: end this enrolment and enrol the plan there")
	case v.ID == c.VersionID:
		f.Add("version_id", "same_version", "is the version that the enrolment is in")
	case v.State == domain.VersionDraft:
		f.Add("version_id", "not_adopted", "is a draft: version %d must be adopted first", v.Number)
	case !v.InForce(in.On):
		f.Add("version_id", "not_in_force", "version %d is not in force on %s: choose a day on which it is", v.Number, in.On)
	default:
		return s.checkTerms(tx, f, c, in)
	}
	return nil
}

// checkTerms notes why the new version's document cannot take the enrolment.
func (s *Service) checkTerms(tx *store.Tx, f *domain.Fields, c chapter, in Move) error {
	from, err := s.document(tx, c.VersionID)
	if err != nil {
		return err
	}
	to, err := s.document(tx, in.VersionID)
	if err != nil {
		return err
	}
	plan, err := store.Get[domain.Plan](tx, c.PlanID)
	if err != nil {
		return err
	}
	citizen, err := store.Get[domain.Citizen](tx, plan.CitizenID)
	if err != nil {
		return err
	}
	age := citizen.BirthDate.YearsUntil(in.On)
	f.Check(to.Currency == from.Currency, "version_id", "other_currency", "pays in %s, what is earned so far is in %s", to.Currency, from.Currency)
	f.Check(to.Age.Includes(age), "version_id", "outside_age", "the citizen is %d years old on %s; the version is for %s", age, in.On, ages(to))
	pause, unsaid, err := unstated(tx, plan.ID, in.On, to)
	if err != nil {
		return err
	}
	f.Check(!unsaid, "version_id", "pause_not_stated", "the plan is paused %s, and the version does not say what a pause for %s does", span(pause), pause.Reason)
	other, err := s.rewardedTwice(tx, plan, to, in.On, c.ID)
	f.Check(other == "", "version_id", "already_enrolled", "rewards what the programme %s, in which the citizen is, rewards too: a session, goal or task pays once, so end that enrolment first, or move after its end", other)
	return err
}

// settlePhase says in a move which phase it leads to, so that it leads there for
// ever, whatever is corrected before it. The episode ends where the move is made.
func (s *Service) settlePhase(tx *store.Tx, ep episode, m *domain.EnrolmentMove) error {
	from, err := s.document(tx, m.FromVersionID)
	if err != nil {
		return err
	}
	to, err := s.document(tx, m.ToVersionID)
	if err != nil {
		return err
	}
	out, err := s.outsideOf(tx, ep, ep.marked())
	if err != nil {
		return err
	}
	tale, err := s.tell(tx, ep, out, m.MovedOn)
	if err != nil {
		return err
	}
	state, err := rules.Move(from, to, tale.states[len(tale.states)-1], moving(*m))
	if err == nil && m.Phase == "" {
		m.Phase = to.Phases[state.Phase].Name
	}
	return err
}

// Moves gives an enrolment's moves, in order.
func (s *Service) Moves(ctx context.Context, actor domain.Actor, id domain.ID) (moves []domain.EnrolmentMove, err error) {
	err = s.read(ctx, actor, "listMoves", func(tx *store.Tx) error {
		e, err := store.Get[domain.Enrolment](tx, id)
		if err == nil && !actor.Reaches(e.UnitID) {
			err = domain.OutOfReach()
		}
		if err != nil {
			return err
		}
		if moves, err = store.All[domain.EnrolmentMove](tx, "enrolment_id, number", store.Is("enrolment_id", id)); err != nil {
			return err
		}
		return s.open(tx, pointers(moves)...)
	})
	return moves, err
}
