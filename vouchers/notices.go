package vouchers

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// notify leaves a notice, and mail to the unit or the finance department that it
// is for, if that has an address. Who and what must be set in n; the rest is set
// here.
func (s *Service) notify(tx *store.Tx, n domain.Notice) error {
	n.MunicipalityID, n.ID, n.CreatedAt = tx.Actor().MunicipalityID, store.NewID(), s.now()
	if err := tx.Append(&n); err != nil {
		return err
	}
	address, err := mailbox(tx, n)
	if err != nil || address == "" {
		return err
	}
	return tx.Append(&domain.Mail{MunicipalityID: n.MunicipalityID, ID: store.NewID(), NoticeID: n.ID, Address: address, NextAt: n.CreatedAt, CreatedAt: n.CreatedAt})
}

// mailbox is the address of those whom a notice is for; "" when they have none.
func mailbox(tx *store.Tx, n domain.Notice) (string, error) {
	switch {
	case n.Role == domain.TeamLeader && n.UnitID != nil:
		unit, err := store.Get[domain.Unit](tx, *n.UnitID)
		return unit.NotifyEmail, err
	case n.Role == domain.Finance:
		home, err := store.First[domain.Municipality](tx)
		return home.FinanceEmail, err
	default:
		return "", nil
	}
}

// Notices lists the notices for the actor, newest first: their own, and those of
// their role in the units within reach; on request only those not seen yet.
func (s *Service) Notices(ctx context.Context, actor domain.Actor, page store.Page, unseen bool) (l Listed[NoticeNow], err error) {
	only := store.Cond{}
	if unseen {
		only = store.None("seen_at")
	}
	err = s.read(ctx, actor, "listNotices", func(tx *store.Tx) error {
		rows, more, err := store.List[domain.Notice](tx, page, store.For(actor), only)
		if err != nil {
			return err
		}
		l.More = more
		l.Rows, err = s.noticesNow(tx, rows)
		return err
	})
	return l, err
}

// MarkNoticeSeen notes that somebody whom it is for has seen a notice. The first
// one counts.
func (s *Service) MarkNoticeSeen(ctx context.Context, actor domain.Actor, id domain.ID) (told NoticeNow, err error) {
	err = s.write(ctx, actor, "markNoticeSeen", func(tx *store.Tx) error {
		n, err := store.First[domain.Notice](tx, store.Is("id", id), store.For(actor))
		if err != nil {
			return err
		}
		now := s.now()
		if n.SeenAt == nil {
			if err := store.Change[domain.Notice](tx, map[string]any{"seen_at": now, "seen_by": actor.Person}, store.Is("id", id), store.None("seen_at")); err != nil {
				return err
			}
			n.SeenAt, n.SeenBy = &now, actor.Person
		}
		list, err := s.noticesNow(tx, []domain.Notice{n})
		if err != nil {
			return err
		}
		told = list[0]
		return tx.Audit("markNoticeSeen", "notice", id, now, nil)
	})
	return told, err
}
