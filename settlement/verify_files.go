package settlement

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/pain"
	"github.com/fasthold/fasthold/store"
)

// files compares each payment file, byte by byte what the bank got, with its run: one
// transfer for each settlement that is paid by bank, of its total, to the account that
// was approved, out of the account that the municipality had then.
func files(tx *store.Tx, differ func(string, ...any)) error {
	payers, err := store.All[domain.PaymentSettings](tx, "number")
	if err != nil {
		return err
	}
	runs, err := store.All[domain.SettlementRun](tx, "", store.Not("filed_by", ""))
	if err != nil {
		return err
	}
	filed := make(map[domain.ID]domain.SettlementRun, len(runs))
	for _, run := range runs {
		filed[run.ID] = run
	}
	var kept []domain.ID // read before others are: one connection reads one thing at a time
	of := map[domain.ID]pain.Batch{}
	err = store.Sweep(tx, func(f domain.PaymentFile) error {
		b, err := pain.Read(f.Document)
		if err != nil {
			differ("payment file of run %s: %v", f.RunID, err)
		}
		run := filed[f.RunID]
		if run.MessageID != b.MessageID || run.MessageID != f.MessageID || run.ExecuteOn != b.ExecuteOn || run.Currency != b.Currency || run.FiledBy != f.MadeBy {
			differ("payment file of run %s: is not the one that the run says was made", f.RunID)
		}
		if iban := payerAt(payers, f).IBAN; b.Payer.IBAN != iban {
			differ("payment file of run %s: pays out of %q, the municipality's account was %q", f.RunID, b.Payer.IBAN, iban)
		}
		if int64(len(b.Payments)) != f.Payments || total(b.Payments) != f.Amount {
			differ("payment file of run %s: has %d payments of %d, %d of %d are noted", f.RunID, len(b.Payments), total(b.Payments), f.Payments, f.Amount)
		}
		kept, of[f.RunID] = append(kept, f.RunID), b
		delete(filed, f.RunID)
		return nil
	})
	if err != nil {
		return err
	}
	for id := range filed {
		differ("settlement run %s: its payment file is gone", id)
	}
	for _, id := range kept {
		if err := pays(tx, id, of[id].Payments, differ); err != nil {
			return err
		}
	}
	return nil
}

// payerAt is who paid when a file was made.
func payerAt(payers []domain.PaymentSettings, f domain.PaymentFile) (then domain.PaymentSettings) {
	for _, p := range payers {
		if !p.CreatedAt.After(f.CreatedAt) {
			then = p
		}
	}
	return then
}

func total(payments []pain.Payment) (sum int64) {
	for _, p := range payments {
		sum += p.Amount
	}
	return sum
}

// pays compares the transfers of a run's file with its settlements.
func pays(tx *store.Tx, run domain.ID, payments []pain.Payment, differ func(string, ...any)) error {
	rows, err := store.All[domain.Settlement](tx, "", store.Is("run_id", run), store.Is("method", domain.ByBank), store.Not("state", domain.SettlementForward))
	if err != nil {
		return err
	}
	want := make(map[string]domain.Settlement, len(rows))
	for _, row := range rows {
		want[row.Number] = row
	}
	for _, p := range payments {
		if row := want[p.EndToEndID]; p.Amount != row.Total || p.IBAN != row.IBAN || row.IBAN == "" {
			differ("payment file of run %s: pays %d to %q for %s, approved is %d to %q", run, p.Amount, p.IBAN, p.EndToEndID, row.Total, row.IBAN)
		}
		delete(want, p.EndToEndID)
	}
	for number := range want {
		differ("payment file of run %s: settlement %s is not in it", run, number)
	}
	return nil
}
