package vouchers

import (
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// takenBack is the reason that a voucher bears which the rules took back.
const takenBack = "taken back: a correction left more issued than earned, and the rules say claw_back: unspent"

// clawBack voids wholly unspent vouchers of an award, newest first, until no
// more is granted than it is now worth or none is left. One that is spent in
// part stays. It gives the award as it is then stored, at the amount before.
func (s *Service) clawBack(tx *store.Tx, st settlement, before, now domain.Award) (domain.Award, error) {
	// Locked, so that none is spent meanwhile; in the order in which expiry locks them.
	issued, err := store.AllLocked[domain.Voucher](tx, "valid_to, id", store.Is("award_id", now.ID), store.In("state", []domain.VoucherState{domain.Issued, domain.Blocked}))
	if err != nil {
		return before, err
	}
	slices.SortFunc(issued, func(a, b domain.Voucher) int { return b.CreatedAt.Compare(a.CreatedAt) })
	for _, v := range issued {
		if before.Granted <= now.Amount {
			break
		}
		if v.Balance != v.Amount {
			continue
		}
		if before, err = s.takeVoucherBack(tx, st, before, v, takenBack); err != nil {
			return before, err
		}
	}
	return before, nil
}

// takeVoucherBack voids a voucher of an award, which counts as not granted any more.
func (s *Service) takeVoucherBack(tx *store.Tx, st settlement, a domain.Award, v domain.Voucher, reason string) (domain.Award, error) {
	worth, at := v.Balance, s.now()
	v.Reason = domain.NewPrivate(reason)
	if err := s.sealVoucher(tx, &v); err != nil {
		return a, err
	}
	if err := s.end(tx, &v, domain.Void, at, ledger.Book.Void); err != nil {
		return a, err
	}
	if err := tx.Audit("voidVoucher", "voucher", v.ID, at, domain.Detail(map[string]any{"balance": worth, "award": a.ID})); err != nil {
		return a, err
	}
	before := a
	a.Granted -= worth
	err := s.saveAward(tx, settlement{cause: v.ID.String(), result: st.result}, before, a)
	a.Version++
	return a, err
}
