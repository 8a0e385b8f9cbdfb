package domain

import (
	"fmt"
	"regexp"
	"time"
)

// RunState is where a settlement run is on its way.
type RunState string

// The states of a settlement run. A draft can be made anew; after approval a run
// goes on, or is reversed.
const (
	RunDraft      RunState = "draft"
	RunApproved   RunState = "approved"   // by another than who made it
	RunFiled      RunState = "filed"      // its payment file is made
	RunPaid       RunState = "paid"       // nothing of it is due any more
	RunReconciled RunState = "reconciled" // every payment is found in a bank statement
	RunReversed   RunState = "reversed"   // before it was paid: what was due goes into the next run
)

// SettlementRun pays partners for what was redeemed with them: every redemption
// and reversal up to a day that no run has taken before. Who did what is in small
// letters.
type SettlementRun struct {
	MunicipalityID  ID  `gorm:"primaryKey"`
	ID              ID  `gorm:"primaryKey"`
	Number          int // 1, 2, … in the municipality
	PeriodFrom      Date
	PeriodTo        Date // the last day of which something is taken; what is left of earlier ones is taken too
	Currency        string
	State           RunState
	MadeBy          string // who made the draft as it is
	MadeAt          time.Time
	ApprovedBy      string // never MadeBy; "" while a draft
	ApprovedAt      *time.Time
	FiledBy         string // who had the payment file made; "" while there is none
	FiledAt         *time.Time
	MessageID       string // of the payment file: the same however often it is fetched
	ExecuteOn       Date   // when the bank is to pay; zero: there is no file
	PaidBy          string // who said that the last of it is paid
	PaidAt          *time.Time
	PaidOn          Date // the day on which the last of it was paid
	ReconciledAt    *time.Time
	ReversedBy      string
	ReversedAt      *time.Time
	ReversedBecause string
	Version         int64
	CreatedAt       time.Time
}

// SettlementState is where the settlement of one partner is.
type SettlementState string

// The states of a settlement. What one that is forward, bounced or reversed was
// worth goes into the partner's next settlement, once.
const (
	SettlementDraft    SettlementState = "draft"
	SettlementDue      SettlementState = "due"     // approved: to be paid
	SettlementForward  SettlementState = "forward" // approved, but nothing is owed: the total is 0 or less
	SettlementPaid     SettlementState = "paid"
	SettlementBounced  SettlementState = "bounced"  // was paid, and the money came back
	SettlementReversed SettlementState = "reversed" // its run was reversed before it was paid
)

// CarriedOn are the states from which a settlement's total goes into the next.
var CarriedOn = []SettlementState{SettlementForward, SettlementBounced, SettlementReversed}

// The methods by which a partner is paid.
const (
	ByBank    = "bank"    // by a payment file
	ByInvoice = "invoice" // when the partner sends an invoice
)

// Settlement is what one partner is owed in a run: its lines, and what an earlier
// settlement left. Amounts in minor units. Its partner may read it once its run is
// approved, so it names no programme, no unit and no citizen.
type Settlement struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	RunID          ID
	PartnerID      ID
	Number         string // 2026-0007-01: also the payment's end-to-end ID
	Method         string // ByBank or ByInvoice, as agreed when the draft was made
	IBAN           string `gorm:"column:iban"` // of then; "" unless Method is ByBank
	AccountChanged bool   // it is paid in another way or to another account than the last that was paid
	Currency       string
	Lines          int64
	Amount         int64 // of the lines: redemptions less reversals
	CarriedIn      int64 // what earlier settlements left
	Total          int64 // Amount + CarriedIn
	State          SettlementState
	CarriedIntoID  *ID  // the settlement that took the total over; nil: none yet, or it is not to be
	PaidOn         Date // zero: not paid
	ReconciledAt   *time.Time
	BouncedAt      *time.Time // when somebody, or the bank's statement, said that the money came back
	BouncedBy      string     // who said it, or sent the statement; in small letters
	BouncedBecause string
	Version        int64
	CreatedAt      time.Time
}

// The causes of a correction.
const (
	PaidAfterAll = "paid_after_all" // its run was reversed, and the bank paid it all the same
	NotReturned  = "not_returned"   // it was said to have come back, and did not
	CameBack     = "came_back"      // what was corrected before came back
)

// SettlementCorrection says that the partner has the money of a settlement that was
// reversed or bounced after all, or, after such a one, that it has it no more. Since
// the total was carried on, the partner's next settlement takes the correction, once.
// Only where it was carried into changes.
type SettlementCorrection struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"` // what the books refer to
	SettlementID   ID
	Number         int // 1, 2, … of the settlement: odd ones say that the partner has the money
	PartnerID      ID
	Currency       string
	Amount         int64 // minor units: the settlement's total, below 0 when the partner has it
	Cause          string
	HappenedOn     Date   // the bank's day, or the day on which it was said
	Reason         string // in words
	MadeBy         string // in small letters
	CarriedIntoID  *ID    // the settlement that took it; nil: none yet
	CreatedAt      time.Time
}

// SettlementNumbers finds what looks like a settlement's number: year, run, place in the
// run.
var SettlementNumbers = regexp.MustCompile(`\b[0-9]{4}-[0-9]{4,}-[0-9]{2,}\b`)

// SettlementNumber numbers the settlements of a run, from 1 on.
func SettlementNumber(run SettlementRun, place int) string {
	return fmt.Sprintf("%04d-%04d-%02d", run.PeriodTo.Year, run.Number, place)
}

// The kinds of settlement lines.
const (
	LineRedemption = "redemption"
	LineReversal   = "reversal"
)

// SettlementLine is one redemption, or one reversal, in the one settlement that it
// is ever in: its ID is theirs. Lines go only with a draft that is made anew.
type SettlementLine struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"` // the redemption's or the reversal's own
	RunID          ID
	SettlementID   ID
	PartnerID      ID
	Kind           string // LineRedemption or LineReversal
	RedemptionID   ID     // the redemption, or what the reversal took back
	VoucherID      ID     // the redeemed one
	Serial         string // the voucher's
	TerminalID     ID
	BranchID       *ID // where the terminal stood when the line was made; nil: in no branch
	HappenedAt     time.Time
	Amount         int64 // minor units; below 0 for a reversal
	ProgrammeID    ID
	UnitID         ID
	BudgetID       *ID // the budget that the voucher spends; nil: none
}

// What became of a hold.
const (
	HoldReleased = "released" // the next run takes the redemption
	HoldRejected = "rejected" // the partner is not paid for it: the money is the budget's again
)

// Why a redemption is held out.
const (
	HeldByHand          = "by_hand"
	HeldTerminalRevoked = "terminal_revoked" // its till was revoked shortly after it
	HeldVoucherBlocked  = "voucher_blocked"  // the voucher was blocked shortly after it
	HeldVoucherReissued = "voucher_reissued" // the voucher was re-issued shortly after it
	HeldNoContract      = "no_contract"      // the partner had no contract on that day
)

// SettlementHold keeps a redemption, and its reversal, out of every run until
// another than who held it releases it; rejected, it is never paid. A draft holds
// out by itself what looks wrong.
type SettlementHold struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	RedemptionID   ID
	PartnerID      ID
	Amount         int64 // of the redemption, minor units
	Currency       string
	Cause          string // one of the above
	Reason         string // in words
	HeldBy         string // in small letters; system: and the job, where a draft did
	HeldAt         time.Time
	Decision       string // "" while it is held, HoldReleased or HoldRejected
	DecidedBy      string // never HeldBy
	DecidedAt      *time.Time
	Comment        string // why it was decided so
}
