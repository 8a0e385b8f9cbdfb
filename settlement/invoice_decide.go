package settlement

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// compareCreditNote finds the invoice that a credit note is about and lists what
// differs.
func compareCreditNote(tx *store.Tx, note *domain.Invoice) error {
	var d differences
	about, err := store.AllLocked[domain.Invoice](tx, "id", store.Is("cvr", note.CVR), store.In("number", note.Corrects), store.Is("kind", domain.KindInvoice))
	if err != nil {
		return err
	}
	switch {
	case len(note.Corrects) > 1:
		d.check(false, "invoice", "", "a credit note for each invoice: which amount is for which cannot be told")
	case len(about) == 0:
		d.check(false, "invoice", note.Corrects[0], "no invoice of this supplier has this number")
	default:
		if err := compareWithInvoice(tx, note, about[0], &d); err != nil {
			return err
		}
	}
	note.Differences, note.State = d.raw()
	return nil
}

// compareWithInvoice lists what of a credit note differs from the invoice it is about.
func compareWithInvoice(tx *store.Tx, note *domain.Invoice, about domain.Invoice, d *differences) error {
	note.InvoiceID, note.PartnerID = &about.ID, about.PartnerID
	credited, err := creditedOf(tx, about.ID)
	if err != nil {
		return err
	}
	d.check(note.Currency == about.Currency, "currency", note.Currency, about.Currency)
	d.check(note.Amount <= about.Amount-credited, "amount", domain.FormatMoney(note.Amount, note.Currency), "at most "+domain.FormatMoney(about.Amount-credited, about.Currency))
	d.check(about.DecidedBy == "", "invoice", about.Number, "somebody has decided on this invoice: it is "+about.State)
	if about.SettlementID != nil {
		row, _, err := lockSettlement(tx, *about.SettlementID)
		if err != nil {
			return err
		}
		d.check(row.State == domain.SettlementDue, "state", "", "settlement "+row.Number+" is "+string(row.State)+", not due")
	}
	return nil
}

// compareAgain compares an invoice that nobody has decided on with its settlement
// again: something was credited.
func compareAgain(tx *store.Tx, id domain.ID, at time.Time) error {
	in, err := store.Get[domain.Invoice](tx, id)
	if err != nil {
		return err
	}
	if err := compareInvoice(tx, &in); err != nil {
		return err
	}
	err = store.Set[domain.Invoice](tx, in.ID, in.Version, map[string]any{
		"state": in.State, "partner_id": in.PartnerID, "settlement_id": in.SettlementID, "differences": in.Differences,
	})
	if err != nil {
		return err
	}
	return tx.Audit("compareInvoice", "invoice", in.ID, at, domain.Detail(map[string]any{"number": in.Number, "state": in.State}))
}

// AcceptInvoice says that an invoice that differs is right all the same: its settlement
// is paid, with the settlement's amount; a credit note takes its amount off its
// invoice. One that is for no settlement, or a credit note about no known invoice or in
// another currency, cannot be accepted, nor a second one for the same. The comment says
// why.
func (s *Service) AcceptInvoice(ctx context.Context, actor domain.Actor, id domain.ID, comment string) (domain.Invoice, error) {
	return s.decideInvoice(ctx, s.call(actor, "acceptInvoice"), id, domain.InvoiceAccepted, comment)
}

// RejectInvoice says that an invoice is not paid: the partner must send another. The
// comment says why. Conflict once its settlement is paid.
func (s *Service) RejectInvoice(ctx context.Context, actor domain.Actor, id domain.ID, comment string) (domain.Invoice, error) {
	return s.decideInvoice(ctx, s.call(actor, "rejectInvoice"), id, domain.InvoiceRejected, comment)
}

func (s *Service) decideInvoice(ctx context.Context, call store.Call, id domain.ID, state, comment string) (in domain.Invoice, err error) {
	err = s.store.Perform(ctx, call, func(tx *store.Tx) error {
		var f domain.Fields
		comment = f.Clean("comment", comment, 500, false)
		if err := f.Err(); err != nil {
			return err
		}
		if in, err = store.GetLocked[domain.Invoice](tx, id); err != nil {
			return err
		}
		if err := mayDecide(tx, in, state); err != nil {
			return err
		}
		version, was := in.Version, in.State
		in.State, in.DecidedBy, in.DecidedAt, in.Comment, in.Version = state, domain.Fold(call.Actor.Person), &call.At, comment, version+1
		err = store.Set[domain.Invoice](tx, id, version, map[string]any{"state": in.State, "decided_by": in.DecidedBy, "decided_at": in.DecidedAt, "comment": in.Comment})
		if err != nil {
			return knownAt(err)
		}
		if in.InvoiceID != nil && (state == domain.InvoiceAccepted || was == domain.InvoiceMatched) {
			if err := compareAgain(tx, *in.InvoiceID, call.At); err != nil {
				return err
			}
		}
		return tx.Audit(call.Action, "invoice", in.ID, call.At, domain.Detail(map[string]any{"number": in.Number, "cvr": in.CVR, "comment": comment}))
	})
	return in, err
}

// mayDecide refuses what cannot be decided on an invoice, and locks what it is about.
func mayDecide(tx *store.Tx, in domain.Invoice, state string) error {
	var about *domain.Invoice
	var due *domain.Settlement
	of := in.SettlementID
	if in.InvoiceID != nil {
		locked, err := store.GetLocked[domain.Invoice](tx, *in.InvoiceID)
		if err != nil {
			return err
		}
		about, of = &locked, locked.SettlementID
	}
	if of != nil {
		locked, _, err := lockSettlement(tx, *of)
		if err != nil {
			return err
		}
		due = &locked
	}
	return undecidable(in, about, due, state)
}

// undecidable says why something cannot be decided on an invoice; nil where it can. Of a
// credit note about is its invoice, and due the settlement of that.
func undecidable(in domain.Invoice, about *domain.Invoice, due *domain.Settlement, state string) error {
	err := decidable(in, state)
	if err != nil || !counted(in, state) {
		return err
	}
	if about != nil {
		err = creditable(in, *about, state == domain.InvoiceAccepted)
	}
	if err == nil && due != nil {
		err = stillDue(*due)
	}
	return err
}

// counted says whether it matters to a settlement what is decided: to reject what
// never counted does not.
func counted(in domain.Invoice, state string) bool {
	return state == domain.InvoiceAccepted || in.State != domain.InvoiceDiffers
}

// stillDue refuses a settlement of which nothing is to be paid.
func stillDue(row domain.Settlement) error {
	if row.State != domain.SettlementDue {
		return domain.Errorf(domain.Conflict, "not_due", "settlement %s is %s: nothing of it is to be paid", row.Number, row.State)
	}
	return nil
}

// decidable refuses what cannot be decided on an invoice as it is by itself.
func decidable(in domain.Invoice, state string) error {
	accept := state == domain.InvoiceAccepted
	switch {
	case in.DecidedBy != "":
		return domain.Errorf(domain.Conflict, "wrong_state", "somebody has decided on it: it is %s", in.State)
	case accept && in.State == domain.InvoiceMatched:
		return domain.Errorf(domain.Conflict, "wrong_state", "nothing of it differs: it counts already")
	case accept && in.Kind == domain.KindInvoice && in.SettlementID == nil:
		return domain.Errorf(domain.Conflict, "no_settlement", "it is for no settlement: reject it, and ask the partner for one that says the settlement's number")
	case accept && in.Kind == domain.KindCreditNote && in.InvoiceID == nil:
		return domain.Errorf(domain.Conflict, "no_invoice", "it is about no invoice, or about several: reject it, and ask the partner for one credit note for each invoice")
	}
	return nil
}

// creditable refuses to change what a credit note takes off its invoice where that cannot
// be.
func creditable(note, about domain.Invoice, accept bool) error {
	switch {
	case about.DecidedBy != "":
		return domain.Errorf(domain.Conflict, "wrong_state", "somebody has decided on invoice %s: nothing is taken off it any more; reject the credit note, and ask the partner for a new invoice", about.Number)
	case accept && about.Currency != note.Currency:
		return domain.Errorf(domain.Conflict, "currency_differs", "it is in %s, invoice %s in %s: reject it, and ask the partner for one in that currency", note.Currency, about.Number, about.Currency)
	}
	return nil
}

// Invoice gives one invoice or credit note.
func (s *Service) Invoice(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Invoice, error) {
	return store.One(ctx, s.store, s.call(actor, "getInvoice"), id, store.Everyone[domain.Invoice])
}

// InvoiceFilter narrows a list of invoices; zero fields narrow nothing.
type InvoiceFilter struct {
	State, CVR   string
	SettlementID domain.ID
}

// Invoices lists invoices and credit notes, newest first.
func (s *Service) Invoices(ctx context.Context, actor domain.Actor, page store.Page, f InvoiceFilter) (store.Listed[domain.Invoice], error) {
	return store.Several[domain.Invoice](ctx, s.store, s.call(actor, "listInvoices"), page, store.Eq("state", f.State), store.Eq("cvr", f.CVR), store.Eq("settlement_id", f.SettlementID))
}
