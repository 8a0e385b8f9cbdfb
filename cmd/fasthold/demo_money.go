package main

import (
	"context"
	"fmt"
	"time"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/settlement/journal"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

// appropriate gives the programme a budget for each of the demo's years: one that
// the units share, and one for the second unit alone, which will not quite do.
func (b *demoBuild) appropriate(ctx context.Context) error {
	for year := domain.DateOf(b.clock.now(), b.loc).Year; year <= domain.DateOf(b.until, b.loc).Year; year++ {
		for _, in := range []vouchers.BudgetInput{
			{Amount: 5_000_000, AccountString: "5.38.45.1.001", Reason: "Byrådets budget"},
			{Amount: 1_000_000, AccountString: "5.38.45.1.002", Reason: "Ungeenhedens egen bevilling", UnitID: &b.units[1].ID},
		} {
			in.ProgrammeID, in.Year = b.programme, year
			if _, err := b.CreateBudget(ctx, b.staff[domain.Finance], vouchers.Key{}, in); err != nil {
				return err
			}
		}
	}
	return nil
}

// demoAccounts are the account strings of the journal, by account of the books.
var demoAccounts = map[string]string{
	"budget": journal.BudgetMark, "reserved": "9.52.59.01", "outstanding": "9.52.59.02", "payable": "9.52.59.03", "settled": "9.22.05.01", "lapsed": "9.52.59.04",
}

// payShops says who pays whom, and plans a settlement run for each month: one
// person of finance makes it, another approves it, and three days later the bank
// has paid.
func (b *demoBuild) payShops(ctx context.Context) error {
	finance := b.staff[domain.Finance]
	payer := settlement.PayerInput{Name: demoMunicipality, BIC: "LLBADK22", CVR: demoCVR}
	payer.IBAN, _ = domain.DanishIBAN(demoBank, "1000000000")
	if _, err := b.settlement.UpdatePaymentSettings(ctx, finance, 0, payer); err != nil {
		return err
	}
	layout := journal.First()
	layout.AccountStrings, layout.WithoutBudget = demoAccounts, "5.38.45.1.009"
	if _, err := b.settlement.UpdateJournalFormat(ctx, finance, 0, layout); err != nil {
		return err
	}
	for i, till := range b.tills {
		account := vouchers.PaymentInput{Method: domain.ByBank, RegistrationNumber: demoBank, AccountNumber: fmt.Sprintf("20000000%02d", i)}
		if _, err := b.SetPartnerPayment(ctx, finance, till.Partner.ID, till.Partner.Version, account); err != nil {
			return err
		}
	}
	first := b.clock.now().In(b.loc)
	for months := 1; ; months++ {
		due := time.Date(first.Year(), first.Month()+time.Month(months), 5, 9, 0, 0, 0, b.loc)
		if due.After(b.until) {
			return nil
		}
		b.then(due, func(ctx context.Context) error { return b.settle(ctx, due) })
	}
}

// settle makes the run of the month before, and plans what becomes of it.
func (b *demoBuild) settle(ctx context.Context, due time.Time) error {
	last := domain.DateOf(due, b.loc).AddDays(-due.Day())
	run, err := b.draftRun(ctx, last)
	if err != nil || run.ID == (domain.ID{}) {
		return err
	}
	paid := domain.BankDayFrom(domain.DateOf(due, b.loc).AddDays(3))
	b.then(due.Add(4*time.Hour), func(ctx context.Context) error {
		if _, err := b.settlement.ApproveRun(ctx, b.finance2, store.Key{}, run.ID, run.Version); err != nil {
			return err
		}
		_, err := b.settlement.FileRun(ctx, b.finance2, store.Key{}, run.ID, paid)
		return err
	})
	b.then(paid.In(b.loc).Add(10*time.Hour), func(ctx context.Context) error {
		_, err := b.settlement.PayRun(ctx, b.staff[domain.Finance], store.Key{}, run.ID, settlement.Paid{On: paid})
		return err
	})
	return nil
}

// draftRun makes a run up to a day of its month; none when there is nothing to settle, or
// another waits.
func (b *demoBuild) draftRun(ctx context.Context, last domain.Date) (settlement.Run, error) {
	first := domain.Date{Year: last.Year, Month: last.Month, Day: 1}
	made, err := b.settlement.DraftRun(ctx, b.staff[domain.Finance], store.Key{}, settlement.Period{From: first, To: last})
	if code := domain.CodeOf(err); code == "nothing_to_settle" || code == "draft_exists" {
		return settlement.Run{}, nil
	}
	return made.Value, err
}

// leaveDraft makes a run of this month up to yesterday, which waits for the other
// person's approval.
func (b *demoBuild) leaveDraft(ctx context.Context) error {
	b.clock.set(b.until)
	_, err := b.draftRun(ctx, domain.DateOf(b.until, b.loc).AddDays(-1))
	return err
}

// hireFinance2 makes the token of the other person of finance.
func (b *demoBuild) hireFinance2(ctx context.Context) (text string, err error) {
	_, text, err = b.access.CreateToken(ctx, system(b.home, "demo"), access.TokenInput{Role: domain.Finance, Person: demoFinance2, Days: demoDays})
	if err != nil {
		return "", err
	}
	b.finance2, err = b.access.Authenticate(ctx, text)
	return text, err
}
