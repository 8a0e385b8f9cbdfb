package domain

import "time"

// VoucherState is where a voucher is in its life.
type VoucherState string

// The states of a voucher. In Issued the balance is the whole amount, in
// PartlyRedeemed something is left, in Blocked it is kept but cannot be spent,
// and in the others it is 0.
const (
	Issued         VoucherState = "issued"
	PartlyRedeemed VoucherState = "partly_redeemed"
	Redeemed       VoucherState = "redeemed"
	Blocked        VoucherState = "blocked"
	Replaced       VoucherState = "replaced" // re-issued: its balance went to another voucher
	Expired        VoucherState = "expired"
	Void           VoucherState = "void"
)

// Voucher (gavekort) is a credit note for goods (barnets lov § 34 stk. 2). Its
// row is a financial fact: it holds no name, and its secret code is nowhere in
// it, only a keyed hash to look it up by. Amounts in minor units.
type Voucher struct {
	MunicipalityID ID     `gorm:"primaryKey"`
	ID             ID     `gorm:"primaryKey"`
	Serial         string // for people to refer to, no secret
	AwardID        ID
	UnitID         ID
	ProgrammeID    ID
	VersionID      ID    // the programme version whose terms it carries
	BudgetID       *ID   // the budget that it spends; nil: none
	Amount         int64 // > 0
	Balance        int64 // 0 … Amount
	Currency       string
	State          VoucherState
	ValidFrom      time.Time
	ValidTo        time.Time // first instant at which it is no longer valid
	Partial        bool      // may be spent in parts
	Categories     Strings   // what it may be spent on
	Excluded       Strings   // what it may not
	KeyID          int       // which key its code was made with
	LookupHash     []byte    // keyed hash of the code
	ReplacesID     *ID       // the voucher whose balance this one took over
	ReplacedByID   *ID
	Reason         Private // why it was blocked, voided or re-issued; says nothing otherwise
	IssuedBy       string
	Version        int64
	CreatedAt      time.Time
}

// Spendable reports whether the state allows spending.
func (v Voucher) Spendable() bool { return v.State == Issued || v.State == PartlyRedeemed }

// LiveState gives the state that a voucher with this balance has when nothing
// stops it.
func (v Voucher) LiveState() VoucherState {
	switch v.Balance {
	case 0:
		return Redeemed
	case v.Amount:
		return Issued
	default:
		return PartlyRedeemed
	}
}

// Redemption is one purchase paid, in full or in part, with a voucher.
type Redemption struct {
	MunicipalityID     ID `gorm:"primaryKey"`
	ID                 ID `gorm:"primaryKey"`
	VoucherID          ID
	PartnerID          ID
	TerminalID         ID
	ClientRedemptionID string // the terminal's own number for it, unique there for ever
	Amount             int64  // > 0
	Currency           string
	BalanceAfter       int64 // what was left on the voucher
	CreatedAt          time.Time
}

// Reversal takes one redemption back, whole.
type Reversal struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	RedemptionID   ID // at most one reversal each
	VoucherID      ID // the one that got the money back: the redeemed one, or its replacement
	Amount         int64
	Reason         string
	ReversedBy     string
	CreatedAt      time.Time
}
