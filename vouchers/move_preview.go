package vouchers

import (
	"cmp"
	"context"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// MovePreview is what a move would change.
type MovePreview struct {
	Changes []rules.Change // of the rules, sentence by sentence
	Before  Standing       // with what is next and what is left under caps
	After   Standing
	Awards  []AwardChange // those that would be worth something else
}

// AwardChange is what a move would do to one milestone. Amounts in minor units.
type AwardChange struct {
	Milestone int
	AwardID   domain.ID // zero: it would be new
	Currency  string
	Before    int64 // what is owed now; 0 when it is not reached
	After     int64
	Granted   int64 // what vouchers were issued for
}

// PreviewMove tells what Move would change, and changes nothing. It refuses what
// Move refuses; the reason may be left out.
func (s *Service) PreviewMove(ctx context.Context, actor domain.Actor, id domain.ID, in Move) (p MovePreview, err error) {
	in.Reason = cmp.Or(in.Reason, "preview")
	err = s.store.LookMoment(ctx, s.call(actor, "previewMove"), func(tx *store.Tx) error {
		e, err := store.Get[domain.Enrolment](tx, id)
		if err == nil && !actor.Reaches(e.UnitID) {
			err = domain.OutOfReach()
		}
		if err != nil {
			return err
		}
		ep, err := episodeOf(tx, e)
		if err != nil {
			return err
		}
		m, err := s.moveOf(tx, ep, in)
		if err != nil {
			return err
		}
		p, err = s.preview(tx, ep, m)
		return err
	})
	return p, err
}

func (s *Service) preview(tx *store.Tx, ep episode, m domain.EnrolmentMove) (p MovePreview, err error) {
	from, err := s.document(tx, m.FromVersionID)
	if err != nil {
		return p, err
	}
	to, err := s.document(tx, m.ToVersionID)
	if err != nil {
		return p, err
	}
	last := len(ep) - 1
	moved := slices.Clone(ep)
	moved[last].moves = append(slices.Clone(ep[last].moves), m)
	moved[last].VersionID, moved[last].MovedOn = m.ToVersionID, m.MovedOn
	before, after, out, err := s.tellBoth(tx, ep, moved)
	if err != nil {
		return p, err
	}
	there, err := awardsOf(tx, ep)
	if err != nil {
		return p, err
	}
	return MovePreview{
		Changes: rules.Diff(from, to), Awards: changed(before.due, after.due, there, to.Currency),
		Before: s.standWith(ep[last].Enrolment, from, before.states[last], out), After: s.standWith(moved[last].Enrolment, to, after.states[last], out),
	}, nil
}

// tellBoth tells an episode as it is and as it would be, with all that is outside
// it now. What new rules would count besides is outside too.
func (s *Service) tellBoth(tx *store.Tx, ep, moved episode) (before, after tale, out *outside, err error) {
	m := ep.marked()
	shares, err := s.shares(tx, moved)
	if err != nil {
		return before, after, nil, err
	}
	if shares || m != (mark{}) {
		m.to = store.NewID()
		if m.on, err = s.today(tx); err != nil {
			return before, after, nil, err
		}
	}
	if out, err = s.outsideOf(tx, moved, m); err != nil {
		return before, after, nil, err
	}
	if before, err = s.tell(tx, ep, out, domain.Date{}); err == nil {
		after, err = s.tell(tx, moved, out, domain.Date{})
	}
	return before, after, out, err
}

// changed lists the milestones that are worth something else afterwards.
func changed(before, after []due, there []domain.Award, currency string) (list []AwardChange) {
	amounts := func(dues []due) map[int]int64 {
		m := map[int]int64{}
		for _, d := range dues {
			m[d.Milestone] = d.Amount
		}
		return m
	}
	was, is := amounts(before), amounts(after)
	for n := range max(highest(before), highest(after)) {
		c := AwardChange{Milestone: n + 1, Currency: currency, Before: was[n+1], After: is[n+1]}
		if c.Before == c.After {
			continue
		}
		for _, a := range there {
			if a.Milestone == c.Milestone {
				c.AwardID, c.Granted = a.ID, a.Granted
			}
		}
		list = append(list, c)
	}
	return list
}

func highest(dues []due) int {
	if len(dues) == 0 {
		return 0
	}
	return dues[len(dues)-1].Milestone
}
