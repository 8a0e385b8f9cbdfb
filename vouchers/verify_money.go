package vouchers

import (
	"bytes"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// readVouchers checks what each voucher says of itself.
func (v verifier) readVouchers() (rows int, err error) {
	err = store.Sweep(v.tx, func(voucher domain.Voucher) error {
		rows++
		v.vouchers.add(voucher, v.sorts.of(voucher))
		lookup, err := v.codes.Lookup(voucher.ID, voucher.KeyID)
		if err != nil {
			v.differ(false, "voucher %s: its code cannot be made again: %v", voucher.ID, err)
			return nil
		}
		if !bytes.Equal(lookup.Hash, voucher.LookupHash) {
			v.differ(false, "voucher %s: the stored hash is not its code's", voucher.ID)
		}
		if voucher.Serial != serial(voucher.CreatedAt, voucher.ID) {
			v.differ(false, "voucher %s: the serial %s is not its own", voucher.ID, voucher.Serial)
		}
		v.says(voucher)
		return nil
	})
	return rows, err
}

func (v verifier) redemptions() (rows int, err error) {
	list, err := store.All[domain.Reversal](v.tx, "")
	if err != nil {
		return 0, err
	}
	for _, r := range list {
		v.reversed[r.RedemptionID] = domain.Redemption{}
	}
	rejected, err := v.rejected()
	if err != nil {
		return 0, err
	}
	if err := v.capped(); err != nil {
		return 0, err
	}
	err = store.Sweep(v.tx, func(r domain.Redemption) error {
		rows++
		v.months.add(r, r.Amount, v.loc)
		if _, ok := v.reversed[r.ID]; ok {
			v.reversed[r.ID] = r
		}
		voucher := v.vouchers.get(r.VoucherID)
		voucher.spent, voucher.used = voucher.spent+r.Amount, true
		v.happen(ledger.Redeeming, r.ID, r.VoucherID, r.Amount, r.CreatedAt)
		v.traced("redemption", r.ID, "redeemVoucher")
		switch {
		case voucher.id != r.VoucherID:
			v.differ(false, "redemption %s: its voucher is missing", r.ID)
		case r.Currency != v.sorts.list[voucher.kind].currency:
			v.differ(false, "redemption %s: is in %s, its voucher in %s", r.ID, r.Currency, v.sorts.list[voucher.kind].currency)
		}
		v.count("spend", voucher, r.PartnerID, r.CreatedAt, r.Amount)
		if hold, ok := rejected[r.ID]; ok {
			v.happen(ledger.Disallowing, hold.ID, r.VoucherID, r.Amount, value(hold.DecidedAt))
			v.count("spend", voucher, r.PartnerID, value(hold.DecidedAt), -r.Amount)
		}
		return nil
	})
	return rows, err
}

// rejected gives the holds under which redemptions were rejected, by redemption.
func (v verifier) rejected() (map[domain.ID]domain.SettlementHold, error) {
	list, err := store.All[domain.SettlementHold](v.tx, "", store.Is("decision", domain.HoldRejected))
	of := make(map[domain.ID]domain.SettlementHold, len(list))
	for _, hold := range list {
		of[hold.RedemptionID] = hold
	}
	return of, err
}

func (v verifier) reversals() (rows int, err error) {
	err = store.Each(v.tx, func(r domain.Reversal) error {
		rows++
		redemption := v.reversed[r.RedemptionID]
		v.months.add(redemption, -redemption.Amount, v.loc)
		v.differ(r.Amount == redemption.Amount, "reversal %s: takes back %d of a redemption of %d", r.ID, r.Amount, redemption.Amount)
		voucher := v.vouchers.get(r.VoucherID)
		voucher.spent -= r.Amount
		v.happen(ledger.Reversing, r.ID, r.VoucherID, r.Amount, r.CreatedAt)
		v.traced("redemption", r.RedemptionID, "reverseRedemption")
		v.count("spend", voucher, redemption.PartnerID, r.CreatedAt, -r.Amount)
		v.passOn(r, voucher)
		return nil
	})
	return rows, err
}

// passOn follows money that came back to a voucher already dead: it went on to
// where the voucher's balance had gone.
func (v verifier) passOn(r domain.Reversal, dead *held) {
	event, ok := map[domain.VoucherState]ledger.Event{domain.Expired: ledger.Expiring, domain.Void: ledger.Voiding}[dead.state()]
	if !ok || !v.passed[booking{event, r.ID, ledger.Outstanding, dead.id}] {
		return
	}
	v.happen(event, r.ID, dead.id, r.Amount, r.CreatedAt)
	if dead.spent += r.Amount; event == ledger.Expiring {
		v.count("lapsed", dead, domain.ID{}, v.day(event, r.ID, r.CreatedAt), r.Amount)
	}
}

// balances derives each voucher's balance from what happened to it, and
// compares it with the row and with the books; its issue must have been booked
// once, for its amount.
func (v verifier) balances() (int, error) {
	for i := range v.vouchers.list {
		voucher := &v.vouchers.list[i]
		opening := v.opening(voucher)
		left := opening - voucher.spent
		v.state(voucher)
		if voucher.original() {
			v.traced("voucher", voucher.id, "issueVoucher")
			v.happen(ledger.Issuing, voucher.id, voucher.id, voucher.amount, voucher.createdAt())
		} else {
			v.reissued(voucher, opening)
		}
		left = v.died(voucher, left)
		if voucher.replacedBy != (domain.ID{}) {
			by := v.vouchers.get(voucher.replacedBy)
			v.differ(by.replaces == voucher.id && by.amount == voucher.amount, "voucher %s: %s does not replace it at its amount", voucher.id, voucher.replacedBy)
			left = 0
		}
		if voucher.balance != left {
			v.differ(false, "voucher %s: the balance is %d, what happened leaves %d", voucher.id, voucher.balance, left)
		}
		if -voucher.outstanding != left {
			v.differ(false, "voucher %s: %d is booked as outstanding, what happened leaves %d", voucher.id, -voucher.outstanding, left)
		}
		live := domain.Voucher{Amount: voucher.amount, Balance: voucher.balance}.LiveState()
		if voucher.state() != domain.Blocked && voucher.balance != 0 && voucher.state() != live {
			v.differ(false, "voucher %s: is %s with a balance of %d", voucher.id, voucher.state(), voucher.balance)
		}
		v.countBalance(voucher, opening-voucher.spent)
	}
	for b, line := range v.booked {
		v.differ(false, "%s of %s: %d is booked on %s, nothing happened", b.event, b.reference, line.amount, b.account)
	}
	return len(v.vouchers.list), nil
}

// died takes off what was left when a voucher expired or was voided, and gives
// what that leaves.
func (v verifier) died(voucher *held, left int64) int64 {
	i := slices.IndexFunc(ends, func(e end) bool { return e.state == voucher.state() })
	if i < 0 {
		return left
	}
	if left > 0 {
		v.happen(ends[i].event, voucher.id, voucher.id, left, v.audit.counted[trace{ends[i].action, voucher.id}].at)
	}
	return 0
}

// end is how a voucher's balance comes to an end.
type end struct {
	state  domain.VoucherState
	event  ledger.Event
	action domain.Action
}

var ends = []end{{domain.Expired, ledger.Expiring, "expireVoucher"}, {domain.Void, ledger.Voiding, "voidVoucher"}}

// opening is what a voucher was worth when it was made: its amount, less what
// was spent on those that it replaces.
func (v verifier) opening(voucher *held) int64 {
	amount, id := voucher.amount, voucher.replaces
	for range v.vouchers.list { // a chain that runs in a circle ends too
		if id == (domain.ID{}) {
			break
		}
		old := v.vouchers.get(id)
		amount -= old.spent
		id = old.replaces
	}
	return amount
}

// countBalance counts what is left on a voucher, under the month in which it was
// issued or took another's balance over, and what was left when it expired, under
// the day of the audit entry that says so.
func (v verifier) countBalance(voucher *held, left int64) {
	switch voucher.state() {
	case domain.Expired, domain.Void, domain.Replaced:
		v.count("outstanding", voucher, domain.ID{}, v.began(voucher), 0)
		h := v.audit.counted[trace{"expireVoucher", voucher.id}]
		if left > 0 && h.times > 0 {
			v.count("lapsed", voucher, domain.ID{}, v.day(ledger.Expiring, voucher.id, h.at), left)
		}
	default:
		v.count("outstanding", voucher, domain.ID{}, v.began(voucher), left)
	}
}

// cell is where an amount goes in the reports.
type cell struct {
	name    string
	kind    int32
	partner domain.ID
	month   int32 // 202611
}

// count adds to a report figure.
func (v verifier) count(name string, of *held, partner domain.ID, on time.Time, amount int64) {
	if of.id == (domain.ID{}) {
		return // told already: there is no such voucher
	}
	year, month, _ := on.In(v.loc).Date()
	v.tallies[cell{name: name, kind: of.kind, partner: partner, month: int32(year*100 + int(month))}] += amount //nolint:gosec // no year has so many digits
}
