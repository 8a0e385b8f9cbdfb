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
			v.happened[booking{ledger.Issuing, voucher.ID}] = voucher.Amount
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
		v.happened[booking{ledger.Redeeming, r.ID}] = r.Amount
		v.traced("redemption", r.ID, "redeemVoucher")
		voucher, ok := v.vouchers[r.VoucherID]
		v.differ(ok, "redemption %s: its voucher is missing", r.ID)
		v.differ(!ok || r.Currency == voucher.Currency, "redemption %s: is in %s, its voucher in %s", r.ID, r.Currency, voucher.Currency)
		v.count("spend", voucher, r.PartnerID, r.CreatedAt, r.Amount)
		return nil
	})
	return rows, err
}

// postings checks that every entry sums to zero, that each line is about its
// voucher, and that issues and redemptions are booked as they happened.
func (v *verifier) postings() (rows int, err error) {
	err = store.Each(v.tx, func(p ledger.Posting) error {
		rows++
		if v.entries[p.EntryID] += p.Amount; v.entries[p.EntryID] == 0 {
			delete(v.entries, p.EntryID)
		}
		if p.Account == ledger.Outstanding {
			v.outstanding[p.VoucherID] += p.Amount
		}
		if p.Amount > 0 {
			v.booked[booking{p.Event, p.ReferenceID}] += p.Amount
		}
		of := v.vouchers[p.VoucherID]
		v.differ(of.ID == p.VoucherID && of.Currency == p.Currency && of.ProgrammeID == p.ProgrammeID && of.UnitID == p.UnitID,
			"posting %s: its currency, programme or unit is not that of voucher %s", p.ID, p.VoucherID)
		v.differ(p.BookedOn == domain.DateOf(p.CreatedAt, v.loc), "posting %s: booked on %s, made on %s", p.ID, p.BookedOn, domain.DateOf(p.CreatedAt, v.loc))
		return nil
	})
	for b, amount := range v.happened {
		v.booking(b, amount)
	}
	for id, sum := range v.entries {
		v.differ(false, "ledger entry %s: its postings sum to %d, not to zero", id, sum)
	}
	return rows, err
}

// booking takes one booked event off the list; what is left at the end was
// booked without anything having happened.
func (v *verifier) booking(b booking, amount int64) {
	v.differ(v.booked[b] == amount, "%s of %s: %d happened, %d is booked", b.event, b.reference, amount, v.booked[b])
	delete(v.booked, b)
}

func (v *verifier) reversals() (rows int, err error) {
	err = store.Each(v.tx, func(r domain.Reversal) error {
		rows++
		redemption := v.redeemed[r.RedemptionID]
		v.differ(r.Amount == redemption.Amount, "reversal %s: takes back %d of a redemption of %d", r.ID, r.Amount, redemption.Amount)
		v.spent[r.VoucherID] -= r.Amount
		v.booking(booking{ledger.Reversing, r.ID}, r.Amount)
		v.traced("redemption", r.RedemptionID, "reverseRedemption")
		v.count("spend", v.vouchers[r.VoucherID], redemption.PartnerID, r.CreatedAt, -r.Amount)
		// Money that came back to a dead voucher was passed on under this reversal.
		for _, event := range []ledger.Event{ledger.Expiring, ledger.Voiding} {
			if passed, ok := v.booked[booking{event, r.ID}]; ok {
				v.differ(passed == r.Amount, "reversal %s: %d came back, %d was passed on", r.ID, r.Amount, passed)
				delete(v.booked, booking{event, r.ID})
				if v.spent[r.VoucherID] += r.Amount; event == ledger.Expiring {
					v.count("lapsed", v.vouchers[r.VoucherID], domain.ID{}, r.CreatedAt, r.Amount)
				}
			}
		}
		return nil
	})
	return rows, err
}

// balances derives each voucher's balance from what happened to it, and
// compares it with the row and with the books.
func (v *verifier) balances() (int, error) {
	for id, voucher := range v.vouchers {
		left := v.opening(voucher) - v.spent[id]
		if voucher.ReplacesID != nil {
			v.booking(booking{ledger.Reissuing, *voucher.ReplacesID}, v.opening(voucher))
		}
		for _, dead := range []struct {
			state domain.VoucherState
			event ledger.Event
		}{{domain.Expired, ledger.Expiring}, {domain.Void, ledger.Voiding}} {
			if voucher.State == dead.state {
				if left > 0 {
					v.booking(booking{dead.event, id}, left)
				}
				left = 0
			}
		}
		if voucher.ReplacedByID != nil {
			by := v.vouchers[*voucher.ReplacedByID]
			v.differ(by.ReplacesID != nil && *by.ReplacesID == id && by.Amount == voucher.Amount, "voucher %s: %s does not replace it at its amount", id, *voucher.ReplacedByID)
			left = 0
		}
		v.differ(voucher.Balance == left, "voucher %s: the balance is %d, what happened leaves %d", id, voucher.Balance, left)
		v.differ(-v.outstanding[id] == left, "voucher %s: %d is booked as outstanding, what happened leaves %d", id, -v.outstanding[id], left)
		v.differ(voucher.State == domain.Blocked || voucher.Balance == 0 || voucher.State == voucher.LiveState(), "voucher %s: is %s with a balance of %d", id, voucher.State, voucher.Balance)
	}
	for b, amount := range v.booked {
		v.differ(false, "%s of %s: %d is booked, nothing happened", b.event, b.reference, amount)
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
