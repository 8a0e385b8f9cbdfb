package domain

import "time"

// BankStatement is what the bank said of one account over some days: one part of a
// file, which is never taken twice.
type BankStatement struct {
	MunicipalityID ID     `gorm:"primaryKey"`
	ID             ID     `gorm:"primaryKey"`
	Hash           []byte // SHA-256 of the file
	Part           int    // which statement of the file; from 1
	Format         string // camt.053.001.02, camt.053.001.08 or csv
	Reference      string // the bank's own; "" in CSV
	IBAN           string `gorm:"column:iban"` // the account's, or its number; "" in CSV
	Currency       string
	PeriodFrom     Date
	PeriodTo       Date
	Opening        int64 // minor units
	Closing        int64 // Opening and the sum of the entries
	Entries        int64
	UploadedBy     string
	CreatedAt      time.Time
}

// The states of a bank entry.
const (
	EntryUnmatched = "unmatched"
	EntryMatched   = "matched"   // with one settlement: its payment, or the payment's return
	EntrySetAside  = "set_aside" // somebody said why it is about no settlement
)

// BankEntry is one movement of an account. What the bank says of it stays as it is;
// only what it was matched with changes.
type BankEntry struct {
	MunicipalityID ID `gorm:"primaryKey"`
	ID             ID `gorm:"primaryKey"`
	StatementID    ID
	Number         int   // in its statement; from 1
	Line           int   // of the file
	Amount         int64 // minor units; above 0 came in, below 0 went out
	Currency       string
	BookedOn       Date
	EndToEndID     string `gorm:"column:end_to_end_id"` // the payer's own reference; "": the bank says none
	Returned       bool   // a payment that came back, as the bank says
	ReturnReason   string // the bank's code or word
	Party          string // the other side's name
	PartyIBAN      string `gorm:"column:party_iban"` // its IBAN or account number
	Text           string // what was written to the payment
	Reference      string // the bank's own
	State          string
	SettlementID   *ID    // matched: paid by it where Amount is below 0, else returned
	Paid           bool   // the match booked the settlement as paid: nobody had said so before
	DecidedBy      string // who matched it or set it aside, in small letters; system: and what did
	DecidedAt      *time.Time
	Comment        string // why it was set aside
	Version        int64
	CreatedAt      time.Time
}

// The kinds of an invoice.
const (
	KindInvoice    = "invoice"
	KindCreditNote = "credit_note"
)

// The states of an invoice.
const (
	InvoiceMatched  = "matched"  // all of it is as its settlement says
	InvoiceDiffers  = "differs"  // somebody must look
	InvoiceAccepted = "accepted" // somebody did: it is paid as the settlement says
	InvoiceRejected = "rejected" // somebody did: the partner must send another
)

// InvoicesCounting are the states in which an invoice is to be paid, and a credit
// note takes something off.
var InvoicesCounting = []string{InvoiceMatched, InvoiceAccepted}

// Invoice is what was read of an invoice or a credit note of a partner. The document
// itself is not kept: its texts may say what nobody here should know.
type Invoice struct {
	MunicipalityID  ID `gorm:"primaryKey"`
	ID              ID `gorm:"primaryKey"`
	Kind            string
	CVR             string `gorm:"column:cvr"`
	Number          string // the supplier's: once for each CVR
	IssuedOn        Date
	Currency        string
	Amount          int64  // minor units; of a credit note what is given back
	GLN             string `gorm:"column:gln"` // whom it was sent to; "": it says none
	PeriodFrom      Date   // zero, with PeriodTo: it says none
	PeriodTo        Date
	IBAN            string  `gorm:"column:iban"` // to be paid to; "": it does not say it as one
	OrderReferences Strings // words that may be a settlement's number
	Corrects        Strings // numbers of the invoices that a credit note is about
	Hash            []byte  // SHA-256 of the document
	PartnerID       *ID     // nil: no partner, or none of several with that CVR, is known for it
	SettlementID    *ID     // what it was compared with; nil: none was found
	InvoiceID       *ID     // what a credit note is about, and takes something off while it counts; nil: none was found, and for an invoice
	State           string
	Differences     Raw // a list of Difference
	ReceivedBy      string
	DecidedBy       string // "" until somebody accepts or rejects it
	DecidedAt       *time.Time
	Comment         string // why it was accepted or rejected
	Version         int64
	CreatedAt       time.Time
}

// Difference is one thing that an invoice says otherwise than is expected.
type Difference struct {
	Field    string `json:"field"`
	Invoice  string `json:"invoice"`  // what it says; "": nothing
	Expected string `json:"expected"` // what was expected, or why it cannot be
}
