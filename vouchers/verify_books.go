package vouchers

import (
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// booking is what a posting says it books, and where.
type booking struct {
	event     ledger.Event
	reference domain.ID
	account   ledger.Account
	voucher   domain.ID
}

// booked is what stands there, and when it was booked.
type booked struct {
	amount int64
	at     time.Time
}

// sides are the accounts that each event debits and credits.
var sides = map[ledger.Event][2]ledger.Account{
	ledger.Issuing:   {ledger.Budget, ledger.Outstanding},
	ledger.Redeeming: {ledger.Outstanding, ledger.Payable},
	ledger.Reversing: {ledger.Payable, ledger.Outstanding},
	ledger.Expiring:  {ledger.Outstanding, ledger.Lapsed},
	ledger.Voiding:   {ledger.Outstanding, ledger.Budget},
}

// postings checks that every entry sums to zero and that each line is about its
// voucher, and learns what is booked.
func (v *verifier) postings() (rows int, err error) {
	err = store.Each(v.tx, func(p ledger.Posting) error {
		rows++
		if v.entries[p.EntryID] += p.Amount; v.entries[p.EntryID] == 0 {
			delete(v.entries, p.EntryID)
		}
		id := value(p.VoucherID)
		if p.Account == ledger.Outstanding {
			v.outstanding[id] += p.Amount
		}
		b := booking{p.Event, p.ReferenceID, p.Account, id}
		v.booked[b] = booked{v.booked[b].amount + p.Amount, p.CreatedAt}
		of := v.vouchers[id]
		v.differ(of.ID == id && of.Currency == p.Currency && of.ProgrammeID == p.ProgrammeID && of.UnitID == p.UnitID,
			"posting %s: its currency, programme or unit is not that of voucher %s", p.ID, id)
		v.differ(p.BookedOn == domain.DateOf(p.CreatedAt, v.loc), "posting %s: booked on %s, made on %s", p.ID, p.BookedOn, domain.DateOf(p.CreatedAt, v.loc))
		return nil
	})
	for id, sum := range v.entries {
		v.differ(false, "ledger entry %s: its postings sum to %d, not to zero", id, sum)
	}
	return rows, err
}

// happen takes what an event must have booked, on both sides, off the list of
// what is booked. What is left in the end was booked without anything having
// happened.
func (v *verifier) happen(event ledger.Event, reference, voucher domain.ID, amount int64, at time.Time) {
	v.line(booking{event, reference, sides[event][0], voucher}, amount, at)
	v.line(booking{event, reference, sides[event][1], voucher}, -amount, at)
}

// reissued takes off what moved a balance from a voucher to its replacement.
func (v *verifier) reissued(voucher domain.Voucher) {
	amount := v.opening(voucher)
	v.line(booking{ledger.Reissuing, *voucher.ReplacesID, ledger.Outstanding, *voucher.ReplacesID}, amount, voucher.CreatedAt)
	v.line(booking{ledger.Reissuing, *voucher.ReplacesID, ledger.Outstanding, voucher.ID}, -amount, voucher.CreatedAt)
}

func (v *verifier) line(b booking, amount int64, at time.Time) {
	there := v.booked[b]
	v.differ(there.amount == amount, "%s of %s: %d happened, %d is booked on %s", b.event, b.reference, amount, there.amount, b.account)
	v.differ(there.amount != amount || there.at.Equal(at), "%s of %s: happened at %s, is booked on %s at %s", b.event, b.reference, at, b.account, there.at)
	delete(v.booked, b)
}
