package vouchers

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// Had is an award as its holder is told of it, with the vouchers that came of it.
type Had struct {
	Told
	Vouchers []OwnVoucher // the oldest first
}

// OwnHistory is a page of what a citizen has had.
type OwnHistory struct {
	Listed[Had]  // newest first
	Municipality string
	PIN          bool             // one is set
	Received     map[string]int64 // in all: minor units by currency
	Site         *time.Location
}

// OwnHistory gives what the citizen who is signed in has had, the newest first,
// with where each voucher was used.
func (s *Service) OwnHistory(ctx context.Context, actor domain.Actor, page store.Page) (l OwnHistory, err error) {
	err = s.own(ctx, actor, "listOwnAwards", func(tx *store.Tx) error {
		h, err := s.holder(tx, actor.CitizenID)
		if err != nil {
			return err
		}
		l = OwnHistory{Municipality: h.municipality, Site: h.site}
		if l.Listed, err = h.had(page); err != nil {
			return err
		}
		if l.Received, err = h.received(); err != nil {
			return err
		}
		if l.PIN, err = hasPIN(tx, actor.CitizenID); err != nil {
			return err
		}
		return tx.Audit("listOwnAwards", "citizen", actor.CitizenID, s.now(), nil)
	})
	if err != nil {
		return OwnHistory{}, err
	}
	return l, nil
}

// OwnVouchers gives the vouchers of the citizen who is signed in that can be used
// or are blocked, those behind a place; those that lapse first come first.
func (s *Service) OwnVouchers(ctx context.Context, actor domain.Actor, after store.Place, most int) (l Listed[OwnVoucher], err error) {
	err = s.own(ctx, actor, "listOwnVouchers", func(tx *store.Tx) error {
		h, err := s.holder(tx, actor.CitizenID)
		if err != nil {
			return err
		}
		if l, err = h.vouchers(after, most, false); err != nil {
			return err
		}
		return tx.Audit("listOwnVouchers", "citizen", actor.CitizenID, s.now(), nil)
	})
	return l, err
}

// had reads a page of what was had.
func (h holder) had(page store.Page, conds ...store.Cond) (l Listed[Had], err error) {
	awards, more, err := store.List[domain.Award](h.tx, page, append(conds, store.In("enrolment_id", h.of()), store.Promised())...)
	if err != nil {
		return l, err
	}
	reached, err := h.reached()
	if err != nil {
		return l, err
	}
	told, err := tellOf(h.tx, awards, h.site, reached)
	if err != nil {
		return l, err
	}
	rows, err := store.All[domain.Voucher](h.tx, "", store.In("award_id", ids(awards, func(a domain.Award) domain.ID { return a.ID })))
	if err != nil {
		return l, err
	}
	slices.SortFunc(rows, func(a, b domain.Voucher) int { return slices.Compare(a.ID[:], b.ID[:]) })
	list := make([]OwnVoucher, len(rows))
	for i, v := range rows {
		list[i] = OwnVoucher{Voucher: v, Usable: h.usable(v)}
	}
	if err := used(h.tx, list); err != nil {
		return l, err
	}
	of := map[domain.ID][]OwnVoucher{}
	for _, v := range list {
		of[v.AwardID] = append(of[v.AwardID], v)
	}
	l = Listed[Had]{More: more}
	for _, t := range told {
		l.Rows = append(l.Rows, Had{t, of[t.Award.ID]})
	}
	return l, nil
}

// reached says of each enrolment how many milestones its episode has reached.
func (h holder) reached() (map[domain.ID]int, error) {
	reached := map[domain.ID]int{}
	for _, e := range slices.Backward(h.enrolments) { // what goes on from another is younger
		if _, known := reached[e.ID]; !known {
			var state rules.State
			if err := json.Unmarshal(e.RuleState, &state); err != nil {
				return nil, err
			}
			reached[e.ID] = state.Milestones
		}
		if e.ContinuesID != nil {
			reached[*e.ContinuesID] = reached[e.ID]
		}
	}
	return reached, nil
}

// received is what vouchers were issued for.
func (h holder) received(conds ...store.Cond) (map[string]int64, error) {
	sums, err := h.tx.Granted(append(conds, store.In("enrolment_id", h.of()))...)
	received := map[string]int64{}
	for _, sum := range sums {
		received[sum.Currency] += sum.Amount
	}
	return received, err
}
