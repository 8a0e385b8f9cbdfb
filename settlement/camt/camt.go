// Package camt reads what a bank says of an account: statements as ISO 20022
// camt.053 (001.02 and 001.08) and as the CSV files that Danish banks export. It is
// pure, strict and bounded: an amount never becomes a float, a file whose opening
// balance and entries do not give its closing balance is not taken, and nothing is
// guessed of what it does not say.
package camt

import (
	"bytes"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/markup"
)

// The formats of a statement.
const (
	Camt02 = "camt.053.001.02"
	Camt08 = "camt.053.001.08"
	CSV    = "csv"
)

// MaxBytes is the largest file that is read; it has at most maxEntries entries.
const (
	MaxBytes   = markup.MaxBytes
	maxEntries = 20_000
)

// Statement is what the bank says of one account over some days.
type Statement struct {
	Format    string // Camt02, Camt08 or CSV
	Reference string // the bank's own; "" in CSV
	IBAN      string // the account's, or its number where the bank gives no IBAN; "" in CSV
	Currency  string // ISO 4217; "" in CSV without such a column
	From, To  domain.Date
	Opening   int64 // minor units, as Closing
	Closing   int64 // Opening and the sum of the entries
	Entries   []Entry
}

// Entry is one movement of the account: a batch is taken apart where the bank says
// of what it consists.
type Entry struct {
	Line       int   // of the file, where it begins
	Amount     int64 // minor units; above 0 came in, below 0 went out
	BookedOn   domain.Date
	EndToEndID string // the payer's own reference; "" when the bank does not say it
	Returned   bool   // a payment of ours that came back, or the reversal of an entry
	Reason     string // the bank's code or word for why it came back; "" otherwise
	Party      string // the name of the other side
	PartyIBAN  string // its IBAN, or its account number
	Text       string // what was written to the payment
	Reference  string // the bank's own for the entry
}

// Columns names the headings of a CSV file that are not recognised by themselves;
// "" leaves a column to be recognised.
type Columns struct {
	Date, Amount, Balance, Text, Currency, EndToEndID, Party, PartyIBAN string
}

// Read reads a bank's file: XML, or CSV with the columns named. A file may hold the
// statements of several accounts. The error is a *domain.Error of kind Invalid and
// names the line and what to do.
func Read(data []byte, columns Columns) ([]Statement, error) {
	if start := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n"); bytes.HasPrefix(start, []byte("<")) {
		return readXML(data)
	}
	statement, err := readCSV(data, columns)
	if err != nil {
		return nil, err
	}
	return []Statement{statement}, nil
}
