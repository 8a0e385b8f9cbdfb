package oioubl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/markup"
)

// period reads the period of delivery. One half of it alone is no period.
func (d *Document) period(root *markup.Element) error {
	period, err := root.One("InvoicePeriod")
	if err != nil || period == nil {
		return err
	}
	from, err := period.Need("StartDate")
	if err != nil {
		return err
	}
	to, err := period.Need("EndDate")
	if err != nil {
		return err
	}
	if d.From, err = from.Date(); err != nil {
		return err
	}
	if d.To, err = to.Date(); err == nil && d.To.Before(d.From) {
		err = to.Errorf("the period ends before it begins: ask the supplier for a corrected document")
	}
	return err
}

// amounts reads what is to be paid, and checks that the document's own sums agree.
func (d *Document) amounts(root *markup.Element) error {
	total, err := root.Need("LegalMonetaryTotal")
	if err != nil {
		return err
	}
	payable, err := total.Need("PayableAmount")
	if err != nil {
		return err
	}
	if d.Amount, err = d.amount(payable); err != nil {
		return err
	}
	if d.Amount < 0 {
		return payable.Errorf("it is below zero: ask the supplier for a credit note instead")
	}
	if err := d.lines(root, total); err != nil {
		return err
	}
	inclusive, err := total.One("TaxInclusiveAmount")
	if err != nil || inclusive == nil {
		return err
	}
	sum, err := d.amount(inclusive)
	if err != nil {
		return err
	}
	for name, sign := range map[string]int64{"PrepaidAmount": -1, "PayableRoundingAmount": 1} {
		e, err := total.One(name)
		if err != nil {
			return err
		}
		if e == nil {
			continue
		}
		part, err := d.amount(e)
		if err != nil {
			return err
		}
		sum += sign * part
	}
	if sum != d.Amount {
		return payable.Errorf("it is %s, TaxInclusiveAmount less what is prepaid gives %s: ask the supplier for a corrected document", domain.FormatMoney(d.Amount, d.Currency), domain.FormatMoney(sum, d.Currency))
	}
	return nil
}

// lines checks that the lines sum to the total of the lines.
func (d *Document) lines(root, total *markup.Element) error {
	said, err := total.Need("LineExtensionAmount")
	if err != nil {
		return err
	}
	want, err := d.amount(said)
	if err != nil {
		return err
	}
	lines := root.All(map[string]string{Invoice: "InvoiceLine", CreditNote: "CreditNoteLine"}[d.Kind])
	if len(lines) == 0 {
		return root.Errorf("it has no lines: ask the supplier for a complete document")
	}
	sum := int64(0)
	for _, line := range lines {
		e, err := line.Need("LineExtensionAmount")
		if err != nil {
			return err
		}
		part, err := d.amount(e)
		if err != nil {
			return err
		}
		sum += part
	}
	if sum != want {
		return said.Errorf("it is %s, the lines sum to %s: ask the supplier for a corrected document", domain.FormatMoney(want, d.Currency), domain.FormatMoney(sum, d.Currency))
	}
	return nil
}

// amount reads an amount in the document's currency.
func (d *Document) amount(e *markup.Element) (int64, error) {
	if code := e.Attribute("currencyID"); code != d.Currency {
		return 0, e.Errorf("currencyID is %q, the document's currency %s: ask the supplier for a corrected document", markup.Shown(code), d.Currency)
	}
	return e.Amount()
}

// maxReferences is more than any document needs.
const maxReferences = 20

// references reads what may name a settlement. Of a note only what looks like a
// settlement's number is taken.
func (d *Document) references(root *markup.Element) error {
	for _, path := range [][]string{{"OrderReference", "ID"}, {"OrderReference", "CustomerReference"}, {"Note"}} {
		for _, e := range root.All(path...) {
			text, err := e.Text()
			if err != nil {
				return err
			}
			words := domain.SettlementNumbers.FindAllString(text, -1)
			if len(words) == 0 && path[0] != "Note" && len(text) <= 60 && text != "" {
				words = []string{text}
			}
			for _, word := range words {
				if !slices.Contains(d.References, word) && len(d.References) < maxReferences {
					d.References = append(d.References, word)
				}
			}
		}
	}
	return nil
}

// payment reads the account that is to be paid to: an IBAN, or a Danish
// registration and account number, of which the IBAN follows. Several different
// accounts are none: which one is meant is not for us to guess.
func (d *Document) payment(root *markup.Element) error {
	for _, account := range root.All("PaymentMeans", "PayeeFinancialAccount") {
		number, err := account.First([]string{"ID"})
		if err != nil {
			return err
		}
		branch, err := account.First([]string{"FinancialInstitutionBranch", "ID"})
		if err != nil {
			return err
		}
		iban := toIBAN(number, branch)
		if d.IBAN != "" && iban != d.IBAN {
			d.IBAN = ""
			return nil
		}
		d.IBAN = iban
	}
	return nil
}

// toIBAN gives an account's IBAN, "" when it cannot be told.
func toIBAN(number, branch string) string {
	if iban, ok := domain.CleanIBAN(number); ok {
		return iban
	}
	number = strings.NewReplacer(" ", "", "-", "").Replace(number)
	if !digits(branch, 4) || number == "" || len(number) > 10 || !digits(number, len(number)) {
		return ""
	}
	account := branch + strings.Repeat("0", 10-len(number)) + number
	for check := range 99 {
		if iban, ok := domain.CleanIBAN(fmt.Sprintf("DK%02d%s", check, account)); ok && check > 1 {
			return iban
		}
	}
	return ""
}

// corrects reads which invoices a credit note is about.
func (d *Document) corrects(root *markup.Element) error {
	if d.Kind == Invoice {
		return nil
	}
	for _, e := range root.All("BillingReference", "InvoiceDocumentReference", "ID") {
		text, err := e.Text()
		if err != nil {
			return err
		}
		if text == "" || len([]rune(text)) > 60 || slices.Contains(d.Corrects, text) {
			continue
		}
		if d.Corrects = append(d.Corrects, text); len(d.Corrects) > maxReferences {
			return e.Errorf("the credit note is about more than %d invoices: ask the supplier for one for each", maxReferences)
		}
	}
	if len(d.Corrects) == 0 {
		return root.Errorf("BillingReference/InvoiceDocumentReference/ID is missing: ask the supplier which invoice the credit note is about")
	}
	return nil
}
