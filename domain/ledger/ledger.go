// Package ledger books what happens to money in double entry: every event is one
// Entry whose postings sum to zero, so that no krone appears or vanishes.
//
// Six accounts are enough to follow a krone from the budget to the shop's bank:
//
//	reserve   budget +A        reserved −A
//	release   reserved +A      budget −A
//	issue     reserved +A      outstanding −A
//	redeem    outstanding +a   payable −a
//	reverse   payable +a       outstanding −a
//	expire    outstanding +b   lapsed −b
//	void      outstanding +b   budget −b
//	reissue   outstanding +b (old voucher)   outstanding −b (new voucher)
//	disallow  payable +a       budget −a
//	pay       payable +x       settled −x
//	bounce    settled +x       payable −x
//
// Debits are positive, credits negative, amounts in minor units.
package ledger

import (
	"fmt"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// Account is one of the six accounts of the books.
type Account string

// The accounts.
const (
	Budget      Account = "budget"      // what was reserved or issued, less what came back
	Reserved    Account = "reserved"    // what awards that wait will be issued for: a commitment, so credit
	Outstanding Account = "outstanding" // what citizens can still spend: a liability, so credit
	Payable     Account = "payable"     // what partners are owed: a liability, so credit
	Settled     Account = "settled"     // what partners were paid
	Lapsed      Account = "lapsed"      // what was never spent in time
)

// Accounts lists every account.
var Accounts = []Account{Budget, Reserved, Outstanding, Payable, Settled, Lapsed}

// Commits reports whether a budget's money that stands on the account is
// committed: what leaves such accounts for another is free again.
func (a Account) Commits() bool {
	return a == Reserved || a == Outstanding || a == Payable || a == Settled
}

// Event is what an entry books.
type Event string

// The events.
const (
	Reserving   Event = "reserve"
	Releasing   Event = "release"
	Issuing     Event = "issue"
	Redeeming   Event = "redeem"
	Reversing   Event = "reverse"
	Expiring    Event = "expire"
	Voiding     Event = "void"
	Reissuing   Event = "reissue"
	Disallowing Event = "disallow"
	Paying      Event = "pay"
	Bouncing    Event = "bounce"
)

// Events lists every event.
var Events = []Event{Reserving, Releasing, Issuing, Redeeming, Reversing, Expiring, Voiding, Reissuing, Disallowing, Paying, Bouncing}

// Posting is one line of an entry: a row of the append-only table
// ledger_postings. It names no person. It is about one of an award, a voucher,
// which leads to the award, and a settlement, whose lines lead to vouchers.
type Posting struct {
	MunicipalityID domain.ID `gorm:"primaryKey"`
	ID             domain.ID `gorm:"primaryKey"`
	EntryID        domain.ID
	Event          Event
	ReferenceID    domain.ID // what was booked: the award, the voucher, the redemption, the reversal, the hold or the settlement; of a voucher it books once per event and account
	Account        Account
	Amount         int64 // debit > 0, credit < 0
	Currency       string
	AwardID        *domain.ID // of what is reserved and released
	VoucherID      *domain.ID // of what happens to a voucher
	SettlementID   *domain.ID // of what is paid to a partner
	BudgetID       *domain.ID // the budget that it was reserved from; nil: the programme had none
	ProgrammeID    domain.ID
	UnitID         domain.ID
	PartnerID      *domain.ID  // on payable and settled only
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

// Reserve books what an award will be issued for as spoken for.
func (b Book) Reserve(a domain.Award, amount int64) Entry {
	return b.pair(Reserving, ofAward(a), amount, Budget, Reserved)
}

// Release gives what was reserved for an award, and will not be issued, back to
// the budget.
func (b Book) Release(a domain.Award, amount int64) Entry {
	return b.pair(Releasing, ofAward(a), amount, Reserved, Budget)
}

// Issue books a new voucher's amount, which was reserved for its award, as owed to
// its holder.
func (b Book) Issue(v domain.Voucher) Entry {
	return b.move(Issuing, v.ID, v, v.Amount, Reserved, Outstanding)
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
	e[1].VoucherID = &replacement.ID
	return e
}

// Disallow books a purchase that the partner is not paid for: the money goes back
// to the budget. Reference is the hold under which it was rejected.
func (b Book) Disallow(v domain.Voucher, r domain.Redemption, hold domain.ID) Entry {
	return b.move(Disallowing, hold, v, r.Amount, Payable, Budget).partner(r.PartnerID)
}

// Payment is money that goes to a partner for a settlement, or comes back.
type Payment struct {
	MunicipalityID domain.ID
	SettlementID   domain.ID
	PartnerID      domain.ID
	Reference      domain.ID // of this payment, or of what brought it back
	Currency       string
	Shares         []Share
}

// Share is the part of a payment that was redeemed under one programme, unit and
// budget.
type Share struct {
	ProgrammeID domain.ID
	UnitID      domain.ID
	BudgetID    *domain.ID
	Amount      int64 // minor units; below zero where more was taken back than redeemed
}

// Pay books what a partner was paid.
func (b Book) Pay(p Payment) Entry { return b.payment(Paying, p, Payable, Settled) }

// Bounce books that a payment came back: the partner is owed it again.
func (b Book) Bounce(p Payment) Entry { return b.payment(Bouncing, p, Settled, Payable) }

// payment books each share, all in one entry.
func (b Book) payment(event Event, p Payment, debit, credit Account) (e Entry) {
	entry := b.NewID()
	for _, share := range p.Shares {
		if share.Amount == 0 {
			continue
		}
		line := Posting{
			MunicipalityID: p.MunicipalityID, ReferenceID: p.Reference, Currency: p.Currency, SettlementID: &p.SettlementID,
			BudgetID: share.BudgetID, ProgrammeID: share.ProgrammeID, UnitID: share.UnitID,
		}
		for _, side := range b.pair(event, line, share.Amount, debit, credit).partner(p.PartnerID) {
			side.EntryID = entry
			e = append(e, side)
		}
	}
	return e
}

func ofAward(a domain.Award) Posting {
	return Posting{MunicipalityID: a.MunicipalityID, ReferenceID: a.ID, Currency: a.Currency, AwardID: &a.ID, BudgetID: a.BudgetID, ProgrammeID: a.ProgrammeID, UnitID: a.UnitID}
}

// move debits one account and credits another with something about a voucher.
func (b Book) move(event Event, reference domain.ID, v domain.Voucher, amount int64, debit, credit Account) Entry {
	of := Posting{MunicipalityID: v.MunicipalityID, ReferenceID: reference, Currency: v.Currency, VoucherID: &v.ID, BudgetID: v.BudgetID, ProgrammeID: v.ProgrammeID, UnitID: v.UnitID}
	return b.pair(event, of, amount, debit, credit)
}

// pair is an entry of two postings that are about the same.
func (b Book) pair(event Event, of Posting, amount int64, debit, credit Account) Entry {
	of.EntryID, of.Event, of.BookedOn, of.CreatedAt = b.NewID(), event, b.On, b.At
	e := Entry{of, of}
	e[0].ID, e[0].Account, e[0].Amount = b.NewID(), debit, amount
	e[1].ID, e[1].Account, e[1].Amount = b.NewID(), credit, -amount
	return e
}

// partner marks the lines that are about money of a partner's.
func (e Entry) partner(id domain.ID) Entry {
	for i := range e {
		if e[i].Account == Payable || e[i].Account == Settled {
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
