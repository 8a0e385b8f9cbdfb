package vouchers

import (
	"fmt"
	"strings"

	"github.com/fasthold/fasthold/domain"
	partners "github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
)

func ofInvoices(m *market) *[]domain.Invoice { return &m.invoices }

// banking is what comes in from the bank, and what finance does about it.
func banking() verbs {
	statement := over(ofSettlements, func(m *market, id domain.ID, a act) error {
		row, err := m.office.Settlement(m.t.Context(), m.money[0], id)
		if err != nil {
			return err
		}
		return second(m.office.TakeStatement(m.t.Context(), m.finance(a.choice), store.Key{}, m.said(row.Settlement, a)))
	})
	match := func(m *market, a act) error {
		e, ok, err := m.entry(domain.EntryUnmatched, a)
		if err != nil || !ok {
			return err
		}
		about, ok := choose(m, ofSettlements(m), a)
		if len(e.Suggestions) > 0 {
			about, ok = e.Suggestions[0].SettlementID, true
		}
		if !ok {
			return nil
		}
		return second(m.office.MatchEntry(m.t.Context(), m.finance(a.choice), store.Key{}, e.ID, about))
	}
	return verbs{
		"statement": statement, "statement again": statement, "match": match, "match again": match,
		"set aside": func(m *market, a act) error {
			e, ok, err := m.entry(domain.EntryUnmatched, a)
			if err != nil || !ok {
				return err
			}
			return second(m.office.SetAside(m.t.Context(), m.finance(a.choice), e.ID, why))
		},
		"unmatch": func(m *market, a act) error {
			e, ok, err := m.entry([]string{domain.EntryMatched, domain.EntrySetAside}[a.choice%2], a)
			if err != nil || !ok {
				return err
			}
			return second(m.office.Unmatch(m.t.Context(), m.finance(a.choice), e.ID))
		},
	}
}

// entry gives one of the bank's entries in a state.
func (m *market) entry(state string, a act) (e partners.Entry, ok bool, err error) {
	l, err := m.office.Entries(m.t.Context(), m.money[0], store.Page{Limit: 10}, partners.EntryFilter{State: state})
	if err != nil || len(l.Rows) == 0 {
		return e, false, err
	}
	return l.Rows[a.which%uint(len(l.Rows))], true, nil
}

// said is a file of the bank about a settlement: its payment, with or without the
// number where it belongs, another amount, or its return; and a fee, so that no two
// files are alike.
func (m *market) said(row domain.Settlement, a act) partners.BankFile {
	amount, number, text := -row.Total, row.Number, "x"
	switch n := a.choice / 2 % 6; {
	case row.State == domain.SettlementPaid && n < 3:
		amount, text = row.Total, "Retur"
	case n == 0:
		number, text = "", "Afregning "+row.Number
	case n == 1:
		amount++
	}
	var b strings.Builder
	b.WriteString("Dato;Beløb;Saldo;End-to-end-ID;Tekst\n")
	balance := int64(0)
	for _, line := range []struct {
		amount       int64
		number, text string
	}{{amount, number, text}, {-2500, "", "Gebyr " + store.NewID().String()}} {
		if line.amount == 0 {
			continue
		}
		balance += line.amount
		day := m.today()
		fmt.Fprintf(&b, "%02d-%02d-%04d;%s;%s;%s;%s\n", day.Day, day.Month, day.Year, kroner(line.amount), kroner(balance), line.number, line.text)
	}
	return partners.BankFile{Data: []byte(b.String()), Currency: "DKK"}
}

// kroner writes an amount as a Danish bank does.
func kroner(minor int64) string {
	sign := ""
	if minor < 0 {
		sign, minor = "-", -minor
	}
	return fmt.Sprintf("%s%d,%02d", sign, minor/100, minor%100)
}

// invoicing is what shops send, and what finance does about it.
func invoicing() verbs {
	invoice := func(m *market, a act) error {
		due, err := m.office.Settlements(m.t.Context(), m.money[0], store.Page{Limit: 10}, partners.Filter{PartnerID: m.tills[2].Partner.ID})
		if err != nil || len(due.Rows) == 0 {
			return err
		}
		row := due.Rows[a.which%uint(len(due.Rows))]
		amount := row.Total + []int64{0, 0, 0, 1, 500}[a.choice%5]
		in, err := m.office.TakeInvoice(m.t.Context(), m.finance(a.choice), paper("Invoice", store.NewID().String(), row.Number, "", max(amount, 1)))
		if err == nil {
			made(m, &m.invoices, in)
		}
		return err
	}
	return verbs{
		"invoice": invoice, "invoice again": invoice,
		"credit note": over(ofInvoices, func(m *market, in domain.Invoice, a act) error {
			note, err := m.office.TakeInvoice(m.t.Context(), m.finance(a.choice), paper("CreditNote", store.NewID().String(), "", in.Number, []int64{1, 500}[a.choice%2]))
			if err == nil {
				made(m, &m.invoices, note)
			}
			return err
		}),
		"accept invoice": over(ofInvoices, func(m *market, in domain.Invoice, a act) error {
			return second(m.office.AcceptInvoice(m.t.Context(), m.finance(a.choice), in.ID, why))
		}),
		"reject invoice": over(ofInvoices, func(m *market, in domain.Invoice, a act) error {
			if a.choice%2 > 0 {
				return nil
			}
			return second(m.office.RejectInvoice(m.t.Context(), m.finance(a.choice), in.ID, why))
		}),
	}
}

// paper is an invoice for a settlement, or a credit note about an invoice.
func paper(kind, number, settlement, about string, amount int64) []byte {
	if about != "" {
		about = "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>" + about + "</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>"
	}
	if settlement != "" {
		settlement = "<cac:OrderReference><cbc:ID>" + settlement + "</cbc:ID></cac:OrderReference>"
	}
	return fmt.Appendf(nil, `<%[1]s xmlns="urn:oasis:names:specification:ubl:schema:xsd:%[1]s-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:CustomizationID>OIOUBL-2.1</cbc:CustomizationID><cbc:ID>%[2]s</cbc:ID><cbc:IssueDate>2026-03-01</cbc:IssueDate><cbc:DocumentCurrencyCode>DKK</cbc:DocumentCurrencyCode>%[3]s%[4]s
<cac:AccountingSupplierParty><cac:Party><cac:PartyLegalEntity><cbc:CompanyID schemeID="DK:CVR">DK12345674</cbc:CompanyID></cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="DKK">%[5]s</cbc:LineExtensionAmount><cbc:PayableAmount currencyID="DKK">%[5]s</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:%[1]sLine><cbc:LineExtensionAmount currencyID="DKK">%[5]s</cbc:LineExtensionAmount></cac:%[1]sLine></%[1]s>`,
		kind, number, about, settlement, fmt.Sprintf("%d.%02d", amount/100, amount%100))
}
