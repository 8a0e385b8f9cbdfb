package api

import (
	"fmt"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
)

// bank makes a run in which a partner is paid by invoice, the invoice that counts,
// two documents that differ, and a statement in which the payment and two other
// entries wait.
func (w *world) bank(s *store.Store) {
	ctx, finance := w.t.Context(), w.as(domain.Finance)
	other := finance
	other.Person = "afregner@eksempel.dk"
	service := settlement.New(s, func() time.Time { return w.now })
	today := domain.DateOf(w.now, time.UTC)
	run := ok(service.DraftRun(ctx, finance, store.Key{}, settlement.Period{From: today, To: today})).Value
	run = ok(service.ApproveRun(ctx, other, store.Key{}, run.ID, 0)).Value
	row := ok(service.Settlements(ctx, finance, store.Page{Limit: 1}, settlement.Filter{RunID: run.ID, PartnerID: w.find("prt", 1)})).Rows[0]
	w.is("stl", 31, row.ID)
	invoice := func(kind, number, settlement, about string, amount int64) domain.ID {
		return ok(service.TakeInvoice(ctx, finance, document(kind, number, "12345674", settlement, about, amount))).ID
	}
	w.is("inv", 3, invoice("Invoice", "A-3", row.Number, "", row.Total))
	w.is("inv", 2, invoice("Invoice", "A-2", "", "", row.Total+100))
	invoice("Invoice", "A-0", "", "", row.Total+200)
	w.is("inv", 1, invoice("CreditNote", "A-1", "", "A-0", row.Total+300))
	total := fmt.Sprintf("%d,%02d", row.Total/100, row.Total%100)
	taken := ok(service.TakeStatement(ctx, finance, store.Key{}, settlement.BankFile{Currency: "DKK", Data: []byte("Dato;Tekst;Beløb;Saldo\n" +
		"21-11-2026;Butik 12345674;-" + total + ";0,00\n21-11-2026;Gebyr;-10,00;-10,00\n21-11-2026;Rente;1,00;-9,00\n")})).Value
	w.is("bst", 1, taken.Statements[0].ID)
	for _, e := range ok(service.Entries(ctx, finance, store.Page{Limit: 9}, settlement.EntryFilter{})).Rows {
		w.is("ben", e.Number, e.ID)
	}
	ok(service.SetAside(ctx, finance, w.find("ben", 3), "Renter."))
}

// document is an OIOUBL invoice, or a credit note about another.
func document(kind, number, cvr, settlement, about string, amount int64) []byte {
	corrects := ""
	if about != "" {
		corrects = "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>" + about + "</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>"
	}
	kroner := fmt.Sprintf("%d.%02d", amount/100, amount%100)
	return fmt.Appendf(nil, `<%[1]s xmlns="urn:oasis:names:specification:ubl:schema:xsd:%[1]s-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:CustomizationID>OIOUBL-2.1</cbc:CustomizationID><cbc:ID>%[2]s</cbc:ID><cbc:IssueDate>2026-11-21</cbc:IssueDate><cbc:Note>%[4]s</cbc:Note><cbc:DocumentCurrencyCode>DKK</cbc:DocumentCurrencyCode>%[5]s
<cac:AccountingSupplierParty><cac:Party><cac:PartyLegalEntity><cbc:CompanyID schemeID="DK:CVR">DK%[3]s</cbc:CompanyID></cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
<cac:OrderReference><cbc:ID>%[4]s</cbc:ID></cac:OrderReference>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="DKK">%[6]s</cbc:LineExtensionAmount><cbc:PayableAmount currencyID="DKK">%[6]s</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:%[1]sLine><cbc:LineExtensionAmount currencyID="DKK">%[6]s</cbc:LineExtensionAmount></cac:%[1]sLine></%[1]s>`, kind, number, cvr, settlement, corrects, kroner)
}
