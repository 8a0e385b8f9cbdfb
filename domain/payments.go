package domain

import "time"

// PaymentSettings say who pays partners, and from which account: the municipality as
// its bank knows it. A row of an append-only table, since it must be told which
// account held when; the last is in force.
type PaymentSettings struct {
	MunicipalityID ID     `gorm:"primaryKey"`
	Number         int    `gorm:"primaryKey;autoIncrement:false"` // 1, 2, …
	Name           string // as the bank writes it
	IBAN           string `gorm:"column:iban"` // the account that is debited
	BIC            string `gorm:"column:bic"`  // of the bank that keeps it
	CVR            string `gorm:"column:cvr"`  // 8 digits
	GLN            string `gorm:"column:gln"`  // to which partners send invoices, 13 digits; "": not said
	Agreement      string // the number by which the bank knows who sends it files; "": it wants none
	ChangedBy      string // in small letters
	CreatedAt      time.Time
}

// PaymentFile is the payment file of a run as it was made, to be had again for ever:
// neither a new account nor a new name of a partner changes it. Append-only.
type PaymentFile struct {
	MunicipalityID ID `gorm:"primaryKey"`
	RunID          ID `gorm:"primaryKey"`
	MessageID      string
	Payments       int64
	Amount         int64  // of them all, minor units
	Document       string // the file itself, UTF-8
	MadeBy         string // in small letters
	CreatedAt      time.Time
}

// JournalFormat is how the municipality's ledger wants the journal: its columns and
// account strings. A row of an append-only table; the last is in force.
type JournalFormat struct {
	MunicipalityID ID  `gorm:"primaryKey"`
	Number         int `gorm:"primaryKey;autoIncrement:false"` // 1, 2, …
	Document       Raw // a journal.Layout
	ChangedBy      string
	CreatedAt      time.Time
}
