package settlement

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// MatchEntry says that an entry is the payment of a settlement, or, where the money
// came in, the payment's return. A payment that nobody has booked yet is booked; a
// return makes the settlement bounce. That the bank paid what was reversed is a
// correction, which the partner's next settlement takes off. Conflict says why they do not fit; of two who
// match the same entry or the same settlement, one does.
func (s *Service) MatchEntry(ctx context.Context, actor domain.Actor, key store.Key, id, settlement domain.ID) (store.Answer[domain.BankEntry], error) {
	call := s.call(actor, "matchBankEntry")
	call.Key = key
	return store.Once(ctx, s.store, call, nil, func(tx *store.Tx) (domain.BankEntry, error) {
		e, err := store.Get[domain.BankEntry](tx, id)
		if err != nil {
			return e, err
		}
		row, err := store.Refer(tx, "settlement_id", settlement, store.Everyone[domain.Settlement])
		if err != nil {
			return e, err
		}
		row, run, err := lockSettlement(tx, row.ID)
		if err == nil {
			err = s.fits(tx, e, row, run)
		}
		if err != nil {
			return e, err
		}
		u, err := undoneOf(tx, row)
		if err != nil {
			return e, err
		}
		e.Paid = e.Amount < 0 && (row.State == domain.SettlementDue || row.State == domain.SettlementReversed && !u.hasMoney())
		s.markMatched(&e, row.ID, domain.Fold(actor.Person))
		if err := decide(tx, &e, domain.EntryUnmatched); err != nil {
			return e, err
		}
		if err := s.bookMatch(tx, e, u, run); err != nil {
			return e, err
		}
		return e, auditMatch(tx, e, call.Action, row.ID)
	})
}

// bookMatch books what a matched entry says of its settlement.
func (s *Service) bookMatch(tx *store.Tx, e domain.BankEntry, u undone, run domain.SettlementRun) error {
	switch {
	case e.Amount > 0:
		return s.comes(tx, e)
	case u.State == domain.SettlementReversed && e.Paid:
		return s.correct(tx, u, domain.PaidAfterAll, e.BookedOn, "the bank paid it after the run was reversed")
	case u.State == domain.SettlementReversed:
		return nil // it was booked before
	case e.Paid:
		if err := s.pay(tx, &run, []domain.ID{u.ID}, e.BookedOn); err != nil {
			return err
		}
	}
	_, err := s.matched(tx, u.Settlement)
	return err
}

// decide stores what was decided on an entry, once: Conflict unless it is in the state.
func decide(tx *store.Tx, e *domain.BankEntry, from string) error {
	version := e.Version
	e.Version++
	err := store.Change[domain.BankEntry](tx, map[string]any{
		"state": e.State, "settlement_id": e.SettlementID, "paid": e.Paid, "decided_by": e.DecidedBy, "decided_at": e.DecidedAt, "comment": e.Comment, "version": e.Version,
	}, store.Is("id", e.ID), store.Is("state", from), store.Is("version", version))
	if domain.KindOf(err) == domain.Conflict {
		return domain.Errorf(domain.Conflict, "already_decided", "the entry is matched or set aside already, or was changed just now: read it again")
	}
	return err
}
