package vouchers

import (
	"fmt"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// episode is one story to the rules, oldest chapter first: an enrolment with
// those that it continues and those that continue it. Its milestones are
// numbered through.
type episode []chapter

// chapter is one enrolment of an episode.
type chapter struct {
	domain.Enrolment
	moves []domain.EnrolmentMove // in order
}

// due is an award that the rules give, and where it was earned.
type due struct {
	rules.Award
	enrolment domain.Enrolment // of the visit that reached it
	version   domain.ID        // in force for that visit
}

// during are the versions that visits of the days from first to last, zero for
// open, can be under.
func (c chapter) during(first, last domain.Date) (ids []domain.ID) {
	asked := domain.Pause{FirstDay: first, LastDay: last}
	version, since := c.first(), c.StartDate
	for _, m := range c.moves {
		if since.Before(m.MovedOn) && asked.Meets(domain.Pause{FirstDay: since, LastDay: m.MovedOn.AddDays(-1)}) {
			ids = append(ids, version)
		}
		version, since = m.ToVersionID, m.MovedOn
	}
	if asked.Meets(domain.Pause{FirstDay: since}) {
		ids = append(ids, version)
	}
	return ids
}

// tale is what an episode's visits give.
type tale struct {
	states []rules.State // after each chapter's last visit
	due    []due
}

// episodeOf reads the episode that an enrolment belongs to.
func episodeOf(tx *store.Tx, e domain.Enrolment) (episode, error) {
	list := []domain.Enrolment{e}
	for list[0].ContinuesID != nil {
		before, err := store.Get[domain.Enrolment](tx, *list[0].ContinuesID)
		if err != nil {
			return nil, err
		}
		list = slices.Insert(list, 0, before)
	}
	for last := e; last.State == "ended"; { // only who has left can come back
		next, err := store.First[domain.Enrolment](tx, store.Is("continues_id", last.ID))
		if domain.KindOf(err) == domain.NotFound {
			break
		}
		if err != nil {
			return nil, err
		}
		list, last = append(list, next), next
	}
	return withMoves(tx, list)
}

// withMoves makes chapters of enrolments. Only those that say they were moved
// are looked up.
func withMoves(tx *store.Tx, list []domain.Enrolment) (episode, error) {
	var moved []domain.ID
	for _, e := range list {
		if !e.MovedOn.IsZero() {
			moved = append(moved, e.ID)
		}
	}
	var moves []domain.EnrolmentMove
	if len(moved) > 0 {
		var err error
		if moves, err = store.All[domain.EnrolmentMove](tx, "enrolment_id, number", store.In("enrolment_id", moved)); err != nil {
			return nil, err
		}
	}
	return chapters(list, moves), nil
}

func chapters(list []domain.Enrolment, moves []domain.EnrolmentMove) episode {
	ep := make(episode, len(list))
	for i, e := range list {
		ep[i].Enrolment = e
		for _, m := range moves {
			if m.EnrolmentID == e.ID {
				ep[i].moves = append(ep[i].moves, m)
			}
		}
	}
	return ep
}

// ids are the episode's enrolments.
func (ep episode) ids() (ids []domain.ID) {
	for _, c := range ep {
		ids = append(ids, c.ID)
	}
	return ids
}

// versions are all that the episode's visits can be under.
func (ep episode) versions() (ids []domain.ID) {
	for _, c := range ep {
		ids = append(ids, c.first())
		for _, m := range c.moves {
			ids = append(ids, m.ToVersionID)
		}
	}
	return ids
}

// first is the version that the chapter begins in.
func (c chapter) first() domain.ID {
	if len(c.moves) > 0 {
		return c.moves[0].FromVersionID
	}
	return c.VersionID
}

// tell evaluates an episode from its first visit: each visit under the version
// that was in force for it, whenever it was recorded. It ends before a day; zero:
// with the last visit. Caps count what is outside too.
func (s *Service) tell(tx *store.Tx, ep episode, out *outside, until domain.Date) (t tale, err error) {
	var state rules.State
	for i, c := range ep {
		visits, err := s.lived(tx, c)
		if err != nil {
			return t, err
		}
		f := folding{Service: s, tx: tx, chapter: c, outside: out, version: c.first(), state: state}
		if f.doc, err = s.document(tx, f.version); err != nil {
			return t, err
		}
		if i == 0 {
			f.state = rules.Start(f.doc, c.StartDate)
		} else if visits, err = f.readmit(ep[i-1].EndedOn, visits); err != nil {
			return t, err
		}
		if !until.IsZero() {
			visits, _ = f.split(visits, until)
		}
		if err := f.fold(visits); err != nil {
			return t, err
		}
		state = f.state
		t.states, t.due = append(t.states, state), append(t.due, f.due...)
	}
	return t, nil
}

// folding is the evaluation of one chapter on its way through the versions.
type folding struct {
	*Service
	tx      *store.Tx
	chapter chapter
	outside *outside
	version domain.ID
	doc     rules.Document
	state   rules.State
	due     []due
}

// readmit goes on from where the chapter before ended. A move on the day of the
// return is into the version that says how. It gives the visits that count here.
func (f *folding) readmit(endedOn domain.Date, visits []rules.Opportunity) ([]rules.Opportunity, error) {
	if moves := f.chapter.moves; len(moves) > 0 && moves[0].MovedOn == f.chapter.StartDate {
		first := moves[0]
		first.MovedOn = endedOn.AddDays(1) // or the old version's phases would go on while the citizen is away
		if err := f.move(first); err != nil {
			return nil, err
		}
		f.chapter.moves = moves[1:]
	}
	f.state = rules.Readmit(f.doc, f.state, endedOn, f.chapter.StartDate)
	return slices.DeleteFunc(visits, func(o rules.Opportunity) bool {
		last := o.Until
		if o.Pause == "" {
			last = domain.DateOf(o.At, f.doc.Location())
		}
		return !last.IsZero() && last.Before(f.chapter.StartDate)
	}), nil
}

// fold evaluates the visits, and moves on the days of the moves.
func (f *folding) fold(visits []rules.Opportunity) error {
	for _, m := range f.chapter.moves {
		before, after := f.split(visits, m.MovedOn)
		f.evaluate(before)
		if err := f.move(m); err != nil {
			return err
		}
		visits = after
	}
	f.evaluate(visits)
	return nil
}

// split parts visits into those before a day and the others.
func (f *folding) split(visits []rules.Opportunity, day domain.Date) (before, after []rules.Opportunity) {
	for _, o := range visits {
		if domain.DateOf(o.At, f.doc.Location()).Before(day) {
			before = append(before, o)
		} else {
			after = append(after, o)
		}
	}
	return before, after
}

func (f *folding) evaluate(visits []rules.Opportunity) {
	state, awards := rules.EvaluateWith(f.doc, f.state, f.outside.under(f.doc, f.chapter.ProgrammeID), visits)
	for _, a := range awards {
		f.due = append(f.due, due{Award: a, enrolment: f.chapter.Enrolment, version: f.version})
	}
	f.state = state
}

func (f *folding) move(m domain.EnrolmentMove) error {
	to, err := f.document(f.tx, m.ToVersionID)
	if err != nil {
		return err
	}
	state, err := rules.Move(f.doc, to, f.state, moving(m))
	if err != nil { // a correction has brought it into that very phase, where it keeps its level
		m.Level = 0
		state, err = rules.Move(f.doc, to, f.state, moving(m))
	}
	if err != nil {
		return fmt.Errorf("move %s: %w", m.ID, err)
	}
	f.state = state
	f.doc, f.version = to, m.ToVersionID
	return nil
}

// moving is a move as the rules see it.
func moving(m domain.EnrolmentMove) rules.Moving {
	return rules.Moving{On: m.MovedOn, Phase: m.Phase, Level: m.Level}
}
