package vouchers

import (
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	books "github.com/fasthold/fasthold/settlement"
)

// later names what is booked on another day than that on which it happened.
type later struct {
	event     ledger.Event
	reference domain.ID
}

// readClosings learns what the closings say.
func (v verifier) readClosings() (int, error) {
	var err error
	v.closed, err = books.ReadClosings(v.tx)
	if err != nil {
		return 0, err
	}
	return v.closed.Number(), nil
}

// closingTotals compares it with the postings.
func (v verifier) closingTotals() (int, error) { return v.closed.Differences(v.differ), nil }

// bookedLater checks a posting that is booked on another day than it was made:
// that must be the first that was open then.
func (v verifier) bookedLater(p ledger.Posting, made domain.Date) {
	v.differ(v.closed.Opens(p.ID, made, p.BookedOn), "posting %s: booked on %s, made on %s", p.ID, p.BookedOn, made)
	v.later[later{p.Event, p.ReferenceID}] = p.BookedOn
	if p.Account == ledger.Payable && (p.Event == ledger.Redeeming || p.Event == ledger.Reversing || p.Event == ledger.Disallowing) {
		v.moved = append(v.moved, p)
	}
}

// day is when an event is booked: at the moment when it happened, or on the day on
// which the books were open again.
func (v verifier) day(event ledger.Event, reference domain.ID, at time.Time) time.Time {
	if on, ok := v.later[later{event, reference}]; ok {
		return on.In(v.loc)
	}
	return at
}

// began is when a voucher was issued, or took another's balance over.
func (v verifier) began(voucher *held) time.Time {
	if !voucher.original() {
		return v.day(ledger.Reissuing, voucher.replaces, voucher.createdAt())
	}
	return v.day(ledger.Issuing, voucher.id, voucher.createdAt())
}

// move puts what partners are owed into the months in which it is booked, where
// that is not the month in which it happened.
func (v verifier) move() {
	for _, p := range v.moved {
		voucher := v.vouchers.get(*p.VoucherID)
		v.count("spend", voucher, *p.PartnerID, p.CreatedAt, p.Amount)
		v.count("spend", voucher, *p.PartnerID, p.BookedOn.In(v.loc), -p.Amount)
	}
}
