// Package pain writes payment files for a bank: ISO 20022 pain.001.001.09, customer
// credit transfer initiation. It is pure: a batch in, bytes out, and the same batch
// always gives the same bytes.
//
// A file holds one batch (PmtInf) out of one account of the municipality, on one day,
// in one currency. The bank books each payment by itself (BtchBookg false), so that its
// statement names each and it can be matched. Each payment is one transfer to an IBAN. Nothing in it says what was bought, by whom or why.
package pain

import (
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// Payer is who pays.
type Payer struct {
	Name      string
	IBAN      string // the account that is debited
	BIC       string // of the bank that keeps it, and gets the file
	CVR       string // 8 digits; "": not said
	Agreement string // the number that the bank knows the sender of files by; "": the bank wants none
}

// Payment is one transfer.
type Payment struct {
	EndToEndID string // 1 to 35 letters; comes back in the bank's statement
	Amount     int64  // minor units, > 0
	Name       string // of who is paid, as it is written; letters that banks refuse are replaced
	IBAN       string
	Text       string // what who is paid reads in their own statement, at most 140 letters
}

// Batch is the payments of one file.
type Batch struct {
	MessageID string    // 1 to 35 letters; the bank takes a file with the same one only once
	ID        string    // of the batch, 1 to 35 letters
	MadeAt    time.Time // when the file was made, to the second
	ExecuteOn domain.Date
	Currency  string // ISO 4217, with two decimals
	Payer     Payer
	Payments  []Payment // at least one
}

var (
	reference = regexp.MustCompile(`^[A-Za-z0-9+?:().,'-]([A-Za-z0-9/+?:().,' -]{0,33}[A-Za-z0-9+?:().,'-])?$`) // the letters of SWIFT; a slash does not begin or end it
	agreement = regexp.MustCompile(`^[A-Za-z0-9-]{1,35}$`)
	currency  = regexp.MustCompile(`^[A-Z]{3}$`)
)

// IsAgreement reports whether a text can be the number by which a bank knows a sender.
func IsAgreement(text string) bool { return agreement.MatchString(text) }

const mostName = 140 // letters, of names and of texts

// Check gives an error that names what a bank would refuse: Invalid, with paths in
// the batch, like payments[3].iban.
func (b Batch) Check() error {
	var f domain.Fields
	for field, id := range map[string]string{"message_id": b.MessageID, "id": b.ID} {
		checkReference(&f, field, id)
	}
	f.Check(!b.MadeAt.IsZero(), "made_at", "required", "must say when the file was made")
	f.Check(!b.ExecuteOn.IsZero(), "execute_on", "required", "must say when to pay")
	f.Check(currency.MatchString(b.Currency), "currency", "invalid", "must be an ISO 4217 code, like DKK")
	f.Check(Name(b.Payer.Name) != "", "payer.name", "required", "must have letters that banks take")
	f.IBAN("payer.iban", b.Payer.IBAN, false)
	f.BIC("payer.bic", b.Payer.BIC, false)
	f.Check(b.Payer.CVR == "" || domain.ValidCVR(b.Payer.CVR), "payer.cvr", "invalid", "must be a CVR number: 8 digits")
	f.Check(b.Payer.Agreement == "" || IsAgreement(b.Payer.Agreement), "payer.agreement", "invalid", "must be at most 35 letters and digits")
	f.Check(len(b.Payments) > 0, "payments", "required", "must hold a payment: a bank takes no empty file")
	seen := map[string]bool{}
	for i, p := range b.Payments {
		at := fmt.Sprintf("payments[%d].", i)
		checkReference(&f, at+"end_to_end_id", p.EndToEndID)
		f.Check(!seen[p.EndToEndID], at+"end_to_end_id", "duplicate", "is there twice")
		seen[p.EndToEndID] = true
		f.Check(p.Amount > 0, at+"amount", "out_of_range", "must be above 0")
		f.Check(Name(p.Name) != "", at+"name", "required", "must have letters that banks take")
		f.IBAN(at+"iban", p.IBAN, false)
	}
	return f.Err()
}

func checkReference(f *domain.Fields, field, text string) {
	f.Check(reference.MatchString(text) && !strings.Contains(text, "//"), field, "invalid",
		"must be 1 to 35 of the letters, digits and signs that banks take, with no slash at an end and no two together")
}

// Write writes the file. It gives Check's error before it writes anything.
func Write(w io.Writer, b Batch) error {
	if err := b.Check(); err != nil {
		return err
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(b.document()); err != nil {
		return fmt.Errorf("write pain.001: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// document puts the batch into the elements of the standard.
func (b Batch) document() document {
	var sum int64
	transfers := make([]transfer, len(b.Payments))
	for i, p := range b.Payments {
		sum += p.Amount
		transfers[i] = transfer{
			EndToEndID: p.EndToEndID, Amount: amount{Currency: b.Currency, Value: decimal(p.Amount)},
			Creditor: Name(p.Name), IBAN: clean(p.IBAN),
		}
		if line := Name(p.Text); line != "" {
			transfers[i].Text = &text{line}
		}
	}
	count, total := strconv.Itoa(len(b.Payments)), decimal(sum)
	level, charges := "NURG", "SHAR"
	if b.Currency == "EUR" {
		level, charges = "SEPA", "SLEV"
	}
	payer := party{Name: Name(b.Payer.Name), ID: identify(b.Payer.CVR, "COID")}
	sender := party{Name: payer.Name, ID: payer.ID}
	if b.Payer.Agreement != "" {
		sender.ID = identify(b.Payer.Agreement, "CUST")
	}
	return document{
		Namespace: Namespace, MessageID: b.MessageID, MadeAt: b.MadeAt.UTC().Format("2006-01-02T15:04:05Z"),
		Count: count, Sum: total, Sender: sender,
		Batch: batch{
			ID: b.ID, Method: "TRF", Count: count, Sum: total, Level: level, Purpose: "SUPP",
			ExecuteOn: b.ExecuteOn.String(), Payer: payer, IBAN: clean(b.Payer.IBAN), Currency: b.Currency, BIC: strings.ToUpper(strings.TrimSpace(b.Payer.BIC)),
			Charges: charges, Transfers: transfers,
		},
	}
}

// clean gives an IBAN that Check has let through as it is written in files.
func clean(iban string) string {
	iban, _ = domain.CleanIBAN(iban)
	return iban
}

// decimal writes minor units as units with two decimals: 12345 is 123.45.
func decimal(minor int64) string { return fmt.Sprintf("%d.%02d", minor/100, minor%100) }
