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
			return domain.OutOfReach()
		}
		if at.IsZero() {
			next, err = s.next(tx, e)
			return err
		}
		p, err := s.prospect(tx, e)
		if err == nil {
			next = NextVisit{At: at.UTC(), Currency: p.doc.Currency, Ahead: p.ahead(at)}
		}
		return err
	})
	return next, err
}

// next finds an enrolment's next visit that counts. At is zero when it finds
// none.
func (s *Service) next(tx *store.Tx, e domain.Enrolment) (NextVisit, error) {
	p, err := s.prospect(tx, e)
	next := NextVisit{Currency: p.doc.Currency}
	if err != nil || e.State == "ended" {
		return next, err
	}
	now := s.now()
	sessions, err := store.All[domain.Session](tx, "starts_at", store.Is("plan_id", e.PlanID), store.Is("state", sessionPlanned), store.From("starts_at", now))
	if err != nil {
		return next, err
	}
	for _, session := range sessions {
		if a := p.ahead(session.StartsAt); a.Counts && p.state.Expects(p.doc, session.StartsAt, session.Kind) {
			next.At, next.SessionID, next.Ahead = session.StartsAt, &session.ID, a
			return next, nil
		}
	}
	today := domain.DateOf(now, p.doc.Location())
	for day := range maxLook {
		noon := today.AddDays(day).In(p.doc.Location()).Add(12 * time.Hour)
		if a := p.ahead(noon); a.Counts {
			next.At, next.Ahead = noon.UTC(), a
			return next, nil
		}
	}
	return next, nil
}

// prospect is what an enrolment's next visit is judged by.
type prospect struct {
	enrolment domain.Enrolment
	doc       rules.Document
	state     rules.State
	outside   rules.Outside
}

func (s *Service) prospect(tx *store.Tx, e domain.Enrolment) (prospect, error) {
	doc, state, err := s.ruleState(tx, e)
	if err != nil {
		return prospect{}, err
	}
	out, err := s.beside(tx, e)
	return prospect{e, doc, state, out.under(doc, e.ProgrammeID)}, err
}

// ahead is what the rules say of a visit at an instant.
func (p *prospect) ahead(at time.Time) rules.Ahead {
	if ended := p.enrolment.EndedOn; !ended.IsZero() && ended.Before(domain.DateOf(at, p.doc.Location())) {
		return rules.Ahead{}
	}
	return p.state.AheadWith(p.doc, p.outside, at)
}
