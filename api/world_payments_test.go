package api

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/settlement/journal"
)

// payments says who pays partners, and how the journal is written.
func (w *world) payments() {
	ctx, finance := w.t.Context(), w.as(domain.Finance)
	ok(w.settlement.UpdatePaymentSettings(ctx, finance, 0, settlement.PayerInput{Name: "Eksempel Kommune", IBAN: "DK5000400440116243", BIC: "DABADKKK", CVR: "12345674"}))
	l := journal.First()
	l.AccountStrings = map[string]string{"budget": "5.38.45", "reserved": "9.51", "outstanding": "9.52.1", "payable": "9.52.2", "settled": "9.22", "lapsed": "5.38.46"}
	ok(w.settlement.UpdateJournalFormat(ctx, finance, 0, l))
}
