package vouchers

import (
	"context"
	"errors"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// erasedAtOnce bounds one turn of EraseDue: what a wrong setting could do before
// somebody sees it.
const erasedAtOnce = 100

// lookedAtOnce bounds how many of those whose time is over one turn looks at: those who
// are held back, for years perhaps, would be looked at every hour.
const lookedAtOnce = 1000

// EraseDue erases those whose time is over by the municipality's setting: all their
// plans were ended so many months ago, nothing of theirs waits or can still be spent,
// and nobody has said that they are kept. It erases some in a turn and counts them; the
// next turn goes on behind them, and after the last it begins again.
// Several jobs at once do no harm.
func (s *Service) EraseDue(ctx context.Context, municipality domain.ID) (erased int, err error) {
	actor := domain.Actor{MunicipalityID: municipality, Role: domain.System, Person: domain.SystemPerson + "erase"}
	var due []domain.ID
	err = s.store.Read(ctx, municipality, func(tx *store.Tx) error {
		over, _, err := s.over(tx)
		if err == nil && !over.Last.IsZero() {
			var to store.Closed
			from, _ := s.erasing.Load(municipality)
			after, _ := from.(store.Closed)
			if due, to, err = tx.Erasable(over, after, lookedAtOnce, erasedAtOnce); err == nil {
				s.erasing.Store(municipality, to)
			}
		}
		return err
	})
	var failed error // one who cannot be erased does not keep the others waiting
	for _, id := range due {
		switch err := s.store.Write(ctx, actor, func(tx *store.Tx) error { return s.eraseIfDue(tx, id) }); {
		case err == nil:
			erased++
		case !errors.Is(err, errNotDue):
			failed = errors.Join(failed, err)
		}
	}
	if erased > 0 {
		s.store.Forget() // who was signed in
	}
	return erased, errors.Join(err, failed)
}

// errNotDue says that somebody is not to be erased after all.
var errNotDue = errors.New("the citizen is not due to be erased")

// eraseIfDue erases a citizen whose time is still over once nobody else can change
// what that rests on.
func (s *Service) eraseIfDue(tx *store.Tx, id domain.ID) error {
	c, err := lockCitizen(tx, id)
	if domain.CodeOf(err) == "plan_running" {
		return errNotDue
	}
	if err != nil {
		return err
	}
	over, m, err := s.over(tx)
	if err != nil || over.Last.IsZero() {
		return errors.Join(err, errNotDue)
	}
	over.Only = id
	still, err := tx.CountErasable(over)
	if err != nil || still == 0 {
		return errors.Join(err, errNotDue)
	}
	return s.erase(tx, c, domain.Detail(map[string]any{"because": "period_over", "months": m.EraseAfterMonths, "closed_on": c.ClosedOn}))
}

// over says whose time is over today by the municipality's setting; its Last is zero
// when nobody's is.
func (s *Service) over(tx *store.Tx) (o store.Over, m domain.Municipality, err error) {
	today, err := s.today(tx)
	if err != nil {
		return o, m, err
	}
	m, err = store.First[domain.Municipality](tx)
	m.Erasure = m.On(today)
	return store.Over{Last: m.LastDue(today), Today: today}, m, err
}

// ErasureAhead counts those who will be erased on the first day of a shorter time that
// is to come: 0 for fewer than five, and when none is to come.
func (s *Service) ErasureAhead(ctx context.Context, actor domain.Actor) (people int, err error) {
	err = s.read(ctx, actor, "updateMunicipality", func(tx *store.Tx) error {
		_, m, err := s.over(tx)
		if err != nil || m.EraseNextMonths == 0 {
			return err
		}
		people, err = tx.CountErasable(store.Over{Last: m.LastDue(m.EraseNextFrom), Today: m.EraseNextFrom})
		return err
	})
	if people < FewestPeople {
		people = 0
	}
	return people, err
}
