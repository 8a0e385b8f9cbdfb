package settlement

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Bounce says that a payment came back: the partner is owed it again, and the next
// run pays it. Conflict unless it is paid.
func (s *Service) Bounce(ctx context.Context, actor domain.Actor, key store.Key, id domain.ID, reason string) (store.Answer[domain.Settlement], error) {
	call := s.call(actor, "bounceSettlement")
	call.Key = key
	return store.Once(ctx, s.store, call, nil, func(tx *store.Tx) (domain.Settlement, error) {
		var f domain.Fields
		reason = f.Clean("reason", reason, 500, false)
		if err := f.Err(); err != nil {
			return domain.Settlement{}, err
		}
		row, err := store.Get[domain.Settlement](tx, id)
		if err != nil {
			return row, err
		}
		return s.bounced(tx, row, reason)
	})
}

// bounced books that the payment of a settlement came back, once.
func (s *Service) bounced(tx *store.Tx, row domain.Settlement, reason string) (domain.Settlement, error) {
	row, run, err := lockSettlement(tx, row.ID)
	if err != nil {
		return row, err
	}
	if row.State != domain.SettlementPaid {
		return row, domain.Errorf(domain.Conflict, "wrong_state", "settlement %s is %s: only what was paid can come back", row.Number, row.State)
	}
	if err := store.Set[domain.Settlement](tx, row.ID, row.Version, map[string]any{"state": domain.SettlementBounced}); err != nil {
		return row, err
	}
	row.State, row.Version = domain.SettlementBounced, row.Version+1
	shares, err := sharesOf(tx, []domain.ID{row.ID})
	if err != nil {
		return row, err
	}
	at := s.now()
	book, err := tx.Book(at)
	if err != nil {
		return row, err
	}
	if err := tx.Post(book.Bounce(payment(row, shares))); err != nil {
		return row, err
	}
	if err := tx.Audit("bounceSettlement", "settlement", row.ID, at, domain.Detail(map[string]any{"number": row.Number, "total": row.Total, "reason": reason})); err != nil {
		return row, err
	}
	return row, s.reconciled(tx, &run)
}
