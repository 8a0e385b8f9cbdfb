package vouchers

import (
	"hash/maphash"
	"sync/atomic"
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

	ledger.Disallowing: {ledger.Payable, ledger.Budget},
}

// derived are the events of which the checks know what must have been booked.
func derived(event ledger.Event) bool {
	_, ok := sides[event]
	return ok || event == ledger.Reissuing
}

// postings checks that every entry sums to zero and that each line is about its
// voucher, and learns what is booked.
func (v verifier) postings() (rows int, err error) {
	zone := dates{loc: v.loc}
	err = store.Sweep(v.tx, func(p ledger.Posting) error {
		rows++
		if sum := v.entries[p.EntryID] + p.Amount; sum == 0 {
			delete(v.entries, p.EntryID)
		} else {
			v.entries[p.EntryID] = sum
		}
		if p.VoucherID != nil {
			v.ofVoucher(p)
		}
		v.budgeted(p)
		if derived(p.Event) {
			v.book(p)
		}
		v.closed.Add(p)
		if on := zone.of(p.CreatedAt); p.BookedOn != on {
			v.bookedLater(p, on)
		}
		return nil
	})
	for id, sum := range v.entries {
		v.differ(false, "ledger entry %s: its postings sum to %d, not to zero", id, sum)
	}
	return rows, err
}

// ofVoucher compares a posting with the voucher that it is about.
func (v verifier) ofVoucher(p ledger.Posting) {
	of := v.vouchers.get(*p.VoucherID)
	if p.Account == ledger.Outstanding {
		of.outstanding += p.Amount
	}
	var k sort
	if of.id == *p.VoucherID {
		k = v.sorts.list[of.kind]
	}
	if k.currency != p.Currency || k.programme != p.ProgrammeID || k.unit != p.UnitID || k.budget != value(p.BudgetID) {
		v.differ(false, "posting %s: its currency, programme, unit or budget is not that of voucher %s", p.ID, *p.VoucherID)
	}
}

// book learns what a posting says was booked.
func (v verifier) book(p ledger.Posting) {
	b := booking{p.Event, p.ReferenceID, p.Account, value(p.VoucherID)}
	if p.Event == ledger.Issuing && p.Account == ledger.Reserved { // else it was issued before anything was reserved
		b.account = ledger.Budget
	}
	if p.Account == ledger.Outstanding && (p.Event == ledger.Expiring || p.Event == ledger.Voiding) && p.ReferenceID != b.voucher {
		v.passed[b] = true
	}
	n := v.sums.add(v.sums.posted, b, p.Amount, p.CreatedAt)
	if v.closely[n] {
		v.booked[b] = booked{v.booked[b].amount + p.Amount, p.CreatedAt}
	}
}

// happen takes what an event must have booked, on both sides, off what is booked.
// What is left in the end was booked without anything having happened.
func (v verifier) happen(event ledger.Event, reference, voucher domain.ID, amount int64, at time.Time) {
	v.line(booking{event, reference, sides[event][0], voucher}, amount, at)
	v.line(booking{event, reference, sides[event][1], voucher}, -amount, at)
}

// reissued takes off what moved a balance from a voucher to its replacement.
func (v verifier) reissued(voucher *held, amount int64) {
	v.line(booking{ledger.Reissuing, voucher.replaces, ledger.Outstanding, voucher.replaces}, amount, voucher.createdAt())
	v.line(booking{ledger.Reissuing, voucher.replaces, ledger.Outstanding, voucher.id}, -amount, voucher.createdAt())
}

func (v verifier) line(b booking, amount int64, at time.Time) {
	if n := v.sums.add(v.sums.happened, b, amount, at); !v.closely[n] {
		return
	}
	there := v.booked[b]
	v.differ(there.amount == amount, "%s of %s: %d happened, %d is booked on %s", b.event, b.reference, amount, there.amount, b.account)
	v.differ(there.amount != amount || there.at.Equal(at), "%s of %s: happened at %s, is booked on %s at %s", b.event, b.reference, at, b.account, there.at)
	delete(v.booked, b)
}

// bookings are sums over keyed hashes of what is booked and of what happened, in
// buckets: both are the same exactly when the sums are, but for a chance of one in
// 10¹⁹ that nobody can bring about, since the keys are made anew each time. So
// millions of lines are compared without keeping them. Where a bucket differs, the
// lines in it are compared one by one.
type bookings struct {
	bucket, line     maphash.Seed
	posted, happened []uint64
}

func newBookings() bookings {
	return bookings{maphash.MakeSeed(), maphash.MakeSeed(), make([]uint64, 1<<16), make([]uint64, 1<<16)}
}

// add puts a line to one of the sums, and gives its bucket.
func (b bookings) add(to []uint64, of booking, amount int64, at time.Time) uint16 {
	n := uint16(maphash.Comparable(b.bucket, of.reference)) //nolint:gosec // the lowest bits
	atomic.AddUint64(&to[n], maphash.Comparable(b.line, struct {
		booking
		amount, at int64
	}{of, amount, at.UnixMicro()}))
	return n
}

// off are the buckets in which something differs.
func (b bookings) off() map[uint16]bool {
	off := map[uint16]bool{}
	for i := range b.posted {
		if b.posted[i] != b.happened[i] {
			off[uint16(i)] = true
		}
	}
	return off
}

// dates tells dates in a zone; times of one day come together.
type dates struct {
	loc         *time.Location
	first, last time.Time // of on
	on          domain.Date
}

func (d *dates) of(at time.Time) domain.Date {
	if at.Before(d.first) || !at.Before(d.last) {
		d.on = domain.DateOf(at, d.loc)
		d.first, d.last = d.on.In(d.loc), d.on.AddDays(1).In(d.loc)
	}
	return d.on
}
