// Package oioubl reads the invoices and credit notes that suppliers send to Danish
// authorities: OIOUBL 2.1. It is pure, strict and bounded, and takes of a document
// only what is compared with a settlement: no line, no note beyond references, since
// texts may say what nobody here should know.
package oioubl

import (
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/markup"
)

// The kinds of a document.
const (
	Invoice    = "invoice"
	CreditNote = "credit_note"
)

// MaxBytes is the largest file that is read.
const MaxBytes = markup.MaxBytes

// Document is what is read of an invoice or a credit note.
type Document struct {
	Kind       string // Invoice or CreditNote
	Number     string // the supplier's, unique with the CVR
	IssuedOn   domain.Date
	Currency   string      // ISO 4217
	CVR        string      // the supplier's: 8 digits
	GLN        string      // the customer's: 13 digits; "" when the document names none
	From, To   domain.Date // the period of delivery; zero when the document says none
	Amount     int64       // to be paid, minor units; of a credit note what is given back, above 0 too
	References []string    // the customer's order and reference, and words of the notes that look like a settlement's number
	IBAN       string      // to be paid to; "" when the document does not say it, or in another form
	Corrects   []string    // numbers of the invoices that a credit note is about
}

const (
	spaces = "urn:oasis:names:specification:ubl:schema:xsd:"
	basic  = spaces + "CommonBasicComponents-2"
	parts  = spaces + "CommonAggregateComponents-2"
)

// Read reads a document. The error is a *domain.Error of kind Invalid and names the
// line, the element and what to do.
func Read(data []byte) (Document, error) {
	root, err := markup.Read(data, func(space string) bool { return space == basic || space == parts })
	if err != nil {
		return Document{}, err
	}
	d := Document{}
	switch {
	case root.Name == "Invoice" && root.Space == spaces+"Invoice-2":
		d.Kind = Invoice
	case root.Name == "CreditNote" && root.Space == spaces+"CreditNote-2":
		d.Kind = CreditNote
	default:
		return d, root.Errorf("it is no OIOUBL Invoice or CreditNote: ask the supplier for one")
	}
	for _, read := range []func(*markup.Element) error{
		d.head, d.supplier, d.customer, d.period, d.amounts, d.references, d.payment, d.corrects,
	} {
		if err := read(root); err != nil {
			return Document{}, err
		}
	}
	return d, nil
}

// required reads a text that must be there, of at most so many letters.
func required(e *markup.Element, most int, path ...string) (string, error) {
	found, err := e.Need(path...)
	if err != nil {
		return "", err
	}
	text, err := found.Text()
	switch {
	case err != nil:
		return "", err
	case text == "":
		return "", found.Errorf("it is empty: ask the supplier for a complete document")
	case len([]rune(text)) > most:
		return "", found.Errorf("it is longer than %d letters: ask the supplier for a shorter one", most)
	}
	return text, nil
}

// head reads what kind of document it is, its number, its day and its currency.
func (d *Document) head(root *markup.Element) error {
	custom, err := required(root, 200, "CustomizationID")
	if err != nil {
		return err
	}
	if !strings.HasPrefix(custom, "OIOUBL-2") {
		return root.Errorf("CustomizationID is %q: only OIOUBL-2.1 and its forerunners are read, ask the supplier for one", markup.Shown(custom))
	}
	if d.Number, err = required(root, 60, "ID"); err != nil {
		return err
	}
	issued, err := root.Need("IssueDate")
	if err != nil {
		return err
	}
	if d.IssuedOn, err = issued.Date(); err != nil {
		return err
	}
	if d.Currency, err = required(root, 3, "DocumentCurrencyCode"); err != nil {
		return err
	}
	if len(d.Currency) != 3 || strings.Trim(d.Currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return root.Errorf("DocumentCurrencyCode is %q: want an ISO 4217 code like DKK", markup.Shown(d.Currency))
	}
	return nil
}

// supplier reads the supplier's CVR number: wherever the document says it, it must
// say the same.
func (d *Document) supplier(root *markup.Element) error {
	party, err := root.Need("AccountingSupplierParty", "Party")
	if err != nil {
		return err
	}
	for _, path := range [][]string{{"PartyLegalEntity", "CompanyID"}, {"PartyIdentification", "ID"}, {"EndpointID"}} {
		for _, e := range party.All(path...) {
			if e.Attribute("schemeID") != "DK:CVR" {
				continue
			}
			text, err := e.Text()
			if err != nil {
				return err
			}
			cvr := strings.TrimPrefix(text, "DK")
			if !domain.ValidCVR(cvr) {
				return e.Errorf("%q is no CVR number: want its 8 digits, with DK before them or not", markup.Shown(text))
			}
			if d.CVR != "" && d.CVR != cvr {
				return e.Errorf("the supplier is CVR %s here and %s before: ask the supplier which is right", cvr, d.CVR)
			}
			d.CVR = cvr
		}
	}
	if d.CVR == "" {
		return party.Errorf("PartyLegalEntity/CompanyID with schemeID DK:CVR is missing: ask the supplier to state the CVR number")
	}
	return nil
}

// customer reads the GLN that the document was sent to.
func (d *Document) customer(root *markup.Element) error {
	endpoint, err := root.One("AccountingCustomerParty", "Party", "EndpointID")
	if err != nil || endpoint == nil {
		return err
	}
	if scheme := endpoint.Attribute("schemeID"); scheme != "GLN" && scheme != "0088" {
		return nil
	}
	text, err := endpoint.Text()
	if err != nil {
		return err
	}
	var f domain.Fields
	if d.GLN = f.GLN("EndpointID", text, false); f.Err() != nil {
		return endpoint.Errorf("%q is no GLN: want its 13 digits, ask the supplier for a corrected document", markup.Shown(text))
	}
	return nil
}

// digits says whether the text is that many digits.
func digits(text string, count int) bool {
	return len(text) == count && strings.Trim(text, "0123456789") == ""
}
