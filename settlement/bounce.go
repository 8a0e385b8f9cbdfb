package settlement

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Bounced says why a payment is said to have come back.
type Bounced struct {
	Reason             string
	AlthoughReconciled bool // the bank's statement shows the payment, and none its return
}

// Bounce says that a payment came back: the partner is owed it again, and the next
// run pays it. The bank's own return is matched with it when it comes. Conflict unless
// the partner has the money, and "reconciled" when the payment is found in the bank's
// statement and the caller does not say so.
func (s *Service) Bounce(ctx context.Context, actor domain.Actor, key store.Key, id domain.ID, in Bounced) (store.Answer[Settled], error) {
	call := s.call(actor, "bounceSettlement")
	call.Key = key
	return store.Once(ctx, s.store, call, nil, func(tx *store.Tx) (Settled, error) {
		u, err := reasoned(tx, id, &in.Reason)
		if err != nil {
			return Settled{}, err
		}
		if !in.AlthoughReconciled {
			if err := unconfirmed(tx, u.Settlement); err != nil {
				return Settled{}, err
			}
		}
		if err := s.comesBack(tx, u, call, domain.Date{}, in.Reason); err != nil {
			return Settled{}, err
		}
		return settledNow(tx, id)
	})
}

// Unbounce says that a payment which was said to have come back did not: the partner
// has the money, and where it is carried on already the next run takes it off again.
// Conflict unless it is said to have come back, and "return_booked" while an entry of
// the bank says so.
func (s *Service) Unbounce(ctx context.Context, actor domain.Actor, key store.Key, id domain.ID, reason string) (store.Answer[Settled], error) {
	call := s.call(actor, "unbounceSettlement")
	call.Key = key
	return store.Once(ctx, s.store, call, nil, func(tx *store.Tx) (Settled, error) {
		u, err := reasoned(tx, id, &reason)
		if err != nil {
			return Settled{}, err
		}
		if u.hasMoney() || u.State != domain.SettlementBounced && len(u.corrections) == 0 {
			return Settled{}, domain.Errorf(domain.Conflict, "wrong_state", "settlement %s is %s: only what is said to have come back can be said not to have", u.Number, u.State)
		}
		returned, err := matchedEntries(tx, u.Settlement, store.Above("amount", 0))
		if err == nil && returned > 0 {
			err = domain.Errorf(domain.Conflict, "return_booked", "an entry of the bank is matched with settlement %s as its return: take that back first", u.Number)
		}
		if err == nil {
			var today domain.Date
			if today, err = todayOf(tx, call); err == nil {
				err = s.correct(tx, u, domain.NotReturned, today, reason)
			}
		}
		if err != nil {
			return Settled{}, err
		}
		return settledNow(tx, id)
	})
}

// reasoned reads a settlement, its run locked, and checks the reason for what is to be
// done with it.
func reasoned(tx *store.Tx, id domain.ID, reason *string) (undone, error) {
	var f domain.Fields
	*reason = f.Clean("reason", *reason, 500, false)
	if err := f.Err(); err != nil {
		return undone{}, err
	}
	row, _, err := lockSettlement(tx, id)
	if err != nil {
		return undone{}, err
	}
	return undoneOf(tx, row)
}

// unconfirmed refuses a settlement whose payment the bank's statement shows.
func unconfirmed(tx *store.Tx, row domain.Settlement) error {
	shown, err := matchedEntries(tx, row, store.Below("amount", 0))
	if err == nil && shown > 0 {
		err = domain.Errorf(domain.Conflict, "reconciled", "the bank's statement shows the payment of settlement %s: match the entry by which the money came back; if no statement will show that, send although_reconciled", row.Number)
	}
	return err
}

// matchedEntries counts the bank's entries that are matched with a settlement.
func matchedEntries(tx *store.Tx, row domain.Settlement, conds ...store.Cond) (int64, error) {
	return store.Count[domain.BankEntry](tx, append(conds, store.Is("settlement_id", row.ID), store.Is("state", domain.EntryMatched))...)
}

// todayOf is the day of a call at the site.
func todayOf(tx *store.Tx, call store.Call) (domain.Date, error) {
	loc, err := tx.Zone()
	if err != nil {
		return domain.Date{}, err
	}
	return domain.DateOf(call.At, loc), nil
}

// comesBack books that the money of a settlement, whose run is locked, came back: on a
// day, or, if it is zero, today. Conflict unless the partner has it.
func (s *Service) comesBack(tx *store.Tx, u undone, call store.Call, on domain.Date, reason string) (err error) {
	switch {
	case u.State == domain.SettlementPaid:
		return s.bounced(tx, u.Settlement, reason)
	case !u.hasMoney():
		return domain.Errorf(domain.Conflict, "wrong_state", "settlement %s is %s: only what was paid can come back", u.Number, u.State)
	case on.IsZero():
		if on, err = todayOf(tx, call); err != nil {
			return err
		}
	}
	return s.correct(tx, u, domain.CameBack, on, reason)
}

// bounced books that the payment of a settlement, whose run is locked, came back.
func (s *Service) bounced(tx *store.Tx, row domain.Settlement, reason string) error {
	at := s.now()
	by := domain.Fold(tx.Actor().Person)
	if err := store.Set[domain.Settlement](tx, row.ID, row.Version, map[string]any{"state": domain.SettlementBounced, "bounced_at": at, "bounced_by": by, "bounced_because": reason}); err != nil {
		return err
	}
	shares, err := sharesOf(tx, []domain.ID{row.ID})
	if err != nil {
		return err
	}
	book, err := tx.Book(at)
	if err != nil {
		return err
	}
	if err := tx.Post(book.Bounce(payment(row, shares))); err != nil {
		return err
	}
	if err := tx.Audit("bounceSettlement", "settlement", row.ID, at, domain.Detail(map[string]any{"number": row.Number, "total": row.Total, "reason": reason})); err != nil {
		return err
	}
	run, err := store.Get[domain.SettlementRun](tx, row.RunID)
	if err != nil {
		return err
	}
	return s.reconciled(tx, &run)
}
