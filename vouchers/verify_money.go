package vouchers

import (
	"bytes"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// readVouchers checks what each voucher says of itself; its issue must have been
// booked once, for its amount.
func (v *verifier) readVouchers() (rows int, err error) {
	err = store.Each(v.tx, func(voucher domain.Voucher) error {
		rows++
		v.vouchers[voucher.ID] = voucher
		if voucher.ReplacesID == nil {
			v.granted[voucher.AwardID] += voucher.Amount
			v.under[voucher.AwardID] = append(v.under[voucher.AwardID], voucher)
			v.traced("voucher", voucher.ID, "issueVoucher")
		}
		v.state(voucher)
		secret, err := v.codes.Remake(voucher.ID, voucher.KeyID)
		if err != nil {
			v.differ(false, "voucher %s: its code cannot be made again: %v", voucher.ID, err)
			return nil
		}
		lookup, err := v.codes.Verify(secret.Reveal())
		v.differ(err == nil && bytes.Equal(lookup.Hash, voucher.LookupHash), "voucher %s: the stored hash is not its code's", voucher.ID)
		v.differ(voucher.Serial == serial(voucher.CreatedAt, voucher.ID), "voucher %s: the serial %s is not its own", voucher.ID, voucher.Serial)
		return nil
	})
	return rows, err
}

func (v *verifier) redemptions() (rows int, err error) {
	err = store.Each(v.tx, func(r domain.Redemption) error {
		rows++
		v.redeemed[r.ID] = r
		v.spent[r.VoucherID] += r.Amount
		v.used[r.VoucherID] = true
		v.happen(ledger.Redeeming, r.ID, r.VoucherID, r.Amount, r.CreatedAt)
		v.traced("redemption", r.ID, "redeemVoucher")
		voucher, ok := v.vouchers[r.VoucherID]
		v.differ(ok, "redemption %s: its voucher is missing", r.ID)
		v.differ(!ok || r.Currency == voucher.Currency, "redemption %s: is in %s, its voucher in %s", r.ID, r.Currency, voucher.Currency)
		v.count("spend", voucher, r.PartnerID, r.CreatedAt, r.Amount)
		return nil
	})
	return rows, err
}

func (v *verifier) reversals() (rows int, err error) {
	err = store.Each(v.tx, func(r domain.Reversal) error {
		rows++
		redemption := v.redeemed[r.RedemptionID]
		v.differ(r.Amount == redemption.Amount, "reversal %s: takes back %d of a redemption of %d", r.ID, r.Amount, redemption.Amount)
		v.spent[r.VoucherID] -= r.Amount
		v.happen(ledger.Reversing, r.ID, r.VoucherID, r.Amount, r.CreatedAt)
		v.traced("redemption", r.RedemptionID, "reverseRedemption")
		v.count("spend", v.vouchers[r.VoucherID], redemption.PartnerID, r.CreatedAt, -r.Amount)
		v.passOn(r)
		return nil
	})
	return rows, err
}

// passOn follows money that came back to a voucher already dead: it went on to
// where the voucher's balance had gone.
func (v *verifier) passOn(r domain.Reversal) {
	dead := v.vouchers[r.VoucherID]
	event, ok := map[domain.VoucherState]ledger.Event{domain.Expired: ledger.Expiring, domain.Void: ledger.Voiding}[dead.State]
	if _, passed := v.booked[booking{event, r.ID, ledger.Outstanding, dead.ID}]; !ok || !passed {
		return
	}
	v.happen(event, r.ID, dead.ID, r.Amount, r.CreatedAt)
	if v.spent[dead.ID] += r.Amount; event == ledger.Expiring {
		v.count("lapsed", dead, domain.ID{}, r.CreatedAt, r.Amount)
	}
}

// balances derives each voucher's balance from what happened to it, and
// compares it with the row and with the books.
func (v *verifier) balances() (int, error) {
	for id, voucher := range v.vouchers {
		left := v.opening(voucher) - v.spent[id]
		if voucher.ReplacesID == nil {
			v.happen(ledger.Issuing, id, id, voucher.Amount, voucher.CreatedAt)
		} else {
			v.reissued(voucher)
		}
		for _, dead := range []struct {
			state  domain.VoucherState
			event  ledger.Event
			action domain.Action
		}{{domain.Expired, ledger.Expiring, "expireVoucher"}, {domain.Void, ledger.Voiding, "voidVoucher"}} {
			if voucher.State == dead.state {
				if left > 0 {
					v.happen(dead.event, id, id, left, v.when[trace{dead.action, id}])
				}
				left = 0
			}
		}
		if voucher.ReplacedByID != nil {
			by := v.vouchers[*voucher.ReplacedByID]
			v.differ(by.ReplacesID != nil && *by.ReplacesID == id && by.Amount == voucher.Amount, "voucher %s: %s does not replace it at its amount", id, *voucher.ReplacedByID)
			left = 0
		}
		if voucher.Balance == voucher.Amount && voucher.ReplacesID == nil && !v.used[id] {
			v.untouched[voucher.AwardID] = true
		}
		v.differ(voucher.Balance == left, "voucher %s: the balance is %d, what happened leaves %d", id, voucher.Balance, left)
		v.differ(-v.outstanding[id] == left, "voucher %s: %d is booked as outstanding, what happened leaves %d", id, -v.outstanding[id], left)
		v.differ(voucher.State == domain.Blocked || voucher.Balance == 0 || voucher.State == voucher.LiveState(), "voucher %s: is %s with a balance of %d", id, voucher.State, voucher.Balance)
	}
	for b, line := range v.booked {
		v.differ(false, "%s of %s: %d is booked on %s, nothing happened", b.event, b.reference, line.amount, b.account)
	}
	return len(v.vouchers), nil
}

// opening is what a voucher was worth when it was made: its amount, less what
// was spent on those that it replaces.
func (v *verifier) opening(voucher domain.Voucher) int64 {
	amount, id := voucher.Amount, voucher.ReplacesID
	for range v.vouchers { // a chain that runs in a circle ends too
		if id == nil {
			break
		}
		amount -= v.spent[*id]
		id = v.vouchers[*id].ReplacesID
	}
	return amount
}
