package vouchers

import (
	"context"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// The kinds of thing that wait for somebody.
const (
	WaitingAward       = "award"          // to be approved or rejected
	WaitingWithholding = "withholding"    // to be approved or rejected
	WaitingBudget      = "award_budget"   // an award without money: appropriate some
	WaitingRun         = "settlement_run" // to be approved, filed or paid
	WaitingHold        = "hold"           // a redemption held out of the runs, to be released or rejected
)

// Waiting is one thing that waits for the actor.
type Waiting struct {
	Kind        string
	ID          domain.ID
	Version     int64 // of the thing; 0: it has none
	Since       time.Time
	Days        int           // that it has waited, of 24 hours
	Day         domain.Date   // on which the bank booked an entry, or an invoice was issued; zero of anything else
	Amount      int64         // minor units; of a bank entry below 0 when the money went out
	Currency    string        // "": of the municipality
	UnitID      *domain.ID    // nil: of no unit
	ProgrammeID *domain.ID    // nil: of no programme
	AwardID     *domain.ID    // what a withholding is of; nil of anything else
	Because     []string      // why an award waits
	Needs       domain.Wanted // the approval that an award waits for; zero of anything else
	Next        string        // what the actor is to do: approve, decide, appropriate, match; of a run settlement.Next
	Run         int64         // number of a run; 0 of anything else
	Partners    int64         // that a run is still to pay
	OnBehalfOf  []string      // for whom the actor would decide; empty: in their own right
}

// Place is where in the queue it is.
func (w Waiting) Place() store.Place { return store.Place{Since: w.Since, ID: w.ID} }

// What somebody is to do with what waits.
const (
	nextApprove     = "approve"
	nextDecide      = "decide"
	nextAppropriate = "appropriate"
)

// Queue is one page of what waits for somebody.
type Queue struct {
	Items []Waiting
	More  bool
}

// kindWaiting gives up to limit things of one kind that wait for the actor, the
// oldest first, from behind a place on.
type kindWaiting func(tx *store.Tx, actor domain.Actor, after store.Place, limit int) ([]Waiting, error)

// Waiting lists what waits for the actor and nobody is faster to decide than they
// are: what they may decide on, themself or for whom they stand in, the oldest first.
func (s *Service) Waiting(ctx context.Context, actor domain.Actor, after store.Place, limit int) (q Queue, err error) {
	kinds := []kindWaiting{s.awardsWaiting, s.withholdingsWaiting}
	if actor.Role == domain.Finance {
		kinds = append([]kindWaiting{budgetWaiting}, paymentsWaiting...)
	}
	return s.waiting(ctx, actor, after, limit, kinds)
}

// paymentsWaiting are the kinds that wait for finance but for awards without money.
var paymentsWaiting = []kindWaiting{runsWaiting, holdsWaiting, entriesWaiting, invoicesWaiting}

// PaymentsWaiting lists what waits for finance but for awards without money, of which
// BudgetFigures says how many there are.
func (s *Service) PaymentsWaiting(ctx context.Context, actor domain.Actor, limit int) (Queue, error) {
	if actor.Role != domain.Finance { // nothing of it waits for anybody else
		return Queue{}, actor.May("getBudgetFigures")
	}
	return s.waiting(ctx, actor, store.Place{}, limit, paymentsWaiting)
}

// waiting lists what waits of these kinds.
func (s *Service) waiting(ctx context.Context, actor domain.Actor, after store.Place, limit int, kinds []kindWaiting) (q Queue, err error) {
	err = s.read(ctx, actor, "listWaiting", func(tx *store.Tx) error {
		for _, kind := range kinds {
			some, err := kind(tx, actor, after, limit+1)
			if err != nil {
				return err
			}
			q.Items = append(q.Items, some...)
		}
		return nil
	})
	slices.SortFunc(q.Items, func(a, b Waiting) int { return a.Place().Compare(b.Place()) })
	if q.More = len(q.Items) > limit; q.More {
		q.Items = q.Items[:limit]
	}
	now := s.now()
	for i := range q.Items {
		q.Items[i].Days = int(now.Sub(q.Items[i].Since) / (24 * time.Hour))
	}
	return q, err
}

// gather reads what may wait for somebody, so many rows at a time, until so many are
// kept or none are left.
func gather[T, W any](after store.Place, limit int, read func(store.Place) ([]T, error), at func(T) store.Place, keep func([]T) ([]W, error)) (list []W, err error) {
	for len(list) < limit {
		rows, err := read(after)
		if err != nil || len(rows) == 0 {
			return list, err
		}
		some, err := keep(rows)
		if err != nil {
			return nil, err
		}
		list, after = append(list, some...), at(rows[len(rows)-1])
		if len(rows) < limit {
			break
		}
	}
	return list[:min(limit, len(list))], nil
}

// reach is which units somebody reaches, and as whose deputy.
type reach struct {
	own     domain.Actor
	deputed []domain.Deputy
}

// reachOf gives which units' awards the actor may decide on.
func (s *Service) reachOf(tx *store.Tx, actor domain.Actor) (r reach, err error) {
	r.own = actor
	if actor.Restricted() {
		r.deputed, err = s.deputyships(tx, actor)
	}
	return r, err
}

// units wants rows of units within reach.
func (r reach) units() store.Cond {
	if !r.own.Restricted() || slices.ContainsFunc(r.deputed, func(d domain.Deputy) bool { return d.UnitID == nil }) {
		return store.Cond{}
	}
	units := []domain.ID{r.own.UnitID}
	for _, d := range r.deputed {
		units = append(units, *d.UnitID)
	}
	return store.In("unit_id", units)
}

// away are those for whom the actor decides in a unit; nobody: in their own right.
func (r reach) away(unit domain.ID) (people []string) {
	for _, d := range r.awayIn(unit) {
		people = append(people, d.Person)
	}
	return people
}
