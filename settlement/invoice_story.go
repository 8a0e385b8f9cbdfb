package settlement

import (
	"context"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// InvoiceList are the partners' invoices as finance looks at them.
type InvoiceList struct {
	Desk
	Open     []domain.Invoice // that differ and nobody has decided on, newest first
	OpenMore bool
	Rows     []domain.Invoice // all of them, newest first
	More     bool
}

// InvoiceList gives what waits, and a page of all.
func (s *Service) InvoiceList(ctx context.Context, actor domain.Actor, page store.Page) (l InvoiceList, err error) {
	err = s.store.Look(ctx, s.call(actor, "listInvoices"), func(tx *store.Tx) error {
		if l.Desk, err = s.desk(tx); err != nil {
			return err
		}
		if l.Open, l.OpenMore, err = store.List[domain.Invoice](tx, store.Page{Limit: mostShown}, store.Is("state", domain.InvoiceDiffers)); err != nil {
			return err
		}
		l.Rows, l.More, err = store.List[domain.Invoice](tx, page)
		return err
	})
	return l, err
}

// InvoiceStory is one invoice or credit note, and what it is about.
type InvoiceStory struct {
	Desk
	domain.Invoice
	Differs    []domain.Difference
	Settlement *domain.Settlement // nil: it was compared with none
	About      *domain.Invoice    // of a credit note; nil: none is known
	NoAccept   error              // why it cannot be accepted; nil: it can
	NoReject   error              // why it cannot be rejected; nil: it can
}

// InvoiceStory gives one invoice or credit note.
func (s *Service) InvoiceStory(ctx context.Context, actor domain.Actor, id domain.ID) (x InvoiceStory, err error) {
	err = s.store.Look(ctx, s.call(actor, "getInvoice"), func(tx *store.Tx) error {
		if x.Invoice, err = store.Get[domain.Invoice](tx, id); err != nil {
			return err
		}
		if x.Desk, err = s.desk(tx); err != nil {
			return err
		}
		if x.Differs, err = Differences(x.Invoice); err != nil {
			return err
		}
		due := x.SettlementID
		if x.InvoiceID != nil {
			about, err := store.Get[domain.Invoice](tx, *x.InvoiceID)
			if err != nil {
				return err
			}
			x.About, due = &about, about.SettlementID
		}
		var row *domain.Settlement
		if due != nil {
			found, err := store.Get[domain.Settlement](tx, *due)
			if err != nil {
				return err
			}
			row = &found
		}
		if x.SettlementID != nil {
			x.Settlement = row
		}
		x.NoAccept, x.NoReject = undecidable(x.Invoice, x.About, row, domain.InvoiceAccepted), undecidable(x.Invoice, x.About, row, domain.InvoiceRejected)
		return nil
	})
	return x, err
}
