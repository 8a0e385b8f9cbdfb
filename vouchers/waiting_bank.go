package vouchers

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// What else waits for finance.
const (
	WaitingEntry   = "bank_entry" // of no settlement yet: to be matched, or set aside
	WaitingInvoice = "invoice"    // or a credit note, that differs: to be accepted or rejected
)

// nextMatch is to say which settlement a bank entry is about, or to set it aside.
const nextMatch = "match"

// entriesWaiting are the movements of the bank account that nobody has matched.
func entriesWaiting(tx *store.Tx, _ domain.Actor, after store.Place, limit int) (list []Waiting, err error) {
	rows, err := store.Oldest[domain.BankEntry](tx, "created_at", after, limit, store.Is("state", domain.EntryUnmatched))
	for _, e := range rows {
		list = append(list, Waiting{Kind: WaitingEntry, ID: e.ID, Version: e.Version, Since: e.CreatedAt, Day: e.BookedOn, Amount: e.Amount, Currency: e.Currency, Next: nextMatch})
	}
	return list, err
}

// invoicesWaiting are the invoices and credit notes that differ and that nobody has
// decided on.
func invoicesWaiting(tx *store.Tx, _ domain.Actor, after store.Place, limit int) (list []Waiting, err error) {
	rows, err := store.Oldest[domain.Invoice](tx, "created_at", after, limit, store.Is("state", domain.InvoiceDiffers))
	for _, i := range rows {
		list = append(list, Waiting{Kind: WaitingInvoice, ID: i.ID, Version: i.Version, Since: i.CreatedAt, Day: i.IssuedOn, Amount: i.Amount, Currency: i.Currency, Next: nextDecide})
	}
	return list, err
}
