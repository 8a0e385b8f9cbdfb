package settlement

import (
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// invoiced gives those of the settlements that can be paid, of those named if any
// are: one by invoice waits until its invoice is matched or was accepted. Conflict
// "invoice_missing" when it is named all the same, or nothing else is due.
func invoiced(tx *store.Tx, due []domain.Settlement, named []domain.ID) (rows []domain.Settlement, err error) {
	var ids []domain.ID
	for _, row := range due {
		if len(named) > 0 && !slices.Contains(named, row.ID) {
			continue
		}
		if rows = append(rows, row); row.Method == domain.ByInvoice {
			ids = append(ids, row.ID)
		}
	}
	if len(ids) == 0 {
		return rows, nil
	}
	counting, err := store.All[domain.Invoice](tx, "", store.In("settlement_id", ids), store.In("state", domain.InvoicesCounting))
	if err != nil {
		return nil, err
	}
	there := map[domain.ID]bool{}
	for _, in := range counting {
		there[*in.SettlementID] = true
	}
	var waiting *domain.Settlement
	rows = slices.DeleteFunc(rows, func(row domain.Settlement) bool {
		waits := row.Method == domain.ByInvoice && !there[row.ID]
		if waits {
			waiting = &row
		}
		return waits
	})
	if waiting != nil && (len(named) > 0 || len(rows) == 0) {
		return nil, domain.Errorf(domain.Conflict, "invoice_missing", "settlement %s is paid by invoice: its invoice must be matched or accepted first", waiting.Number)
	}
	return rows, nil
}
