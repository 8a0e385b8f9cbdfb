package settlement

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/oioubl"
	"github.com/fasthold/fasthold/store"
)

// TakeInvoice reads an invoice or a credit note of a partner, compares it with the
// settlement that it is for, and lists what differs. Conflict "invoice_known" when the
// supplier's number was taken before.
func (s *Service) TakeInvoice(ctx context.Context, actor domain.Actor, document []byte) (in domain.Invoice, err error) {
	call := s.call(actor, "createInvoice")
	if err := actor.May(call.Action); err != nil {
		return in, err
	}
	d, err := oioubl.Read(document)
	if err != nil {
		return in, err
	}
	err = s.store.Perform(ctx, call, func(tx *store.Tx) error {
		in = invoiceRow(d, sha256.Sum256(document), call)
		if err := known(tx, in); err != nil {
			return err
		}
		compare := compareInvoice
		if in.Kind == domain.KindCreditNote {
			compare = compareCreditNote
		}
		if err := compare(tx, &in); err != nil {
			return err
		}
		if err := store.Insert(tx, &in); err != nil {
			return knownAt(err)
		}
		if in.InvoiceID != nil && in.State == domain.InvoiceMatched {
			if err := compareAgain(tx, *in.InvoiceID, call.At); err != nil {
				return err
			}
		}
		return tx.Audit(call.Action, "invoice", in.ID, call.At, domain.Detail(map[string]any{
			"kind": in.Kind, "cvr": in.CVR, "number": in.Number, "amount": in.Amount, "state": in.State, "settlement": in.SettlementID,
		}))
	})
	return in, err
}

// invoiceRow is a document as a row that is compared with nothing yet.
func invoiceRow(d oioubl.Document, hash [sha256.Size]byte, call store.Call) domain.Invoice {
	return domain.Invoice{
		MunicipalityID: call.Actor.MunicipalityID, ID: store.NewID(), Kind: d.Kind, CVR: d.CVR, Number: d.Number, IssuedOn: d.IssuedOn, Currency: d.Currency, Amount: d.Amount, GLN: d.GLN,
		PeriodFrom: d.From, PeriodTo: d.To, IBAN: d.IBAN, OrderReferences: d.References, Corrects: d.Corrects, Hash: hash[:], ReceivedBy: domain.Fold(call.Actor.Person), Version: 1, CreatedAt: call.At,
	}
}

// known refuses a number that its supplier has used before.
func known(tx *store.Tx, in domain.Invoice) error {
	n, err := store.Count[domain.Invoice](tx, store.Is("cvr", in.CVR), store.Is("number", in.Number))
	if err == nil && n > 0 {
		err = invoiceKnown()
	}
	return err
}

// knownAt is known for two who send the same at once.
func knownAt(err error) error {
	if store.IsDuplicate(err) {
		return invoiceKnown()
	}
	return err
}

func invoiceKnown() error {
	return domain.Errorf(domain.Conflict, "invoice_known", "this supplier's number was taken before, or another invoice for the same settlement just now: nothing is changed, look it up in the list of invoices")
}

// differences are what an invoice says otherwise than is expected.
type differences []domain.Difference

// check notes a difference unless same.
func (d *differences) check(same bool, field, invoice, expected string) {
	if !same {
		*d = append(*d, domain.Difference{Field: field, Invoice: invoice, Expected: expected})
	}
}

// raw gives the list as it is stored, and the state of the invoice with it.
func (d differences) raw() (domain.Raw, string) {
	if len(d) == 0 {
		return domain.Raw(`[]`), domain.InvoiceMatched
	}
	b, err := json.Marshal([]domain.Difference(d))
	if err != nil {
		panic(err) // texts always can be written
	}
	return b, domain.InvoiceDiffers
}

// compareInvoice finds the settlement of an invoice and lists what differs.
func compareInvoice(tx *store.Tx, in *domain.Invoice) error {
	var d differences
	row, err := settlementOf(tx, in, &d)
	if err != nil {
		return err
	}
	credited, err := creditedOf(tx, in.ID)
	if err != nil {
		return err
	}
	if row != nil {
		if err := compareWith(tx, in, *row, in.Amount-credited, &d); err != nil {
			return err
		}
	}
	in.Differences, in.State = d.raw()
	return nil
}

// compareWith lists what of an invoice differs from its settlement; net is its amount
// less what was credited.
func compareWith(tx *store.Tx, in *domain.Invoice, row domain.Settlement, net int64, d *differences) error {
	in.SettlementID = &row.ID
	row, run, err := lockSettlement(tx, row.ID) // so that it is not paid meanwhile
	if err != nil {
		return err
	}
	d.check(row.Method == domain.ByInvoice, "method", "invoice", "settlement "+row.Number+" is paid to the partner's account: no invoice is agreed")
	d.check(row.State == domain.SettlementDue, "state", borne(in, row.Number), "settlement "+row.Number+" is "+string(row.State)+", not due")
	d.check(in.Currency == row.Currency, "currency", in.Currency, row.Currency)
	d.check(net == row.Total, "amount", domain.FormatMoney(net, in.Currency), domain.FormatMoney(row.Total, row.Currency))
	period := ""
	if !in.PeriodFrom.IsZero() {
		period = in.PeriodFrom.String() + " – " + in.PeriodTo.String()
	}
	samePeriod := in.PeriodFrom == run.PeriodFrom && in.PeriodTo == run.PeriodTo || period == "" && slices.Contains(in.OrderReferences, row.Number)
	d.check(samePeriod, "period", period, run.PeriodFrom.String()+" – "+run.PeriodTo.String())
	if err := compareParties(tx, in, row, d); err != nil {
		return err
	}
	others, err := store.All[domain.Invoice](tx, "", store.Is("settlement_id", row.ID), store.Is("kind", domain.KindInvoice), store.Not("state", domain.InvoiceRejected))
	for _, other := range others {
		d.check(other.ID == in.ID || other.CreatedAt.After(in.CreatedAt), "duplicate", in.Number, "invoice "+other.Number+" is for settlement "+row.Number+" already")
	}
	return err
}

// compareParties lists whether an invoice was meant for somebody else, or asks to be
// paid to another account than the partner's.
func compareParties(tx *store.Tx, in *domain.Invoice, row domain.Settlement, d *differences) error {
	payer, err := payerNow(tx)
	if err != nil {
		return err
	}
	d.check(in.GLN == "" || payer.GLN == "" || in.GLN == payer.GLN, "gln", in.GLN, payer.GLN)
	agreed := row.IBAN
	if agreed == "" {
		before, err := tx.InvoicedBefore(row.PartnerID, in.ID)
		if err != nil {
			return err
		}
		agreed = before
	}
	d.check(in.IBAN == "" || agreed == "" || in.IBAN == agreed, "iban", in.IBAN, agreed)
	return nil
}

// settlementOf finds the settlement that an invoice is for: by its number, or because
// its partner has only one that is due. nil, and a difference that says why, when there
// is none or which one is meant cannot be told.
func settlementOf(tx *store.Tx, in *domain.Invoice, d *differences) (*domain.Settlement, error) {
	partners, err := store.All[domain.Partner](tx, "", store.Is("cvr", in.CVR))
	if err != nil {
		return nil, err
	}
	if len(partners) == 0 {
		d.check(false, "cvr", in.CVR, "no partner has this CVR number")
		return nil, nil
	}
	ids := make([]domain.ID, len(partners))
	for i, p := range partners {
		ids[i] = p.ID
	}
	rows, err := store.All[domain.Settlement](tx, "number", store.In("partner_id", ids), store.In("number", in.OrderReferences))
	said, expected := "", "several settlements: the invoice must say the number of one of them"
	if err == nil && len(rows) == 0 {
		rows, said, expected, err = unnamed(tx, in, ids)
	}
	if err != nil {
		return nil, err
	}
	if len(rows) != 1 {
		d.check(false, "settlement", said, expected)
		if len(partners) == 1 {
			in.PartnerID = &ids[0]
		}
		return nil, nil
	}
	in.PartnerID = &rows[0].PartnerID
	if rows[0].State == domain.SettlementDraft { // it may be made anew, and is nobody's to refer to before
		d.check(false, "state", rows[0].Number, "settlement "+rows[0].Number+" is draft, not due")
		return nil, nil
	}
	return &rows[0], nil
}

// unnamed gives what is due to partners by invoice, for an invoice that names no
// settlement of theirs; nothing when it names another partner's. Unless it is one, it
// gives what the invoice says, and what was expected.
func unnamed(tx *store.Tx, in *domain.Invoice, partners []domain.ID) (rows []domain.Settlement, said, expected string, err error) {
	others, err := store.All[domain.Settlement](tx, "number", store.In("number", in.OrderReferences))
	if err != nil {
		return nil, "", "", err
	}
	if len(others) > 0 {
		return nil, others[0].Number, "it is another partner's: the invoice must say the number of one of the supplier's own", nil
	}
	rows, err = store.All[domain.Settlement](tx, "number", store.In("partner_id", partners), store.Is("state", domain.SettlementDue), store.Is("method", domain.ByInvoice))
	if expected = "nothing is due to this partner by invoice"; len(rows) > 1 {
		expected = "several settlements: the invoice must say the number of one of them"
	}
	return rows, "", expected, err
}

// borne is a settlement's number, if an invoice says it.
func borne(in *domain.Invoice, number string) string {
	if slices.Contains(in.OrderReferences, number) {
		return number
	}
	return ""
}

// creditedOf is what the credit notes of an invoice that count give back.
func creditedOf(tx *store.Tx, invoice domain.ID) (credited int64, err error) {
	notes, err := store.All[domain.Invoice](tx, "", store.Is("invoice_id", invoice), store.In("state", domain.InvoicesCounting))
	for _, note := range notes {
		credited += note.Amount
	}
	return credited, err
}

// Differences reads what an invoice says otherwise than is expected.
func Differences(in domain.Invoice) (list []domain.Difference, err error) {
	return list, json.Unmarshal(in.Differences, &list)
}
