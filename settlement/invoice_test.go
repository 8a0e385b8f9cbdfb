package settlement

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// paper is an invoice, or a credit note about another, of the second shop.
type paper struct {
	number, settlement, about, from, to, cvr, gln, account string

	amount int64
}

func (p paper) xml() []byte {
	kind, corrects, period, gln, means := "Invoice", "", "", "", ""
	if p.about != "" {
		kind = "CreditNote"
		corrects = "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>" + p.about + "</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>"
	}
	if p.from != "" {
		period = "<cac:InvoicePeriod><cbc:StartDate>" + p.from + "</cbc:StartDate><cbc:EndDate>" + p.to + "</cbc:EndDate></cac:InvoicePeriod>"
	}
	if p.gln != "" {
		gln = `<cac:AccountingCustomerParty><cac:Party><cbc:EndpointID schemeID="GLN">` + p.gln + `</cbc:EndpointID></cac:Party></cac:AccountingCustomerParty>`
	}
	if p.account != "" {
		means = "<cac:PaymentMeans><cac:PayeeFinancialAccount><cbc:ID>" + p.account + "</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>"
	}
	if p.cvr == "" {
		p.cvr = "25313763"
	}
	kroner := fmt.Sprintf("%d.%02d", p.amount/100, p.amount%100)
	return fmt.Appendf(nil, `<%[1]s xmlns="urn:oasis:names:specification:ubl:schema:xsd:%[1]s-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:CustomizationID>OIOUBL-2.1</cbc:CustomizationID><cbc:ID>%[2]s</cbc:ID><cbc:IssueDate>2026-12-01</cbc:IssueDate><cbc:DocumentCurrencyCode>DKK</cbc:DocumentCurrencyCode>%[3]s%[4]s
<cac:OrderReference><cbc:ID>%[5]s</cbc:ID></cac:OrderReference>
<cac:AccountingSupplierParty><cac:Party><cac:PartyLegalEntity><cbc:CompanyID schemeID="DK:CVR">DK%[6]s</cbc:CompanyID></cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>%[8]s%[9]s
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="DKK">%[7]s</cbc:LineExtensionAmount><cbc:PayableAmount currencyID="DKK">%[7]s</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:%[1]sLine><cbc:LineExtensionAmount currencyID="DKK">%[7]s</cbc:LineExtensionAmount></cac:%[1]sLine></%[1]s>`, kind, p.number, period, corrects, p.settlement, p.cvr, kroner, gln, means)
}

func (o office) sent(p paper) domain.Invoice {
	o.t.Helper()
	in, err := o.TakeInvoice(o.t.Context(), o.maker, p.xml())
	require.NoError(o.t, err)
	return in
}

// differing gives the fields in which an invoice differs.
func (o office) differing(in domain.Invoice) (fields []string) {
	o.t.Helper()
	in, err := o.Invoice(o.t.Context(), o.maker, in.ID)
	require.NoError(o.t, err)
	list, err := Differences(in)
	require.NoError(o.t, err)
	require.Equal(o.t, len(list) == 0, in.State == domain.InvoiceMatched)
	for _, d := range list {
		require.NotEmpty(o.t, d.Expected)
		fields = append(fields, d.Field)
	}
	return fields
}

// dueByInvoice is a run in which the second shop, with a CVR number of its own, is to
// be paid 7 kr. by invoice.
func (o office) dueByInvoice() Run {
	o.t.Helper()
	o.byBank()
	o.does(func(tx *store.Tx) error {
		return store.Change[domain.Partner](tx, map[string]any{"cvr": "25313763"}, store.Is("id", o.shops[1].ID))
	})
	o.redeemed(1, 2, 700)
	return o.uninvoiced()
}

// A settlement by invoice is paid when its invoice is there and nothing of it
// differs: amount, period and CVR are the settlement's.
func TestInvoiceMatches(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		run := o.dueByInvoice()
		row := o.of(run, 1)
		_, err := o.PayRun(t.Context(), o.maker, store.Key{}, run.ID, Paid{On: today})
		refused(t, err, "invoice_missing")
		_, err = o.PayRun(t.Context(), o.maker, store.Key{}, run.ID, Paid{On: today, Settlements: []domain.ID{row.ID}})
		refused(t, err, "invoice_missing")
		require.Equal(t, int64(1), o.take(said("-700;"+row.Number+";x")).Unmatched, "it is not to be paid yet")
		_, err = o.MatchEntry(t.Context(), o.maker, store.Key{}, o.entries("")[0].ID, row.ID)
		refused(t, err, "invoice_missing")

		in := o.sent(paper{number: "1", amount: 700, from: "2026-11-01", to: "2026-11-30"})
		require.Empty(t, o.differing(in))
		require.Equal(t, row.ID, *in.SettlementID)
		require.Equal(t, row.PartnerID, *in.PartnerID)
		_, err = o.TakeInvoice(t.Context(), o.maker, paper{number: "1", amount: 700}.xml())
		refused(t, err, "invoice_known")
		second := o.sent(paper{number: "2", amount: 700, settlement: row.Number})
		require.Equal(t, []string{"duplicate"}, o.differing(second))
		_, err = o.AcceptInvoice(t.Context(), o.maker, second.ID, "den nye")
		refused(t, err, "invoice_known")
		_, err = o.AcceptInvoice(t.Context(), o.maker, in.ID, "fin")
		refused(t, err, "wrong_state")

		_, err = o.MatchEntry(t.Context(), o.maker, store.Key{}, o.entries("")[0].ID, row.ID)
		require.NoError(t, err)
		require.Equal(t, domain.RunReconciled, must(o.Run(t.Context(), o.maker, run.ID)).State)
		_, err = o.RejectInvoice(t.Context(), o.maker, in.ID, "for sent")
		refused(t, err, "not_due")
		require.Equal(t, []string{"state", "duplicate", "duplicate"}, o.differing(o.sent(paper{number: "3", amount: 700, settlement: row.Number})))
	})
}

// What differs is listed field by field, and a person accepts or rejects it.
func TestInvoiceDiffers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		run := o.dueByInvoice()
		row := o.of(run, 1)
		for n, c := range []struct {
			paper paper
			want  []string
		}{
			{paper{amount: 700, cvr: "13585628"}, []string{"cvr"}},
			{paper{amount: 700, cvr: "12345674"}, []string{"settlement"}}, // the shop that is paid to its account
			{paper{amount: 701, settlement: row.Number}, []string{"amount"}},
			{paper{amount: 700}, []string{"period"}},
			{paper{amount: 700, settlement: row.Number, from: "2026-10-01", to: "2026-10-31"}, []string{"period"}},
			{paper{amount: 700, settlement: "2026-0099-01", from: "2026-11-01", to: "2026-11-29"}, []string{"period"}},
		} {
			c.paper.number = fmt.Sprint("D-", n)
			in := o.sent(c.paper)
			require.Equal(t, c.want, o.differing(in), "%+v", c.paper)
			if in.SettlementID == nil {
				_, err := o.AcceptInvoice(t.Context(), o.maker, in.ID, "alligevel")
				refused(t, err, "no_settlement")
			}
			done, err := o.RejectInvoice(t.Context(), o.maker, in.ID, "forkert")
			require.NoError(t, err)
			require.Equal(t, []string{domain.InvoiceRejected, "ml@varde.dk", "forkert"}, []string{done.State, done.DecidedBy, done.Comment})
			_, err = o.AcceptInvoice(t.Context(), o.maker, in.ID, "alligevel")
			refused(t, err, "wrong_state")
		}
		in := o.sent(paper{number: "D-9", amount: 699, settlement: row.Number})
		_, err := o.AcceptInvoice(t.Context(), o.maker, in.ID, "")
		refused(t, err, "validation_failed")
		_, err = o.AcceptInvoice(t.Context(), o.maker, in.ID, "afrunding")
		require.NoError(t, err)
		require.Equal(t, domain.RunPaid, must(o.PayRun(t.Context(), o.maker, store.Key{}, run.ID, Paid{On: today})).Value.State)
		require.Zero(t, o.owed(1), "paid as the settlement says")
	})
}

// An invoice that was meant for somebody else is listed, and so is one that asks to
// be paid to another account than its supplier's last: whoever sends false invoices
// changes just that.
func TestInvoiceToAnotherAccount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		must(o.UpdatePaymentSettings(t.Context(), o.maker, 0, varde))
		row := o.of(o.dueByInvoice(), 1)
		const first, other = "DK5000400440116243", "DK9520000123456789"
		one := o.sent(paper{number: "1", amount: 700, settlement: row.Number, gln: "5790000435968", account: first})
		require.Equal(t, []string{"gln"}, o.differing(one))
		list := must(Differences(one))
		require.Equal(t, domain.Difference{Field: "gln", Invoice: "5790000435968", Expected: varde.GLN}, list[0])
		require.Empty(t, must(o.RejectInvoice(t.Context(), o.maker, one.ID, "ikke os")).InvoiceID)
		require.Empty(t, o.differing(o.sent(paper{number: "2", amount: 700, settlement: row.Number, gln: varde.GLN, account: first})), "the first account is not known better")
		o.redeemed(1, 3, 900)
		next := o.of(o.uninvoiced(), 1)
		require.Equal(t, []string{"iban"}, o.differing(o.sent(paper{number: "3", amount: 900, settlement: next.Number, account: other})))
		list = must(Differences(o.lastInvoice()))
		require.Equal(t, domain.Difference{Field: "iban", Invoice: other, Expected: first}, list[0])
		must(o.RejectInvoice(t.Context(), o.maker, o.lastInvoice().ID, "ring til butikken"))
		require.Empty(t, o.differing(o.sent(paper{number: "4", amount: 900, settlement: next.Number})), "it names no account")
		o.redeemed(1, 4, 800)
		third := o.of(o.uninvoiced(), 1)
		require.Equal(t, []string{"amount"}, o.differing(o.sent(paper{number: "5", amount: 1000, settlement: third.Number, account: first})))
		require.Empty(t, o.differing(o.sent(paper{number: "K-5", about: "5", amount: 200, account: other})))
		o.redeemed(1, 5, 600)
		last := o.of(o.uninvoiced(), 1)
		require.Equal(t, []string{"iban"}, o.differing(o.sent(paper{number: "6", amount: 600, settlement: last.Number, account: other})), "a credit note says no account to pay to")
	})
}

func (o office) lastInvoice() domain.Invoice {
	o.t.Helper()
	return must(o.Invoices(o.t.Context(), o.maker, store.Page{Limit: 1}, InvoiceFilter{})).Rows[0]
}

// A credit note that differs takes nothing off its invoice until somebody accepts it,
// and then its amount.
func TestAcceptCreditNote(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		row := o.of(o.dueByInvoice(), 1)
		in := o.sent(paper{number: "1", amount: 1000, settlement: row.Number})
		fits := o.sent(paper{number: "K-1", about: "1", amount: 200})
		require.Empty(t, o.differing(fits))
		over := o.sent(paper{number: "K-2", about: "1", amount: 900})
		require.Equal(t, []string{"amount"}, o.differing(over), "at most 800 is left")
		require.Equal(t, []string{"amount"}, o.differing(in), "800 is not 700")
		must(o.RejectInvoice(t.Context(), o.maker, fits.ID, "erstattet af en ny"))
		accepted := must(o.AcceptInvoice(t.Context(), o.maker, over.ID, "aftalt"))
		require.Equal(t, domain.InvoiceAccepted, accepted.State)
		list := must(Differences(must(o.Invoice(t.Context(), o.maker, in.ID))))
		require.Equal(t, []domain.Difference{{Field: "amount", Invoice: domain.FormatMoney(100, "DKK"), Expected: domain.FormatMoney(700, "DKK")}}, list)

		stray := o.sent(paper{number: "K-3", about: "99", amount: 100})
		_, err := o.AcceptInvoice(t.Context(), o.maker, stray.ID, "alligevel")
		refused(t, err, "no_invoice")
		must(o.RejectInvoice(t.Context(), o.maker, stray.ID, "ukendt"))
		late := o.sent(paper{number: "K-4", about: "1", amount: 200})
		require.Equal(t, []string{"amount"}, o.differing(late))
		must(o.AcceptInvoice(t.Context(), o.maker, in.ID, "betales som afregnet"))
		_, err = o.AcceptInvoice(t.Context(), o.maker, late.ID, "alligevel")
		refused(t, err, "wrong_state")
		story := must(o.InvoiceStory(t.Context(), o.maker, late.ID))
		refused(t, story.NoAccept, "wrong_state")
		require.NoError(t, story.NoReject)
		must(o.RejectInvoice(t.Context(), o.maker, late.ID, "for sent"))
	})
}

// Of a credit note of an invoice that is paid it is said before anybody presses that
// nothing can be taken off any more.
func TestCreditNoteOfPaid(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		run := o.dueByInvoice()
		o.sent(paper{number: "1", amount: 800, settlement: o.of(run, 1).Number})
		fits := o.sent(paper{number: "K-1", about: "1", amount: 100})
		over := o.sent(paper{number: "K-2", about: "1", amount: 900})
		require.NoError(t, must(o.InvoiceStory(t.Context(), o.maker, over.ID)).NoAccept)
		require.NoError(t, must(o.InvoiceStory(t.Context(), o.maker, fits.ID)).NoReject)
		o.paid(run)
		refused(t, must(o.InvoiceStory(t.Context(), o.maker, over.ID)).NoAccept, "not_due")
		_, err := o.AcceptInvoice(t.Context(), o.maker, over.ID, "alligevel")
		refused(t, err, "not_due")
		refused(t, must(o.InvoiceStory(t.Context(), o.maker, fits.ID)).NoReject, "not_due")
		_, err = o.RejectInvoice(t.Context(), o.maker, fits.ID, "alligevel")
		refused(t, err, "not_due")
		require.NoError(t, must(o.InvoiceStory(t.Context(), o.maker, over.ID)).NoReject)
	})
}

// A credit note names its invoice and takes its amount off it.
func TestCreditNote(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		row := o.of(o.dueByInvoice(), 1)
		in := o.sent(paper{number: "1", amount: 1000, settlement: row.Number})
		require.Equal(t, []string{"amount"}, o.differing(in))
		require.Equal(t, []string{"invoice"}, o.differing(o.sent(paper{number: "K-0", about: "99", amount: 300})))
		require.Equal(t, []string{"amount"}, o.differing(o.sent(paper{number: "K-1", about: "1", amount: 1001})))
		note := o.sent(paper{number: "K-2", about: "1", amount: 300})
		require.Empty(t, o.differing(note))
		require.Equal(t, in.ID, *note.InvoiceID)
		require.Empty(t, o.differing(in), "1000 less 300 is what is due")
		_, err := o.RejectInvoice(t.Context(), o.maker, note.ID, "ikke aftalt")
		require.NoError(t, err)
		require.Equal(t, []string{"amount"}, o.differing(in))
		_, err = o.AcceptInvoice(t.Context(), o.maker, in.ID, "betales som afregnet")
		require.NoError(t, err)
		require.Equal(t, []string{"invoice"}, o.differing(o.sent(paper{number: "K-3", about: "1", amount: 300})), "somebody has decided on it")
	})
}

// Of any number who send the same invoice, or invoices for the same settlement, at
// once, one counts.
func TestRaceForInvoices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		row := o.of(o.dueByInvoice(), 1)
		var wait sync.WaitGroup
		results := make([]error, 8)
		for n := range results {
			wait.Go(func() {
				_, results[n] = o.TakeInvoice(t.Context(), o.maker, paper{number: fmt.Sprint("N-", n/2), amount: 700, settlement: row.Number}.xml())
			})
		}
		wait.Wait()
		for _, err := range results {
			if err != nil {
				refused(t, err, "invoice_known")
			}
		}
		counting, err := o.Invoices(t.Context(), o.maker, store.Page{Limit: 9}, InvoiceFilter{State: domain.InvoiceMatched})
		require.NoError(t, err)
		require.Len(t, counting.Rows, 1)
		all, err := o.Invoices(t.Context(), o.maker, store.Page{Limit: 9}, InvoiceFilter{CVR: "25313763"})
		require.NoError(t, err)
		numbers := map[string]bool{}
		for _, in := range all.Rows {
			require.False(t, numbers[in.Number])
			numbers[in.Number] = true
		}
	})
}

// An invoice that bears another partner's number is compared with nothing, though
// something is due to its sender; one for what is not due says which number it bears.
func TestInvoiceForAnotherPartner(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		o.redeemed(0, 2, 5000)
		run := o.dueByInvoice()
		in := o.sent(paper{number: "1", amount: 700, settlement: o.of(run, 0).Number})
		require.Nil(t, in.SettlementID)
		require.Equal(t, []domain.Difference{{Field: "settlement", Invoice: o.of(run, 0).Number, Expected: "it is another partner's: the invoice must say the number of one of the supplier's own"}}, must(Differences(in)))
		must(o.ReverseRun(t.Context(), o.maker, store.Key{}, run.ID, "fejl"))
		row := o.of(run, 1)
		in = o.sent(paper{number: "2", amount: 700, settlement: row.Number})
		require.Equal(t, []domain.Difference{{Field: "state", Invoice: row.Number, Expected: "settlement " + row.Number + " is reversed, not due"}}, must(Differences(in)))
	})
}

// An invoice that bears the number of a draft is compared with nothing, so that the
// draft can still be made anew.
func TestInvoiceForADraft(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		o.byBank()
		o.does(func(tx *store.Tx) error {
			return store.Change[domain.Partner](tx, map[string]any{"cvr": "25313763"}, store.Is("id", o.shops[1].ID))
		})
		o.redeemed(1, 2, 700)
		run := o.drafted()
		number := o.of(run, 1).Number
		in := o.sent(paper{number: "1", amount: 700, settlement: number})
		require.Nil(t, in.SettlementID)
		require.Equal(t, []domain.Difference{{Field: "state", Invoice: number, Expected: "settlement " + number + " is draft, not due"}}, must(Differences(in)))
		o.redeemed(1, 3, 500)
		must(o.RemakeRun(t.Context(), o.maker, store.Key{}, run.ID, november))
		require.Equal(t, int64(1200), o.of(run, 1).Total)
	})
}
