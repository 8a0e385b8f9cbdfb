package vouchers

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// latestAtTill is how many of the day's payments a till is shown.
const latestAtTill = 5

// TillDay is what a till took today, at the site.
type TillDay struct {
	Site   *time.Location
	Taken  []store.TillSum    // without what was taken back; none: nothing
	Latest []RedemptionRecord // the newest first, at most latestAtTill, also what was taken back
}

// TillPayment is what was paid at a till, and how long it can be taken back there.
type TillPayment struct {
	RedemptionRecord
	Site      *time.Location
	UndoUntil time.Time
	UndoFor   time.Duration // from now; 0 or less: it is too late, or taken back already
}

// TillDay gives the day of the till that asks. However old the till is, only today
// is read.
func (s *Service) TillDay(ctx context.Context, actor domain.Actor) (d TillDay, err error) {
	err = s.read(ctx, actor, "listRedemptions", func(tx *store.Tx) error {
		if actor.TerminalID == (domain.ID{}) {
			return domain.OutOfReach()
		}
		if d.Site, err = tx.Zone(); err != nil {
			return err
		}
		midnight := domain.DateOf(s.now(), d.Site).In(d.Site).UTC()
		if d.Taken, err = tx.TakenSince(actor.TerminalID, midnight); err != nil {
			return err
		}
		latest, err := store.Latest[domain.Redemption](tx, "created_at", latestAtTill, store.Is("terminal_id", actor.TerminalID), store.From("created_at", midnight))
		if err != nil {
			return err
		}
		d.Latest, err = withReversals(tx, latest)
		return err
	})
	return d, err
}

// TillPayment gives what was paid at the till that asks.
func (s *Service) TillPayment(ctx context.Context, actor domain.Actor, redemption domain.ID) (TillPayment, error) {
	return s.tillPayment(ctx, actor, store.Is("id", redemption))
}

// TillPaymentOf gives what was paid at the till that asks under a number of its own;
// NotFound when nothing was.
func (s *Service) TillPaymentOf(ctx context.Context, actor domain.Actor, number string) (TillPayment, error) {
	return s.tillPayment(ctx, actor, store.Is("client_redemption_id", number))
}

func (s *Service) tillPayment(ctx context.Context, actor domain.Actor, which store.Cond) (p TillPayment, err error) {
	err = s.read(ctx, actor, "getRedemption", func(tx *store.Tx) error {
		r, err := store.First[domain.Redemption](tx, which, store.Is("terminal_id", actor.TerminalID))
		if err != nil {
			return err
		}
		records, err := withReversals(tx, []domain.Redemption{r})
		if err != nil {
			return err
		}
		if p.Site, err = tx.Zone(); err != nil {
			return err
		}
		home, err := store.First[domain.Municipality](tx)
		if err != nil {
			return err
		}
		p.RedemptionRecord, p.UndoUntil = records[0], undoUntil(home, r)
		if p.Reversal == nil {
			p.UndoFor = p.UndoUntil.Sub(s.now())
		}
		return nil
	})
	return p, err
}

// undoUntil is how long a redemption can be taken back.
func undoUntil(home domain.Municipality, r domain.Redemption) time.Time {
	return r.CreatedAt.Add(time.Duration(home.ReversalMinutes) * time.Minute)
}
