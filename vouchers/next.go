package vouchers

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// NextVisit is what an enrolment's next visit is worth.
type NextVisit struct {
	At        time.Time
	SessionID *domain.ID // the planned session that it is; nil: none is planned, or another time was asked for
	Currency  string
	Ahead     rules.Ahead
}

// maxLook is how many days NextVisit looks ahead for one on which a visit
// counts, when no session is planned.
const maxLook = 62

// NextVisit tells what a visit at an instant would be worth. With the zero
// instant it is the next planned session that counts, or where none is planned
// the next day on which a visit does.
func (s *Service) NextVisit(ctx context.Context, actor domain.Actor, enrolment domain.ID, at time.Time) (next NextVisit, err error) {
	err = s.read(ctx, actor, "getNextVisit", func(tx *store.Tx) error {
		e, err := store.Get[domain.Enrolment](tx, enrolment)
		if err != nil {
			return err
		}
		if !actor.Reaches(e.UnitID) {
			return outOfReach()
		}
		if at.IsZero() {
			next, err = s.next(tx, e)
			return err
		}
		doc, state, err := s.ruleState(tx, e)
		next = NextVisit{At: at.UTC(), Currency: doc.Currency, Ahead: ahead(e, doc, state, at)}
		return err
	})
	return next, err
}

// next finds an enrolment's next visit that counts. At is zero when it finds
// none.
func (s *Service) next(tx *store.Tx, e domain.Enrolment) (NextVisit, error) {
	doc, state, err := s.ruleState(tx, e)
	next := NextVisit{Currency: doc.Currency}
	if err != nil || e.State == "ended" {
		return next, err
	}
	now := s.now()
	sessions, err := store.All[domain.Session](tx, "starts_at", store.Is("plan_id", e.PlanID), store.Is("state", sessionPlanned), store.From("starts_at", now))
	if err != nil {
		return next, err
	}
	for _, session := range sessions {
		if a := ahead(e, doc, state, session.StartsAt); a.Counts && state.Expects(doc, session.StartsAt, session.Kind) {
			next.At, next.SessionID, next.Ahead = session.StartsAt, &session.ID, a
			return next, nil
		}
	}
	today := domain.DateOf(now, doc.Location())
	for day := range maxLook {
		noon := today.AddDays(day).In(doc.Location()).Add(12 * time.Hour)
		if a := ahead(e, doc, state, noon); a.Counts {
			next.At, next.Ahead = noon.UTC(), a
			return next, nil
		}
	}
	return next, nil
}

// ahead is what the rules say of a visit at an instant.
func ahead(e domain.Enrolment, doc rules.Document, state rules.State, at time.Time) rules.Ahead {
	if !e.EndedOn.IsZero() && e.EndedOn.Before(domain.DateOf(at, doc.Location())) {
		return rules.Ahead{}
	}
	return state.Ahead(doc, at)
}
