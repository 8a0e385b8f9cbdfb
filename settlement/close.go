package settlement

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Closed is a closing with what stood on each account then.
type Closed struct {
	domain.Closing
	Totals []domain.ClosingTotal
}

// Close freezes the books through a day: nothing is booked on it or before it
// from then on, and what happens later, a reversal of an old purchase too, is
// booked in the open period. The day must be later than the last that is closed
// and have ended before yesterday began, so that nothing that began on it is on
// its way still. There is no way back.
func (s *Service) Close(ctx context.Context, actor domain.Actor, key store.Key, through domain.Date) (store.Answer[Closed], error) {
	call := s.call(actor, "closePeriod")
	call.Key = key
	return store.Once(ctx, s.store, call, nil, func(tx *store.Tx) (Closed, error) {
		if err := tx.LockBooks(); err != nil {
			return Closed{}, err
		}
		last, err := lastClosing(tx)
		if err != nil {
			return Closed{}, err
		}
		if err := s.mayClose(tx, last, through); err != nil {
			return Closed{}, err
		}
		c := Closed{Closing: domain.Closing{MunicipalityID: actor.MunicipalityID, ID: store.NewID(), Number: 1, Through: through, ClosedBy: actor.Person, CreatedAt: s.now()}}
		if last != nil {
			c.Number = last.Number + 1
		}
		if c.Totals, c.Postings, err = tx.Totals(last, through); err != nil {
			return c, err
		}
		for i := range c.Totals {
			t := &c.Totals[i]
			t.MunicipalityID, t.ClosingID, t.Line = c.MunicipalityID, c.ID, i+1
		}
		if err := tx.Append(&c.Closing); err != nil {
			return c, err
		}
		if len(c.Totals) > 0 {
			if err := tx.Append(&c.Totals); err != nil {
				return c, err
			}
		}
		return c, tx.Audit("closePeriod", "closing", c.ID, c.CreatedAt, domain.Detail(map[string]any{"through": through, "postings": c.Postings}))
	})
}

// lastClosing is the newest closing, or nil.
func lastClosing(tx *store.Tx) (*domain.Closing, error) {
	last, _, err := store.List[domain.Closing](tx, store.Page{Limit: 1})
	if err != nil || len(last) == 0 {
		return nil, err
	}
	return &last[0], nil
}

func (s *Service) mayClose(tx *store.Tx, last *domain.Closing, through domain.Date) error {
	site, err := tx.Zone()
	if err != nil {
		return err
	}
	latest := domain.DateOf(s.now(), site).AddDays(-2)
	var f domain.Fields
	switch {
	case through.IsZero():
		f.Check(false, "through", "required", "must not be empty")
	case latest.Before(through):
		f.Check(false, "through", "too_late", "must have ended before yesterday: %s at the latest", latest)
	case last != nil && !last.Through.Before(through):
		f.Check(false, "through", "closed_already", "must be after %s, to which the books are closed", last.Through)
	}
	return f.Err()
}

// Closings lists the closings, newest first.
func (s *Service) Closings(ctx context.Context, actor domain.Actor, page store.Page) (store.Listed[domain.Closing], error) {
	return store.Several[domain.Closing](ctx, s.store, s.call(actor, "listClosings"), page)
}

// Closing gives one closing with what stood on each account then.
func (s *Service) Closing(ctx context.Context, actor domain.Actor, id domain.ID) (c Closed, err error) {
	err = s.store.Look(ctx, s.call(actor, "getClosing"), func(tx *store.Tx) error {
		if c.Closing, err = store.Get[domain.Closing](tx, id); err != nil {
			return err
		}
		c.Totals, err = store.All[domain.ClosingTotal](tx, "line", store.Is("closing_id", id))
		return err
	})
	return c, err
}
