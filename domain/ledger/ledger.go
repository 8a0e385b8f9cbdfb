// Package ledger books what happens to vouchers in double entry: every event is
// one Entry whose postings sum to zero, so that no krone appears or vanishes.
//
// Four accounts are enough to follow a krone from the budget to the shop:
//
//	issue    budget +A        outstanding −A
//	redeem   outstanding +a   payable −a
//	reverse  payable +a       outstanding −a
//	expire   outstanding +b   lapsed −b
//	void     outstanding +b   budget −b
//	reissue  outstanding +b (old voucher)   outstanding −b (new voucher)
//
// Debits are positive, credits negative, amounts in minor units.
package ledger

import (
	"fmt"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// Account is one of the four accounts of the books.
type Account string

// The accounts.
const (
	Budget      Account = "budget"      // what vouchers were issued for, less what was voided
	Outstanding Account = "outstanding" // what citizens can still spend: a liability, so credit
	Payable     Account = "payable"     // what partners are owed: a liability, so credit
	Lapsed      Account = "lapsed"      // what was never spent in time
)

// Accounts lists every account.
var Accounts = []Account{Budget, Outstanding, Payable, Lapsed}

// Event is what an entry books.
type Event string

// The events.
const (
	Issuing   Event = "issue"
	Redeeming Event = "redeem"
	Reversing Event = "reverse"
	Expiring  Event = "expire"
	Voiding   Event = "void"
	Reissuing Event = "reissue"
)

// Events lists every event.
var Events = []Event{Issuing, Redeeming, Reversing, Expiring, Voiding, Reissuing}

// Posting is one line of an entry: a row of the append-only table
// ledger_postings. It names no person; VoucherID leads to the award.
type Posting struct {
	MunicipalityID domain.ID `gorm:"primaryKey"`
	ID             domain.ID `gorm:"primaryKey"`
	EntryID        domain.ID
	Event          Event
	ReferenceID    domain.ID // what was booked: the redemption, the reversal, or the voucher; books once per event and account
	Account        Account
	Amount         int64 // debit > 0, credit < 0
	Currency       string
	VoucherID      domain.ID
	ProgrammeID    domain.ID
	UnitID         domain.ID
	PartnerID      *domain.ID  // on payable only
	BookedOn       domain.Date // the municipality's date
	CreatedAt      time.Time
}

// TableName names the table.
func (Posting) TableName() string { return "ledger_postings" }

// Entry is the postings of one event.
type Entry []Posting

// Book says when and under which ids an entry is booked.
type Book struct {
	At    time.Time
	On    domain.Date
	NewID func() domain.ID
}

// Issue books a new voucher's amount as spent from the budget and owed to its
// holder.
func (b Book) Issue(v domain.Voucher) Entry {
	return b.move(Issuing, v.ID, v, v.Amount, Budget, Outstanding)
}

// Redeem books a purchase: owed to the partner instead of to the holder.
func (b Book) Redeem(v domain.Voucher, r domain.Redemption) Entry {
	return b.move(Redeeming, r.ID, v, r.Amount, Outstanding, Payable).partner(r.PartnerID)
}

// Reverse books a purchase taken back; v is the voucher that gets the money,
// the redeemed one or its replacement.
func (b Book) Reverse(v domain.Voucher, r domain.Redemption, reversal domain.ID) Entry {
	return b.move(Reversing, reversal, v, r.Amount, Payable, Outstanding).partner(r.PartnerID)
}

// Expire books an unspent balance as lapsed. Reference is the voucher, or the
// reversal whose money came back too late.
func (b Book) Expire(v domain.Voucher, reference domain.ID, balance int64) Entry {
	return b.move(Expiring, reference, v, balance, Outstanding, Lapsed)
}

// Void gives an unspent balance back to the budget.
func (b Book) Void(v domain.Voucher, reference domain.ID, balance int64) Entry {
	return b.move(Voiding, reference, v, balance, Outstanding, Budget)
}

// Reissue moves the balance of a lost voucher to the one that replaces it.
func (b Book) Reissue(old, replacement domain.Voucher) Entry {
	e := b.move(Reissuing, old.ID, old, replacement.Balance, Outstanding, Outstanding)
	e[1].VoucherID = replacement.ID
	return e
}

// move debits one account and credits another.
func (b Book) move(event Event, reference domain.ID, v domain.Voucher, amount int64, debit, credit Account) Entry {
	line := Posting{
		MunicipalityID: v.MunicipalityID, EntryID: b.NewID(), Event: event, ReferenceID: reference, Currency: v.Currency,
		VoucherID: v.ID, ProgrammeID: v.ProgrammeID, UnitID: v.UnitID, BookedOn: b.On, CreatedAt: b.At,
	}
	e := Entry{line, line}
	e[0].ID, e[0].Account, e[0].Amount = b.NewID(), debit, amount
	e[1].ID, e[1].Account, e[1].Amount = b.NewID(), credit, -amount
	return e
}

// partner marks the payable line.
func (e Entry) partner(id domain.ID) Entry {
	for i := range e {
		if e[i].Account == Payable {
			e[i].PartnerID = &id
		}
	}
	return e
}

// Check gives an error unless the entry moves something and sums to zero in one
// currency.
func (e Entry) Check() error {
	if len(e) < 2 {
		return fmt.Errorf("ledger: an entry needs two postings, this has %d", len(e))
	}
	var sum int64
	for _, p := range e {
		if p.Amount == 0 || p.Currency != e[0].Currency || p.EntryID != e[0].EntryID {
			return fmt.Errorf("ledger: posting %s is empty or belongs to another entry", p.ID)
		}
		sum += p.Amount
	}
	if sum != 0 {
		return fmt.Errorf("ledger: entry %s is out of balance by %d", e[0].EntryID, sum)
	}
	return nil
}
