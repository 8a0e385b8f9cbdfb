package settlement

import (
	"context"
	"fmt"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/pain"
	"github.com/fasthold/fasthold/store"
)

// farthest is how many days ahead a bank is asked to pay.
const farthest = 90

// FileRun makes the payment file of an approved run: a transfer to each partner that
// is paid by bank, on the day given. Made once, the file stays as it is, and asking
// again for the same day gives the run as it is; Conflict "already_filed" for another
// day. Invalid, with what is missing of the payer and of which settlement; Conflict
// "nothing_to_file" when every partner in it sends an invoice.
func (s *Service) FileRun(ctx context.Context, actor domain.Actor, key store.Key, id domain.ID, on domain.Date) (store.Answer[Run], error) {
	call := s.call(actor, "fileSettlementRun")
	call.Key = key
	return store.Once(ctx, s.store, call, nil, func(tx *store.Tx) (Run, error) {
		run, err := lockRun(tx, id, "only an approved run gets a payment file", domain.RunApproved, domain.RunFiled)
		if err != nil {
			return Run{}, err
		}
		if run.State == domain.RunFiled {
			if run.ExecuteOn != on {
				return Run{}, domain.Errorf(domain.Conflict, "already_filed", "the file of run %d is made, to be paid on %s: fetch it, and let the bank move the day", run.Number, run.ExecuteOn)
			}
			if err := tx.Audit(call.Action, "settlement_run", run.ID, call.At, domain.Detail(map[string]any{"again": true})); err != nil {
				return Run{}, err
			}
			return summed(tx, run)
		}
		if err := s.file(tx, &run, call, on); err != nil {
			return Run{}, err
		}
		return summed(tx, run)
	})
}

// file makes and keeps the file of a locked run.
func (s *Service) file(tx *store.Tx, run *domain.SettlementRun, call store.Call, on domain.Date) error {
	if err := executes(tx, call, on); err != nil {
		return err
	}
	due, err := store.All[domain.Settlement](tx, "number", store.Is("run_id", run.ID), store.Is("state", domain.SettlementDue), store.Is("method", domain.ByBank))
	if err != nil {
		return err
	}
	if err := paidTwice(tx, *run, due); err != nil {
		return err
	}
	if len(due) == 0 {
		return domain.Errorf(domain.Conflict, "nothing_to_file", "nothing in run %d is paid by the bank: its partners send invoices, or are owed nothing", run.Number)
	}
	label := fmt.Sprintf("%04d-%04d", run.PeriodTo.Year, run.Number)
	run.State, run.FiledBy, run.FiledAt, run.ExecuteOn = domain.RunFiled, domain.Fold(tx.Actor().Person), &call.At, on
	run.MessageID = label + "-" + strings.ReplaceAll(run.ID.String(), "-", "")[20:] // also when two databases number alike
	b := pain.Batch{MessageID: run.MessageID, ID: label, MadeAt: call.At, ExecuteOn: on, Currency: run.Currency}
	if err := addressed(tx, &b, due); err != nil {
		return err
	}
	kept := domain.PaymentFile{MunicipalityID: run.MunicipalityID, RunID: run.ID, MessageID: run.MessageID, Payments: int64(len(due)), MadeBy: run.FiledBy, CreatedAt: call.At}
	for _, p := range b.Payments {
		kept.Amount += p.Amount
	}
	var document strings.Builder
	if err := pain.Write(&document, b); err != nil {
		return ofSettlements(err, due)
	}
	kept.Document = document.String()
	if err := store.Insert(tx, &kept); err != nil {
		return err
	}
	return s.change(tx, run, call.Action, map[string]any{
		"state": run.State, "filed_by": run.FiledBy, "filed_at": run.FiledAt, "message_id": run.MessageID, "execute_on": run.ExecuteOn,
	}, map[string]any{"message_id": run.MessageID, "execute_on": on, "payments": kept.Payments, "amount": kept.Amount})
}

// executes checks the day on which the bank is to pay.
func executes(tx *store.Tx, call store.Call, on domain.Date) error {
	loc, err := tx.Zone()
	if err != nil {
		return err
	}
	var f domain.Fields
	today := domain.DateOf(call.At, loc)
	f.Check(!on.IsZero(), "execute_on", "required", "must be the day on which the bank is to pay, as 2026-11-21")
	f.Check(on.IsZero() || !on.Before(today), "execute_on", "in_past", "must be today, %s, or later", today)
	f.Check(!today.AddDays(farthest).Before(on), "execute_on", "too_late", "must be within %d days", farthest)
	if f.Err() == nil {
		f.Check(domain.BankDay(on), "execute_on", "no_bank_day", "banks are closed on %s, %s: the next day on which they pay is %s", on.In(loc).Weekday(), on, domain.BankDayFrom(on))
	}
	return f.Err()
}

// addressed says who pays whom: what the municipality's bank knows it by, and the
// partners as they are called now, at the accounts that were approved.
func addressed(tx *store.Tx, b *pain.Batch, due []domain.Settlement) error {
	payer, err := payerNow(tx)
	if err != nil {
		return err
	}
	partners, err := store.Names[domain.Partner](tx, "name")
	if err != nil {
		return err
	}
	var f domain.Fields
	f.Check(payer.Number > 0, "payment_settings", "required", "the municipality's account is not entered yet: PUT /v1/payment-settings")
	for _, row := range due {
		f.Check(row.IBAN != "", "settlements["+row.Number+"].iban", "required", "%s has no account: enter it, reverse the run and make another", partners[row.PartnerID.String()])
		b.Payments = append(b.Payments, pain.Payment{
			EndToEndID: row.Number, Amount: row.Total, Name: partners[row.PartnerID.String()], IBAN: row.IBAN, Text: "Afregning " + row.Number,
		})
	}
	b.Payer = pain.Payer{Name: payer.Name, IBAN: payer.IBAN, BIC: payer.BIC, CVR: payer.CVR, Agreement: payer.Agreement}
	return f.Err()
}

// ofSettlements names the settlements in the stead of the payments that err is of.
func ofSettlements(err error, due []domain.Settlement) error {
	var f domain.Fields
	for _, field := range domain.FieldsOf(err) {
		var at int
		name := field.Field
		if n, _ := fmt.Sscanf(name, "payments[%d]", &at); n == 1 && at < len(due) {
			name = "settlements[" + due[at].Number + "]" + name[strings.Index(name, "]")+1:]
		}
		f.Add(name, field.Code, "%s", field.Message)
	}
	if f.Err() == nil {
		return err
	}
	return f.Err()
}

// PaymentFile gives the payment file of a run as it was made; NotFound while there is
// none. Conflict "run_reversed" for that of a run that was reversed, which the bank must
// not have, unless the caller says that it is known.
func (s *Service) PaymentFile(ctx context.Context, actor domain.Actor, id domain.ID, althoughReversed bool) (file domain.PaymentFile, err error) {
	err = s.store.Look(ctx, s.call(actor, "getPaymentFile"), func(tx *store.Tx) error {
		if file, err = store.First[domain.PaymentFile](tx, store.Is("run_id", id)); err != nil {
			return err
		}
		run, err := store.Get[domain.SettlementRun](tx, id)
		if err == nil && run.State == domain.RunReversed && !althoughReversed {
			err = domain.Errorf(domain.Conflict, "run_reversed", "run %d was reversed (%s): its file must not go to the bank, since the next run pays it; to look at it, send although_reversed=yes", run.Number, run.ReversedBecause)
		}
		return err
	})
	return file, err
}
