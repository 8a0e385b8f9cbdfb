package settlement

import (
	"fmt"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// shortly is how soon after a purchase its till must have been revoked, or its
// voucher blocked or re-issued, for the purchase to look wrong: a lost voucher and
// a stolen till are usually missed within days.
const shortly = 72 * time.Hour

// holder is who holds what a draft finds to look wrong: no person, so that any may
// decide.
const holder = domain.SystemPerson + "settlement"

// holdSuspects holds out what looks wrong of what a run would take, each
// redemption once and never again, and gives how many.
func (s *Service) holdSuspects(tx *store.Tx, take store.Taking, partners []domain.Partner, loc *time.Location) (int, error) {
	found := map[domain.ID]bool{}
	hold := func(r domain.Redemption, cause, format string, args ...any) error {
		if found[r.ID] {
			return nil
		}
		found[r.ID] = true
		return s.keepOut(tx, r, cause, fmt.Sprintf(format, args...), holder)
	}
	suspects, err := tx.Suspects(take)
	if err != nil {
		return 0, err
	}
	for _, suspect := range suspects {
		cause, what := domain.HeldTerminalRevoked, "the till was revoked"
		switch suspect.Action {
		case "blockVoucher", "blockOwnVoucher":
			cause, what = domain.HeldVoucherBlocked, "the voucher was blocked"
		case "reissueVoucher":
			cause, what = domain.HeldVoucherReissued, "the voucher was re-issued"
		}
		if suspect.At.Sub(suspect.CreatedAt) > shortly {
			continue
		}
		if err := hold(suspect.Redemption, cause, "%s on %s, shortly after the purchase", what, domain.DateOf(suspect.At, loc)); err != nil {
			return 0, err
		}
	}
	for _, p := range partners {
		from, ended := contract(p, loc)
		outside, err := tx.Uncontracted(take, p.ID, from, ended)
		if err != nil {
			return 0, err
		}
		for _, r := range outside {
			if err := hold(r, domain.HeldNoContract, "the partner had no contract on %s", domain.DateOf(r.CreatedAt, loc)); err != nil {
				return 0, err
			}
		}
	}
	return len(found), tx.Flush()
}

// contract is from when until when a partner may take vouchers; without one that
// is never.
func contract(p domain.Partner, loc *time.Location) (from, ended time.Time) {
	if p.ContractFrom.IsZero() {
		return time.Time{}, time.Time{}
	}
	last := p.ContractTo
	if last.IsZero() {
		last = domain.Date{Year: 9999, Month: time.December, Day: 30}
	}
	return p.ContractFrom.In(loc).UTC(), last.AddDays(1).In(loc).UTC()
}

// keepOut makes the hold.
func (s *Service) keepOut(tx *store.Tx, r domain.Redemption, cause, reason, by string) error {
	h := newHold(r, cause, reason, by, s.now())
	if err := tx.Append(&h); err != nil {
		return err
	}
	return tx.Audit(actionHold, "settlement_hold", h.ID, h.HeldAt, domain.Detail(map[string]any{"redemption": r.ID, "cause": cause, "amount": r.Amount}))
}
