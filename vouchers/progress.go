package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Milestone is one step of an enrolment: reached, with its award, or the next.
type Milestone struct {
	Number    int
	Reached   bool
	ReachedOn domain.Date // zero unless reached
	Amount    int64       // what it is worth, minor units
	Currency  string
	Award     *domain.Award // nil unless reached
	Missing   int           // visits still to be met before it is reached
}

// Progress is how far an enrolment has come, with what it has in hand.
type Progress struct {
	Standing
	Received int64 // minor units, of the vouchers issued
	Waiting  int64 // of the awards that wait for approval
}

// Progress gives what is reached, what is next and how far away, earned,
// received and left under the cap.
func (s *Service) Progress(ctx context.Context, actor domain.Actor, enrolment domain.ID) (p Progress, err error) {
	err = s.read(ctx, actor, "getProgress", func(tx *store.Tx) error {
		awards, standing, err := s.progressed(tx, actor, enrolment)
		if err != nil {
			return err
		}
		p.Standing = standing
		for _, a := range awards {
			p.Received += a.Granted
			if a.State == domain.AwardProposed {
				p.Waiting += a.Amount
			}
		}
		return nil
	})
	return p, err
}

// Milestones lists an enrolment's milestones: those reached, in order, and the
// one that comes next.
func (s *Service) Milestones(ctx context.Context, actor domain.Actor, enrolment domain.ID) (ms []Milestone, err error) {
	err = s.read(ctx, actor, "listMilestones", func(tx *store.Tx) error {
		awards, standing, err := s.progressed(tx, actor, enrolment)
		if err != nil {
			return err
		}
		next := standing.Progress.Milestones + 1
		for _, a := range awards {
			if a.Milestone > 0 && a.Milestone < next { // later ones were taken back by a correction
				ms = append(ms, Milestone{Number: a.Milestone, Reached: true, ReachedOn: a.ReachedOn, Amount: a.Amount, Currency: a.Currency, Award: &a})
			}
		}
		if p := standing.Progress; !p.Finished {
			ms = append(ms, Milestone{Number: next, Amount: p.NextAmount, Currency: standing.Currency, Missing: p.NeededForNext - p.MetTowardsNext})
		}
		return nil
	})
	return ms, err
}

// progressed reads an enrolment within reach with its episode's awards and its
// standing.
func (s *Service) progressed(tx *store.Tx, actor domain.Actor, id domain.ID) (awards []domain.Award, standing Standing, err error) {
	e, err := store.Get[domain.Enrolment](tx, id)
	if err != nil {
		return nil, standing, err
	}
	if !actor.Reaches(e.UnitID) {
		return nil, standing, domain.OutOfReach()
	}
	if awards, err = s.awardsFrom(tx, e, 0); err != nil {
		return nil, standing, err
	}
	standing, err = s.standing(tx, e)
	return awards, standing, err
}
