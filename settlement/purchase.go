package settlement

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Purchase is a redemption as finance looks at it who asks whether to pay for it.
type Purchase struct {
	Desk
	domain.Redemption
	Till    string // its label
	Back    *domain.Reversal
	Payment Standing
	Holds   []domain.SettlementHold // oldest first; the last is open while nobody has decided on it
	Refused error                   // why the actor may not decide on the one that is open; nil: they may, or none is
}

// Open is the hold that waits for a decision; nil when none does.
func (p Purchase) Open() *domain.SettlementHold {
	if n := len(p.Holds); n > 0 && p.Holds[n-1].Decision == "" {
		return &p.Holds[n-1]
	}
	return nil
}

// Purchase gives one redemption, where its payment is, and how it was held.
func (s *Service) Purchase(ctx context.Context, actor domain.Actor, redemption domain.ID) (p Purchase, err error) {
	err = s.store.Look(ctx, s.call(actor, "listSettlementHolds"), func(tx *store.Tx) error {
		if p.Redemption, err = store.Get[domain.Redemption](tx, redemption); err != nil {
			return err
		}
		if p.Desk, err = s.desk(tx); err != nil {
			return err
		}
		till, err := store.Get[domain.Terminal](tx, p.TerminalID)
		if err != nil {
			return err
		}
		p.Till = till.Label
		back, err := store.All[domain.Reversal](tx, "", store.Is("redemption_id", redemption))
		if err != nil {
			return err
		}
		if len(back) > 0 {
			p.Back = &back[0]
		}
		where, err := Standings(tx, []domain.ID{redemption})
		if err != nil {
			return err
		}
		p.Payment = where[redemption]
		if p.Holds, err = store.All[domain.SettlementHold](tx, "held_at", store.Is("redemption_id", redemption)); err != nil {
			return err
		}
		return p.mayDecide(tx)
	})
	return p, err
}

// mayDecide works out whether the actor may decide on the hold that is open.
func (p *Purchase) mayDecide(tx *store.Tx) error {
	h := p.Open()
	if h == nil {
		return nil
	}
	if h.HeldBy == domain.Fold(tx.Actor().Person) {
		p.Refused = ownHold()
		return nil
	}
	hands, err := tx.HandsOnVoucher(p.VoucherID)
	if err == nil {
		p.Refused, err = refusal(hands.MaySettle(tx.Actor()))
	}
	return err
}

// ownHold refuses who held a redemption to decide on it.
func ownHold() error {
	return domain.Errorf(domain.Forbidden, "own_hold", "you held it: someone else must decide")
}

// HoldList are holds as finance looks at them.
type HoldList struct {
	Desk
	Rows []domain.SettlementHold
	More bool
}

// HoldList gives a page of the holds that a decision is wanted on, or of those that
// were decided on, newest first.
func (s *Service) HoldList(ctx context.Context, actor domain.Actor, page store.Page, decided bool) (l HoldList, err error) {
	which := store.Is("decision", "")
	if decided {
		which = store.Not("decision", "")
	}
	err = s.store.Look(ctx, s.call(actor, "listSettlementHolds"), func(tx *store.Tx) error {
		if l.Desk, err = s.desk(tx); err != nil {
			return err
		}
		l.Rows, l.More, err = store.List[domain.SettlementHold](tx, page, which)
		return err
	})
	return l, err
}
