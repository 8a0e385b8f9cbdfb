package api

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/settlement/journal"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

// payments says who pays partners, and how the journal is written.
func (w *world) payments() {
	ctx, finance := w.t.Context(), w.as(domain.Finance)
	ok(w.settlement.UpdatePaymentSettings(ctx, finance, 0, settlement.PayerInput{Name: "Eksempel Kommune", IBAN: "DK5000400440116243", BIC: "DABADKKK", CVR: "12345674"}))
	l := journal.First()
	l.AccountStrings = map[string]string{"budget": "5.38.45", "reserved": "9.51", "outstanding": "9.52.1", "payable": "9.52.2", "settled": "9.22", "lapsed": "5.38.46"}
	ok(w.settlement.UpdateJournalFormat(ctx, finance, 0, l))
}

// files makes runs 7 and 8, of a partner that is paid by bank, the second with its
// payment file; buy redeems something, and draft makes a draft of it.
func (w *world) files(buy func() domain.ID, draft func(n int, currency string) domain.ID) {
	ctx, approver := w.t.Context(), w.as(domain.Finance)
	w.paidBy(domain.ByBank, "DK5000400440116243")
	for n := 7; n <= 8; n++ {
		buy()
		run := ok(w.settlement.ApproveRun(ctx, approver, vouchers.Key{}, draft(n, "DKK"), 0)).Value
		if n == 8 {
			ok(w.settlement.FileRun(ctx, approver, vouchers.Key{}, run.ID, domain.Date{Year: 2026, Month: 11, Day: 23}))
		}
	}
	w.paidBy(domain.ByInvoice, "")
}

// paidBy says how the first partner is paid, without a version of it that examples
// would have to know.
func (w *world) paidBy(method, iban string) {
	ok(0, w.store.Write(w.t.Context(), w.as(domain.Finance), func(tx *store.Tx) error {
		if err := store.Change[domain.Partner](tx, map[string]any{"method": method, "iban": iban}, store.Is("id", w.find("prt", 1))); err != nil {
			return err
		}
		return tx.Audit("setPartnerPayment", "partner", w.find("prt", 1), w.now, nil)
	}))
}
